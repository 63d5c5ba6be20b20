#include <algorithm>

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "engine/base/json.hpp"
#include "engine/plan/align.hpp"
#include "tests/engine/plan/gadget.hpp"

// What must hold of every diff, whatever is compared.

namespace strata {
namespace {

rc::Gen<std::string> few_texts() { return rc::gen::element<std::string>("a", "b", "c"); }

rc::Gen<Value> list_of(rc::Gen<Value> item) {
    return rc::gen::map(rc::gen::container<std::vector<Value>>(std::move(item)), [](std::vector<Value> items) {
        items.resize(std::min<std::size_t>(items.size(), 5));
        return Value{std::move(items)};
    });
}

rc::Gen<Value> text_value() {
    return rc::gen::map(few_texts(), [](std::string text) { return Value{std::move(text)}; });
}

/// A structure or map of which some members are there.
rc::Gen<Value> some_of(std::vector<std::pair<std::string, rc::Gen<Value>>> members) {
    return rc::gen::exec([members = std::move(members)] {
        ValueMap made;
        for (const auto& [name, value] : members)
            if (*rc::gen::arbitrary<bool>()) made.set(name, *value);
        return Value{std::move(made)};
    });
}

rc::Gen<Value> part() {
    return some_of({{"Mode", text_value()}, {"Size", rc::gen::map(rc::gen::inRange(1, 4), [](int n) { return Value{n}; })}});
}

/// The core properties of a gadget, some of them set.
rc::Gen<ValueMap> gadget() {
    return rc::gen::map(some_of({{"Count", rc::gen::map(rc::gen::inRange(1, 4), [](int n) { return Value{n}; })},
                                 {"Items", list_of(text_value())},
                                 {"Labels", some_of({{"x", text_value()}, {"y", text_value()}})},
                                 {"Members", list_of(text_value())},
                                 {"Part", part()},
                                 {"Parts", list_of(part())},
                                 {"Tags", some_of({{"x", text_value()}, {"y", text_value()}})},
                                 {"Text", text_value()}}),
                        [](Value made) { return *made.map(); });
}

std::string shown(const ValueMap& values) { return to_json(Value{values}); }

RC_GTEST_PROP(DiffProperty, OfAThingWithItselfIsEmpty, ()) {
    const auto thing = *gadget();
    const auto lines = differences({thing, thing, thing});
    RC_LOG() << shown(thing);
    RC_ASSERT(lines.empty());
}

RC_GTEST_PROP(DiffProperty, OfWhatWasJustSentIsEmptyWhateverWasThereBefore, ()) {
    const auto desired = *gadget();
    const auto applied = *gadget();
    auto live = *gadget();
    RC_LOG() << shown(desired) << "\n" << shown(applied) << "\n" << shown(live);
    // What a provider does with a diff: each property that differs becomes what is wanted.
    for (const auto& name : diff_of({desired, applied, live}).changed_properties()) {
        if (const auto* wanted = desired.find(name)) live.set(name, *wanted);
        else live.erase(name);
    }
    RC_ASSERT(differences({desired, desired, live}) == std::vector<std::string>{});
}

/// Everything that `ours` sets is so in `live`; written down apart from the diff.
bool holds(const Value& ours, const Value& live);

bool members_hold(const ValueMap& ours, const ValueMap& live) {
    return std::ranges::all_of(ours, [&](const ValueMap::Entry& entry) {
        const auto* present = live.find(entry.first);
        return present != nullptr && holds(entry.second, *present);
    });
}

bool holds(const Value& ours, const Value& live) {
    if (ours.map() != nullptr && live.map() != nullptr) return members_hold(*ours.map(), *live.map());
    const auto* items = ours.list();
    if (items == nullptr || live.list() == nullptr) return ours == live;
    return std::ranges::equal(*items, *live.list(), [](const Value& a, const Value& b) { return holds(a, b); });
}

RC_GTEST_PROP(DiffProperty, IsEmptyExactlyWhereAllThatTheProgramSetsIsSo, ()) {
    auto desired = *gadget();
    const auto live = *gadget();
    for (const auto* name : {"Members", "Count"}) desired.erase(name);  // a set has no order, and a default may be left out
    const auto empty = [](const Value& value) {
        return (value.list() != nullptr && value.list()->empty()) || (value.map() != nullptr && value.map()->empty());
    };
    for (const auto* name : {"Items", "Labels", "Parts", "Tags"})
        if (const auto* value = desired.find(name); value != nullptr && empty(*value)) desired.erase(name);  // the same as absent
    RC_LOG() << shown(desired) << "\n" << shown(live);

    RC_ASSERT(diff_of({desired, desired, live}).empty() == members_hold(desired, live));
}

RC_GTEST_PROP(DiffProperty, IsDriftAloneWhereTheProgramDidNotChange, ()) {
    const auto desired = *gadget();
    const auto live = *gadget();
    for (const auto& change : diff_of({desired, desired, live}).changes) RC_ASSERT(change.origin == Origin::drift);
}

RC_GTEST_PROP(DiffProperty, IsOursAloneWhereNobodyTouchedAnything, ()) {
    const auto desired = *gadget();
    const auto applied = *gadget();
    for (const auto& change : diff_of({desired, applied, applied}).changes) {
        RC_LOG() << shown(desired) << "\n" << shown(applied) << "\n" << change.path;
        RC_ASSERT(change.origin == Origin::yours);
    }
}

// --- alignment ---

std::size_t longest_common(const std::string& a, const std::string& b, std::size_t i = 0, std::size_t j = 0) {
    if (i == a.size() || j == b.size()) return 0;
    if (a[i] == b[j]) return 1 + longest_common(a, b, i + 1, j + 1);
    return std::max(longest_common(a, b, i + 1, j), longest_common(a, b, i, j + 1));
}

std::string few_letters() {
    auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
    text.resize(std::min<std::size_t>(text.size(), 8));
    return text;
}

RC_GTEST_PROP(AlignProperty, KeepsTheOrderOfBothAndCoversEachItemOnce, ()) {
    const auto desired = few_letters();
    const auto live = few_letters();
    std::size_t d = 0;
    std::size_t l = 0;
    for (const auto& pair : align(desired.size(), live.size(), [&](std::size_t i, std::size_t j) { return desired[i] == live[j]; })) {
        RC_ASSERT(pair.desired || pair.live);
        if (pair.desired) RC_ASSERT(*pair.desired == d++);
        if (pair.live) RC_ASSERT(*pair.live == l++);
    }
    RC_ASSERT(d == desired.size());
    RC_ASSERT(l == live.size());
}

RC_GTEST_PROP(AlignProperty, LaysAsManyEqualItemsBesideEachOtherAsThereCanBe, ()) {
    const auto desired = few_letters();
    const auto live = few_letters();
    std::size_t equal = 0;
    for (const auto& pair : align(desired.size(), live.size(), [&](std::size_t i, std::size_t j) { return desired[i] == live[j]; }))
        if (pair.desired && pair.live && desired[*pair.desired] == live[*pair.live]) ++equal;
    RC_LOG() << desired << " " << live;
    RC_ASSERT(equal == longest_common(desired, live));
}

}  // namespace
}  // namespace strata
