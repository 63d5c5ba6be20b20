#include "providers/aws/resource/naming.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "engine/base/text.hpp"
#include "providers/aws/resource/context.hpp"

namespace strata::aws {

namespace {

/// AWS names are 255 long at most where nothing else is said.
constexpr std::size_t longest_name = 255;

bool is_alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Names and parts of ids, as outputs.
void add_parts(const TypeDetail& detail, const Context& context, ValueMap& outputs) {
    for (const auto part : detail.id.parts) {
        const auto value = wanted_property(part, context);
        if (!value || value->has_unknown()) continue;
        outputs.set(part, *value);
        if (detail.id.parts.size() == 1) outputs.set("Name", *value);
    }
}

}  // namespace

std::string make_name(const NameRule& rule, const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                      std::string_view suffix) {
    const auto separator = rule.characters.empty() ? std::string_view{} : rule.characters.substr(0, 1);
    std::string name;
    for (const char c : wanted) {
        const char kept = rule.lower ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : c;
        // A slash in an address separates components; it is no part of a name even where names may hold one.
        if (is_alphanumeric(kept) || (kept != '/' && rule.characters.find(kept) != std::string_view::npos)) name += kept;
        else if (!separator.empty() && !name.ends_with(separator)) name += separator;
    }
    const auto limit = type.name_limit == 0 ? longest_name : std::size_t{type.name_limit};
    const auto* condition = properties.find(rule.suffix_when);
    const bool ends = rule.suffix_when.empty() || (condition != nullptr && condition->boolean_or(false));
    const auto tail = std::string{separator} + std::string{suffix} + std::string{ends ? rule.suffix : std::string_view{}};
    if (name.size() + tail.size() > limit) name.resize(limit > tail.size() ? limit - tail.size() : 0);
    while (!separator.empty() && name.ends_with(separator)) name.pop_back();
    // Most services want a letter first.
    while (!name.empty() && !std::isalpha(static_cast<unsigned char>(name.front()))) name.erase(0, 1);
    return (name.empty() ? "s" : name) + tail;
}

std::string id_before(const ResourceType& type, const ValueMap& properties, const ProviderIdentity& identity) {
    const auto& spec = detail_of(type).id;
    if (const auto hook = detail_of(type).hooks.planned_id; hook != nullptr) return hook(properties, identity);
    const Context context{.type = &type, .identity = &identity, .wanted = &properties};
    if (spec.parts.empty()) {
        const auto planned = spec.planned != nullptr ? evaluate(*spec.planned, context) : std::nullopt;
        return planned ? attribute_text(*planned) : std::string{};
    }
    std::vector<std::string> parts;
    for (const auto part : spec.parts) {
        const auto value = wanted_property(part, context);
        if (!value || value->is_null() || value->has_unknown()) return {};
        parts.push_back(attribute_text(*value));
    }
    return join(parts, spec.separator);
}

ValueMap outputs_before(const ResourceType& type, const ValueMap& properties, const ProviderIdentity& identity) {
    const auto& detail = detail_of(type);
    const auto id = id_before(type, properties, identity);
    ValueMap outputs;
    Context context{.type = &type, .identity = &identity, .id = id, .wanted = &properties};
    add_parts(detail, context, outputs);
    if (!id.empty()) outputs.set("Id", Value{id});
    if (detail.arn == nullptr && detail.computed_outputs.empty()) return outputs;
    if (auto arn = arn_of(context); !arn.empty()) outputs.set("Arn", Value{std::move(arn)});
    if (!id.empty())
        for (const auto& [name, expression] : detail.computed_outputs)
            if (auto value = evaluate(expression, context)) outputs.set(name, std::move(*value));
    return outputs;
}

}  // namespace strata::aws
