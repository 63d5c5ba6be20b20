#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {

UpResult Harness::run(const std::function<void(Stack&)>& program, bool carry_out) {
    UpResult result;
    cloud.calls.clear();
    ProviderSet set{providers_, {.account = "123456789012", .region = "here", .configured_in = "config/dev.yaml"}};
    RunContext context{.environment = {.name = "dev", .account = "123456789012", .region = "here"},
                       .providers = {ProviderDeclaration{
                           .name = "fake", .kind = "fake", .config = {}, .default_tags = {}, .ignore_tags = {}, .declared_at = {}}},
                       .provider_set = &set,
                       .clock = &real_clock(),
                       .interrupt = &interrupt,
                       .events = [this](const Event& event) { events.push_back(event); },
                       .options = options,
                       .stack_output = {}};
    const StackProgram stack{.name = "test", .declare = program};
    const auto where = store();
    StackRun run{stack, context, *where, key};
    const auto note = [&](const Status& status) {
        if (!status) result.errors.push_back(status.error());
        return status.ok();
    };
    Diagnostics diagnostics;
    run.evaluate(diagnostics);
    const auto owner = carry_out
                           ? std::optional{LockOwner{.run = "r1", .user = "u", .host = "h", .process = 1, .purpose = "up", .since = "now"}}
                           : std::nullopt;
    const bool ready = diagnostics.ok() && note(run.open_state(owner)) && note(run.recover_steps()) && note(run.read()) &&
                       note(run.make_plan(diagnostics));
    for (const auto& error : diagnostics.errors()) result.errors.push_back(error);
    if (!ready) return result;
    result.plan = run.plan();
    for (const auto& error : result.plan.errors) result.errors.push_back(error);
    if (carry_out && result.errors.empty()) result.outcome = run.carry_out_plan();
    result.calls = cloud.calls;
    return result;
}

}  // namespace strata::fake
