#include "cli/workspace.hpp"

#include <pwd.h>
#include <unistd.h>
#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "cli/seconds_variable.hpp"
#include "cli/state_objects.hpp"
#include "config/new_key.hpp"
#include "config/reader.hpp"
#include "config/secret_box.hpp"
#include "engine/base/text.hpp"
#include "engine/state/folder_objects.hpp"

namespace strata::cli {

namespace fs = std::filesystem;

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Error unknown_stack(const std::string& name, const std::vector<std::string>& known) {
    const auto near = nearest(name, known);
    return usage_error("Unknown stack", fmt::format("The program has no stack \"{}\". It has: {}.", name, join(known, ", ")),
                       near ? fmt::format("Did you mean \"{}\"?", *near) : std::string{});
}

Error not_kept(Error why) {
    if (why.kind != ErrorKind::io) return why;
    why.kind = ErrorKind::state_not_saved;
    why.remedy = "Make the folder writable, or name another place for the key under \"encryption\" in the environment's configuration.";
    return why;
}

/// @param opened  as SecretBox has it
std::vector<StackProgram> read_settings(const Command& command, const LoadedEnvironment& loaded, EnvironmentKeys& keys, Diagnostics& found,
                                        KnownSecrets* opened = nullptr) {
    SecretBox secrets{keys, opened};
    ConfigReader reader{loaded.settings, "settings", found, &secrets};
    auto programs = command.program.load(reader);
    reader.finish();
    return programs;
}

void add_secrets_of(const State& state, KnownSecrets& secrets) {
    const auto add = [&](const ResourceState& resource) {
        secrets.add_marked(resource.outputs);
        for (const auto& [label, facet] : resource.facets) secrets.add_marked(facet.properties);
    };
    for (const auto& [address, resource] : state.resources) add(resource);
    for (const auto& resource : state.deposed) add(resource);
    for (const auto& [name, value] : state.outputs) secrets.add_marked(value);
    for (const auto& [id, step] : state.open) secrets.add_marked(step.properties);
}

/// The folder that the folder of environments stands in.
fs::path folder_above(const std::string& config_dir) {
    const auto folder = fs::path{config_dir}.lexically_normal();
    const auto above = (folder.has_filename() ? folder : folder.parent_path()).parent_path();
    return above.empty() ? fs::path{"."} : above;
}

/// From STRATA_LOCK_LEASE, in seconds; renewed four times in it, so that one lost renewal or two do no harm.
Result<LeaseTerms> lease_terms(const Variables& variables) {
    const auto set = seconds_variable(variables, "STRATA_LOCK_LEASE", "lease", 1);
    if (!set) return set.error();
    const auto& seconds = *set;
    if (!seconds) return LeaseTerms{};
    const Milliseconds duration = *seconds;
    return LeaseTerms{.duration = duration, .renew_every = duration / 4};
}

std::string host_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string user_name(const Variables& variables) {
    if (const auto name = variables("USER")) return *name;
    if (const auto name = variables("LOGNAME")) return *name;
    const auto* entry = ::getpwuid(::geteuid());
    return entry != nullptr ? entry->pw_name : "unknown";
}

}  // namespace

std::string environment_name(const Command& command) {
    if (!command.arguments.environment.empty()) return command.arguments.environment;
    return command.around.variables("STRATA_ENV").value_or("local");
}

Connections::Trace trace_of(const Command& command) {
    if (!command.arguments.verbose) return {};
    return [&report = command.report](std::string_view line) { report.trace(line); };
}

Status declare(const StackProgram& program, Stack& stack) {
    try {
        program.declare(stack);
        return {};
    } catch (const std::exception& thrown) {
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "The program failed",
                     .cause = fmt::format("Stack {} threw: {}", program.name, thrown.what()),
                     .remedy = "Mend the function that declares the stack."};
    }
}

