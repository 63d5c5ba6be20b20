#include "providers/aws/auth/metadata.hpp"

#include <gtest/gtest.h>

#include "tests/bounded.hpp"

namespace strata::aws {
namespace {

/// What a reader says that may take 64 MB.
std::string in_bounds(const std::string& json) {
    return bounded([&] {
               const auto found = credentials_from_json(json, "Token", "the source");
               return found ? std::string{"read"} : found.error().text();
           })
        .said;
}

TEST(CredentialsFromJson, EndsHostileTextWithOneError) {
    constexpr auto expected = "Credentials cannot be fetched\n  the source: the answer is not a JSON object.";
    EXPECT_EQ(in_bounds(repeated("[", 100'000)), expected);
    EXPECT_EQ(in_bounds("[" + repeated("0,", 500'000) + "0]"), expected);
    EXPECT_EQ(in_bounds("\"" + std::string(64U << 20U, 'a') + "\""), expected);
}

TEST(CredentialsFromJson, ShowsNoKeyOfAnAnswerThatIsNotWhole) {
    const auto found = credentials_from_json(R"({"SecretAccessKey": "wJalrXUtnFEMI"})", "Token", "the source");

    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().text().find("wJalrXUtnFEMI"), std::string::npos);
}

TEST(CredentialsFromJson, ShowsNoMoreThanTheCodeOfARefusal) {
    const auto cause = [](const std::string& json) { return credentials_from_json(json, "Token", "the source").error().cause; };

    EXPECT_EQ(cause(R"({"Code": "Failed", "Message": "GET /keys Authorization: hidden"})"),
              "the source: the answer has no AccessKeyId and SecretAccessKey. Its code is Failed.");
    EXPECT_EQ(cause(R"({"Code": "Authorization: hidden"})"), "the source: the answer has no AccessKeyId and SecretAccessKey.");
}

}  // namespace
}  // namespace strata::aws
