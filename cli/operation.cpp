#include "cli/operation.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "cli/emulator_restart.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

Error interrupted_error() {
    return Error{.kind = ErrorKind::interrupted, .summary = "Interrupted", .cause = "Nothing was changed.", .remedy = {}};
}

Error stopped_error(bool changing) {
    return Error{.kind = ErrorKind::interrupted,
                 .summary = "Stopped",
                 .cause = changing ? "What was in flight was not waited for." : "Nothing was changed.",
                 .remedy = changing ? "Run the command again: it finds out what became of it." : ""};
}

Error two_keys(const std::string& environment) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "A change of keys is not finished",
                 .cause = fmt::format("Two keys are in use in {}.", environment),
                 .remedy = fmt::format("Finish it:\n  strata state rekey --env {}", environment)};
}

/// What the program declares, with physical ids given on the command line.
std::function<void(Stack&)> with_imports(std::function<void(Stack&)> declare, std::vector<std::pair<std::string, std::string>> imports) {
    if (imports.empty()) return declare;
    return [declare = std::move(declare), imports = std::move(imports)](Stack& stack) {
        declare(stack);
        for (auto& resource : stack.graph().resources())
            for (const auto& [address, id] : imports)
                if (resource.address == address) resource.options.import_id = id;
    };
}

}  // namespace

Result<std::unique_ptr<Operation>> Operation::begin(Command& command, const Wants& wants) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    std::unique_ptr<Operation> operation{new Operation{command, std::move(*workspace)}};
    if (auto prepared = operation->prepare(wants); !prepared) return std::move(prepared).error();
    return operation;
}

Operation::~Operation() = default;

Status Operation::prepare(const Wants& wants) {
    if (command_.around.handle_signals) signals_.emplace(command_.around.interrupt, [this] { interrupted(); });
    auto known = wants.destroy ? workspace_->known_stacks() : Result<std::vector<std::string>>{command_.program.stacks};
    if (!known) return std::move(known).error();
    auto stacks = wants.stacks.empty() ? workspace_->chosen_stacks(*known) : Result<std::vector<std::string>>{wants.stacks};
    if (!stacks) return std::move(stacks).error();
    auto programs = workspace_->programs();
    if (!programs) return std::move(programs).error();
    for (const auto& stack : *stacks)
        if (std::ranges::find(*programs, stack, &StackProgram::name) == programs->end())
            programs->push_back({.name = stack, .declare = [](Stack&) {}});
    for (auto& program : *programs)
        if (wants.instead && program.name == stacks->front()) program.declare = wants.instead;
    for (auto& program : *programs) program.declare = with_imports(std::move(program.declare), wants.imports);
    auto keys = workspace_->keys(wants.lock);
    if (!keys) return std::move(keys).error();
    if (workspace_->environment_keys().is_changing()) command_.report.problem(two_keys(workspace_->environment()), Severity::warning);

    kinds_ = command_.around.provider_kinds(workspace_->connections());
    const auto& environment = workspace_->loaded().environment;
    providers_ = std::make_unique<ProviderSet>(
        kinds_, ProviderSet::Expected{
                    .account = environment.account, .region = environment.region, .configured_in = workspace_->loaded().file.string()});
    deployment_ = std::make_unique<Deployment>(input(wants, std::move(*programs), std::move(*stacks), *keys));
    if (command_.around.interrupt.draining()) return interrupted_error();
    return {};
}

DeploymentInput Operation::input(const Wants& wants, std::vector<StackProgram> programs, std::vector<std::string> stacks,
                                 const KeyRing& keys) {
    const auto& arguments = command_.arguments;
    const RunOptions options{.selection = {.targets = arguments.targets, .excludes = arguments.excludes, .replaces = arguments.replaces},
                             .destroy = wants.destroy,
                             .offline = arguments.offline,
                             .all_facets = arguments.full,
                             .parallel = arguments.parallel};
    return {.programs = std::move(programs),
            .stacks = std::move(stacks),
            .context = {.environment = workspace_->loaded().environment,
                        .providers = workspace_->providers(),
                        .provider_set = providers_.get(),
                        .clock = &command_.around.clock,
                        .interrupt = &command_.around.interrupt,
                        .events = [this](const Event& event) { on_event(event); },
                        .options = options,
                        .seen = &workspace_->seen(),
                        .stack_output = {}},
            .store = [this](const std::string& stack) { return workspace_->store(stack); },
            .keys = keys,
            .lock = lock_request(wants),
            .before_state = [this] { return settle_emulator(); },
            .stack_begins = [this](const StackRun& run) { enter(run.name()); },
            .stack_ends = [this](const StackOutcome& outcome) { leave(outcome); }};
}

std::optional<LockRequest> Operation::lock_request(const Wants& wants) {
    if (!wants.lock) return std::nullopt;
    auto request = workspace_->lock_request(wants.purpose);
    request.asked_to_stop = [this](const StopRequest& asked) { asked_to_stop(asked); };
    return request;
}

/// A request from elsewhere stands for the first Ctrl-C, and for the second one where it is not to wait. It never ends the process.
void Operation::asked_to_stop(const StopRequest& request) {
    auto& interrupt = command_.around.interrupt;
    const int wanted = request.now && changing_ ? 2 : 1;
    {
        const std::scoped_lock hold{asking_};
        if (interrupt.count() >= wanted) return;
        stopped_by_ = request.by;
        while (interrupt.count() < wanted) interrupt.ask(SIGINT);
    }
    // While steps are carried out, the reporter says it with the news that the run is stopping.
    if (!changing_) command_.report.note(fmt::format("Cancelled by {}.", request.by));
    interrupted();
}

