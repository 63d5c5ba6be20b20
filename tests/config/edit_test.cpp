#include "config/edit.hpp"

#include <gtest/gtest.h>

#include "config/edit_line.hpp"
#include "config/environment.hpp"
#include "config/reader.hpp"
#include "engine/base/text.hpp"
#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

constexpr auto file = "config/local.yaml";

constexpr auto sample = R"(# Our own machine.
account: 012345678901
region: ca-central-1   # Montréal

settings:
  prefix: findata
  "quoted key": "old"
  network:   # the VPC
    cidr: '10.0.0.0/16'
    zones: 2
    share: 0.5
    nat:
    # nat may be single
    hosts: [a, b]
    options: {fast: true}
    note: |
      two
      lines

  # Everything about the lake.
  lake:
    locked: false
    zones:
    - bronze
    - silver
  spread: "over
    two lines"
  anchored: &x 1
  again: *x
  aws.audit:
    on: true
)";

/// The file under test and what happened to it.
class EditTest : public testing::Test {
protected:
    FakeFiles files{{{file, sample}}};
    const ConfigTarget target{.files = files, .variables = no_variables(), .config_dir = "config", .environment = "local"};

    std::string text() { return *files.read(file); }
    std::string set(std::string_view key, std::string_view value, Secrecy secrecy = Secrecy::clear) {
        const auto change = set_config(target, key, value, secrecy);
        return change ? change->place.text() : change.error().text();
    }
    /// The lines that were not in the sample, and those of the sample that are gone, as a diff shows them.
    std::string difference() {
        auto before = split(sample, '\n');
        auto after = split(text(), '\n');
        std::string out;
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before[i] == after[j]) {
                ++i;
                ++j;
            } else if (after.size() - j > before.size() - i) {
                out += "+" + after[j++] + "\n";
            } else {
                out += "-" + before[i++] + "\n";
                if (j < after.size()) out += "+" + after[j++] + "\n";
            }
        }
        return out;
    }
};

TEST_F(EditTest, ReplacesAValueAndKeepsItsQuotesAndComment) {
    EXPECT_EQ(set("region", "us-east-1"), "config/local.yaml:3");
    EXPECT_EQ(difference(), "-region: ca-central-1   # Montréal\n+region: us-east-1   # Montréal\n");
    EXPECT_EQ(set("region", "ca-central-1"), "config/local.yaml:3");
    EXPECT_EQ(text(), sample);

    EXPECT_EQ(set("settings.network.cidr", "10.1.0.0/16"), "config/local.yaml:9");
    EXPECT_EQ(difference(), "-    cidr: '10.0.0.0/16'\n+    cidr: '10.1.0.0/16'\n");
}

TEST_F(EditTest, TextStaysTextWhateverItLooksLike) {
    set("settings.prefix", "12");
    EXPECT_EQ(difference(), "-  prefix: findata\n+  prefix: \"12\"\n");
    set("settings.prefix", "a # b: c");
    EXPECT_EQ(difference(), "-  prefix: findata\n+  prefix: \"a # b: c\"\n");
    set("settings.prefix", "line\nbreak");
    EXPECT_EQ(difference(), "-  prefix: findata\n+  prefix: \"line\\nbreak\"\n");
}

TEST_F(EditTest, QuotesThatCannotHoldTheNewTextAreReplaced) {
    set("settings.network.cidr", "it's");
    EXPECT_EQ(difference(), "-    cidr: '10.0.0.0/16'\n+    cidr: \"it's\"\n");
    EXPECT_EQ(get_config(target, "settings.network.cidr")->value, "it's");
}

TEST_F(EditTest, FindsKeysInQuotesAndKeysWithDots) {
    set("settings.quoted key", "new");
    EXPECT_EQ(difference(), "-  \"quoted key\": \"old\"\n+  \"quoted key\": \"new\"\n");
    set("settings.quoted key", "old");
    set("settings.aws.audit.on", "false");
    EXPECT_EQ(difference(), "-    on: true\n+    on: false\n");
}

