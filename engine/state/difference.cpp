#include "engine/state/difference.hpp"

#include <algorithm>
#include <utility>

namespace strata {

namespace {

using Kind = Mutation::Kind;

/// Carries every mutation out at once on a copy: what comes later sees what came before.
class Difference {
public:
    Difference(State from, const State& to) : now_{std::move(from)}, to_{to} {}

    std::vector<Mutation> find() {
        providers();
        deposed();
        resources();
        outputs();
        open_steps();
        users();
        return std::move(mutations_);
    }

private:
    void add(Mutation mutation) {
        apply(now_, mutation);
        mutations_.push_back(std::move(mutation));
    }

    void providers() {
        for (const auto& [name, provider] : to_.providers) {
            const auto at = now_.providers.find(name);
            const bool same = at != now_.providers.end() && at->second.kind == provider.kind && at->second.account == provider.account &&
                              at->second.region == provider.region && at->second.instance == provider.instance;
            if (!same) add({.kind = Kind::provider, .key = name, .provider = provider});
        }
    }

    static bool holds(const std::vector<ResourceState>& list, const ResourceState& wanted) {
        return std::ranges::any_of(list, [&](const ResourceState& one) { return same_record(one, wanted); });
    }

    /// Before the resources: what is deposed passes through the address of the one that replaced it.
    void deposed() {
        const auto before = now_.deposed;
        for (const auto& old : before)
            if (!holds(to_.deposed, old)) add({.kind = Kind::remove_deposed, .address = old.address, .key = old.id});
        for (const auto& old : to_.deposed) {
            if (holds(now_.deposed, old)) continue;
            add({.kind = Kind::put_resource, .resource = old});
            add({.kind = Kind::depose, .address = old.address});
        }
    }

    void resources() {
        const auto before = now_.resources;
        for (const auto& [address, resource] : before)
            if (!to_.resources.contains(address)) add({.kind = Kind::remove_resource, .address = address});
        for (const auto& [address, resource] : to_.resources) {
            const auto* known = now_.find(address);
            if (known == nullptr || !same_record(*known, resource)) add({.kind = Kind::put_resource, .resource = resource});
        }
    }

    void outputs() {
        const auto before = now_.outputs;
        for (const auto& [name, value] : before)
            if (!to_.outputs.contains(name)) add({.kind = Kind::stack_output, .key = name});
        for (const auto& [name, value] : to_.outputs) {
            const auto at = now_.outputs.find(name);
            if (at == now_.outputs.end() || !(at->second == value)) add({.kind = Kind::stack_output, .key = name, .value = value});
        }
    }

    void open_steps() {
        const auto before = now_.open;
        for (const auto& [id, step] : before)
            if (!to_.open.contains(id)) add({.kind = Kind::end, .key = id});
        for (const auto& [id, step] : to_.open)
            if (!now_.open.contains(id)) add({.kind = Kind::begin, .open = step});
    }

    void users() {
        const auto before = now_.used_by;
        for (const auto& [output, stacks] : before)
            if (!to_.used_by.contains(output)) add({.kind = Kind::used_by, .key = output, .value = ValueList{}});
        for (const auto& [output, stacks] : to_.used_by) {
            const auto at = now_.used_by.find(output);
            if (at != now_.used_by.end() && at->second == stacks) continue;
            add({.kind = Kind::used_by, .key = output, .value = ValueList{stacks.begin(), stacks.end()}});
        }
    }

    State now_;
    const State& to_;
    std::vector<Mutation> mutations_;
};

bool same_facet(const FacetState& one, const FacetState& other) {
    return one.properties == other.properties && one.dependencies == other.dependencies;
}

}  // namespace

bool same_record(const ResourceState& one, const ResourceState& other) {
    return one.address == other.address && one.type == other.type && one.schema_version == other.schema_version &&
           one.provider == other.provider && one.id == other.id && one.outputs == other.outputs && one.token == other.token &&
           one.protect == other.protect && one.retain_on_delete == other.retain_on_delete && one.tainted == other.tainted &&
           std::ranges::equal(one.facets, other.facets,
                              [](const auto& a, const auto& b) { return a.first == b.first && same_facet(a.second, b.second); });
}

std::vector<Mutation> difference(const State& from, const State& to) { return Difference{from, to}.find(); }

}  // namespace strata