Status reported(Reporter& report, const Diagnostics& found) {
    for (const auto& warning : found.warnings()) report.problem(warning, Severity::warning);
    if (found.ok()) return {};
    for (std::size_t i = 0; i + 1 < found.errors().size(); ++i) report.problem(found.errors()[i], Severity::error);
    return found.errors().back();
}

Result<std::unique_ptr<Workspace>> Workspace::open(Command& command) {
    const auto name = environment_name(command);
    const fs::path folder{command.arguments.config_dir};
    if (auto file = environment_file(command.around.files, folder, name); !file) return std::move(file).error();
    Diagnostics found;
    auto loaded = load_environment(command.around.files, folder, name, found);
    // One run shows every mistake of the file: with some in its header, those in the program's settings too.
    if (loaded && !found.ok()) {
        EnvironmentKeys keys{name, loaded->encryption, {.files = command.around.files, .variables = command.around.variables}};
        read_settings(command, *loaded, keys, found);
    }
    if (auto sound = reported(command.report, found); !sound || !loaded) return std::move(sound).error();
    const auto lease = lease_terms(command.around.variables);
    if (!lease) return lease.error();
    std::unique_ptr<Workspace> workspace{new Workspace{command, std::move(*loaded)}};
    workspace->lease_ = *lease;
    if (auto opened = workspace->open_objects(); !opened) return std::move(opened).error();
    return workspace;
}

Workspace::Workspace(Command& command, LoadedEnvironment loaded)
    : command_{command},
      loaded_{std::move(loaded)},
      connections_{command.around.clock, command.around.variables, trace_of(command)},
      seen_{folder_above(command.arguments.config_dir) / ".strata/seen" / loaded_.environment.name, command.around.files},
      run_{random_token()},
      keys_{loaded_.environment.name,
            loaded_.encryption,
            {.files = command.around.files, .variables = command.around.variables, .kms = &kms_}} {}

Status Workspace::open_objects() {
    if (loaded_.state.kind == StateLocation::Kind::s3) {
        auto made = s3_state_objects(loaded_.state, loaded_, connections_);
        if (!made) return std::move(made).error();
        objects_ = *std::move(made);
        return {};
    }
    objects_ = folder_objects(loaded_.state.folder / environment(), command_.around.files);
    return {};
}

fs::path Workspace::root() const { return folder_above(command_.arguments.config_dir); }

bool Workspace::on_this_machine() const {
    if (!loaded_.endpoint) return false;
    return is_on_this_machine(*loaded_.endpoint);
}

Result<std::vector<StackProgram>> Workspace::programs() {
    Diagnostics found;
    auto programs = read_settings(command_, loaded_, keys_, found, &connections_.secrets());
    if (auto sound = reported(command_.report, found); !sound) return std::move(sound).error();
    return programs;
}

Result<std::string> only_stack(const std::vector<std::string>& stacks, std::string remedy) {
    if (stacks.size() == 1) return stacks.front();
    return usage_error("Which stack?", fmt::format("The program has several: {}.", join(stacks, ", ")), std::move(remedy));
}

Result<std::vector<std::string>> Workspace::chosen_stacks(const std::vector<std::string>& known) const {
    const auto& named = command_.arguments.stacks;
    if (command_.arguments.all && !named.empty())
        return usage_error("Which stacks?", "--all and a stack's name do not go together.", "Give one of the two.");
    if (command_.arguments.all) return known;
    for (const auto& name : named)
        if (std::ranges::find(known, name) == known.end()) return unknown_stack(name, known);
    std::vector<std::string> chosen;
    for (const auto& name : named)
        if (std::ranges::find(chosen, name) == chosen.end()) chosen.push_back(name);
    if (!chosen.empty()) return chosen;
    if (known.size() == 1) return known;
    return usage_error("Which stacks?", fmt::format("The program has several: {}.", join(known, ", ")), "Name one or more, or give --all.");
}

