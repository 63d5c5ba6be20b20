#include "engine/base/encoding.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

TEST(Base64, GivesTheVectorsOfRfc4648) {
    EXPECT_EQ(base64_encode(""), "");
    EXPECT_EQ(base64_encode("f"), "Zg==");
    EXPECT_EQ(base64_encode("fo"), "Zm8=");
    EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64_decode("Zm9vYg=="), "foob");
    EXPECT_EQ(base64_decode("Zm9vYg"), "foob");
    EXPECT_EQ(base64_decode("Zm9v!g=="), std::nullopt);
    EXPECT_EQ(base64_decode("Z"), std::nullopt);
}

TEST(Percent, EncodesAsSignatureVersion4Asks) {
    EXPECT_EQ(percent_encode("a b+c/é~"), "a%20b%2Bc%2F%C3%A9~");
    EXPECT_EQ(percent_encode("a/b", Slash::keep), "a/b");
    EXPECT_EQ(percent_decode("a%20b%2fc%zz%"), "a b/c%zz%");
}

TEST(Hex, GoesBothWays) {
    EXPECT_EQ(hex_encode(std::string_view("\x00\xff\x10", 3)), "00ff10");
    EXPECT_EQ(hex_decode("00FF10"), std::string("\x00\xff\x10", 3));
    EXPECT_EQ(hex_decode("0"), std::nullopt);
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutSequences) {
    EXPECT_TRUE(is_utf8("héllo \xF0\x9F\x98\x80"));
    EXPECT_FALSE(is_utf8("\xC0\xAF"));
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
    EXPECT_FALSE(is_utf8("\xE2\x82"));
    EXPECT_FALSE(is_utf8("\xFF"));
}

TEST(Utf8, HasAReplacementForEachByteThatIsNone) {
    EXPECT_EQ(with_replacements("h\xC3\xA9 \xF0\x9F\x98\x80"), "h\xC3\xA9 \xF0\x9F\x98\x80");
    EXPECT_EQ(with_replacements("a\xFFz\xE2\x82"), "a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace strata
