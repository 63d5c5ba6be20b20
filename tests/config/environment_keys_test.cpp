#include "config/environment_keys.hpp"

#include <gtest/gtest.h>

#include "config/new_key.hpp"
#include "engine/base/encoding.hpp"
#include "tests/config/fake_files.hpp"
#include "tests/config/fake_kms.hpp"

namespace strata {
namespace {

using Kind = KeySource::Kind;

KeySource with_file() { return {.kind = Kind::file, .file = ".strata/key", .place = {"config/local.yaml", 4}}; }
KeySource with_passphrase() { return {.kind = Kind::passphrase, .salt = "0123456789abcdef", .place = {"config/dev.yaml", 4}}; }
KeySource with_kms() { return {.kind = Kind::kms, .kms = {.id = "alias/strata"}, .place = {"config/dev.yaml", 4}}; }

/// A source for a change to this passphrase, as the configuration has it.
KeySource leading_to(const std::string& passphrase) {
    const std::string salt = "fedcba9876543210";
    return {.kind = Kind::passphrase,
            .salt = salt,
            .check = passphrase_check(key_from_passphrase(passphrase, salt), "dev"),
            .place = {"config/dev.yaml", 8}};
}

class EnvironmentKeysTest : public testing::Test {
protected:
    Result<KeyRing> ring(const EncryptionSettings& settings, const Variables& variables = no_variables()) {
        return EnvironmentKeys{"dev", settings, {.files = files, .variables = variables, .kms = &kms}}.ring();
    }
    std::string failure(const EncryptionSettings& settings, const Variables& variables = no_variables()) {
        const auto found = ring(settings, variables);
        return found ? "it has a key" : found.error().text();
    }
    static std::string key_of(const std::string& passphrase, const KeySource& source) {
        return std::string{key_from_passphrase(passphrase, source.salt).bytes()};
    }

    FakeFiles files;
    FakeKms kms;
};

TEST_F(EnvironmentKeysTest, AreReadFromAFileAndNoneIsMade) {
    EXPECT_EQ(failure({with_file()}),
              "Key file is missing\n"
              "  .strata/key is not there, and the environment's secrets are sealed with it.\n"
              "  Bring the file back, or set the secrets again with `strata config set KEY --secret`.");
    EXPECT_EQ(files.writes, 0U);
    const auto made = make_key_file(".strata/key", files);
    const auto found = ring({with_file()});

    ASSERT_TRUE(made.ok() && found.ok());
    EXPECT_EQ(found->current.bytes(), made->bytes());
    EXPECT_EQ(*files.read(".strata/key"), hex_encode(made->bytes()) + "\n");
    EXPECT_EQ(files.modes[".strata/key"], 0600U);
    EXPECT_EQ(make_key_file(".strata/key", files)->bytes(), made->bytes()) << "one that is there is taken";
}

TEST_F(EnvironmentKeysTest, AreNotTakenFromAFileThatHoldsNone) {
    ASSERT_TRUE(files.create(".strata/key", "deadbeef\n", 0600).ok());
    EXPECT_EQ(failure({with_file()}),
              "Key file cannot be used\n  .strata/key does not hold 64 hex digits.\n  Bring back the file that sealed the secrets.");
}

TEST_F(EnvironmentKeysTest, NeedAPassphraseAndASalt) {
    EXPECT_EQ(failure({with_passphrase()}),
              "Passphrase is missing\n"
              "  config/dev.yaml:4: secrets are sealed with a passphrase, and STRATA_PASSPHRASE is not set.\n"
              "  Set it:\n"
              "    export STRATA_PASSPHRASE=...");
    auto saltless = with_passphrase();
    saltless.salt.clear();
    EXPECT_EQ(failure({saltless}, passphrase("horse")),
              "Salt is missing\n"
              "  config/dev.yaml:4: the key is made from a passphrase, and encryption has no \"salt\".\n"
              "  Put back the salt with which it was sealed; the file's history has it.");
}

TEST_F(EnvironmentKeysTest, DependOnPassphraseAndSalt) {
    auto other_salt = with_passphrase();
    other_salt.salt = "fedcba9876543210";
    const auto key = ring({with_passphrase()}, passphrase("horse"));
    const auto salted = ring({other_salt}, passphrase("horse"));
    const auto worded = ring({with_passphrase()}, passphrase("house"));

    ASSERT_TRUE(key.ok() && salted.ok() && worded.ok());
    EXPECT_EQ(key->current.bytes(), key_of("horse", with_passphrase()));
    EXPECT_NE(key->current.bytes(), salted->current.bytes());
    EXPECT_NE(key->current.bytes(), worded->current.bytes());
}

TEST_F(EnvironmentKeysTest, TellAWrongPassphraseWhereTheConfigurationHasACheck) {
    EXPECT_TRUE(ring({leading_to("horse")}, passphrase("horse")).ok());
    const auto found = ring({leading_to("horse")}, passphrase("house"));
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().kind, ErrorKind::state_unreadable);
    EXPECT_EQ(found.error().text(),
              "Passphrase is not the right one\n"
              "  config/dev.yaml:8: STRATA_PASSPHRASE does not give the key that \"check\" was sealed with.\n"
              "  Nothing was written. Set the passphrase that secrets and state were sealed with.");
}

TEST_F(EnvironmentKeysTest, AskKmsOnceForADataKey) {
    auto source = with_kms();
    const auto made = kms.make(source.kms, "dev");
    source.kms.data_key = made->sealed;
    EnvironmentKeys keys{"dev", {source}, {.files = files, .variables = no_variables(), .kms = &kms}};

    ASSERT_TRUE(keys.ring().ok());
    EXPECT_EQ(keys.ring()->current.bytes(), made->plain.bytes());
    EXPECT_EQ(kms.opened, 1);
}

TEST_F(EnvironmentKeysTest, AskKmsOnceAlsoWhenItRefuses) {
    auto source = with_kms();
    source.kms.data_key = kms.make(source.kms, "prod")->sealed;
    EnvironmentKeys keys{"dev", {source}, {.files = files, .variables = no_variables(), .kms = &kms}};

    EXPECT_EQ(keys.ring().error().text(), "KMS refuses\n  config/dev.yaml:4: It says no.\n  Ask nicely.");
    EXPECT_EQ(keys.ring().error().kind, ErrorKind::state_unreadable);
    EXPECT_EQ(kms.opened, 1);
}

TEST_F(EnvironmentKeysTest, NeedADataKey) {
    EXPECT_EQ(failure({with_kms()}),
              "Data key is missing\n"
              "  config/dev.yaml:4: secrets are sealed with a data key of KMS, and encryption has no \"data_key\".\n"
              "  Put back the data key with which they were sealed; the file's history has it.");
}

// --- while keys are being changed ---

TEST_F(EnvironmentKeysTest, AreBothThereForWhoHasBothPassphrases) {
    const EncryptionSettings settings{with_passphrase(), leading_to("new horse battery")};
    const auto found = ring(settings, passphrases("horse", "new horse battery"));

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->current.bytes(), key_of("new horse battery", *settings.next));
    ASSERT_EQ(found->others.size(), 1U);
    EXPECT_EQ(found->others.front().bytes(), key_of("horse", settings.key));
    EXPECT_FALSE(found->missing);
}

