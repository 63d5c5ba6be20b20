#include "config/reader.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

/// Reads settings out of a text, and shows the mistakes as a person sees them.
class ReaderTest : public testing::Test {
protected:
    template <typename Read>
    std::string mistakes(std::string_view text, Read read, SecretBox* secrets = nullptr) {
        const auto root = parse_yaml(text, "config/dev.yaml");
        if (!root) return root.error().text();
        Diagnostics found;
        {
            ConfigReader reader{*root, "settings", found, secrets};
            read(reader);
        }
        std::string out;
        for (const auto& error : found.errors()) out += error.text() + "\n";
        return out;
    }
};

TEST_F(ReaderTest, ReadsEveryType) {
    constexpr auto text =
        "on: true\ncount: 3\nbig: 5000000000\nshare: 0.5\nwhole: 2\nname: dev\nzones: [a, b]\nports: [80, 443]\ntags: {owner: "
        "data}\nempty:\n";
    const auto said = mistakes(text, [](ConfigReader& config) {
        EXPECT_TRUE(config.required<bool>("on"));
        EXPECT_EQ(config.required<int>("count"), 3);
        EXPECT_EQ(config.required<std::int64_t>("big"), 5'000'000'000);
        EXPECT_EQ(config.required<double>("share"), 0.5);
        EXPECT_EQ(config.required<double>("whole"), 2.0);
        EXPECT_EQ(config.required<std::string>("name"), "dev");
        EXPECT_EQ(config.required<std::vector<std::string>>("zones"), (std::vector<std::string>{"a", "b"}));
        EXPECT_EQ(config.required<std::vector<std::int64_t>>("ports"), (std::vector<std::int64_t>{80, 443}));
        EXPECT_EQ((config.required<std::map<std::string, std::string>>("tags")), (std::map<std::string, std::string>{{"owner", "data"}}));
        EXPECT_EQ(config.optional<int>("empty", 7), 7);
        EXPECT_EQ(config.optional<std::string>("absent", "x"), "x");
        EXPECT_EQ(config.maybe<int>("absent"), std::nullopt);
        EXPECT_EQ(config.maybe<int>("count"), 3);
    });

    EXPECT_EQ(said, "");
}

TEST_F(ReaderTest, NamesAnUnknownSettingAndTheOneThatWasMeant) {
    const auto said = mistakes("network:\n  cidr: 10.0.0.0/16\n  availabilty_zones: 2\n", [](ConfigReader& config) {
        auto network = config.section("network");
        network.cidr("cidr");
        network.optional<int>("availability_zones", 2);
    });

    EXPECT_EQ(said,
              "Unknown setting\n"
              "  config/dev.yaml:3: network has no setting \"availabilty_zones\".\n"
              "  Did you mean \"availability_zones\"?\n");
}

TEST_F(ReaderTest, ListsWhatASectionKnowsWhenNothingIsNear) {
    const auto said = mistakes("network:\n  frobnicate: 2\n", [](ConfigReader& config) {
        auto network = config.section("network");
        network.optional<int>("zones", 2);
        network.optional<std::string>("cidr", "");
    });

    EXPECT_EQ(said, "Unknown setting\n  config/dev.yaml:2: network has no setting \"frobnicate\".\n  It knows cidr, zones.\n");
}

TEST_F(ReaderTest, ReportsASectionNobodyAsksForOnce) {
    const auto said =
        mistakes("netwrk:\n  cidr: x\n  zones: 2\n", [](ConfigReader& config) { config.section("network").optional<int>("zones", 2); });

    EXPECT_EQ(said, "Unknown setting\n  config/dev.yaml:1: settings has no setting \"netwrk\".\n  Did you mean \"network\"?\n");
}

TEST_F(ReaderTest, NamesAMissingSetting) {
    const auto said = mistakes("a: 1\nnetwork:\n  zones: 2\n  nat:\n", [](ConfigReader& config) {
        config.required<int>("a");
        auto network = config.section("network");
        network.required<int>("zones");
        network.required<std::string>("cidr");
        network.required<std::string>("nat");
        config.section("lake").required<bool>("locked");
    });

    EXPECT_EQ(said,
              "Missing setting\n  config/dev.yaml:2: network does not set \"cidr\", which is required.\n  Give \"cidr\" a value.\n"
              "Missing setting\n  config/dev.yaml:4: network does not set \"nat\", which is required.\n  Give \"nat\" a value.\n"
              "Missing setting\n  config/dev.yaml:1: lake does not set \"locked\", which is required.\n  Give \"locked\" a value.\n");
}

TEST_F(ReaderTest, SaysWhichTypeItWantsAndWhatItFound) {
    constexpr auto text = "on: yes\ncount: \"3\"\nshare: much\nversion: 16.4\nzones: a\nnetwork: 10.0.0.0/16\nnames: [a, 1]\nlist: [1]\n";
    const auto said = mistakes(text, [](ConfigReader& config) {
        config.required<bool>("on");
        config.required<int>("count");
        config.required<double>("share");
        config.required<std::string>("version");
        config.required<std::vector<std::string>>("zones");
        config.section("network").required<std::string>("cidr");
        config.required<std::vector<std::string>>("names");
        config.required<int>("list");
    });

    EXPECT_EQ(
        said,
        "Setting of the wrong type\n  config/dev.yaml:1: on must be true or false, but is text (\"yes\").\n  Write true.\n"
        "Setting of the wrong type\n  config/dev.yaml:2: count must be a whole number, but is text (\"3\").\n  Remove the quotes.\n"
        "Setting of the wrong type\n  config/dev.yaml:3: share must be a number, but is text (\"much\").\n"
        "Setting of the wrong type\n  config/dev.yaml:4: version must be text, but is a number (16.4).\n  Put it in quotes: \"16.4\".\n"
        "Setting of the wrong type\n  config/dev.yaml:5: zones must be a list, but is text (\"a\").\n"
        "  Write each item on a line of its own, after \"- \".\n"
        "Setting of the wrong type\n  config/dev.yaml:6: network must be a section, but is text (\"10.0.0.0/16\").\n"
        "  Write its settings on the lines below it, indented.\n"
        "Setting of the wrong type\n  config/dev.yaml:7: names[1] must be text, but is a whole number (1).\n  Put it in quotes: \"1\".\n"
        "Setting of the wrong type\n  config/dev.yaml:8: list must be a whole number, but is a list.\n");
}

TEST_F(ReaderTest, ChecksRangesWordsAndNetworks) {
    constexpr auto text = "zones: 7\nnat: singel\ncidr: 10.0.0.1/16\nports: [80, 70000]\nhuge: 5000000000\n";
    enum class Nat { single, per_zone };
    const auto said = mistakes(text, [](ConfigReader& config) {
        EXPECT_EQ(config.required<int>("zones", between(2, 3)), 0);
        EXPECT_EQ(config.choice<Nat>("nat", {{"single", Nat::single}, {"per_zone", Nat::per_zone}}, Nat::per_zone), Nat::per_zone);
        config.cidr("cidr");
        config.required<std::vector<std::int64_t>>("ports", between(1, 65535));
        config.required<int>("huge");
    });

    EXPECT_EQ(
        said,
        "Invalid setting\n  config/dev.yaml:1: zones must be between 2 and 3, but is 7.\n"
        "Invalid setting\n  config/dev.yaml:2: nat must be one of \"single\", \"per_zone\", but is \"singel\".\n  Did you mean "
        "\"single\"?\n"
        "Invalid setting\n  config/dev.yaml:3: cidr must be the first address of its network, but is 10.0.0.1/16.\n  Write 10.0.0.0/16.\n"
        "Invalid setting\n  config/dev.yaml:4: ports[1] must be between 1 and 65535, but is 70000.\n"
        "Invalid setting\n  config/dev.yaml:5: huge must be between -2147483648 and 2147483647, but is 5000000000.\n");
}

TEST_F(ReaderTest, ReadsWordsOfAClosedSet) {
    enum class Nat { single, per_zone };
    const auto said = mistakes("nat: per_zone\n", [](ConfigReader& config) {
        EXPECT_EQ(config.choice<Nat>("nat", {{"single", Nat::single}, {"per_zone", Nat::per_zone}}), Nat::per_zone);
        EXPECT_EQ(config.choice<Nat>("other", {{"single", Nat::single}, {"per_zone", Nat::per_zone}}, Nat::single), Nat::single);
        config.choice<Nat>("third", {{"single", Nat::single}});
    });

    EXPECT_EQ(said,
              "Missing setting\n  config/dev.yaml:1: settings does not set \"third\", which is required.\n  Give \"third\" a value.\n");
}

TEST_F(ReaderTest, ReadsListsAndMapsOfSections) {
    constexpr auto text = "pools:\n  - name: a\n    cpu: 256\n  - nam: b\ntopics:\n  alerts: {days: 3}\n  events: {days: x}\n";
    std::vector<std::string> names;
    const auto said = mistakes(text, [&](ConfigReader& config) {
        config.each("pools", [&](ConfigReader& pool) {
            names.push_back(pool.required<std::string>("name"));
            pool.optional<int>("cpu", 0);
        });
        config.each_named("topics", [&](const std::string& key, ConfigReader& topic) {
            names.push_back(key);
            topic.required<int>("days");
        });
        config.each("none", [&](ConfigReader&) { names.emplace_back("never"); });
    });

    EXPECT_EQ(names, (std::vector<std::string>{"a", "", "alerts", "events"}));
    EXPECT_EQ(said,
              "Missing setting\n  config/dev.yaml:4: pools[1] does not set \"name\", which is required.\n  Give \"name\" a value.\n"
              "Unknown setting\n  config/dev.yaml:4: pools[1] has no setting \"nam\".\n  Did you mean \"name\"?\n"
              "Setting of the wrong type\n  config/dev.yaml:7: topics.events.days must be a whole number, but is text (\"x\").\n");
}

TEST_F(ReaderTest, KeepsLeadingZerosOfWhatIsNoNumber) {
    const auto said = mistakes("account: 012345678901\nquoted: \"012345678901\"\nlist: [1]\n", [](ConfigReader& config) {
        EXPECT_EQ(config.as_written("account"), "012345678901");
        EXPECT_EQ(config.as_written("quoted"), "012345678901");
        config.as_written("list");
    });

    EXPECT_EQ(said, "Setting of the wrong type\n  config/dev.yaml:3: list must be text, but is a list.\n");
}

TEST_F(ReaderTest, TakesTheProgramsOwnComplaints) {
    const auto said = mistakes("least: 3\nmost: 2\n", [](ConfigReader& config) {
        if (config.required<int>("most") < config.required<int>("least")) config.report("most", {"must not be less than \"least\"."});
        config.report("scaling", {"has to be set as well.", "Set it."});
    });

    EXPECT_EQ(said,
              "Invalid setting\n  config/dev.yaml:2: most must not be less than \"least\".\n"
              "Invalid setting\n  config/dev.yaml:1: scaling has to be set as well.\n  Set it.\n");
}

TEST_F(ReaderTest, EndsAFileFullOfMistakesWithAHundred) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";

    const auto found = mistakes(text, [](ConfigReader&) {});

    EXPECT_EQ(std::ranges::count(found, '\n'), 100 * 2 + 3);
    EXPECT_TRUE(
        found.ends_with("Too many mistakes\n  config/dev.yaml: there are more than these 100.\n"
                        "  Correct these first, and see that this is the right file.\n"))
        << found.substr(found.size() - 400);
}