Result<std::vector<std::string>> Workspace::known_stacks() const {
    auto known = command_.program.stacks;
    const auto deployed = deployed_stacks();
    if (!deployed) return deployed.error();
    for (const auto& stack : *deployed)
        if (std::ranges::find(known, stack) == known.end()) known.push_back(stack);
    return known;
}

std::unique_ptr<StateStore> Workspace::store(const std::string& stack) const { return std::make_unique<StateStore>(*objects_, stack); }

Result<std::vector<std::string>> Workspace::deployed_stacks() const { return stacks_with_state(*objects_); }

Result<KeyRing> Workspace::keys(bool writes) {
    if (keys_.has_material()) return keys_.ring();
    const auto deployed = deployed_stacks();
    if (!deployed) return deployed.error();
    // A new key would not open what another one has sealed; and who only looks at nothing needs none.
    if (!deployed->empty()) return keys_.ring();
    return writes ? made_first_key() : Result<KeyRing>{SealKey{random_bytes(32)}};
}

Result<KeyRing> Workspace::made_first_key() {
    auto& files = command_.around.files;
    const auto before = files.read(loaded_.file);
    if (!before) return before.error();
    const auto text = with_first_key({.file = loaded_.file, .text = *before}, keys_);
    if (!text) return not_kept(text.error());
    if (*text == *before) return keys_.ring();
    if (auto saved = files.replace(loaded_.file, *text, config_mode); !saved) return not_kept(std::move(saved).error());
    command_.report.note(
        fmt::format("{}: what the new key needs was added under \"encryption\". Commit the file: without it nobody opens "
                    "the state that is written now.",
                    loaded_.file.string()));
    return keys_.ring();
}

LockRequest Workspace::lock_request(std::string_view purpose) const {
    return {.owner = {.run = run_,
                      .user = user_name(command_.around.variables),
                      .host = host_name(),
                      .process = ::getpid(),
                      .machine = this_machine(),
                      .purpose = std::string{purpose},
                      .since = iso8601(command_.around.clock.now())},
            .terms = lease_,
            .patience = std::chrono::seconds{command_.arguments.lock_timeout},
            .waiting = [&command = command_](const std::optional<Error>& held) {
                if (held) command.report.note(fmt::format("Waiting for the lock. {}", held->cause));
                return !command.around.interrupt.draining();
            }};
}

Result<std::unique_ptr<StateSession>> Workspace::session(StateStore& store, const std::string& stack, std::string_view purpose) {
    const bool writes = !purpose.empty();
    auto found = keys(writes);
    if (!found) return std::move(found).error();
    auto opened = StateSession::open(
        store, *found, {.stack = stack, .environment = environment()},
        {.lock = writes ? std::optional{lock_request(purpose)} : std::nullopt, .seen = &seen_, .clock = &command_.around.clock});
    if (opened) add_secrets_of((*opened)->state(), connections_.secrets());
    return opened;
}

std::vector<ProviderDeclaration> Workspace::providers() const {
    std::vector<ProviderDeclaration> out;
    for (const auto& settings : loaded_.providers) {
        ValueMap config{{"region", settings.region}};
        if (settings.profile) config.set("profile", *settings.profile);
        if (settings.assume_role) config.set("assume_role", *settings.assume_role);
        if (settings.external_id) config.set("external_id", *settings.external_id);
        if (loaded_.endpoint) config.set("endpoint", *loaded_.endpoint);
        ValueMap endpoints;
        for (const auto& [service, url] : loaded_.endpoints) endpoints.set(service, url);
        if (!endpoints.empty()) config.set("endpoints", std::move(endpoints));
        if (on_this_machine()) config.set("emulator", true);
        out.push_back({.name = settings.name,
                       .kind = settings.kind,
                       .config = std::move(config),
                       .default_tags = settings.default_tags,
                       .ignore_tags = settings.ignore_tags,
                       .declared_at = settings.place});
    }
    return out;
}

}  // namespace strata::cli
