#include "config/secret_box.hpp"

#include <gtest/gtest.h>

#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

using Kind = KeySource::Kind;

EncryptionSettings with_file() { return {{.kind = Kind::file, .file = ".strata/key", .place = {"config/local.yaml", 4}}}; }
EncryptionSettings with_passphrase() { return {{.kind = Kind::passphrase, .salt = "0123456789abcdef", .place = {"config/dev.yaml", 4}}}; }

TEST(SecretBox, OpensWhatItSealed) {
    FakeFiles files;
    EnvironmentKeys keys{"dev", with_passphrase(), {.files = files, .variables = passphrase("horse")}};
    const auto sealed = SecretBox{keys}.seal("s3cret", "settings.token");

    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->find("s3cret"), std::string::npos);
    EnvironmentKeys later{"dev", with_passphrase(), {.files = files, .variables = passphrase("horse")}};
    EXPECT_EQ(*SecretBox{later}.open(*sealed, "settings.token"), "s3cret");
}

TEST(SecretBox, OpensNothingForAnotherEnvironmentSettingOrKey) {
    FakeFiles files;
    FakeFiles elsewhere;
    ASSERT_TRUE(make_key_file(".strata/key", files).ok() && make_key_file(".strata/key", elsewhere).ok());
    EnvironmentKeys keys{"dev", with_file(), {.files = files, .variables = no_variables()}};
    EnvironmentKeys of_prod{"prod", with_file(), {.files = files, .variables = no_variables()}};
    EnvironmentKeys of_others{"dev", with_file(), {.files = elsewhere, .variables = no_variables()}};
    SecretBox box{keys};
    const auto sealed = box.seal("s3cret", "settings.token");
    ASSERT_TRUE(sealed.ok());

    const std::string expected =
        "Sealed setting cannot be opened\n"
        "  settings.token: the key is not the one it was sealed with, the sealed text was changed, or it belongs to another setting.\n"
        "  Check .strata/key, or set it again:\n"
        "    strata config set settings.token --secret --env dev";
    EXPECT_EQ(SecretBox{of_others}.open(*sealed, "settings.token").error().text(), expected);
    EXPECT_EQ(box.open("no base64!", "settings.token").error().text(), expected);
    EXPECT_FALSE(SecretBox{of_prod}.open(*sealed, "settings.token").ok());
    EXPECT_FALSE(box.open(*sealed, "settings.other").ok());
    EXPECT_TRUE(box.open(*sealed, "settings.token").ok());
}

TEST(SecretBox, OpensWithEachKeyOfAChangeAndSealsWithTheNewOne) {
    FakeFiles files;
    ASSERT_TRUE(make_key_file(".strata/key", files).ok());
    EnvironmentKeys before{"dev", with_file(), {.files = files, .variables = no_variables()}};
    const auto old_one = *SecretBox{before}.seal("s3cret", "settings.token");
    ASSERT_TRUE(make_key_file(".strata/key.next", files).ok());
    EnvironmentKeys both{"dev", with_file(), {.files = files, .variables = no_variables()}};
    const auto new_one = *SecretBox{both}.seal("s3cret", "settings.token");

    EXPECT_EQ(*SecretBox{both}.open(old_one, "settings.token"), "s3cret");
    EXPECT_EQ(*SecretBox{both}.open(new_one, "settings.token"), "s3cret");
    EXPECT_FALSE(SecretBox{before}.open(new_one, "settings.token").ok());
}

TEST(SecretBox, NamesTheKeyOfAChangeThatIsMissing) {
    FakeFiles files;
    EnvironmentKeys keys{"dev", with_passphrase(), {.files = files, .variables = passphrase("horse")}};
    KeyRing ring{SealKey{std::string(32, 'a')}};
    ring.missing = Error{.kind = ErrorKind::invalid_config, .summary = "Not here", .cause = "It lies elsewhere.", .remedy = "Bring it."};
    const auto sealed = *SecretBox{keys}.seal("s3cret", "settings.token");
    keys.know(with_passphrase(), ring);

    EXPECT_EQ(SecretBox{keys}.open(sealed, "settings.token").error().text(),
              "Sealed setting cannot be opened\n"
              "  settings.token: the key it was sealed with is not here, or the sealed text was changed.\n"
              "  It lies elsewhere.\n"
              "  Bring it.");
}

}  // namespace
}  // namespace strata
