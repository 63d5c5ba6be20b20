#include "config/key_change.hpp"

#include <gtest/gtest.h>

#include "config/environment.hpp"
#include "config/sealed_settings.hpp"
#include "engine/base/text.hpp"
#include "tests/config/fake_files.hpp"
#include "tests/config/fake_kms.hpp"

namespace strata {
namespace {

using Kind = KeySource::Kind;

constexpr auto file = "config/dev.yaml";
constexpr auto header = "account: 123456789012\nregion: ca-central-1\n";
constexpr auto rest = "\nsettings:   # ours\n  name: x\n  tokens:\n    one: !sealed ONE   # of the first\n    two: !sealed TWO\n";

/// An environment "dev" whose file holds two secrets, "first" and "second".
class KeyChangeTest : public testing::Test {
protected:
    void configure(const std::string& encryption, const Variables& now) {
        variables = now;
        ASSERT_TRUE(files.replace(file, header + encryption + rest, 0644).ok());
        auto keys = loaded();
        if (!keys.has_material()) ASSERT_TRUE(make_key_file(keys.settings().key.file, files).ok());
        SecretBox box{keys};
        replace("ONE", *box.seal("first", "settings.tokens.one"));
        replace("TWO", *box.seal("second", "settings.tokens.two"));
    }
    void replace(const std::string& what, const std::string& with) {
        auto text = *files.read(file);
        text.replace(text.find(what), what.size(), with);
        ASSERT_TRUE(files.replace(file, text, 0644).ok());
    }
    EnvironmentKeys loaded() {
        Diagnostics found;
        auto environment = load_environment(files, "config", "dev", found);
        EXPECT_TRUE(found.ok()) << found.errors().front().text();
        return {"dev", environment->encryption, {.files = files, .variables = variables, .kms = &kms}};
    }
    ConfigTarget target() { return {.files = files, .variables = variables, .config_dir = "config", .environment = "dev"}; }

    /// What is refused before anything is changed; "" when it can be done.
    std::string refusal(const WantedKey& wanted = {}) {
        auto keys = loaded();
        auto change = KeyChange::prepare(target(), keys, wanted);
        if (!change) return change.error().text();
        const auto begun = change->begin();
        return begun ? "" : begun.error().text();
    }
    void change_keys(const WantedKey& wanted = {}) {
        auto keys = loaded();
        auto change = KeyChange::prepare(target(), keys, wanted);
        ASSERT_TRUE(change.ok()) << change.error().text();
        const auto ring = change->begin();
        ASSERT_TRUE(ring.ok()) << ring.error().text();
        const auto done = change->finish(*ring);
        ASSERT_TRUE(done.ok()) << done.error().text();
        EXPECT_EQ(done->secrets, 2U);
    }
    std::string secrets() {
        auto keys = loaded();
        SecretBox box{keys};
        std::string out;
        for (const auto& secret : sealed_settings(*parse_yaml(*files.read(file), file))) {
            const auto plain = box.open(secret.text, secret.setting);
            out += (plain ? *plain : plain.error().text()) + " ";
        }
        return out;
    }
    /// The file with what is random replaced by words.
    std::string text() {
        auto lines = split(*files.read(file), '\n');
        for (auto& line : lines)
            for (const std::string word : {"salt: ", "check: ", "data_key: ", "!sealed "})
                if (const auto at = line.find(word); at != std::string::npos) {
                    const auto end = line.find("   #");
                    line = line.substr(0, at + word.size()) + "*" + (end == std::string::npos ? "" : line.substr(end));
                }
        return join(lines, "\n");
    }
    static std::string with(const std::string& encryption) {
        return header + encryption +
               "\nsettings:   # ours\n  name: x\n  tokens:\n    one: !sealed *   # of the first\n    two: !sealed *\n";
    }