TEST_F(ReaderTest, FinishingTwiceSaysNothingTwice) {
    const auto said = mistakes("a: 1\n", [](ConfigReader& config) { config.finish(); });

    EXPECT_EQ(said, "Unknown setting\n  config/dev.yaml:1: settings has no setting \"a\".\n");
}

class ReaderSecretTest : public ReaderTest {
protected:
    FakeFiles files;
    const Result<SealKey> made = make_key_file(".strata/key", files);
    EnvironmentKeys keys{"dev", {{.kind = KeySource::Kind::file, .file = ".strata/key"}}, {.files = files, .variables = no_variables()}};
    SecretBox box{keys};
};

TEST_F(ReaderSecretTest, OpensSealedSettings) {
    const auto sealed = box.seal("s3cret-value", "settings.api.token");
    ASSERT_TRUE(sealed.ok());
    const auto said = mistakes(
        "api:\n  token: !sealed " + *sealed + "\n",
        [](ConfigReader& config) { EXPECT_EQ(config.section("api").required<SecretText>("token").text, "s3cret-value"); }, &box);

    EXPECT_EQ(said, "");
}

TEST_F(ReaderSecretTest, RefusesASecretInClearWithoutShowingIt) {
    const auto said = mistakes("token: s3cret-value\n", [](ConfigReader& config) { config.required<SecretText>("token"); }, &box);

    EXPECT_EQ(said,
              "Invalid setting\n"
              "  config/dev.yaml:1: token is a secret and must not stand in a file in clear.\n"
              "  Seal it, and let nobody use the old one any more:\n"
              "    strata config set settings.token --secret --env dev\n");
}

