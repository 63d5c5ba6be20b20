#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/provider.hpp"

namespace strata::aws {

/// A thing that a test made.
struct Thing {
    const ResourceType* type = nullptr;
    std::string address;
    std::string id;
    ValueMap properties;
    ValueMap outputs;
};

/// Leads things through their lives as the engine does: core first, then facet by facet; off in the other order.
class Life {
public:
    explicit Life(Provider& provider) : provider_{provider} {}

    Result<Thing> create(const ResourceType& type, std::string address, const ValueMap& properties);
    /// Sets one property; null takes it off or back to its default.
    Status update(Thing& thing, std::string_view property, const Value& value);
    /// Sets several properties of the core in one step.
    Status update(Thing& thing, const ValueMap& values);
    Status remove(const Thing& thing);

    /// What differs between what was asked for and what a read shows, a line each; empty when nothing does.
    /// @param blind  as an import reads: nothing is known but the id
    std::vector<std::string> differences(const Thing& thing, ReadDepth depth, bool blind = false);
    bool is_absent(const Thing& thing);

private:
    Result<Progress> carry_out(const Step& step);
    Step step_of(const Thing& thing, std::size_t facet, StepAction action);
    ReadResult read(const Thing& thing, ReadDepth depth, bool blind);

    Provider& provider_;
    int steps_ = 0;
};

}  // namespace strata::aws