TEST_F(EditTest, NumbersAndBooleansTakeNothingElse) {
    EXPECT_EQ(set("settings.network.zones", "three"),
              "Value of the wrong type\n  settings.network.zones must be a whole number, but \"three\" is not.");
    EXPECT_EQ(set("settings.lake.locked", "yes"),
              "Value of the wrong type\n  settings.lake.locked must be true or false, but \"yes\" is not.");
    EXPECT_EQ(set("settings.network.zones", "2.5"),
              "Value of the wrong type\n  settings.network.zones must be a whole number, but \"2.5\" is not.");
    EXPECT_EQ(text(), sample);

    set("settings.network.share", "1");
    EXPECT_EQ(difference(), "-    share: 0.5\n+    share: 1\n");
}

TEST_F(EditTest, LeadingZerosOfAnAccountSurvive) {
    EXPECT_EQ(set("account", "000000000007"), "config/local.yaml:2");
    EXPECT_EQ(difference(), "-account: 012345678901\n+account: 000000000007\n");
}

TEST_F(EditTest, GivesAKeyWithoutValueOne) {
    EXPECT_EQ(set("settings.network.nat", "single"), "config/local.yaml:12");
    EXPECT_EQ(difference(), "-    nat:\n+    nat: single\n");
}

TEST_F(EditTest, AddsAMissingKeyAtTheEndOfItsSection) {
    EXPECT_EQ(set("settings.network.mtu", "9001"), "config/local.yaml:19");
    EXPECT_EQ(difference(), "+    mtu: 9001\n");
    EXPECT_EQ(get_config(target, "settings.network.mtu")->place.line, 19U);
}

TEST_F(EditTest, AddsBehindAListThatIsNotIndented) {
    EXPECT_EQ(set("settings.lake.days", "30"), "config/local.yaml:26");
    EXPECT_EQ(difference(), "+    days: 30\n");
}

TEST_F(EditTest, AddsTheSectionsAroundAMissingKey) {
    EXPECT_EQ(set("encryption.key", "file"), "config/local.yaml:33");
    EXPECT_EQ(difference(), "+encryption:\n+  key: file\n");
    EXPECT_EQ(set("settings.a.b", "x"), "config/local.yaml:33");
    EXPECT_EQ(get_config(target, "settings.a.b")->value, "x");
}

TEST_F(EditTest, RefusesWhatItCannotEditSafely) {
    const auto refusal = [](std::string_view line, std::string_view what) {
        return "Setting cannot be edited in place\n  config/local.yaml:" + std::string{line} + ": " + std::string{what} +
               ".\n  Edit the file by hand.";
    };
    EXPECT_EQ(set("settings.network.hosts", "c"), refusal("14", "settings.network.hosts is a list in [brackets]"));
    EXPECT_EQ(set("settings.network.options.fast", "false"), refusal("15", "settings.network.options.fast stands in {braces}"));
    EXPECT_EQ(set("settings.network.options.slow", "1"), refusal("15", "settings.network.options is a section in {braces}"));
    EXPECT_EQ(set("settings.network.note", "x"), refusal("16", "settings.network.note does not stand on one line"));
    EXPECT_EQ(set("settings.lake.zones", "x"), refusal("23", "settings.lake.zones is a list"));
    EXPECT_EQ(set("settings.lake", "x"), refusal("21", "settings.lake is a section"));
    EXPECT_EQ(set("settings.spread", "x"), refusal("26", "settings.spread does not stand on one line"));
    EXPECT_EQ(set("settings.anchored", "2"), refusal("28", "settings.anchored belongs to an anchor or alias"));
    EXPECT_EQ(set("settings.again", "2"), refusal("29", "settings.again belongs to an anchor or alias"));
    EXPECT_EQ(set("settings.prefix.x", "2"), refusal("6", "settings.prefix is no section"));
    EXPECT_EQ(text(), sample);
    EXPECT_EQ(files.writes, 0U);
}

TEST_F(EditTest, RefusesNamesThatNobodyReads) {
    EXPECT_EQ(set("network.cidr", "x"),
              "Unknown setting\n  config/local.yaml has no setting \"network.cidr\".\n  Did you mean \"settings.network.cidr\"?");
    EXPECT_EQ(set("nonsense", "x"),
              "Unknown setting\n  config/local.yaml has no setting \"nonsense\".\n  List the settings with `strata config ls`.");
    EXPECT_EQ(set("settings.a b", "x"),
              "Setting has no valid name\n  \"settings.a b\" is not made of names (letters, digits, _ and -) with dots between.");
    EXPECT_EQ(set("settings..x", "x"),
              "Setting has no valid name\n  \"settings..x\" is not made of names (letters, digits, _ and -) with dots between.");
    EXPECT_EQ(set("settings.prefix.", "x"),
              "Setting has no valid name\n  \"settings.prefix.\" is not made of names (letters, digits, _ and -) with dots between.");
    EXPECT_EQ(set("settings.", "x"),
              "Setting has no valid name\n  \"settings.\" is not made of names (letters, digits, _ and -) with dots between.");
    EXPECT_EQ(set("settings.prefix", "\xFF"), "Value is not text\n  The value for settings.prefix is not UTF-8.");
    EXPECT_EQ(files.writes, 0U);
}

