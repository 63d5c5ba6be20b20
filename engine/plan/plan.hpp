#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/provider.hpp"
#include "engine/model/schema.hpp"
#include "engine/plan/diff.hpp"

namespace strata {

/// What happens to a resource as a whole.
enum class PlanAction : std::uint8_t {
    keep,
    create,
    update,
    replace,
    remove,      ///< deleted at the service
    adopt,       ///< taken into state as it is (import_id), then updated where it differs
    forget,      ///< state lets go, the service keeps it
    unreadable,  ///< could not be seen: nothing is planned for it
};
std::string_view name_of(PlanAction action);

/// What happens to one facet.
struct PlannedFacet {
    std::size_t facet = 0;
    std::optional<StepAction> action;  ///< empty: stays as it is
    Diff diff;
    ValueMap desired;                       ///< resolved as far as known
    ValueMap previous;                      ///< live where it was read, else last applied
    std::vector<std::string> dependencies;  ///< node keys
};

struct PlannedResource {
    std::string address;
    std::string former_address;          ///< it had this one in state; empty: the same
    const ResourceType* type = nullptr;  ///< nullptr when this program does not know the type (a removal)
    std::string type_name;
    std::string provider;
    std::string former_provider;  ///< the instance that made what is there; empty: the same
    std::string id;               ///< physical id of what is there; empty when nothing is
    PlanAction action = PlanAction::keep;
    std::vector<std::string> reasons;  ///< why, in words: "cidr_block changed, which forces replacement"
    std::vector<PlannedFacet> facets;  ///< of the wanted resource, in the order of the type's facets
    bool replace_if_changed = false;   ///< replaced only if a value that is not known yet turns out different
    bool create_first = true;          ///< replacement: the new one comes before the old one goes
    bool set_aside = false;            ///< goes, and something else has its address: its own replacement, or one of another type
    bool missing = false;              ///< in state, but gone from the service
    bool holds_data = false;
    bool protect = false;
    bool retain_on_delete = false;
    std::string continues = {};  ///< State::open: the create or delete that an earlier run handed over, and this one waits for
    bool settles_first = false;  ///< an earlier run's change of it is not seen to its end: its core's update begins with waiting
    std::optional<Error> unreadable;
    Location declared_at;

    /// Where state holds it until the plan is carried out.
    [[nodiscard]] const std::string& address_in_state() const { return former_address.empty() ? address : former_address; }
    /// The provider instance that what is there belongs to.
    [[nodiscard]] const std::string& provider_in_state() const { return former_provider.empty() ? provider : former_provider; }
    [[nodiscard]] bool drifted() const;
    [[nodiscard]] bool changes() const { return action != PlanAction::keep && action != PlanAction::unreadable; }
};

enum class StepKind : std::uint8_t { adopt, create, update, remove, forget };
std::string_view name_of(StepKind kind);

/// One call's worth of the plan, and what must be done before it.
struct PlannedStep {
    StepKind kind = StepKind::create;
    std::size_t resource = 0;  ///< index into Plan::resources
    std::size_t facet = 0;
    bool old = false;  ///< works on what a replacement leaves behind
    /// Not empty: an update ahead of the one for the whole, which only lets go of these: indices into Plan::resources of
    /// replacements that delete first.
    std::vector<std::size_t> lets_go_of = {};
    std::vector<std::size_t> after;  ///< indices of steps
};

/// Makes or changes what others use: not a part of a resource, not what a replacement leaves behind.
bool is_making_of_core(const PlannedStep& step);

struct PlannedOutput {
    std::string name;
    std::optional<Value> before;
    std::optional<Value> after;  ///< may be unknown
    std::string description;
    std::vector<std::string> used_by;  ///< stacks that use it, when it goes away
    [[nodiscard]] bool changed() const;
};

/// Everything that `up` would do, with every reason, location, unknown and secret mark. A plain value:
/// text, JSON and Markdown are renderings of it.
struct Plan {
    std::string stack;
    std::string environment;
    ProviderIdentity identity;  ///< of the default provider instance
    bool offline = false;       ///< planned from state alone
    bool destroy = false;
    std::vector<PlannedResource> resources;  ///< in the order of the graph, removals last
    std::vector<PlannedStep> steps;
    std::vector<PlannedOutput> outputs;
    std::vector<Error> errors;  ///< what keeps the plan from being carried out
    std::vector<Error> warnings;
    std::string lineage;
    std::uint64_t serial = 0;
    std::string program_hash;   ///< of the evaluated graph
    std::size_t read_live = 0;  ///< resources that were looked at
    /// Keyed hash (hex) of all that was seen of each resource that the plan touches, by address: says whether it is still the same.
    std::map<std::string, std::string, std::less<>> fingerprints = {};
    std::uint64_t calls = 0;  ///< requests sent to find out
    double seconds = 0;       ///< wall time of planning

    struct Counts {
        std::size_t create = 0, update = 0, replace = 0, remove = 0, adopt = 0, forget = 0, keep = 0, unreadable = 0, drifted = 0;
        std::size_t data_at_risk = 0;  ///< replaced or removed, and holding data
    };
    [[nodiscard]] Counts counts() const;
    [[nodiscard]] bool has_changes() const;
};

}  // namespace strata
