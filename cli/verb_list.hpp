#pragma once

#include "cli/command.hpp"
#include "cli/flags.hpp"

namespace strata::cli {

// What each source of a verb gives to the table of verbs (verbs.cpp): a function that adds its flags, and one that runs it.

void add_up_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_up(Command& command);

void add_preview_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_preview(Command& command);

void add_destroy_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_destroy(Command& command);

void add_rollback_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_rollback(Command& command);

void add_refresh_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_refresh(Command& command);

void add_drift_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_drift(Command& command);

void add_import_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_import(Command& command);

void add_cancel_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_cancel(Command& command);

void add_attach_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_attach(Command& command);

void add_state_list_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_list(Command& command);
void add_state_show_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_show(Command& command);
void add_state_mv_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_mv(Command& command);
void add_state_rm_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_rm(Command& command);
void add_state_protect_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_protect(Command& command);
Result<ExitCode> run_state_unprotect(Command& command);
void add_state_restore_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_restore(Command& command);
void add_state_check_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_check(Command& command);
void add_state_recover_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_recover(Command& command);
void add_state_resolve_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_resolve(Command& command);
void add_state_unlock_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_unlock(Command& command);
void add_state_export_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_export(Command& command);
void add_state_rekey_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_state_rekey(Command& command);

void add_stack_ls_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_stack_ls(Command& command);
void add_stack_outputs_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_stack_outputs(Command& command);
void add_stack_graph_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_stack_graph(Command& command);
void add_stack_history_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_stack_history(Command& command);

void add_config_ls_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_config_ls(Command& command);
void add_config_get_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_config_get(Command& command);
void add_config_set_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_config_set(Command& command);

void add_aws_call_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_aws_call(Command& command);
/// The environment's own AWS instance as aws_options() takes it; where there is no environment, what the process's variables say.
Result<ValueMap> aws_config(Command& command);

void add_completion_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_completion(Command& command);

void add_local_up_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_local_up(Command& command);
void add_local_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_local_down(Command& command);
Result<ExitCode> run_local_status(Command& command);

void add_version_flags(FlagList& flags, Arguments& into);
Result<ExitCode> run_version(Command& command);

}  // namespace strata::cli
