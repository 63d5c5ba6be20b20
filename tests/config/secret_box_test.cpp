#include "config/secret_box.hpp"

#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"
#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

using Key = EncryptionSettings::Key;

EncryptionSettings with_file() { return {.key = Key::file, .key_file = ".strata/key", .place = {"config/local.yaml", 4}}; }
EncryptionSettings with_passphrase() { return {.key = Key::passphrase, .salt = "0123456789abcdef", .place = {"config/dev.yaml", 4}}; }

TEST(EnvironmentKey, MakesItsFileOnceForItsOwnerOnly) {
    FakeFiles files;
    const auto first = environment_key(with_file(), files, no_variables(), KeyUse::seal);
    const auto second = environment_key(with_file(), files, no_variables(), KeyUse::seal);

    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(first->bytes(), second->bytes());
    EXPECT_EQ(*files.read(".strata/key"), hex_encode(first->bytes()) + "\n");
    EXPECT_EQ(files.modes[".strata/key"], 0600U);
    EXPECT_EQ(files.writes, 1U);
}

TEST(EnvironmentKey, OpeningNeverMakesAKeyFile) {
    FakeFiles files;
    const auto key = environment_key(with_file(), files, no_variables(), KeyUse::open);

    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().text(),
              "Key file is missing\n"
              "  .strata/key is not there, and the environment's secrets are sealed with it.\n"
              "  Bring the file back, or set the secrets again with `strata config set KEY --secret`.");
    EXPECT_EQ(files.writes, 0U);
}

TEST(EnvironmentKey, RefusesAKeyFileThatHoldsNoKey) {
    FakeFiles files{{{".strata/key", "deadbeef\n"}}};
    const auto key = environment_key(with_file(), files, no_variables(), KeyUse::seal);

    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().text(),
              "Key file cannot be used\n  .strata/key does not hold 64 hex digits.\n  Bring back the file that sealed the secrets.");
}

TEST(EnvironmentKey, NeedsAPassphraseAndASalt) {
    FakeFiles files;
    const auto without = environment_key(with_passphrase(), files, no_variables(), KeyUse::open);
    ASSERT_FALSE(without.ok());
    EXPECT_EQ(without.error().text(),
              "Passphrase is missing\n"
              "  config/dev.yaml:4: secrets are sealed with a passphrase, and STRATA_PASSPHRASE is not set.\n"
              "  Set it:\n"
              "    export STRATA_PASSPHRASE=...");

    auto saltless = with_passphrase();
    saltless.salt.clear();
    const auto failed = environment_key(saltless, files, passphrase("horse"), KeyUse::open);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().cause, "config/dev.yaml:4: the key is made from a passphrase, and encryption has no \"salt\".");
}

TEST(EnvironmentKey, DependsOnPassphraseAndSalt) {
    FakeFiles files;
    auto other_salt = with_passphrase();
    other_salt.salt = "fedcba9876543210";
    const auto key = environment_key(with_passphrase(), files, passphrase("horse"), KeyUse::open);
    const auto again = environment_key(with_passphrase(), files, passphrase("horse"), KeyUse::seal);
    const auto salted = environment_key(other_salt, files, passphrase("horse"), KeyUse::open);
    const auto worded = environment_key(with_passphrase(), files, passphrase("house"), KeyUse::open);

    ASSERT_TRUE(key.ok() && again.ok() && salted.ok() && worded.ok());
    EXPECT_EQ(key->bytes(), again->bytes());
    EXPECT_NE(key->bytes(), salted->bytes());
    EXPECT_NE(key->bytes(), worded->bytes());
}

TEST(SecretBox, OpensWhatItSealed) {
    FakeFiles files;
    SecretBox box{"dev", with_passphrase(), files, passphrase("horse")};
    const auto sealed = box.seal("s3cret", "settings.token");

    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->find("s3cret"), std::string::npos);
    SecretBox later{"dev", with_passphrase(), files, passphrase("horse")};
    EXPECT_EQ(*later.open(*sealed, "settings.token"), "s3cret");
}

TEST(SecretBox, OpensNothingForAnotherEnvironmentSettingOrKey) {
    FakeFiles files;
    FakeFiles elsewhere;
    SecretBox box{"dev", with_file(), files, no_variables()};
    const auto sealed = box.seal("s3cret", "settings.token");
    ASSERT_TRUE(sealed.ok());
    SecretBox prod{"prod", with_file(), files, no_variables()};
    SecretBox other_key{"dev", with_file(), elsewhere, no_variables()};
    ASSERT_TRUE(other_key.seal("x", "y").ok());

    const std::string expected =
        "Sealed setting cannot be opened\n"
        "  settings.token: the key is not the one it was sealed with, the sealed text was changed, or it belongs to another setting.\n"
        "  Check .strata/key, or set it again:\n"
        "    strata config set settings.token --secret --env dev";
    EXPECT_EQ(other_key.open(*sealed, "settings.token").error().text(), expected);
    EXPECT_EQ(box.open("no base64!", "settings.token").error().text(), expected);
    EXPECT_FALSE(prod.open(*sealed, "settings.token").ok());
    EXPECT_FALSE(box.open(*sealed, "settings.other").ok());
    EXPECT_TRUE(box.open(*sealed, "settings.token").ok());
}

TEST(SecretBox, MakesAKeyFileEvenAfterItFailedToOpen) {
    FakeFiles files;
    SecretBox box{"local", with_file(), files, no_variables()};

    EXPECT_FALSE(box.open("QUJD", "settings.token").ok());
    EXPECT_TRUE(box.seal("x", "settings.token").ok());
}

TEST(FreshSalt, IsLongEnoughAndNeverTheSame) {
    EXPECT_EQ(base64_decode(fresh_salt()).value_or("").size(), 16U);
    EXPECT_NE(fresh_salt(), fresh_salt());
}

}  // namespace
}  // namespace strata
