#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/connections.hpp"
#include "cli/kms_keys.hpp"
#include "config/environment.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/model/graph.hpp"
#include "engine/state/seen_serials.hpp"
#include "engine/state/session.hpp"
#include "engine/state/store.hpp"

namespace strata::cli {

/// The one of these, for a verb about one stack where none is named. @errors usage when there are several
Result<std::string> only_stack(const std::vector<std::string>& stacks, std::string remedy = "Name one.");

/// An environment as a command finds it on disk: its file, its state, its key, and the program's stacks.
class Workspace {
public:
    /// Reads the header of the environment's file; of several mistakes all are reported, and the last is returned.
    static Result<std::unique_ptr<Workspace>> open(Command& command);

    [[nodiscard]] const LoadedEnvironment& loaded() const { return loaded_; }
    [[nodiscard]] const std::string& environment() const { return loaded_.environment.name; }
    /// The folder above --config-dir: relative paths of the configuration count from there.
    [[nodiscard]] std::filesystem::path root() const;
    /// True when every service is a server on this machine (`strata local`).
    [[nodiscard]] bool on_this_machine() const;

    /// Every stack of the program, its settings read; mistakes as open().
    Result<std::vector<StackProgram>> programs();
    /// The stacks that the command line names. @errors usage for an unknown one, or when several are possible and none is named
    /// @param known  among which they are: the program's, for most verbs
    Result<std::vector<std::string>> chosen_stacks(const std::vector<std::string>& known) const;
    /// The program's stacks, then those that only have state.
    [[nodiscard]] Result<std::vector<std::string>> known_stacks() const;

    [[nodiscard]] std::unique_ptr<StateStore> store(const std::string& stack) const;
    /// Stacks that have state here, sorted, also those that the program no longer has.
    [[nodiscard]] Result<std::vector<std::string>> deployed_stacks() const;
    [[nodiscard]] SeenSerials& seen() { return seen_; }
    /// Every connection of the command.
    [[nodiscard]] Connections& connections() { return connections_; }

    /// The keys of state and of the configuration's secrets, looked for once in a command. The first is made when something is first
    /// sealed, and noted in the environment's file; a command that writes nothing gets one for once until then.
    /// @errors as EnvironmentKeys::ring(); state_not_saved when a key cannot be kept
    Result<KeyRing> keys(bool writes);
    /// Those of the environment's file, without making one.
    [[nodiscard]] EnvironmentKeys& environment_keys() { return keys_; }
    [[nodiscard]] const std::string& run() const { return run_; }
    /// The lock of a stack, for this run, with the patience that --lock-timeout gives it, and a lease as STRATA_LOCK_LEASE says.
    [[nodiscard]] LockRequest lock_request(std::string_view purpose) const;
    /// State of one stack; with a purpose the lock is taken. @errors as StateSession::open
    Result<std::unique_ptr<StateSession>> session(StateStore& store, const std::string& stack, std::string_view purpose = {});

    [[nodiscard]] std::vector<ProviderDeclaration> providers() const;

private:
    Workspace(Command& command, LoadedEnvironment loaded);
    Status open_objects();
    Result<KeyRing> made_first_key();

    Command& command_;
    LoadedEnvironment loaded_;
    Connections connections_;
    std::unique_ptr<ObjectStore> objects_;  ///< of this environment
    SeenSerials seen_;
    std::string run_;
    LeaseTerms lease_;
    KmsKeys kms_{connections_};
    EnvironmentKeys keys_;
};

/// --env, else STRATA_ENV, else "local".
std::string environment_name(const Command& command);

/// Where the HTTP trace goes: nowhere without --verbose.
Connections::Trace trace_of(const Command& command);

/// Runs a stack's program, which sends no call. @errors invalid_program for what it throws
Status declare(const StackProgram& program, Stack& stack);

/// Reports every error but the last, which is returned for the caller to hand on; and every warning.
Status reported(Reporter& report, const Diagnostics& found);

}  // namespace strata::cli
