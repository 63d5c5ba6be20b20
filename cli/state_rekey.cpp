#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "config/key_change.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

using Kind = KeySource::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 3> kinds = {
    {{"passphrase", Kind::passphrase}, {"file", Kind::file}, {"kms", Kind::kms}}};

WantedKey wanted_key(const Arguments& arguments) {
    WantedKey wanted{.kms_key = arguments.kms_key, .key_file = arguments.key_file};
    for (const auto& [name, kind] : kinds)
        if (arguments.to == name) wanted.kind = kind;
    return wanted;
}

Error no_key_yet(const Workspace& workspace) {
    return Error{.kind = ErrorKind::usage,
                 .summary = "There is no key yet",
                 .cause = fmt::format("Nothing is sealed in {}; its key is made when something is.", workspace.environment()),
                 .remedy = fmt::format("Say under \"encryption\" in {} which kind of key it should be.", workspace.loaded().file.string())};
}

/// Every stack that the program or the store knows, locked; again and again, as one may have been deployed for the first time meanwhile.
Result<std::vector<OpenState>> all_locked(Workspace& workspace) {
    std::vector<OpenState> states;
    for (bool more = true; more;) {
        more = false;
        const auto known = workspace.known_stacks();
        if (!known) return known.error();
        for (const auto& stack : *known) {
            if (std::ranges::find(states, stack, &OpenState::stack) != states.end()) continue;
            OpenState open{.stack = stack, .store = workspace.store(stack), .session = nullptr};
            auto session = workspace.session(*open.store, stack, "state rekey");
            if (!session) return std::move(session).error();
            open.session = std::move(*session);
            states.push_back(std::move(open));
            more = true;
        }
    }
    return states;
}

/// What broke off a change that has begun.
Error unfinished(Error why, const Workspace& workspace) {
    if (why.kind == ErrorKind::io) why.kind = ErrorKind::state_not_saved;
    if (!why.remedy.empty()) why.remedy += '\n';
    why.remedy += fmt::format(
        "The change of keys is not finished: two keys are in use, and everything opens with one of them. Go on with it:\n"
        "  strata state rekey --env {}",
        workspace.environment());
    return why;
}

void tell_what_was_left(Reporter& report, const std::vector<std::string>& left) {
    for (const auto& place : left)
        report.problem({.summary = "A state of before was left as it is",
                        .cause = fmt::format("{} opens with no key of this environment.", place),
                        .remedy = "No command can read it. Remove it if it is of no use."},
                       Severity::warning);
}

Status reseal_states(const std::vector<OpenState>& states, const KeyRing& ring, Reporter& report) {
    for (const auto& open : states) {
        const auto done = open.session->reseal(ring);
        if (!done) return done.error();
        tell_what_was_left(report, done->left);
        if (done->documents == 0) continue;
        const auto before = done->documents > 1 ? fmt::format(" and {} of before", counted(done->documents - 1, "document")) : "";
        report.note(fmt::format("{}: state{} sealed with the new key.", open.stack, before));
    }
    return {};
}

void tell_what_begins(const KeyChange& change, const Workspace& workspace, Reporter& report) {
    const auto to = described(change.to());
    if (change.resumed())
        return report.note(fmt::format("An earlier change of the key of {} goes on, to {}.", workspace.environment(), to));
    const auto from = described(change.from());
    report.note(fmt::format("The key of {} changes: {} gives way to {}.", workspace.environment(), from, from == to ? "a new one" : to));
}

/// What people have to do now.
void tell_what_follows(const KeyChange& change, bool file_changed, const Workspace& workspace, Reporter& report) {
    const auto& from = change.from();
    const auto& to = change.to();
    report.note(fmt::format("{} is sealed with {} now.", workspace.environment(), described(to)));
    if (to.kind == Kind::passphrase)
        report.note("It is what STRATA_NEW_PASSPHRASE says: set STRATA_PASSPHRASE to it wherever this environment is deployed from.");
    if (to.kind == Kind::file)
        report.note(fmt::format("Keep a copy of {} where the state is not; who has lost it reads nothing.", to.file.string()));
    if (from.kind == Kind::file && from.file != to.file)
        report.note(fmt::format("{} is no longer used; remove it when no backup needs it.", from.file.string()));
    if (file_changed)
        report.note(
            fmt::format("Commit {}: who deploys with the one of before cannot read what is sealed now.", workspace.loaded().file.string()));
}

}  // namespace

void add_state_rekey_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "--to",
                     .help = "Kind of the new key (default: as now); a new passphrase is read from STRATA_NEW_PASSPHRASE",
                     .target = &into.to,
                     .value = "KIND",
                     .allowed = {"passphrase", "file", "kms"}});
    flags.push_back({.name = "--kms-key",
                     .help = "Key of KMS that keeps the new data key: alias/NAME, a key's id or ARN",
                     .target = &into.kms_key,
                     .value = "KEY"});
    flags.push_back({.name = "--key-file",
                     .help = "File for the new key, counted from the project's folder",
                     .target = &into.key_file,
                     .value = "FILE",
                     .completion = Completion::file});
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_rekey(Command& command) {
    auto opened = Workspace::open(command);
    if (!opened) return std::move(opened).error();
    auto& workspace = **opened;
    auto& keys = workspace.environment_keys();
    if (!keys.has_material()) return no_key_yet(workspace);
    const auto states = all_locked(workspace);
    if (!states) return states.error();

    const ConfigTarget target{.files = command.around.files,
                              .variables = command.around.variables,
                              .config_dir = command.arguments.config_dir,
                              .environment = workspace.environment()};
    auto change = KeyChange::prepare(target, keys, wanted_key(command.arguments));
    if (!change) return std::move(change).error();
    const auto ring = change->begin();
    if (!ring) return ring.error();
    tell_what_begins(*change, workspace, command.report);
    if (auto resealed = reseal_states(*states, *ring, command.report); !resealed) return unfinished(std::move(resealed).error(), workspace);
    const auto done = change->finish(*ring);
    if (!done) return unfinished(done.error(), workspace);
    command.report.note(fmt::format("{}: {} sealed with the new key.", workspace.loaded().file.string(), counted(done->secrets, "secret")));
    tell_what_follows(*change, done->file_changed, workspace, command.report);
    return ExitCode::ok;
}

}  // namespace strata::cli
