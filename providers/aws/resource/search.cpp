#include "providers/aws/resource/search.hpp"

#include <deque>

#include <fmt/format.h>

#include "providers/aws/model/registry.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/form.hpp"

namespace strata::aws {

ValueMap request_with_tag_filter(const Source& source, std::string_view key, std::string_view value) {
    const auto* service = find_service(source.service);
    const auto* operation = service != nullptr ? service->operation(source.operation) : nullptr;
    const bool plural = operation == nullptr || operation->input->member("Filters") != nullptr;
    const auto carries = Value::map({{"Name", Value{fmt::format("tag:{}", key)}}, {"Values", Value::list({Value{value}})}});
    return {{plural ? "Filters" : "Filter", Value::list({carries})}};
}

ValueMap tagging_request(std::string_view key, std::string_view value) {
    return {{"TagFilters", Value::list({Value::map({{"Key", Value{key}}, {"Values", Value::list({Value{value}})}})})}};
}

Result<std::string> id_of_name(Caller& call, const ResourceType& type, const ValueMap& desired) {
    const auto* source = detail_of(type).orphan.list;
    if (source == nullptr || !source->key.empty()) return std::string{};
    const auto answer =
        call(source->service, source->operation, request_of(source->in, {.type = &type, .identity = &call.identity(), .wanted = &desired}));
    if (!answer) return answer.error().kind == ErrorKind::not_found ? Result<std::string>{std::string{}} : answer.error();
    std::deque<Value> store;
    const auto* found = locate(*answer, source->out, store);
    return found != nullptr ? attribute_text(*found) : std::string{};
}

std::string id_in_arn(const ResourceType& type, std::string_view arn, const ProviderIdentity& identity) {
    const auto& detail = detail_of(type);
    if (detail.arn == nullptr) return std::string{arn};
    constexpr std::string_view marker = "\x01";
    auto pattern = arn_of({.type = &type, .identity = &identity, .id = marker});
    const auto at = pattern.find(marker);
    if (at == std::string::npos || arn.substr(0, at) != std::string_view{pattern}.substr(0, at)) return std::string{arn};
    const auto tail = pattern.size() - at - marker.size();
    return std::string{arn.substr(at, arn.size() - at - tail)};
}

}  // namespace strata::aws