TEST_F(ReaderSecretTest, RefusesASecretThatWasSealedForAnotherSetting) {
    const auto sealed = box.seal("s3cret-value", "settings.other");
    ASSERT_TRUE(sealed.ok());
    const auto said =
        mistakes("token: !sealed " + *sealed + "\n", [](ConfigReader& config) { config.required<SecretText>("token"); }, &box);

    EXPECT_EQ(said,
              "Sealed setting cannot be opened\n"
              "  config/dev.yaml:1: settings.token: the key is not the one it was sealed with, the sealed text was changed, or it belongs "
              "to another setting.\n"
              "  Check .strata/key, or set it again:\n"
              "    strata config set settings.token --secret --env dev\n");
}

TEST_F(ReaderSecretTest, NeverShowsWhatASecretHoldsOrHowItIsSealed) {
    const auto sealed = box.seal("12", "settings.token");
    ASSERT_TRUE(sealed.ok());
    const auto text = "token: !sealed " + *sealed + "\n";
    const auto said = mistakes(
        text,
        [](ConfigReader& config) {
            config.required<int>("token");
            config.required<std::string>("token");
            config.required<std::vector<std::string>>("token");
            config.required<SecretText>("token", matching("[a-z]+", "letters"));
        },
        &box);

    EXPECT_EQ(said,
              "Setting of the wrong type\n  config/dev.yaml:1: token must be a whole number, but is a sealed secret.\n"
              "Invalid setting\n  config/dev.yaml:1: token is a sealed secret, but is not used as one.\n  Set it again without --secret.\n"
              "Setting of the wrong type\n  config/dev.yaml:1: token must be a list, but is a sealed secret.\n"
              "Invalid setting\n  config/dev.yaml:1: token is a sealed secret whose content is not valid here.\n  Set it again.\n");
}

TEST_F(ReaderSecretTest, NeedsSomethingThatOpensSecrets) {
    const auto said = mistakes("token: !sealed QUJD\n", [](ConfigReader& config) { config.required<SecretText>("token"); });

    EXPECT_EQ(said, "Invalid setting\n  config/dev.yaml:1: token is a sealed secret, which cannot be opened here.\n");
}

}  // namespace
}  // namespace strata
