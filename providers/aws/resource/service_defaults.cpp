#include "providers/aws/resource/service_defaults.hpp"

#include <utility>

#include "providers/aws/model/path.hpp"
#include "providers/aws/resource/context.hpp"

namespace strata::aws {

namespace {

/// Neither nothing, nor false, nor an empty text.
bool is_true(const Value& found) { return !found.is_null() && found.boolean_or(true) && !found.text_or("x").empty(); }

}  // namespace

std::vector<Value> defaults_of_service(const ResourceType& type, std::string_view property, const Live& live, const ValueMap& applied,
                                       const ProviderIdentity& identity) {
    std::vector<Value> found;
    auto known = live.outputs;
    for (const auto* properties : {&applied, &live.properties})
        for (const auto& [name, value] : *properties) known.set(name, value);
    const Context context{.type = &type, .identity = &identity, .id = live.id, .wanted = &known, .outputs = &live.outputs};
    const Value document{known};
    for (const auto& rule : detail_of(type).service_defaults) {
        if (rule.property != property || (!rule.where.empty() && !is_true(look_up(document, rule.where)))) continue;
        if (auto value = evaluate(rule.value, context)) found.push_back(std::move(*value));
    }
    return found;
}

}  // namespace strata::aws
