#include "providers/aws/protocol/checksum.hpp"

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "tests/providers/aws/protocol/calls.hpp"

namespace strata::aws {
namespace {

constexpr Operation chooses{.name = "PutObject", .checksum_member = "ChecksumAlgorithm"};
constexpr Operation demands{.name = "PutThing", .checksum_required = true};
constexpr Operation neither{.name = "GetThing"};

Serialized check_digits() { return Serialized{.method = "PUT", .path = "/", .body = "123456789"}; }

TEST(Checksum, IsCrc32WhereTheCallerMayChoose) {
    auto request = check_digits();

    ASSERT_TRUE(add_checksum(chooses, request).ok());
    // CRC-32/ISO-HDLC of "123456789" is CBF43926 (the catalogue's check value).
    EXPECT_EQ(header(request, "x-amz-checksum-crc32"), base64_encode(*hex_decode("cbf43926")));
    EXPECT_EQ(header(request, "x-amz-sdk-checksum-algorithm"), "CRC32");
}

TEST(Checksum, IsWhatTheCallerChose) {
    auto request = check_digits();
    request.headers.add("x-amz-sdk-checksum-algorithm", "SHA256");

    ASSERT_TRUE(add_checksum(chooses, request).ok());
    EXPECT_EQ(header(request, "x-amz-checksum-sha256"), base64_encode(sha256("123456789")));
    EXPECT_EQ(header(request, "x-amz-checksum-crc32"), "(absent)");
}

TEST(Checksum, IsContentMd5WhereThereIsNoChoice) {
    auto request = check_digits();

    ASSERT_TRUE(add_checksum(demands, request).ok());
    EXPECT_EQ(header(request, "Content-MD5"), "JfnnlDI7RTiF9RgfG2JNCw==");
}

TEST(Checksum, OfTheCallerStays) {
    auto request = check_digits();
    request.headers.add("x-amz-sdk-checksum-algorithm", "SHA1");
    request.headers.add("x-amz-checksum-sha1", "given");

    ASSERT_TRUE(add_checksum(chooses, request).ok());
    EXPECT_EQ(header(request, "x-amz-sdk-checksum-algorithm"), "SHA1");
    EXPECT_EQ(header(request, "x-amz-checksum-crc32"), "(absent)");
}

TEST(Checksum, IsNotAddedUnasked) {
    auto plain = check_digits();
    auto from_file = check_digits();
    from_file.body_file = "/tmp/jar";

    ASSERT_TRUE(add_checksum(neither, plain).ok());
    ASSERT_TRUE(add_checksum(chooses, from_file).ok());
    EXPECT_EQ(plain.headers.begin(), plain.headers.end());
    EXPECT_EQ(from_file.headers.begin(), from_file.headers.end());
}

TEST(Checksum, OfAnAlgorithmThatIsNotHereIsRefused) {
    auto request = check_digits();
    request.headers.add("x-amz-sdk-checksum-algorithm", "CRC32C");
    const auto added = add_checksum(chooses, request);

    ASSERT_FALSE(added.ok());
    EXPECT_EQ(added.error().cause, "PutObject: ChecksumAlgorithm is \"CRC32C\", and no checksum is given.");
}

TEST(Checksum, ComesWithTheCallsThatS3WantsItFor) {
    const auto request =
        serialized("s3", "PutBucketEncryption", json(R"({"Bucket": "b", "ServerSideEncryptionConfiguration": {"Rules": []}})"));

    EXPECT_NE(header(request, "x-amz-checksum-crc32"), "(absent)");
}

}  // namespace
}  // namespace strata::aws
