#include "engine/plan/removal.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>

namespace strata {

namespace {

std::string_view reason(Removal why) {
    switch (why) {
        case Removal::undeclared: return "no longer in the program";
        case Removal::destroyed: return "the stack is destroyed";
        case Removal::forgotten: return "the program says forget";
        case Removal::deposed: return "replaced before, not yet deleted";
        case Removal::displaced: return "the program declares another type under this address";
    }
    return {};
}

/// Why nothing is called although it goes. Empty: it is deleted.
std::optional<std::string> reason_to_let_go(const PlannedResource& planned, Removal why) {
    if (why == Removal::forgotten) return std::string{};
    if (planned.retain_on_delete) return "retain_on_delete keeps it at the service";
    if (planned.missing) return "deleted outside Strata already";
    return std::nullopt;
}

Error unknown_type(const ResourceState& known) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = "Unknown resource type",
                 .cause = fmt::format("{} is of type {}, which this program does not know.", known.address, known.type),
                 .remedy = fmt::format("Link the provider of that type, or let go of it:\n  strata state rm {}", known.address),
                 .location = {}};
}

/// The core, and the facets that must come off before it.
void add_facets(PlannedResource& planned, const ResourceState& known, const Live* seen) {
    for (std::size_t i = 0; i < std::max<std::size_t>(planned.type->facets.size(), 1); ++i) {
        const auto at = known.facets.find(planned.type->facet_label(i));
        if (at == known.facets.end() || (i > 0 && !planned.type->facets[i].detach_first)) continue;
        PlannedFacet facet{.facet = i,
                           .action = StepAction::remove,
                           .diff = {},
                           .desired = {},
                           .previous = at->second.properties,
                           .dependencies = at->second.dependencies};
        if (seen != nullptr)
            for (const auto& [name, value] : seen->properties)
                if (const auto* property = planned.type->property(name); property != nullptr && property->facet == i)
                    facet.previous.set(name, value);
        planned.facets.push_back(std::move(facet));
    }
}

}  // namespace

PlannedResource plan_removal(const ResourceState& known, const ResourceType* type, const ReadResult* found, Removal why) {
    PlannedResource planned{.address = known.address,
                            .type = type,
                            .type_name = known.type,
                            .provider = known.provider,
                            .id = known.id,
                            .action = PlanAction::remove,
                            .reasons = {std::string{reason(why)}},
                            .set_aside = why == Removal::deposed || why == Removal::displaced,
                            .missing = found != nullptr && std::holds_alternative<Absent>(*found),
                            .holds_data = type != nullptr && type->holds_data,
                            .protect = known.protect,
                            .retain_on_delete = known.retain_on_delete};
    if (const auto kept = reason_to_let_go(planned, why)) {
        planned.action = PlanAction::forget;
        if (!kept->empty()) planned.reasons.push_back(*kept);
        return planned;
    }
    if (found != nullptr && std::holds_alternative<Unreadable>(*found)) planned.unreadable = std::get<Unreadable>(*found).why;
    else if (type == nullptr) planned.unreadable = unknown_type(known);
    if (planned.unreadable) planned.action = PlanAction::unreadable;
    else add_facets(planned, known, found != nullptr ? std::get_if<Live>(found) : nullptr);
    return planned;
}

}  // namespace strata
