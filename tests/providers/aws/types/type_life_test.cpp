#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "tests/providers/aws/types/case.hpp"
#include "tests/providers/aws/types/emulated_stack.hpp"
#include "tests/providers/aws/types/life.hpp"

// Every type's life, led by the engine against the emulator: create → preview is empty → import → preview is empty →
// each property varied → preview is empty and what is read equals what was asked for → gone.

namespace strata::aws {

namespace {

using Lines = std::vector<std::string>;

/// One emulator for the whole program: it takes a second to start.
EmulatedAws& shared_aws() {
    static EmulatedAws aws;
    return aws;
}

/// What a plan would do, a line each; empty when it is empty.
Lines planned(const TestStack::Result& result) {
    Lines lines;
    if (const auto errors = result.error_text(); !errors.empty()) lines.push_back(errors);
    for (const auto& resource : result.plan.resources) {
        if (resource.action != PlanAction::keep) lines.push_back(fmt::format("{} {}", name_of(resource.action), resource.address));
        for (const auto& facet : resource.facets)
            for (const auto& change : facet.diff.changes)
                lines.push_back(fmt::format("{}: {}: {} -> {}", resource.address, change.path,
                                            change.before ? to_json(change.before->without_marks()) : "nothing",
                                            change.after ? to_json(change.after->without_marks()) : "nothing"));
    }
    return lines;
}

/// What a full look finds that nobody did, a line each.
Lines drifted(const TestStack::Result& result) {
    Lines lines;
    if (const auto errors = result.error_text(); !errors.empty()) lines.push_back(errors);
    for (const auto& resource : result.drift.resources) {
        if (resource.missing || resource.unreadable) lines.push_back(resource.address + " is not seen");
        for (const auto* changes : {&resource.changes, &resource.unmanaged})
            for (const auto& change : *changes)
                lines.push_back(fmt::format("{}: {}: {} -> {}", resource.address, change.path,
                                            change.before ? to_json(change.before->without_marks()) : "nothing",
                                            change.after ? to_json(change.after->without_marks()) : "nothing"));
    }
    return lines;
}

class TypeLife : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        ASSERT_TRUE(shared_aws().running()) << shared_aws().why();
        shared_aws().reset();
        auto read = read_case(case_path(GetParam()));
        ASSERT_TRUE(read) << read.error().text();
        case_ = std::move(read).value();
    }

    TestStack::Program program(std::optional<ValueMap> thing) const { return program_of(case_, std::move(thing)); }

    /// The thing, with the properties that the program gives it, as state knows it.
    Thing thing_with(const ValueMap& wanted) {
        const auto state = stack_.state();
        OutputsByName outputs;
        for (const auto& given : case_.given)
            if (const auto* known = state.find("given/" + given.name)) outputs[given.name] = known->outputs;
        const auto* known = state.find("thing");
        return {.type = case_.type,
                .address = "thing",
                .id = known != nullptr ? known->id : "",
                .properties = filled(wanted, outputs),
                .outputs = known != nullptr ? known->outputs : ValueMap{}};
    }

    void expect_settled(const ValueMap& wanted) {
        EXPECT_EQ(planned(stack_.preview(program(wanted))), Lines{}) << "in a preview";
        EXPECT_EQ(life_.differences(thing_with(wanted), ReadDepth::direct), Lines{}) << "read directly";
        EXPECT_EQ(drifted(stack_.drift(program(wanted))), Lines{}) << "in a full look for drift";
    }

    /// Brings about `next` in one step. What fails is reported, and leaves `wanted` as it was.
    void reach(ValueMap& wanted, ValueMap next, PlanAction expected) {
        const auto result = stack_.up(program(next));
        ASSERT_TRUE(result.ok()) << result.error_text();
        const auto at = std::ranges::find(result.plan.resources, "thing", &PlannedResource::address);
        if (at->action != PlanAction::keep) {
            EXPECT_EQ(name_of(at->action), name_of(expected));
        }
        expect_settled(next);
        EXPECT_TRUE(stack_.state().deposed.empty());
        wanted = std::move(next);
    }

    /// Goes on with another value of one property. Null takes it off in both ways that a program has: it resets the
    /// property, or says nothing about it any more.
    void take(ValueMap& wanted, const std::string& name, const Value& value) {
        SCOPED_TRACE(fmt::format("{} = {}", name, to_json(value)));
        auto next = wanted;
        next.set(name, value);
        reach(wanted, next, PlanAction::update);
        if (!value.is_null()) return;
        SCOPED_TRACE("no longer set");
        next.erase(name);
        reach(wanted, next, PlanAction::update);
    }

