#include <algorithm>
#include <set>
#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::dynamodb {

namespace {

constexpr std::string_view indexes_name = "GlobalSecondaryIndexes";

const ValueList& items(const Value* value) {
    static const ValueList none;
    const auto* list = value != nullptr ? value->revealed().list() : nullptr;
    return list != nullptr ? *list : none;
}

std::string_view text(const Value* map, std::string_view name) {
    const auto* value = map != nullptr ? map->find(name) : nullptr;
    return value != nullptr ? value->text_or("") : std::string_view{};
}

bool is_changed(const Step& step, std::string_view name) { return std::ranges::find(step.changed, name) != step.changed.end(); }

const Value* index_called(const ValueMap& properties, std::string_view name) {
    for (const auto& index : items(properties.find(indexes_name)))
        if (text(&index, "IndexName") == name) return &index;
    return nullptr;
}

/// Throughputs of the indexes that stay, for the call that makes a table provisioned: it sets them all at once.
ValueList index_throughputs(const Step& step) {
    ValueList updates;
    for (const auto& index : items(step.desired.find(indexes_name))) {
        const auto name = text(&index, "IndexName");
        const auto* throughput = index.find("ProvisionedThroughput");
        if (throughput == nullptr || index_called(step.previous, name) == nullptr) continue;
        updates.push_back(Value::map({{"Update", Value::map({{"IndexName", Value{name}}, {"ProvisionedThroughput", *throughput}})}}));
    }
    return updates;
}

/// The change of one index that is neither made nor deleted by this call; nullptr when there is none.
const Value* index_update(const ValueMap& params) {
    const auto& updates = items(params.find("GlobalSecondaryIndexUpdates"));
    return updates.size() == 1 ? updates.front().find("Update") : nullptr;
}

void collect_keys(const Value* keys, std::set<std::string, std::less<>>& names) {
    for (const auto& key : items(keys))
        if (const auto name = text(&key, "AttributeName"); !name.empty()) names.emplace(name);
}

/// Attributes that keys of the table and of its indexes use; empty when some of them are not known yet.
std::set<std::string, std::less<>> used_attributes(const ValueMap& properties) {
    std::set<std::string, std::less<>> names;
    collect_keys(properties.find("KeySchema"), names);
    for (const auto kind : {indexes_name, std::string_view{"LocalSecondaryIndexes"}})
        for (const auto& index : items(properties.find(kind))) collect_keys(index.find("KeySchema"), names);
    return names;
}

void check_attributes(const ValueMap& properties, const Provider::Report& report) {
    for (const auto name : {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"})
        if (const auto* value = properties.find(name); value != nullptr && value->has_unknown()) return;
    const auto used = used_attributes(properties);
    std::set<std::string, std::less<>> defined;
    const auto& definitions = items(properties.find("AttributeDefinitions"));
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        const auto name = text(&definitions[i], "AttributeName");
        defined.emplace(name);
        if (!used.contains(name))
            report("AttributeDefinitions[" + std::to_string(i) + "]", "No key uses \"" + std::string{name} + "\".",
                   "Only attributes of keys are defined; others need no declaration. Take it out.");
    }
    for (const auto& name : used)
        if (!defined.contains(name))
            report("AttributeDefinitions", "\"" + name + "\" is used by a key and not defined.", "Add it with its type.");
}

void check_billing(const ValueMap& properties, const Provider::Report& report) {
    const auto* mode = properties.find("BillingMode");
    if (mode != nullptr && mode->string() == nullptr) return;
    const bool on_demand = mode != nullptr && mode->text_or("") == "PAY_PER_REQUEST";
    const bool has_throughput = properties.contains("ProvisionedThroughput");
    if (on_demand && has_throughput)
        report("ProvisionedThroughput", "A table that is paid per request has no provisioned throughput.",
               "Leave it out, or set `.billing_mode` to PROVISIONED.");
    if (!on_demand && !has_throughput)
        report("BillingMode", "A table of billing mode PROVISIONED needs a throughput.",
               "Set `.billing_mode` to PAY_PER_REQUEST, or `.provisioned_throughput`.");
    if (!on_demand && properties.contains("OnDemandThroughput"))
        report("OnDemandThroughput", "Only a table that is paid per request has it.", "Set `.billing_mode` to PAY_PER_REQUEST.");
}

}  // namespace

/// Where one change of a table is several to UpdateTable, or none.
Status prepare_table(Caller& /*call*/, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation != "UpdateTable") return {};
    const auto* mode = params.find("BillingMode");
    if (mode != nullptr && mode->text_or("") == "PROVISIONED")
        if (auto updates = index_throughputs(step); !updates.empty()) params.set("GlobalSecondaryIndexUpdates", Value{std::move(updates)});
    const bool only_definitions = params.size() == 2 && params.contains("AttributeDefinitions");
    if (only_definitions && (is_changed(step, indexes_name) || is_changed(step, "VectorIndexes"))) {
        params = {};
        return {};
    }
    const auto* update = index_update(params);
    if (mode != nullptr || update == nullptr) return {};
    // Set together with the billing mode, or nothing but a name: nothing is left to do.
    const bool set_with_mode = is_changed(step, "BillingMode") && update->find("ProvisionedThroughput") != nullptr;
    if (set_with_mode || update->map()->size() == 1) params = {};
    return {};
}

/// Encryption is asked for in one form and described in another.
void show_encryption(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    properties.erase("SSESpecification");
    const auto* seen = answer.find("SSEDescription");
    if (seen == nullptr || seen->map() == nullptr) return;
    const auto status = text(seen, "Status");
    ValueMap wanted{{"Enabled", Value{status != "DISABLED" && status != "DISABLING"}}};
    if (const auto* type = seen->find("SSEType")) wanted.set("SSEType", *type);
    if (const auto* key = seen->find("KMSMasterKeyArn")) wanted.set("KMSMasterKeyId", *key);
    properties.set("SSESpecification", Value{std::move(wanted)});
}

/// The order of the attributes that an index carries means nothing.
Value indexes_in_order(const Value& indexes) {
    Value out = indexes;
    if (out.list() == nullptr) return out;
    for (auto& index : *out.list()) {
        auto* projection = index.map() != nullptr ? index.map()->find("Projection") : nullptr;
        auto* carried = projection != nullptr && projection->map() != nullptr ? projection->map()->find("NonKeyAttributes") : nullptr;
        if (carried != nullptr && carried->list() != nullptr)
            std::ranges::sort(*carried->list(), {}, [](const Value& name) { return name.text_or(""); });
    }
    return out;
}

void check_table(const ValueMap& properties, const Provider::Report& report) {
    const auto* encryption = properties.find("SSESpecification");
    const auto key = text(encryption, "KMSMasterKeyId");
    if (key.find("alias/") != std::string_view::npos)
        report("SSESpecification.KMSMasterKeyId", "DynamoDB answers a key's alias with the key's ARN, so the two could not be compared.",
               "Give the key's ARN: `key.arn()`.");
    // A copy of another account's table takes all this over from it.
    if (properties.contains("GlobalTableSourceArn")) return;
    for (const auto name : {"AttributeDefinitions", "KeySchema"})
        if (!properties.contains(name))
            report(name, std::string{"\""} + (name[0] == 'A' ? "attribute_definitions" : "key_schema") + "\" is missing.",
                   "A table needs a key.");
    check_billing(properties, report);
    if (!properties.contains("VectorIndexes")) check_attributes(properties, report);
}

}  // namespace strata::aws::hooks::dynamodb
