#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::rds {

namespace {

bool is_true(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    return value != nullptr && value->revealed().boolean_or(false);
}

bool is_set(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    return value != nullptr && !value->is_null();
}

/// What is asked for, else what is there.
const Value* known(const Step& step, std::string_view name) {
    for (const auto* side : {&step.desired, &step.previous})
        if (is_set(*side, name)) return side->find(name);
    return nullptr;
}

/// Size, rate and kind of storage are changed together (Amazon RDS API, ModifyDBInstance: Iops, StorageThroughput).
void complete_storage(const Step& step, ValueMap& params) {
    constexpr std::array parts = {"Iops", "StorageThroughput", "StorageType"};
    if (std::ranges::none_of(parts, [&](const char* part) { return params.contains(part); })) return;
    if (const auto* size = known(step, "AllocatedStorage"); size != nullptr && !params.contains("AllocatedStorage"))
        params.set("AllocatedStorage", *size);
    const auto* kind = known(step, "StorageType");
    const bool provisioned = kind != nullptr && kind->text_or("").starts_with("io");
    if (const auto* rate = known(step, "Iops"); provisioned && rate != nullptr && !params.contains("Iops")) params.set("Iops", *rate);
}

/// A server goes with a last snapshot unless the program said otherwise. Members of a cluster have none of their own.
void complete_deletion(const Step& step, ValueMap& params) {
    if (is_set(step.properties, "DBClusterIdentifier")) {
        params.erase("FinalDBSnapshotIdentifier");
        params.set("SkipFinalSnapshot", Value{true});
        return;
    }
    if (is_true(step.properties, "SkipFinalSnapshot") || params.contains("FinalDBSnapshotIdentifier")) return;
    params.set("FinalDBSnapshotIdentifier", Value{step.id + "-final-" + step.token.substr(0, 8)});
}

void count_log_types(const Value& pending, ValueMap& properties) {
    const auto list_of = [](const Value* value) { return value != nullptr && value->list() != nullptr ? *value->list() : ValueList{}; };
    auto enabled = list_of(properties.find("EnableCloudwatchLogsExports"));
    for (const auto& gone : list_of(pending.find("LogTypesToDisable"))) std::erase(enabled, gone);
    for (const auto& more : list_of(pending.find("LogTypesToEnable")))
        if (std::ranges::find(enabled, more) == enabled.end()) enabled.push_back(more);
    if (enabled.empty()) properties.erase("EnableCloudwatchLogsExports");
    else properties.set("EnableCloudwatchLogsExports", Value{std::move(enabled)});
}

}  // namespace

Status prepare_instance(Caller& /*call*/, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation == "ModifyDBInstance") complete_storage(step, params);
    if (operation == "DeleteDBInstance") complete_deletion(step, params);
    return {};
}

// A change that RDS has accepted and keeps for the maintenance window is no difference any more: asking again changes nothing.
void count_pending_changes(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    constexpr std::array<std::pair<const char*, const char*>, 17> members = {
        {{"AllocatedStorage", "AllocatedStorage"},
         {"BackupRetentionPeriod", "BackupRetentionPeriod"},
         {"CACertificateIdentifier", "CACertificateIdentifier"},
         {"DBInstanceClass", "DBInstanceClass"},
         {"DBSubnetGroupName", "DBSubnetGroupName"},
         {"DedicatedLogVolume", "DedicatedLogVolume"},
         {"Engine", "Engine"},
         {"EngineVersion", "EngineVersion"},
         {"IAMDatabaseAuthenticationEnabled", "EnableIAMDatabaseAuthentication"},
         {"Iops", "Iops"},
         {"LicenseModel", "LicenseModel"},
         {"MultiAZ", "MultiAZ"},
         {"MultiTenant", "MultiTenant"},
         {"Port", "Port"},
         {"ProcessorFeatures", "ProcessorFeatures"},
         {"StorageThroughput", "StorageThroughput"},
         {"StorageType", "StorageType"}}};
    const auto* pending = answer.find("PendingModifiedValues");
    if (pending == nullptr) return;
    for (const auto& [member, property] : members) {
        const auto* value = pending->find(member);
        const bool says_something = value != nullptr && !value->is_null() && (value->list() == nullptr || !value->list()->empty());
        if (says_something) properties.set(property, *value);
    }
    if (const auto* logs = pending->find("PendingCloudwatchLogsExports")) count_log_types(*logs, properties);
}

void check_instance(const ValueMap& properties, const Provider::Report& report) {
    const auto* name = properties.find("DBInstanceIdentifier");
    const auto text = std::string{name != nullptr ? name->text_or("") : ""};
    if (text != lower(text))
        report("DBInstanceIdentifier", "Names of instances are stored in lower case.", "Write \"" + lower(text) + "\".");
    if (is_true(properties, "SkipFinalSnapshot") && is_set(properties, "FinalDBSnapshotIdentifier"))
        report("FinalDBSnapshotIdentifier", "A last snapshot is named and skipped at once.",
               "Leave `.skip_final_snapshot` or `.final_db_snapshot_identifier` out.");
    if (is_true(properties, "ManageMasterUserPassword") && is_set(properties, "MasterUserPassword"))
        report("MasterUserPassword", "RDS makes the password itself when manage_master_user_password is true.",
               "Leave one of the two out.");
}

}  // namespace strata::aws::hooks::rds