    /// Starts from the base again, with these values; null: the program does not set it.
    void start_with(ValueMap& wanted, const ValueMap& values) {
        SCOPED_TRACE(to_json(values));
        if (wanted != case_.base) reach(wanted, case_.base, PlanAction::update);
        auto next = case_.base;
        for (const auto& [name, value] : values) {
            if (value.is_null()) next.erase(name);
            else next.set(name, value);
        }
        const bool anew = replaces(values);
        reach(wanted, std::move(next), anew ? PlanAction::replace : PlanAction::update);
        if (anew) reach(wanted, case_.base, PlanAction::replace);
    }

    [[nodiscard]] bool replaces(const ValueMap& values) const {
        return std::ranges::any_of(values, [&](const auto& entry) { return case_.type->property(entry.first)->replaces; });
    }

    /// Takes everything that `stack_` made into the state of another stack of the same name.
    void import_all(const ValueMap& wanted) {
        EmulatedStack other{shared_aws()};
        const auto made = stack_.state();
        const auto with_ids = [&](Stack& stack) {
            program({})(stack);
            for (auto& resource : stack.graph().resources()) resource.options.import_id = made.find(resource.address)->id;
        };
        const auto given = other.up(with_ids);
        ASSERT_TRUE(given.ok()) << given.error_text();
        (void)shared_aws().changes();
        const auto imported = other.import(program(wanted), "thing", made.find("thing")->id);
        ASSERT_TRUE(imported.ok()) << imported.error_text();
        EXPECT_EQ(shared_aws().changes(), Lines{}) << "changes that an import made";
        EXPECT_EQ(planned(other.preview(program(wanted))), Lines{}) << "in a preview";
    }

    TypeCase case_;
    EmulatedStack stack_{shared_aws()};
    Life life_{shared_aws().provider()};
};

TEST_P(TypeLife, IsAsWantedFromCreateToDelete) {
    auto wanted = case_.base;
    const auto given = stack_.up(program({}));
    ASSERT_TRUE(given.ok()) << given.error_text();
    const auto made = stack_.up(program(wanted));
    ASSERT_TRUE(made.ok()) << made.error_text();
    {
        SCOPED_TRACE("after create");
        expect_settled(wanted);
    }
    {
        SCOPED_TRACE("after import");
        import_all(wanted);
    }
    for (const auto& [name, values] : case_.vary) {
        ASSERT_NE(case_.type->property(name), nullptr) << name;
        for (const auto& value : *values.list())
            if (!replaces({{name, value}})) take(wanted, name, value);
    }
    for (const auto& [name, values] : case_.vary)
        for (const auto& value : *values.list())
            if (replaces({{name, value}})) start_with(wanted, {{name, value}});
    for (const auto& values : case_.together) start_with(wanted, values);
    const auto last = thing_with(wanted);
    const auto removed = stack_.up(program({}));
    ASSERT_TRUE(removed.ok()) << removed.error_text();
    EXPECT_EQ(stack_.state().find("thing"), nullptr);
    EXPECT_EQ(life_.is_absent(last), !case_.stays) << "after delete";
    const auto destroyed = stack_.destroy();
    EXPECT_TRUE(destroyed.ok()) << destroyed.error_text();
    EXPECT_TRUE(stack_.state().resources.empty());
}

/// Found by token, name or tags; or else the same call again makes nothing new.
TEST_P(TypeLife, IsNotMadeTwiceWhenNobodyHeardThatItWasMade) {
    const auto given = stack_.up(program({}));
    ASSERT_TRUE(given.ok()) << given.error_text();
    const auto made = stack_.up(program(case_.base));
    ASSERT_TRUE(made.ok()) << made.error_text();
    const auto state = stack_.state();
    const auto& known = *state.find("thing");
    const Step cut_off{.action = StepAction::create,
                       .type = case_.type,
                       .address = known.address,
                       .stack = "test.dev",
                       .desired = known.facets.at("").properties,
                       .properties = known.facets.at("").properties,
                       .token = known.token};

    auto& provider = shared_aws().provider();
    const auto found = provider.find_orphan(cut_off);
    ASSERT_TRUE(found) << found.error().text();
    auto id = *found;
    if (!id) {
        const auto again = provider.begin(cut_off);
        ASSERT_TRUE(again) << again.error().text();
        id = again->id;
    }
    EXPECT_EQ(id, std::optional{known.id});
}

INSTANTIATE_TEST_SUITE_P(All, TypeLife, testing::ValuesIn(all_cases()), [](const testing::TestParamInfo<std::string>& test) {
    auto name = test.param;
    std::ranges::replace(name, '/', '_');
    return name;
});

}  // namespace

}  // namespace strata::aws
