#include "engine/base/crypto.hpp"

#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"

namespace strata {
namespace {

const SealKey key{"0123456789abcdef0123456789abcdef"};

TEST(Digest, GivesThePublishedVectors) {
    // FIPS 180-4 "abc", RFC 1321 "abc", RFC 4231 case 2, ISO 3309 "123456789".
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_encode(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
}

TEST(Digest, PieceByPieceIsTheSameAsWhole) {
    Sha256 digest;
    digest.add("a");
    digest.add("bc");

    EXPECT_EQ(digest.finish_hex(), sha256_hex("abc"));
}

TEST(Pbkdf2, GivesTheVectorOfRfc7914) {
    EXPECT_EQ(hex_encode(key_from_passphrase("passwd", "salt", 1).bytes()),
              "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
}

TEST(Seal, OpensWithTheSameKeyAndContextOnly) {
    const auto sealed = seal(key, "hunter2", "stack dev");

    const auto opened = open_sealed(key, sealed, "stack dev");
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, "hunter2");
    EXPECT_FALSE(open_sealed(key, sealed, "stack prod").ok());
    EXPECT_FALSE(open_sealed(SealKey{"another key another key another!"}, sealed, "stack dev").ok());
}

TEST(Seal, NoticesEveryFlippedByteAndEveryCut) {
    const auto sealed = seal(key, "hunter2", "c");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(open_sealed(key, changed, "c").ok()) << i;
        EXPECT_FALSE(open_sealed(key, std::string_view{sealed}.substr(0, i), "c").ok()) << i;
    }
}

TEST(Seal, NeverGivesTheSameBytesTwice) { EXPECT_NE(seal(key, "x", "c"), seal(key, "x", "c")); }

TEST(RandomToken, Is32LowerCaseHexDigits) {
    const auto token = random_token();

    EXPECT_EQ(token.size(), 32U);
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(token, random_token());
}

}  // namespace
}  // namespace strata