TEST_F(EditTest, WritesNothingWhenNothingChanges) {
    const auto change = set_config(target, "settings.prefix", "findata");

    ASSERT_TRUE(change.ok());
    EXPECT_FALSE(change->written);
    EXPECT_EQ(files.writes, 0U);
}

TEST_F(EditTest, OthersMayStillReadTheFile) {
    set("settings.prefix", "other");
    EXPECT_EQ(files.modes[file], 0644U);
}

TEST_F(EditTest, GetsAndListsSettings) {
    EXPECT_EQ(get_config(target, "settings.network.cidr")->value, "10.0.0.0/16");
    EXPECT_EQ(get_config(target, "settings.network.hosts")->value, "[a, b]");
    EXPECT_EQ(get_config(target, "settings.network.note")->value, "two\nlines\n");
    EXPECT_EQ(get_config(target, "settings.network.nat")->value, "");
    EXPECT_EQ(
        get_config(target, "settings.network").error().text(),
        "Setting is a section\n  config/local.yaml:8: settings.network holds several settings.\n  List them with `strata config ls`.");
    EXPECT_EQ(get_config(target, "settings.network.cdir").error().text(),
              "Unknown setting\n  config/local.yaml has no setting \"settings.network.cdir\".\n  Did you mean \"settings.network.cidr\"?");

    const auto entries = list_config(target);
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 17U);
    EXPECT_EQ(entries->front().key, "account");
    EXPECT_EQ(entries->front().value, "012345678901");
    EXPECT_EQ(entries->back().key, "settings.aws.audit.on");
    EXPECT_EQ(entries->back().place.text(), "config/local.yaml:31");
}

/// Gives every setting many values; each change that is accepted must show in its own line and nowhere else.
/// @return how many were accepted
std::size_t change_every_setting(const ConfigTarget& target, const std::filesystem::path& path, const std::vector<std::string>& values) {
    const auto entries = list_config(target);
    if (!entries) return 0;
    std::size_t accepted = 0;
    for (const auto& entry : *entries) {
        for (const auto& value : values) {
            const auto before = *target.files.read(path);
            const auto change = set_config(target, entry.key, value);
            const auto after = *target.files.read(path);
            if (!change) {
                EXPECT_EQ(after, before) << entry.key;
                continue;
            }
            ++accepted;
            auto expected = split(before, '\n');
            const auto lines = split(after, '\n');
            EXPECT_EQ(lines.size(), expected.size()) << entry.key;
            expected.at(change->place.line - 1) = lines.at(change->place.line - 1);
            EXPECT_EQ(lines, expected) << entry.key;
            EXPECT_EQ(get_config(target, entry.key)->value, value) << entry.key;
        }
    }
    return accepted;
}

TEST_F(EditTest, ChangesEveryPlainSettingInExactlyOneLine) {
    const auto accepted = change_every_setting(target, file, {"7", "true", "0.25", "word", "two words", "#", "a: b", "\"", "é", ""});
    EXPECT_GT(accepted, 40U);
}

TEST(EditOurConfiguration, ChangesEveryPlainSettingInExactlyOneLine) {
    const std::filesystem::path path = "config/prod.yaml";
    FakeFiles files{{{path.string(), *real_files().read(std::filesystem::path{STRATA_SOURCE_DIR} / path)}}};
    const ConfigTarget prod{.files = files, .variables = no_variables(), .config_dir = "config", .environment = "prod"};
    EXPECT_GT(change_every_setting(prod, path, {"7", "true", "a: b"}), 50U);
}

TEST_F(EditTest, KeepsWindowsLineEnds) {
    ASSERT_TRUE(files.replace(file, "account: 1\r\nsettings:\r\n  a: x # c\r\n  b: y\r\n", 0644).ok());
    set("settings.a", "z");
    set("settings.c", "new");
    EXPECT_EQ(text(), "account: 1\r\nsettings:\r\n  a: z # c\r\n  b: y\r\n  c: new\r\n");
}

