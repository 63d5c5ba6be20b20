#include "tests/providers/aws/types/life.hpp"

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/plan/diff.hpp"

namespace strata::aws {

namespace {

constexpr Milliseconds longest_pause{50};
constexpr int most_polls = 600;

ValueMap part_of(const ResourceType& type, const ValueMap& properties, std::size_t facet) {
    ValueMap out;
    for (const auto& [name, value] : properties)
        if (const auto* property = type.property(name); property != nullptr && property->facet == facet) out.set(name, value);
    return out;
}

Value same_value(const void* /*key*/, const Value& value) { return value.revealed(); }

/// What is compared: reset properties are the service's business again.
ValueMap without_resets(const ValueMap& properties) {
    ValueMap out;
    for (const auto& [name, value] : properties)
        if (!value.is_null()) out.set(name, value);
    return out;
}

std::string shown(const std::optional<Value>& value) { return value ? to_json(value->without_marks()) : std::string{"nothing"}; }

}  // namespace

Step Life::step_of(const Thing& thing, std::size_t facet, StepAction action) {
    return {.action = action,
            .type = thing.type,
            .facet = facet,
            .address = thing.address,
            .stack = "test.local",
            .id = thing.id,
            .desired = action == StepAction::remove ? ValueMap{} : part_of(*thing.type, thing.properties, facet),
            .previous = action == StepAction::remove ? part_of(*thing.type, thing.properties, facet) : ValueMap{},
            .properties = thing.properties,
            .outputs = thing.outputs,
            .token = fmt::format("{:032x}", ++steps_)};
}

Result<Progress> Life::carry_out(const Step& step) {
    auto progress = provider_.begin(step);
    for (int i = 0; progress.ok() && !progress->done; ++i) {
        if (i == most_polls) return Error{.kind = ErrorKind::timeout, .summary = "Too many polls", .cause = progress->text, .remedy = ""};
        std::this_thread::sleep_for(std::min(progress->again_in, longest_pause));
        const auto cursor = progress->cursor;
        progress = provider_.poll(step, cursor);
    }
    return progress;
}

Result<Thing> Life::create(const ResourceType& type, std::string address, const ValueMap& properties) {
    Thing thing{.type = &type, .address = std::move(address), .id = {}, .properties = properties, .outputs = {}};
    const auto made = carry_out(step_of(thing, 0, StepAction::create));
    if (!made) return made.error();
    thing.id = made->id;
    thing.outputs = made->outputs;
    for (std::size_t facet = 1; facet < type.facets.size(); ++facet) {
        if (part_of(type, properties, facet).empty()) continue;
        const auto put = carry_out(step_of(thing, facet, StepAction::create));
        if (!put) return put.error();
    }
    return thing;
}

Status Life::update(Thing& thing, std::string_view name, const Value& value) {
    const auto* property = thing.type->property(name);
    if (property == nullptr)
        return Error{.kind = ErrorKind::invalid_program, .summary = "No such property", .cause = std::string{name}, .remedy = ""};
    const auto before = part_of(*thing.type, thing.properties, property->facet);
    if (value.is_null() && property->facet != 0) {
        auto off = step_of(thing, property->facet, StepAction::remove);
        thing.properties.erase(name);
        const auto done = carry_out(off);
        return done ? Status{} : Status{done.error()};
    }
    thing.properties.set(name, value);
    auto step = step_of(thing, property->facet, before.contains(name) || property->facet == 0 ? StepAction::update : StepAction::create);
    step.previous = before;
    step.applied = before;
    step.changed = {std::string{name}};
    if (value.is_null()) thing.properties.erase(name);
    const auto done = carry_out(step);
    if (!done) return done.error();
    if (property->facet == 0) thing.outputs = done->outputs;
    return {};
}

Status Life::update(Thing& thing, const ValueMap& values) {
    auto previous = part_of(*thing.type, thing.properties, 0);
    std::vector<std::string> changed;
    for (const auto& [name, value] : values) {
        thing.properties.set(name, value);
        changed.push_back(name);
    }
    auto step = step_of(thing, 0, StepAction::update);
    step.previous = std::move(previous);
    step.changed = std::move(changed);
    for (const auto& [name, value] : values)
        if (value.is_null()) thing.properties.erase(name);
    const auto done = carry_out(step);
    if (!done) return done.error();
    thing.outputs = done->outputs;
    return {};
}

Status Life::remove(const Thing& thing) {
    for (auto facet = thing.type->facets.size(); facet-- > 1;) {
        if (!thing.type->facets[facet].detach_first || part_of(*thing.type, thing.properties, facet).empty()) continue;
        const auto off = carry_out(step_of(thing, facet, StepAction::remove));
        if (!off) return off.error();
    }
    const auto done = carry_out(step_of(thing, 0, StepAction::remove));
    return done ? Status{} : Status{done.error()};
}

ReadResult Life::read(const Thing& thing, ReadDepth depth, bool blind) {
    ReadItem item{.type = thing.type,
                  .address = thing.address,
                  .id = thing.id,
                  .properties = {},
                  .outputs = {},
                  .facets = std::vector<bool>(thing.type->facets.size(), true)};
    if (!blind) {
        item.properties = thing.properties;
        item.outputs = thing.outputs;
    }
    // Three times the same: enough to be read in a batch, and a check that ids are sent once.
    const std::vector<ReadItem> items(depth == ReadDepth::batched ? 3 : 1, item);
    return provider_.read(items, depth).back();
}

std::vector<std::string> Life::differences(const Thing& thing, ReadDepth depth, bool blind) {
    const auto result = read(thing, depth, blind);
    if (const auto* unreadable = std::get_if<Unreadable>(&result)) return {"unreadable: " + unreadable->why.text()};
    const auto* live = std::get_if<Live>(&result);
    if (live == nullptr) return {"absent"};
    std::vector<std::string> out;
    const auto desired = without_resets(thing.properties);
    for (std::size_t facet = 0; facet < std::max<std::size_t>(thing.type->facets.size(), 1); ++facet) {
        const auto wanted = part_of(*thing.type, desired, facet);
        const auto seen = part_of(*thing.type, live->properties, facet);
        const auto found =
            diff({.type = thing.type, .facet = facet, .desired = &wanted, .applied = &wanted, .live = &seen, .hash = same_value});
        for (const auto& change : found.changes)
            out.push_back(fmt::format("{}: read {}, wanted {}", change.path, shown(change.before), shown(change.after)));
    }
    return out;
}

bool Life::is_absent(const Thing& thing) { return std::holds_alternative<Absent>(read(thing, ReadDepth::direct, false)); }

}  // namespace strata::aws
