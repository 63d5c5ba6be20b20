#include "tests/engine/deploy/test_stack.hpp"

#include <fmt/format.h>

namespace strata {

std::string TestStack::Result::error_text() const {
    std::string text;
    for (const auto& error : errors) text += error.text() + "\n";
    for (const auto& failure : outcome.failures) text += fmt::format("{}: {}\n", failure.address, failure.error.text());
    if (outcome.state_error) text += outcome.state_error->text() + "\n";
    return text;
}

TestStack::TestStack(Environment environment, std::vector<ProviderDeclaration> providers)
    : environment_{std::move(environment)}, providers_{std::move(providers)} {}

TestStack::Result TestStack::destroy() {
    options.destroy = true;
    auto result = run([](Stack&) {}, Purpose::up);
    options.destroy = false;
    return result;
}

TestStack::Result TestStack::import(const Program& program, const std::string& address, const std::string& id) {
    const auto tied = [&](Stack& stack) {
        program(stack);
        for (auto& resource : stack.graph().resources())
            if (resource.address == address) resource.options.import_id = id;
    };
    return run(tied, Purpose::import, address);
}

State TestStack::state() {
    auto session = StateSession::open(*store(), seal_key, {.stack = "test", .environment = environment_.name});
    return (*session)->state();
}

TestStack::Result TestStack::run(const Program& program, Purpose purpose, const std::string& address) {
    Result result;
    ProviderSet set{kinds_, {.account = environment_.account, .region = environment_.region, .configured_in = "config/dev.yaml"}};
    RunContext context{.environment = environment_,
                       .providers = providers_,
                       .provider_set = &set,
                       .clock = clock,
                       .interrupt = &interrupt,
                       .events = [this](const Event& event) { events.push_back(event); },
                       .options = options,
                       .stack_output = {}};
    const StackProgram stack{.name = "test", .declare = program};
    const auto where = store();
    context.options.all_facets |= purpose == Purpose::drift;
    StackRun run{stack, context, *where, seal_key};
    const auto note = [&](const Status& status) {
        if (!status) result.errors.push_back(status.error());
        return status.ok();
    };
    const bool changes = purpose != Purpose::preview && purpose != Purpose::drift;
    Diagnostics diagnostics;
    run.evaluate(diagnostics);
    const auto look_for_drift = [&]() -> Status {
        auto found = run.drift(true);
        if (!found) return std::move(found).error();
        result.drift = *std::move(found);
        return {};
    };
    const auto accept_live = [&]() -> Status {
        auto accepted = run.accept_live();
        return accepted.ok() ? Status{} : std::move(accepted).error();
    };
    const auto rediscover = [&]() -> Status {
        auto found = run.plan_rediscovery(diagnostics);
        if (!found) return std::move(found).error();
        result.rediscovery = *std::move(found);
        return {};
    };
    const auto plan = [&] {
        if (purpose == Purpose::recover) return note(rediscover());
        return note(run.make_plan(diagnostics)) && (purpose != Purpose::import || note(run.keep_only_import(address)));
    };
    const bool seen = diagnostics.ok() && note(run.open_state(changes ? std::optional{lock} : std::nullopt)) && note(run.recover_steps()) &&
                      note(run.read());
    if (seen && purpose == Purpose::refresh) {
        note(accept_live());
        return result;
    }
    const bool ready = seen && (purpose == Purpose::drift ? note(look_for_drift()) : plan());
    for (const auto& error : diagnostics.errors()) result.errors.push_back(error);
    if (!ready) return result;
    result.plan = run.plan();
    for (const auto& error : result.plan.errors) result.errors.push_back(error);
    if (changes && result.errors.empty()) result.outcome = run.carry_out_plan();
    return result;
}

}  // namespace strata