TEST_F(EnvironmentKeysTest, OfBeforeAreEnoughToGoOnWith) {
    const EncryptionSettings settings{with_passphrase(), leading_to("new horse battery")};
    const auto found = ring(settings, passphrase("horse"));

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->current.bytes(), key_of("horse", settings.key));
    EXPECT_TRUE(found->others.empty());
    ASSERT_TRUE(found->missing);
    EXPECT_EQ(found->missing->text(),
              "New passphrase is missing\n"
              "  config/dev.yaml:8: the passphrase is being changed, and STRATA_NEW_PASSPHRASE is not set.\n"
              "  Until `strata state rekey` has finished, set both:\n"
              "    export STRATA_PASSPHRASE=...      # the one of before\n"
              "    export STRATA_NEW_PASSPHRASE=...  # the new one");
}

TEST_F(EnvironmentKeysTest, OfWhoHasOnlyTheNewPassphraseAreTheNewOneAndNothingMadeUp) {
    const EncryptionSettings settings{with_passphrase(), leading_to("new horse battery")};
    for (const auto& variables :
         {passphrase("new horse battery"), passphrases("new horse battery", "new horse battery"), passphrases("", "new horse battery")}) {
        const auto found = ring(settings, variables);
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(found->current.bytes(), key_of("new horse battery", *settings.next));
        EXPECT_TRUE(found->others.empty()) << "a key from the new passphrase and the old salt opens nothing, and must seal nothing";
        ASSERT_TRUE(found->missing);
    }
}

TEST_F(EnvironmentKeysTest, AreNotTakenFromAWrongNewPassphrase) {
    const EncryptionSettings settings{with_passphrase(), leading_to("new horse battery")};
    EnvironmentKeys keys{"dev", settings, {.files = files, .variables = passphrases("horse", "another battery"), .kms = &kms}};

    EXPECT_EQ(keys.ring()->current.bytes(), key_of("horse", settings.key));
    EXPECT_EQ(keys.ring_with_new_key().error().cause,
              "config/dev.yaml:8: STRATA_NEW_PASSPHRASE does not give the key that \"check\" was sealed with.");
}

TEST_F(EnvironmentKeysTest, OfAChangeWithoutMaterialAreThoseOfBefore) {
    const auto found = ring({with_passphrase(), with_kms()}, passphrase("horse"));

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->current.bytes(), key_of("horse", with_passphrase()));
    EXPECT_FALSE(found->missing);
}

TEST_F(EnvironmentKeysTest, OfAFileThatIsReplacedLieBesideIt) {
    const auto former = make_key_file(".strata/key", files);
    const auto fresh = make_key_file(".strata/key.next", files);
    const auto found = ring({with_file()});

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->current.bytes(), fresh->bytes());
    ASSERT_EQ(found->others.size(), 1U);
    EXPECT_EQ(found->others.front().bytes(), former->bytes());

    ASSERT_TRUE(files.remove(".strata/key").ok());
    const auto renamed = ring({with_file()});
    ASSERT_TRUE(renamed.ok()) << "cut off between the configuration and the file";
    EXPECT_EQ(renamed->current.bytes(), fresh->bytes());
    EXPECT_FALSE(renamed->missing);
}

TEST_F(EnvironmentKeysTest, GoOnWithOneWhenKmsRefusesTheOther) {
    auto next = with_kms();
    next.kms.data_key = "of somebody else";
    const auto found = ring({with_passphrase(), next}, passphrase("horse"));

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->current.bytes(), key_of("horse", with_passphrase()));
    ASSERT_TRUE(found->missing);
    EXPECT_EQ(found->missing->summary, "KMS refuses");
}

TEST(FreshSalt, IsLongEnoughAndNeverTheSame) {
    EXPECT_EQ(base64_decode(fresh_salt()).value_or("").size(), 16U);
    EXPECT_NE(fresh_salt(), fresh_salt());
}

}  // namespace
}  // namespace strata
