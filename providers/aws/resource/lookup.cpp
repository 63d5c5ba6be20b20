#include "providers/aws/resource/lookup.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::aws {

namespace {

struct Lookup {
    std::string_view kind;
    std::string_view service;
    std::string_view operation;
    std::string_view list;       ///< member of the answer that holds what was found
    std::string_view newest_by;  ///< of several the one with the greatest such text; empty: several are a mistake
    bool all = false;            ///< every one is wanted: outputs are lists
};

constexpr std::array lookups = {
    Lookup{"aws.ec2.AvailabilityZones", "ec2", "DescribeAvailabilityZones", "AvailabilityZones", "", true},
    Lookup{"aws.ec2.Image", "ec2", "DescribeImages", "Images", "CreationDate", false},
    Lookup{"aws.ec2.PrefixList", "ec2", "DescribeManagedPrefixLists", "PrefixLists", "", false},
};

Error nothing(std::string_view kind, std::string_view region) {
    return {.kind = ErrorKind::not_found,
            .summary = "The lookup found nothing",
            .cause = fmt::format("No {} in {} matches the arguments.", kind, region),
            .remedy = "Widen its filters."};
}

/// Each member as the list of what all found things have there.
ValueMap as_lists(const ValueList& found) {
    ValueMap out;
    for (const auto& item : found)
        if (item.map() != nullptr)
            for (const auto& [name, value] : *item.map()) {
                auto& list = out[name];
                if (list.list() == nullptr) list = ValueList{};
                list.list()->push_back(value);
            }
    return out;
}

Result<ValueMap> choose(const Lookup& lookup, const ValueList& found, std::string_view region) {
    if (found.empty()) return nothing(lookup.kind, region);
    if (lookup.all) return as_lists(found);
    if (found.size() > 1 && lookup.newest_by.empty())
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "The lookup found several things",
                     .cause = fmt::format("{} of {} in {} match.", found.size(), lookup.kind, region),
                     .remedy = "Narrow its filters to one."};
    const auto rank = [&](const Value& item) {
        const auto* value = item.find(lookup.newest_by);
        return value != nullptr ? std::string{value->text_or("")} : std::string{};
    };
    const auto best = std::ranges::max_element(found, {}, rank);
    return best->map() != nullptr ? *best->map() : ValueMap{};
}

}  // namespace

Result<ValueMap> answer_lookup(Client& client, const ProviderIdentity& identity, std::string_view kind, const ValueMap& arguments) {
    if (kind == "aws.sts.CallerIdentity")
        return ValueMap{{"Account", Value{identity.account}},
                        {"Arn", Value{identity.principal}},
                        {"Region", Value{identity.region}},
                        {"Partition", Value{identity.partition}}};
    const auto at = std::ranges::find(lookups, kind, &Lookup::kind);
    if (at == lookups.end()) {
        std::vector<std::string> known = {"aws.sts.CallerIdentity"};
        for (const auto& lookup : lookups) known.emplace_back(lookup.kind);
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "Unknown lookup",
                     .cause = fmt::format("There is no lookup \"{}\".", kind),
                     .remedy = fmt::format("Known: {}.", join(known, ", "))};
    }
    const auto* service = find_service(at->service);
    Call call{.service = service, .operation = service->operation(at->operation), .params = arguments};
    const bool paged = call.operation->paginator != nullptr;
    const auto answer = paged ? client.call_all_pages_and_wait(std::move(call)) : client.call_and_wait(std::move(call));
    if (!answer) return answer.error();
    const auto* found = answer->find(at->list);
    return choose(*at, found != nullptr && found->list() != nullptr ? *found->list() : ValueList{}, identity.region);
}

}  // namespace strata::aws
