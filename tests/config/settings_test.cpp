#include "stacks/settings.hpp"

#include <gtest/gtest.h>

#include "config/environment.hpp"
#include "tests/config/fake_files.hpp"

namespace stacks {
namespace {

using strata::ConfigReader;
using strata::Diagnostics;

std::string mistakes(const Diagnostics& found) {
    std::string out;
    for (const auto& error : found.errors()) out += error.text() + "\n";
    return out;
}

struct Loaded {
    strata::LoadedEnvironment header;
    Settings settings;
};

Loaded load_ours(const std::string& name) {
    Diagnostics found;
    const auto folder = std::filesystem::path{STRATA_SOURCE_DIR} / "config";
    auto header = strata::load_environment(strata::real_files(), folder, name, found);
    if (!header) {
        ADD_FAILURE() << mistakes(found);
        return {};
    }
    Settings settings;
    {
        ConfigReader reader{header->settings, "settings", found};
        settings = load_settings(reader);
    }
    EXPECT_EQ(mistakes(found), "");
    return {*std::move(header), settings};
}

TEST(OurConfiguration, LocalPointsAtTheEmulator) {
    const auto [header, settings] = load_ours("local");

    EXPECT_EQ(header.environment.account, "123456789012");
    EXPECT_EQ(header.environment.region, "ca-central-1");
    EXPECT_EQ(header.endpoint, "http://127.0.0.1:4566");
    EXPECT_EQ(header.encryption.key.kind, strata::KeySource::Kind::file);
    EXPECT_EQ(settings.prefix, "findata-local");
    EXPECT_EQ(settings.network.cidr, "10.0.0.0/16");
    EXPECT_TRUE(settings.lake.force_destroy);
}

TEST(OurConfiguration, EveryRemoteEnvironmentHasItsOwnAccountPrefixAndSalt) {
    std::map<std::string, std::string> seen;
    for (const std::string name : {"dev", "staging", "prod"}) {
        const auto [header, settings] = load_ours(name);
        EXPECT_TRUE(seen.emplace(header.environment.account, name).second);
        EXPECT_TRUE(seen.emplace(settings.prefix, name).second);
        EXPECT_TRUE(seen.emplace(settings.network.cidr, name).second);
        EXPECT_TRUE(seen.emplace(header.encryption.key.salt, name).second);
        EXPECT_EQ(header.endpoint, std::nullopt);
        EXPECT_EQ(settings.tags.at("environment"), name);
        EXPECT_GE(header.environment.zones.size(), static_cast<std::size_t>(settings.network.zones));
        EXPECT_NE(header.providers.at(0).assume_role->find(header.environment.account), std::string::npos);
    }
}

TEST(OurConfiguration, ProdKeepsWhatDevMayLose) {
    const auto dev = load_ours("dev").settings;
    const auto prod = load_ours("prod").settings;

    EXPECT_EQ(dev.network.nat, Nat::single);
    EXPECT_EQ(prod.network.nat, Nat::per_zone);
    EXPECT_EQ(prod.network.zones, 3);
    EXPECT_TRUE(prod.orchestration.database.multi_az);
    EXPECT_TRUE(prod.orchestration.database.deletion_protection);
    EXPECT_FALSE(dev.orchestration.database.deletion_protection);
    EXPECT_FALSE(prod.lake.force_destroy);
    EXPECT_EQ(prod.lake.bronze.object_lock_days, 30);
    EXPECT_EQ(prod.lake.silver.expire_days, 730);
    EXPECT_EQ(prod.orchestration.alarms.emails.size(), 2U);
    EXPECT_EQ(prod.identity.trusted_accounts.at(0).account, "222222222222");
}

constexpr auto small = R"(prefix: x1
network: {cidr: 10.0.0.0/16, zones: 2, nat: none}
identity: {github: {repository: a/b, environment: dev}}
lake: {databases: [bronze]}
orchestration:
  worker: {image: i, cpu: 256, memory_mb: 512, count: 1}
  database: {engine_version: "16", instance_class: db.t4g.micro, multi_az: false, backup_days: 1, deletion_protection: false}
)";

std::string said(std::string text) {
    Diagnostics found;
    const auto root = strata::parse_yaml(text, "config/dev.yaml");
    if (!root) return root.error().text();
    {
        ConfigReader reader{*root, "settings", found};
        load_settings(reader);
    }
    return mistakes(found);
}

std::string with(std::string_view old, std::string_view fresh) {
    std::string text = small;
    return text.replace(text.find(old), old.size(), fresh);
}

TEST(Settings, NeedOnlyWhatHasNoDefault) { EXPECT_EQ(said(small), ""); }

TEST(Settings, UnknownWrongAndMissingOnesAreReportedInOneRun) {
    const auto text = with("cidr: 10.0.0.0/16, zones: 2", "zones: two, natt: single");

    EXPECT_EQ(said(text),
              "Missing setting\n  config/dev.yaml:2: network does not set \"cidr\", which is required.\n  Give \"cidr\" a value.\n"
              "Setting of the wrong type\n  config/dev.yaml:2: network.zones must be a whole number, but is text (\"two\").\n"
              "Unknown setting\n  config/dev.yaml:2: network has no setting \"natt\".\n  Did you mean \"nat\"?\n");
}

TEST(Settings, WorkerSizesAreThoseOfFargate) {
    EXPECT_EQ(said(with("cpu: 256, memory_mb: 512", "cpu: 300, memory_mb: 512")),
              "Invalid setting\n  config/dev.yaml:6: orchestration.worker.cpu must be a size that Fargate offers, but is 300.\n"
              "  Use 256, 512, 1024, 2048, 4096, 8192 or 16384.\n");
    EXPECT_EQ(
        said(with("memory_mb: 512", "memory_mb: 4096")),
        "Invalid setting\n  config/dev.yaml:6: orchestration.worker.memory_mb does not go with 256 CPU units on Fargate: it is 4096.\n"
        "  Use 512, 1024 or 2048.\n");
    EXPECT_EQ(
        said(with("cpu: 256, memory_mb: 512", "cpu: 8192, memory_mb: 18432")),
        "Invalid setting\n  config/dev.yaml:6: orchestration.worker.memory_mb does not go with 8192 CPU units on Fargate: it is 18432.\n"
        "  Use 16384 to 61440 in steps of 4096.\n");
    EXPECT_EQ(said(with("cpu: 256, memory_mb: 512", "cpu: 16384, memory_mb: 122880")), "");
}

TEST(Settings, LifecyclesGoForward) {
    EXPECT_EQ(said(with("databases: [bronze]", "databases: [bronze], bronze: {glacier_days: 40}, silver: {expire_days: 60}")),
              "Invalid setting\n  config/dev.yaml:4: lake.bronze.glacier_days must be at least 30 days after \"infrequent_access_days\".\n "
              " Use 60 or more.\n"
              "Invalid setting\n  config/dev.yaml:4: lake.silver.expire_days must be later than \"infrequent_access_days\".\n  Use 61 or "
              "more.\n");
}

TEST(Settings, RetentionsAreThoseThatTheServicesKnow) {
    EXPECT_EQ(said(with("orchestration:\n", "orchestration:\n  log_days: 31\n")),
              "Invalid setting\n  config/dev.yaml:6: orchestration.log_days must be a period that CloudWatch Logs knows, but is 31 days.\n"
              "  Use 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.\n");
    EXPECT_EQ(said(std::string{small} + "secrets: {recovery_days: 3}\n"),
              "Invalid setting\n  config/dev.yaml:8: secrets.recovery_days must be 0 or between 7 and 30, but is 3.\n");
}

}  // namespace
}  // namespace stacks