    FakeFiles files;
    FakeKms kms;
    Variables variables = no_variables();
};

constexpr auto by_passphrase = "encryption:\n  key: passphrase   # of the team\n  salt: MDEyMzQ1Njc4OWFiY2RlZg==\n";
constexpr auto by_file = "encryption: {key: file}   # on this machine\n";

TEST_F(KeyChangeTest, GivesAPassphraseANewSalt) {
    configure(by_passphrase, passphrase("horse"));
    variables = passphrases("horse", "new horse battery");
    change_keys();
    variables = passphrase("new horse battery");

    EXPECT_EQ(text(), with("encryption:\n  key: passphrase   # of the team\n  salt: *\n  check: *\n"));
    EXPECT_EQ(secrets(), "first second ");
    EXPECT_EQ(files.modes[file], 0644U);
    variables = passphrase("horse");
    EXPECT_NE(secrets().find("Passphrase is not the right one"), std::string::npos);
}

TEST_F(KeyChangeTest, PutsAKeyFileInThePlaceOfAnother) {
    configure(by_file, no_variables());
    const auto before = *files.read(".strata/key");
    change_keys();

    EXPECT_EQ(text(), with(by_file));
    EXPECT_EQ(secrets(), "first second ");
    EXPECT_NE(*files.read(".strata/key"), before);
    EXPECT_EQ(files.modes[".strata/key"], 0600U);
    EXPECT_FALSE(files.read(".strata/key.next").ok());
}

TEST_F(KeyChangeTest, LeadsFromAFileToKms) {
    configure(by_file, no_variables());
    change_keys({.kind = Kind::kms, .kms_key = "alias/strata"});

    EXPECT_EQ(text(), with("encryption:   # on this machine\n  key: kms\n  kms_key: alias/strata\n  data_key: *\n"));
    EXPECT_EQ(secrets(), "first second ");
    EXPECT_TRUE(files.read(".strata/key").ok()) << "a backup may need it";
}

TEST_F(KeyChangeTest, LeadsFromKmsToAPassphrase) {
    configure(by_file, no_variables());
    change_keys({.kind = Kind::kms, .kms_key = "alias/strata"});
    variables = passphrases("", "new horse battery");
    change_keys({.kind = Kind::passphrase});
    variables = passphrase("new horse battery");

    EXPECT_EQ(text(), with("encryption:   # on this machine\n  key: passphrase\n  salt: *\n  check: *\n"));
    EXPECT_EQ(secrets(), "first second ");
}

TEST_F(KeyChangeTest, LeadsFromAPassphraseToAFileOfTheEnvironmentsOwn) {
    configure(by_passphrase, passphrase("horse"));
    change_keys({.kind = Kind::file});
    variables = no_variables();

    EXPECT_EQ(text(), with("encryption:\n  key: file   # of the team\n  path: .strata/dev.key\n"));
    EXPECT_EQ(secrets(), "first second ");
    EXPECT_FALSE(files.read(".strata/dev.key.next").ok());
}

TEST_F(KeyChangeTest, KeepsAsWhomKmsIsAskedAndTakesAnotherKey) {
    configure(by_file, no_variables());
    change_keys({.kind = Kind::kms, .kms_key = "alias/strata"});
    replace("  kms_key: alias/strata\n", "  kms_key: alias/strata\n  region: eu-west-1\n  profile: keys\n");
    const auto before = *files.read(file);
    change_keys();
    EXPECT_NE(*files.read(file), before) << "a new data key";
    change_keys({.kms_key = "alias/other"});
    EXPECT_EQ(text(), with("encryption:   # on this machine\n  key: kms\n  kms_key: alias/other\n  region: eu-west-1\n  profile: keys\n"
                           "  data_key: *\n"));
    change_keys({.kms_key = "arn:aws:kms:us-east-1:123456789012:alias/strata"});

    EXPECT_EQ(text(), with("encryption:   # on this machine\n  key: kms\n"
                           "  kms_key: arn:aws:kms:us-east-1:123456789012:alias/strata\n  profile: keys\n  data_key: *\n"));
    EXPECT_EQ(loaded().settings().key.kms.region, "us-east-1");
    EXPECT_EQ(secrets(), "first second ");
}

TEST_F(KeyChangeTest, LeadsWhereTheFileSaysByHand) {
    configure(by_passphrase, passphrase("horse"));
    replace("\nsettings", "  next:\n    key: kms\n    kms_key: alias/strata\n    profile: keys\n\nsettings");
    EXPECT_EQ(secrets(), "first second ") << "not begun";
    change_keys();

    EXPECT_EQ(text(), with("encryption:\n  key: kms   # of the team\n  kms_key: alias/strata\n  profile: keys\n  data_key: *\n"));
    EXPECT_EQ(secrets(), "first second ");
}

TEST_F(KeyChangeTest, GoesOnWhereAnEarlierOneWasCutOff) {
    configure(by_passphrase, passphrase("horse"));
    variables = passphrases("horse", "new horse battery");
    EXPECT_EQ(refusal(), "");  // begins, and does not finish
    const auto begun = *files.read(file);
    EXPECT_EQ(secrets(), "first second ");

    EXPECT_EQ(refusal({.kind = Kind::kms, .kms_key = "alias/strata"}),
              "A change of keys is not finished\n  An earlier one to a passphrase has begun.\n  Finish it first:\n    strata state rekey "
              "--env dev");
    variables = passphrase("horse");
    EXPECT_TRUE(refusal().starts_with("New passphrase is missing\n")) << refusal();
    EXPECT_EQ(*files.read(file), begun);
    variables = passphrases("horse", "new horse battery");
    change_keys();
    variables = passphrase("new horse battery");
    EXPECT_EQ(secrets(), "first second ");
}

TEST_F(KeyChangeTest, SealsACopyInACommentTooAndLeavesNothingUnderTheOldKey) {
    configure(by_file, no_variables());
    const auto sealed = sealed_settings(*parse_yaml(*files.read(file), file)).front().text;
    replace("settings:", "# token: !sealed " + sealed + "\nsettings:");
    change_keys();

    EXPECT_EQ(secrets(), "first second ");
    EXPECT_EQ(files.read(file)->find(sealed), std::string::npos);
}

// --- what is refused, with nothing written ---

class RefusedKeyChange : public KeyChangeTest {
protected:
    void expect_refusal(const WantedKey& wanted, const std::string& expected) {
        const auto before = files.writes;
        const auto text_before = *files.read(file);
        EXPECT_EQ(refusal(wanted), expected);
        EXPECT_EQ(files.writes, before);
        EXPECT_EQ(*files.read(file), text_before);
    }
};

TEST_F(RefusedKeyChange, WithoutANewPassphrase) {
    configure(by_passphrase, passphrase("horse"));
    expect_refusal({},
                   "New passphrase is missing\n  The new key is made from a passphrase, and STRATA_NEW_PASSPHRASE is not set.\n"
                   "  Set it:\n    export STRATA_NEW_PASSPHRASE=...");
}

TEST_F(RefusedKeyChange, WithAShortPassphrase) {
    configure(by_passphrase, passphrase("horse"));
    variables = passphrases("horse", "ééééééééééé");  // 11 characters, 22 bytes
    expect_refusal({},
                   "New passphrase is too short\n  STRATA_NEW_PASSPHRASE has fewer than 12 characters.\n"
                   "  Take a longer one; nothing was changed.");
}

TEST_F(RefusedKeyChange, WithTheSamePassphrase) {
    configure(by_passphrase, passphrase("old horse battery"));
    variables = passphrases("old horse battery", "old horse battery");
    expect_refusal({},
                   "New passphrase is the old one\n  STRATA_NEW_PASSPHRASE is the same as STRATA_PASSPHRASE.\n"
                   "  Take another one; nothing was changed.");
}

TEST_F(RefusedKeyChange, WhenASecretDoesNotOpen) {
    configure(by_file, no_variables());
    replace("    two: !sealed ", "    two: !sealed QUJD");
    expect_refusal({},
                   "Sealed setting cannot be opened\n  config/dev.yaml:9: settings.tokens.two: the key is not the one it was sealed with, "
                   "the sealed text was changed, or it belongs to another setting.\n  Check .strata/key, or set it again:\n"
                   "    strata config set settings.tokens.two --secret --env dev");
}

TEST_F(RefusedKeyChange, WhenKmsRefuses) {
    configure(by_file, no_variables());
    kms.refuses = true;
    expect_refusal({.kind = Kind::kms, .kms_key = "alias/strata"}, "KMS refuses\n  config/dev.yaml:5: It says no.\n  Ask nicely.");
}

TEST_F(RefusedKeyChange, WithFlagsThatDoNotFit) {
    configure(by_file, no_variables());
    expect_refusal({.kms_key = "alias/strata"},
                   "Flags do not go together\n  --kms-key is given, and the new key is none of KMS.\n  Add --to kms.");
    expect_refusal({.kind = Kind::passphrase, .key_file = "x"},
                   "Flags do not go together\n  --key-file is given, and the new key is no file.\n  Add --to file.");
    expect_refusal({.kind = Kind::kms},
                   "KMS key is missing\n  The new key is one of KMS, and no key of KMS is named.\n"
                   "  Name it:\n    --kms-key alias/NAME");
    expect_refusal(
        {.kind = Kind::kms, .kms_key = "strata"},
        "KMS key cannot be used\n  \"strata\" is no alias (alias/NAME), id or ARN of a key of KMS.\n  Did you mean alias/strata?");
}

TEST_F(RefusedKeyChange, WhenTheKeyFileIsSomebodyElses) {
    configure(by_file, no_variables());
    ASSERT_TRUE(files.replace("config/local.yaml", header, 0644).ok());
    expect_refusal({},
                   "Key file is shared\n  The environment local uses .strata/key too.\n  Name another one:\n"
                   "    strata state rekey --to file --key-file .strata/dev.key --env dev");
    ASSERT_TRUE(files.replace(".strata/dev.key", "", 0600).ok());
    expect_refusal({.kind = Kind::file, .key_file = ".strata/dev.key"},
                   "Key file is there already\n  .strata/dev.key holds a key; perhaps something is sealed with it.\n"
                   "  Name another one with --key-file.");
}

TEST_F(RefusedKeyChange, WhenTheFileWasChangedMeanwhile) {
    configure(by_passphrase, passphrase("horse"));
    auto keys = loaded();
    replace("MDEyMzQ1", "MDEyMzQ2");
    EXPECT_EQ(KeyChange::prepare(target(), keys, {}).error().summary, "Configuration was changed meanwhile");
}

TEST_F(RefusedKeyChange, WhenTheSectionCannotBeEdited) {
    configure("encryption: {key: file,\n  path: .strata/key}\n", no_variables());
    expect_refusal(
        {.kind = Kind::kms, .kms_key = "alias/strata"},
        "Setting cannot be edited in place\n  config/dev.yaml:3: encryption is more than single values in {braces} on one line.\n"
        "  Edit the file by hand.");
    EXPECT_EQ(refusal(), "") << "a file in place of another needs no word in the configuration";
}

}  // namespace
}  // namespace strata
