#include "engine/plan/known.hpp"

namespace strata {

const ResourceState* Known::recorded(const PlannedResource& planned) const {
    return in_.state->find(planned.address_in_state(), planned.type_name);
}

const ResourceState* Known::displaced_by(const PlannedResource& planned) const {
    return recorded(planned) == nullptr ? in_.state->find(planned.address_in_state()) : nullptr;
}

const ReadResult* Known::read(const PlannedResource& planned) const {
    return displaced_by(planned) != nullptr ? nullptr : found_at(planned.address_in_state());
}

const ReadResult* Known::found_at(const std::string& state_address) const {
    const auto at = in_.live->find(state_address);
    return at != in_.live->end() ? &at->second : nullptr;
}

const Live* Known::live(const PlannedResource& planned) const {
    const auto* found = read(planned);
    return found != nullptr ? std::get_if<Live>(found) : nullptr;
}

const OpenStep* Known::handed_over(const PlannedResource& planned, std::string_view action) const {
    for (const auto& [id, open] : in_.state->open) {
        const bool same = open.address == planned.address_in_state() && open.type == planned.type_name &&
                          open.provider == planned.provider_in_state() && open.action == action;
        if (same && is_handed_over(open) && (action == "create" || open.id == planned.id)) return &open;
    }
    return nullptr;
}

}  // namespace strata
