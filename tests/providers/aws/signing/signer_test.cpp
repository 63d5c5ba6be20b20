#include "providers/aws/auth/signer.hpp"

#include <filesystem>
#include <type_traits>

#include <gtest/gtest.h>

#include "engine/base/crypto.hpp"
#include "engine/base/files.hpp"
#include "providers/aws/auth/canonical.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::aws {
namespace {

const Credentials example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const WallTime noon = *parse_iso8601("2026-11-21T12:00:00Z");

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Credentials, CannotBePrinted) { EXPECT_FALSE(Printable<Credentials>); }

TEST(CanonicalPath, OfS3IsThePathAsItIsSent) {
    const auto rules = SigningRules::for_service("s3");

    EXPECT_EQ(canonical_path("/bucket/a//b/../c%20d%2Fe+f", rules), "/bucket/a//b/../c%20d%2Fe+f");
}

TEST(CanonicalPath, OfOtherServicesIsNormalizedAndEncodedOnceMore) {
    const auto rules = SigningRules::for_service("apigateway");

    EXPECT_EQ(canonical_path("/tags/arn%3Aaws//x/./y/../z/", rules), "/tags/arn%253Aaws/x/z/");
    EXPECT_EQ(canonical_path("/../..", rules), "/");
}

TEST(CanonicalQuery, SortsByNameThenValueAndEncodesAnew) {
    EXPECT_EQ(canonical_query("b=2&a=z&a=B&list-type=2&flag&c=%2f~+"), "a=B&a=z&b=2&c=%2F~%2B&flag=&list-type=2");
    EXPECT_EQ(canonical_query(""), "");
    EXPECT_EQ(canonical_query("&&"), "");
}

TEST(UrlParts, LeaveTheSchemesOwnPortOut) {
    EXPECT_EQ(url_parts("https://s3.amazonaws.com:443/a?b#c").host, "s3.amazonaws.com");
    EXPECT_EQ(url_parts("http://127.0.0.1:4566").host, "127.0.0.1:4566");
    EXPECT_EQ(url_parts("http://[::1]:80/x").host, "[::1]");
    EXPECT_EQ(url_parts("http://user@name@host/x").host, "host");
    EXPECT_EQ(url_parts("http://[::1]/x").host, "[::1]");
    EXPECT_EQ(url_parts("http://127.0.0.1:4566").path, "/");
    EXPECT_EQ(url_parts("https://h/p?q=1?2#f").query, "q=1?2");
}

TEST(CanonicalHeaders, LeaveOutWhatProxiesAndLibrariesChange) {
    wire::Request request{
        .url = "https://example.amazonaws.com/",
        .headers = {{"User-Agent", "strata"}, {"Expect", "100-continue"}, {"X-Amzn-Trace-Id", "1"}, {"X-B", " 2  3 "}, {"x-a", "1"}}};

    const auto headers = canonical_headers(request);

    EXPECT_EQ(headers.lines, "host:example.amazonaws.com\nx-a:1\nx-b:2 3\n");
    EXPECT_EQ(headers.names, "host;x-a;x-b");
}

TEST(Signer, ReplacesItsOwnFieldsWhenARequestIsSignedAgain) {
    Signer signer;
    wire::Request once{.url = "https://sts.amazonaws.com/"};
    wire::Request twice = once;
    const SigningScope scope{"us-east-1", "sts"};
    const auto payload = sha256_hex("");

    signer.sign(once, example, scope, {}, payload, noon);
    signer.sign(twice, Credentials{"OTHER", "secret", "token"}, scope, {}, payload, noon - std::chrono::hours{1});
    const auto again = signer.sign(twice, Credentials{"AKIDEXAMPLE", example.secret_key(), "token"}, scope, {}, payload, noon);

    EXPECT_EQ(*once.headers.find("x-amz-date"), "20261121T120000Z");
    EXPECT_EQ(*twice.headers.find("x-amz-date"), "20261121T120000Z");
    EXPECT_NE(twice.headers.find("authorization")->find(again.signature), std::string::npos);
    EXPECT_EQ(std::distance(twice.headers.begin(), twice.headers.end()), 3);
}

TEST(Signer, DoesNotMixUpKeysThatItRemembers) {
    const auto sign = [](Signer& signer, const Credentials& credentials, const SigningScope& scope, WallTime time) {
        wire::Request request{.url = "https://example.amazonaws.com/"};
        return signer.sign(request, credentials, scope, {}, sha256_hex(""), time).signature;
    };
    const Credentials changed_secret{"AKIDEXAMPLE", "another"};
    Signer remembers;

    for (int round = 0; round < 2; ++round)
        for (const auto* credentials : {&example, &changed_secret})
            for (const auto* region : {"us-east-1", "ca-central-1"})
                for (const auto* service : {"iam", "ec2"})
                    for (const auto time : {noon, noon + std::chrono::hours{24}}) {
                        Signer fresh;
                        const SigningScope scope{region, service};
                        EXPECT_EQ(sign(remembers, *credentials, scope, time), sign(fresh, *credentials, scope, time));
                    }
}

TEST(PayloadHash, OfAFileIsTheHashOfItsContent) {
    const ScratchFolder folder;
    const auto path = folder / "payload";
    const std::string content(200'000, 'x');
    ASSERT_TRUE(real_files().replace(path, content));

    EXPECT_EQ(*payload_hash("ignored", path.string()), sha256_hex(content));
    EXPECT_EQ(*payload_hash("abc", ""), sha256_hex("abc"));
    const auto absent = payload_hash("", path.string() + "-absent");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().summary, "Cannot read file to send");
}

}  // namespace
}  // namespace strata::aws