std::string Operation::stopped_by() {
    const std::scoped_lock hold{asking_};
    return stopped_by_;
}

/// The first signal lets steps finish, the second breaks off what is on the wire; before any step the first does that.
/// One more ends the process, whatever it is busy with: a run may be killed at any time, and the next one finds out.
void Operation::interrupted() {
    const bool changing = changing_;
    const auto& interrupt = command_.around.interrupt;
    if (interrupt.count() > (changing ? 2 : 1)) {
        const auto code = exit_code_of_signal(interrupt.signal());
        command_.report.problem(stopped_error(changing), Severity::error);
        command_.report.end(code);
        std::_Exit(static_cast<int>(code));
    }
    if (!changing || interrupt.stopped()) return workspace_->connections().stop();
    on_event({.kind = Event::Kind::draining, .stack = {}});
}

/// That the run is stopping is said once: at the signal, or by the first stack that notices.
void Operation::on_event(const Event& event) {
    if (event.kind == Event::Kind::draining && said_draining_.exchange(true)) return;
    if (event.kind != Event::Kind::draining) return command_.report.event(event);
    auto told = event;
    told.text = stopped_by();
    command_.report.event(told);
}

Status Operation::settle_emulator() {
    if (!workspace_->on_this_machine() || command_.arguments.offline) return {};
    for (const auto& declaration : workspace_->providers()) providers_->declare(declaration);
    const std::string own = "aws";
    auto provider = providers_->get(own);
    if (!provider) return finished(std::move(provider).error(), {});
    return archive_forgotten_state(*workspace_, own, *providers_->identity(own), command_.report);
}

/// A signal explains every other failure.
Status Operation::finished(Status status, const Diagnostics& found) {
    if (command_.around.interrupt.draining()) return interrupted_error();
    if (auto sound = reported(command_.report, found); !sound) return sound;
    return status;
}

Status Operation::plan() {
    Diagnostics found;
    auto planned = deployment_->plan(found);
    return finished(std::move(planned), found);
}

Result<std::vector<Rediscovery>> Operation::plan_rediscovery() {
    Diagnostics found;
    auto reports = deployment_->plan_rediscovery(found);
    auto sound = finished(reports ? Status{} : Status{reports.error()}, found);
    if (!sound) return std::move(sound).error();
    return reports;
}

Status Operation::read() {
    Diagnostics found;
    auto seen = deployment_->read(found);
    return finished(std::move(seen), found);
}

std::vector<const Plan*> Operation::plans() const {
    std::vector<const Plan*> plans;
    for (const auto& run : runs()) plans.push_back(&std::as_const(*run).plan());
    return plans;
}

void Operation::enter(const std::string& stack) {
    const auto run = std::ranges::find_if(runs(), [&](const std::unique_ptr<StackRun>& candidate) { return candidate->name() == stack; });
    began_ = command_.around.clock.steady();
    command_.report.steps_begin((*run)->plan());
}

void Operation::leave(const StackOutcome& outcome) {
    const auto seconds = std::chrono::duration<double>(command_.around.clock.steady() - began_).count();
    command_.report.steps_end(outcome, seconds);
    report_failures(command_.report, outcome);
    if (outcome.outcome.state_error) write_recovery_file(outcome);
}

void report_failures(Reporter& report, const StackOutcome& outcome) {
    for (const auto& failure : outcome.outcome.failures) {
        auto told = failure.error;
        const auto what = failure.facet.empty() ? failure.address : fmt::format("{} {}", failure.address, failure.facet);
        told.cause = fmt::format("{} ({}): {}", what, name_of(failure.step), told.cause);
        report.problem(told, Severity::error);
    }
    if (outcome.outcome.state_error) report.problem(*outcome.outcome.state_error, Severity::error);
}

/// What state should hold, when anything was done that it lacks, goes to another disk if need be: the folder it stands in, or else the one
/// for temporary files.
void Operation::write_recovery_file(const StackOutcome& outcome) {
    const auto run =
        std::ranges::find_if(runs(), [&](const std::unique_ptr<StackRun>& candidate) { return candidate->name() == outcome.stack; });
    const auto name =
        fmt::format("strata-recovery-{}-{}-{}.json", workspace_->environment(), outcome.stack, iso8601_basic(command_.around.clock.now()));
    if (!(*run)->session().holds_unsaved()) return;
    const auto document = (*run)->session().recovery_document();
    for (const auto& folder : {workspace_->root().string(), command_.around.variables("TMPDIR").value_or("/tmp")}) {
        const auto path = (std::filesystem::path{folder} / name).lexically_normal();
        if (!command_.around.files.create(path, document).ok()) continue;
        command_.report.problem(Error{.kind = ErrorKind::state_not_saved,
                                      .summary = "State is in a recovery file",
                                      .cause = fmt::format("{} holds what the state of {} should hold; secrets in it are sealed.",
                                                           path.string(), outcome.stack),
                                      .remedy = "Make the place of the state writable and run the same command again: what was made is "
                                                "found by its token, name or tags. "
                                                "Keep the file until that has succeeded."},
                                Severity::warning);
        return;
    }
    command_.report.problem(Error{.kind = ErrorKind::state_not_saved,
                                  .summary = "No recovery file can be written",
                                  .cause = fmt::format("Neither the project's folder nor that for temporary files takes {}.", name),
                                  .remedy = "Make room and run the same command again: what was begun stands in the journal, and what was "
                                            "made is found by its token, name or tags."},
                            Severity::warning);
}

ExitCode Operation::carry_out() {
    changing_ = true;
    const auto outcomes = deployment_->carry_out();
    changing_ = false;
    return exit_code_of(outcomes, command_.around.interrupt.signal());
}

}  // namespace strata::cli
