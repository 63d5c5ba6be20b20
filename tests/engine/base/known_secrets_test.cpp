#include "engine/base/known_secrets.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"

namespace strata {
namespace {

const std::string awkward = "first\"'\\%+/ <&>\t\xC3\xA9\xF0\x9F\x94\x91\n$`last";

std::string shown(const std::vector<std::string>& secrets, const std::string& text) {
    KnownSecrets known;
    for (const auto& secret : secrets) known.add(secret);
    return known.redacted(text);
}

class Spelled : public testing::TestWithParam<std::string> {};

TEST_P(Spelled, IsTakenOutAsAWhole) { EXPECT_EQ(shown({awkward}, "<" + GetParam() + ">"), "<(secret)>"); }

INSTANTIATE_TEST_SUITE_P(KnownSecrets, Spelled,
                         testing::Values(awkward,                                                                        // as it is
                                         R"(first\"'\\%+/ <&>\té🔑\n$`last)",                                            // JSON
                                         R"(first\"'\\%+/ <&>\t\u00e9\ud83d\udd11\n$`last)",                             // in ASCII, Python
                                         R"(first\"'\\%+/ <&>\t\u00E9\uD83D\uDD11\n$`last)",                             // in ASCII, Java
                                         R"(first\"'\\%+/ \u003c\u0026\u003e\té🔑\n$`last)",                             // for HTML, Go
                                         R"(first\"'\\%+\/ <&>\té🔑\n$`last)",                                           // PHP
                                         R"(first\\\"'\\\\%+/ <&>\\t\\u00e9\\ud83d\\udd11\\n$`last)",                    // JSON in JSON
                                         "first\"'\\%+/ &lt;&amp;&gt;\t\xC3\xA9\xF0\x9F\x94\x91\n$`last",                // XML
                                         "first&quot;&#x27;\\%+/ &lt;&amp;&gt;\t\xC3\xA9\xF0\x9F\x94\x91\n$`last",       // with quotes
                                         "first%22%27%5C%25%2B%2F%20%3C%26%3E%09%C3%A9%F0%9F%94%91%0A%24%60last",        // address
                                         "first%22%27%5c%25%2b%2f%20%3c%26%3e%09%c3%a9%f0%9f%94%91%0a%24%60last",        // in lower case
                                         "first%22%27%5C%25%2B/%20%3C%26%3E%09%C3%A9%F0%9F%94%91%0A%24%60last",          // with slashes
                                         "first%22%27%5C%25%2B%2F+%3C%26%3E%09%C3%A9%F0%9F%94%91%0A%24%60last",          // form
                                         "first%5C%22%27%5C%5C%25%2B%2F+%3C%26%3E%5Ct%C3%A9%F0%9F%94%91%5Cn%24%60last",  // JSON in a form
                                         base64_encode(awkward), percent_encode(base64_encode(awkward)), hex_encode(awkward)));

TEST(KnownSecrets, KnowsBase64WhereverASecretBeginsInWhatWasEncoded) {
    for (const std::string before : {"", "a", "ab", "abc"})
        for (const std::string after : {"", "y", "yz"}) {
            const auto encoded = base64_encode(before + "a secret of some length" + after);
            const auto text = shown({"a secret of some length"}, encoded);
            EXPECT_EQ(text.find("IHNlY3JldCBvZiBzb21lIGxlbmd0a"), std::string::npos);
            EXPECT_NE(text.find("(secret)"), std::string::npos) << encoded << " " << text;
        }
}

TEST(KnownSecrets, LeavesNothingOfOneInsideAnother) {
    EXPECT_EQ(shown({"inner", "outer inner outer"}, "an outer inner outer, an inner one"), "an (secret), an (secret) one");
    EXPECT_EQ(shown({"abcdef", "defghi"}, "-abcdefghi-"), "-(secret)-");
}

TEST(KnownSecrets, ShowsNothingOfATextThatHoldsPartOfOne) {
    const std::string secret = "0123456789abcdefghijklmnopqrstuvwxyz";

    EXPECT_EQ(shown({secret}, "cut: 0123456789ab..."), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({secret}, "cut: " + base64_encode(secret).substr(8, 20)), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({secret}, "cut: " + hex_encode(secret).substr(7, 14)), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({secret}, "cut: 0123456789a..."), "cut: 0123456789a...") << "eleven";
}

TEST(KnownSecrets, OfAnAddressHideTheHostOnlyWithTheRest) {
    const std::string address = "postgres://keeper:a-long-password@db.ca-central-1.rds.amazonaws.com:5432/market";

    EXPECT_EQ(shown({address}, "cannot reach db.ca-central-1.rds.amazonaws.com: " + address),
              "cannot reach db.ca-central-1.rds.amazonaws.com: (secret)");
    EXPECT_EQ(shown({address}, "keeper:a-long-password"), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({"http://host:80/with/a/token/inside"}, "at http://host:80/with/a/token"), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({"url=http://host\npassword=long-enough"}, "password=long"), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({"http://user:pass/words/here@host"}, "ass/words/here"), "(withheld: it holds part of a secret)");
    EXPECT_EQ(shown({"arn:aws:s3:ca-central-1:123456789012:x/hidden-name"}, "arn:aws:s3:ca-central-1:123456789012:x/shown-name"),
              "arn:aws:s3:ca-central-1:123456789012:x/shown-name");
}

TEST(KnownSecrets, LeavesAloneWhatIsTooShortToBeTold) { EXPECT_EQ(shown({"", "a", "on", "yes"}, "yes, on a day"), "yes, on a day"); }

TEST(KnownSecrets, AreWhatAMarkIsAround) {
    KnownSecrets known;
    known.add_marked(ValueMap{{"plain", "left alone"},
                              {"list", Value::list({"--token", Value::secret("hidden")})},
                              {"map", Value::secret(Value::map({{"inside", Bytes{"hidden too"}}}))}});

    EXPECT_EQ(known.redacted("left alone --token hidden hidden too inside"), "left alone --token (secret) (secret) inside");
}

TEST(KnownSecrets, OfADocumentTakeOutWhatItWasMadeOf) {
    const std::string document = R"({"Action":"sts:AssumeRole","Condition":{"Id":"Bearer the-hidden-id"}})";
    const auto text = fmt::format("sts:AssumeRole {} {} the-hidden-id", document, json_quoted(document));

    EXPECT_EQ(shown({document, "the-hidden-id"}, text), "sts:AssumeRole (secret) \"(secret)\" (secret)");
}

TEST(KnownSecrets, OfADocumentOfUnknownSecretsTakeOutAnyOfItsTexts) {
    const std::string document = R"({"username": "keeper", "password": "a long password"})";

    const auto text = shown({document}, R"({"password":"a long password","username":"keeper"})");

    EXPECT_EQ(text, R"x({"password":"(secret)","username":"keeper"})x");
}

TEST(KnownSecrets, GrowWhileTheyAreUsed) {
    KnownSecrets known;
    KnownSecrets of_the_call;
    EXPECT_EQ(known.redacted("first second third"), "first second third");
    known.add("first");
    EXPECT_EQ(known.redacted("first second third"), "(secret) second third");
    known.add("second");
    of_the_call.add("third");

    EXPECT_EQ(known.redacted("first second third", &of_the_call), "(secret) (secret) (secret)");
}

TEST(KnownSecrets, BearALongOne) {
    std::string key;
    for (int i = 0; i < 20'000; ++i) key += fmt::format("{:x}\n", i * 7919);
    ASSERT_GT(key.size(), 64U << 10U);

    EXPECT_EQ(shown({key}, "<" + key + ">"), "<(secret)>");
    EXPECT_EQ(shown({key}, key.substr(50'000, 100)), "(withheld: it holds part of a secret)");
}

}  // namespace
}  // namespace strata
