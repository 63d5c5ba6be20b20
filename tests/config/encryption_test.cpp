#include "config/encryption.hpp"

#include <gtest/gtest.h>

#include "config/environment.hpp"

namespace strata {
namespace {

using Kind = KeySource::Kind;

struct Read {
    EncryptionSettings encryption;
    std::string mistakes;
};

Read read(const std::string& encryption, const std::string& name = "dev") {
    Diagnostics found;
    const auto text = "account: 123456789012\nregion: ca-central-1\nendpoint: http://127.0.0.1:4566\nencryption:\n" + encryption;
    const auto loaded = read_environment(text, "config/" + name + ".yaml", name, found);
    Read out{.encryption = loaded ? loaded->encryption : EncryptionSettings{}, .mistakes = ""};
    for (const auto& error : found.errors()) out.mistakes += error.text() + "\n";
    return out;
}

TEST(ReadEncryption, IsAKeyFileOnOurMachineAndAPassphraseElsewhere) {
    EXPECT_EQ(read("", "local").encryption.key.kind, Kind::file);
    EXPECT_EQ(read("", "dev").encryption.key.kind, Kind::passphrase);
    EXPECT_EQ(read("", "dev").mistakes, "");
}

TEST(ReadEncryption, TakesAKeyOfKms) {
    const auto [encryption, mistakes] = read("  key: kms\n  kms_key: alias/strata\n  data_key: QUJD\n");

    ASSERT_EQ(mistakes, "");
    EXPECT_EQ(encryption.key.kind, Kind::kms);
    EXPECT_EQ(encryption.key.kms, (KmsKey{.id = "alias/strata", .data_key = "ABC", .region = "ca-central-1"}));
    EXPECT_EQ(encryption.key.place, (Location{"config/dev.yaml", 4}));
    EXPECT_FALSE(encryption.next);
}

TEST(ReadEncryption, TakesAsWhomKmsIsAsked) {
    const auto [encryption, mistakes] = read(
        "  key: kms\n  kms_key: arn:aws:kms:eu-west-1:123456789012:key/0b1c2d3e-0000-4000-8000-000000000000\n  profile: keys\n"
        "  assume_role: arn:aws:iam::123456789012:role/keys\n  external_id: x\n  endpoint: https://kms.example.com\n");

    ASSERT_EQ(mistakes, "");
    EXPECT_EQ(encryption.key.kms.region, "eu-west-1") << "of the ARN";
    EXPECT_EQ(encryption.key.kms.profile, "keys");
    EXPECT_EQ(encryption.key.kms.assume_role, "arn:aws:iam::123456789012:role/keys");
    EXPECT_EQ(encryption.key.kms.external_id, "x");
    EXPECT_EQ(encryption.key.kms.endpoint, "https://kms.example.com");
    EXPECT_FALSE(encryption.key.kms.emulated);
}

TEST(ReadEncryption, KnowsTheEmulatorOfTheEnvironmentItself) {
    EXPECT_TRUE(read("  key: kms\n  kms_key: alias/x\n  endpoint: http://127.0.0.1:4566/\n").encryption.key.kms.emulated);
    EXPECT_FALSE(read("  key: kms\n  kms_key: alias/x\n  endpoint: http://127.0.0.1:1\n").encryption.key.kms.emulated);
    EXPECT_FALSE(read("  key: kms\n  kms_key: alias/x\n  endpoint: http://127.0.0.1:4566\n  profile: p\n").encryption.key.kms.emulated);
    EXPECT_FALSE(read("  key: kms\n  kms_key: alias/x\n").encryption.key.kms.emulated) << "AWS itself, whatever the environment's endpoint";
}

TEST(ReadEncryption, TakesAChangeThatIsUnderWay) {
    const auto [encryption, mistakes] =
        read("  key: passphrase\n  salt: MDEyMzQ1Njc4OWFiY2RlZg==\n  next:\n    key: kms\n    kms_key: alias/strata\n    data_key: QUJD\n");

    ASSERT_EQ(mistakes, "");
    EXPECT_EQ(encryption.key.salt, "0123456789abcdef");
    ASSERT_TRUE(encryption.next);
    EXPECT_EQ(encryption.next->kms.data_key, "ABC");
    EXPECT_EQ(encryption.next->place.line, 7U);
}

TEST(ReadEncryption, ReportsEveryMistakeAtItsLine) {
    EXPECT_EQ(read("  key: kms\n  kms_key: strata\n  data_key: \"*\"\n  region: x\n  salt: MDEyMzQ1Njc4OWFiY2RlZg==\n  external_id: y\n")
                  .mistakes,
              "Invalid setting\n"
              "  config/dev.yaml:6: encryption.kms_key must be a KMS key like \"alias/strata\", or a key's id or ARN, but is \"strata\".\n"
              "Invalid setting\n"
              "  config/dev.yaml:7: encryption.data_key must be base64 of 1 to 6144 bytes.\n"
              "  Put back what stood there: nothing opens what it sealed without it.\n"
              "Invalid setting\n"
              "  config/dev.yaml:8: encryption.region must be a region like \"ca-central-1\", but is \"x\".\n"
              "Invalid setting\n"
              "  config/dev.yaml:10: encryption.external_id has no use without \"assume_role\".\n"
              "  Name the role, or remove the line.\n"
              "Unknown setting\n"
              "  config/dev.yaml:9: encryption has no setting \"salt\".\n"
              "  It knows assume_role, data_key, endpoint, external_id, key, kms_key, profile, region.\n");
    EXPECT_EQ(
        read("  key: kms\n").mistakes,
        "Missing setting\n  config/dev.yaml:4: encryption does not set \"kms_key\", which is required.\n  Give \"kms_key\" a value.\n");
    EXPECT_EQ(read("  next: {salt: MDEyMzQ1Njc4OWFiY2RlZg==}\n").mistakes,
              "Missing setting\n  config/dev.yaml:5: encryption.next does not set \"key\", which is required.\n  Give \"key\" a value.\n");
}

}  // namespace
}  // namespace strata