TEST_F(EditTest, EndsTheLastLineBeforeItAddsOne) {
    ASSERT_TRUE(files.replace(file, "account: 1\nsettings:", 0644).ok());
    set("settings.a", "1");
    EXPECT_EQ(text(), "account: 1\nsettings:\n  a: 1\n");
}

TEST_F(EditTest, SealsSecretsOnTheirOwnLine) {
    EXPECT_EQ(set("settings.lake.token", "s3cret-value", Secrecy::sealed), "config/local.yaml:26");
    const auto after = text();

    EXPECT_EQ(after.find("s3cret-value"), std::string::npos);
    EXPECT_NE(after.find("\n    token: !sealed "), std::string::npos);
    EXPECT_EQ(files.modes[".strata/key"], 0600U);
    const auto entry = get_config(target, "settings.lake.token");
    ASSERT_TRUE(entry.ok());
    EXPECT_EQ(entry->value, "(secret)");
    EXPECT_TRUE(entry->secret);
    EXPECT_EQ(set("settings.lake.token", "clear"),
              "Setting is a secret\n  config/local.yaml:26: settings.lake.token is sealed.\n  Add --secret.");
    EXPECT_EQ(text(), after);
}

TEST_F(EditTest, AProgramReadsBackWhatWasSealed) {
    ASSERT_EQ(set("settings.prefix", "s3cret-value", Secrecy::sealed), "config/local.yaml:6");
    Diagnostics found;
    const auto loaded = load_environment(files, "config", "local", found);
    ASSERT_TRUE(loaded && found.ok());
    EnvironmentKeys keys{"local", loaded->encryption, {.files = files, .variables = no_variables()}};
    SecretBox box{keys};
    {
        ConfigReader reader{loaded->settings, "settings", found, &box};
        EXPECT_EQ(reader.required<SecretText>("prefix").text, "s3cret-value");
    }
}

TEST_F(EditTest, TheFirstSecretBringsItsSalt) {
    FakeFiles remote{{{"config/dev.yaml", "account: 123456789012\nregion: ca-central-1\nsettings:\n  a: 1\n"}}};
    const ConfigTarget dev{.files = remote, .variables = passphrase("horse"), .config_dir = "config", .environment = "dev"};
    ASSERT_TRUE(set_config(dev, "settings.token", "s3cret-value", Secrecy::sealed).ok());
    const auto first = *remote.read("config/dev.yaml");
    ASSERT_TRUE(set_config(dev, "settings.other", "s3cret-value", Secrecy::sealed).ok());
    const auto second = *remote.read("config/dev.yaml");

    EXPECT_TRUE(matches_glob(
        "account: 123456789012\nregion: ca-central-1\nsettings:\n  a: 1\n  token: !sealed *\nencryption:\n  salt: \"*\"\n  check: \"*\"\n",
        first))
        << first;
    EXPECT_TRUE(matches_glob("*\nencryption:\n  salt: *", second));
    EXPECT_EQ(first.substr(first.find("encryption:")), second.substr(second.find("encryption:")));
}

TEST_F(EditTest, WithoutPassphraseNoSecretIsSetAndNothingWritten) {
    FakeFiles remote{{{"config/dev.yaml", "account: 123456789012\nregion: ca-central-1\nsettings:\n  a: 1\n"}}};
    const ConfigTarget dev{.files = remote, .variables = no_variables(), .config_dir = "config", .environment = "dev"};
    const auto change = set_config(dev, "settings.token", "s3cret-value", Secrecy::sealed);

    ASSERT_FALSE(change.ok());
    EXPECT_EQ(change.error().summary, "Passphrase is missing");
    EXPECT_EQ(remote.writes, 0U);
}

TEST_F(EditTest, AnUnknownEnvironmentIsNotMade) {
    const ConfigTarget nowhere{.files = files, .variables = no_variables(), .config_dir = "config", .environment = "locl"};

    EXPECT_EQ(set_config(nowhere, "settings.a", "1").error().text(),
              "Unknown environment\n  config has no file \"locl.yaml\"; there are local.\n  Did you mean \"local\"?");
}

}  // namespace
}  // namespace strata
