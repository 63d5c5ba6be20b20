#include "config/state_location.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/environment.hpp"
#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

struct Loaded {
    StateLocation state;
    std::string mistakes;
};

/// @param text  from line 3 on
Loaded load(const std::string& text) {
    FakeFiles files{{{"/p/config/dev.yaml", "account: 123456789012\nregion: ca-central-1\n" + text}}};
    Diagnostics found;
    const auto loaded = load_environment(files, "/p/config", "dev", found);
    Loaded out{loaded ? loaded->state : StateLocation{}, ""};
    for (const auto& error : found.errors()) out.mistakes += error.text() + "\n";
    return out;
}

StateLocation in_bucket(std::string bucket, std::string prefix) {
    return {.kind = StateLocation::Kind::s3, .bucket = std::move(bucket), .prefix = std::move(prefix), .region = "ca-central-1"};
}

TEST(StateLocation, IsAFolderOrABucket) {
    EXPECT_EQ(*parse_state_location(".strata/state"), (StateLocation{.folder = ".strata/state"}));
    EXPECT_EQ(*parse_state_location("s3://bucket/a/b/"),
              (StateLocation{.kind = StateLocation::Kind::s3, .bucket = "bucket", .prefix = "a/b"}));
    EXPECT_EQ(*parse_state_location("s3://bucket"), (StateLocation{.kind = StateLocation::Kind::s3, .bucket = "bucket"}));
    EXPECT_EQ(*parse_state_location("s3://bucket/"), (StateLocation{.kind = StateLocation::Kind::s3, .bucket = "bucket"}));
    EXPECT_EQ(parse_state_location("s3://my.bucket-1/grüße an+alle")->prefix, "grüße an+alle");
}

TEST(StateLocation, RefusesWhatIsNeither) {
    for (const std::string_view text :
         {"", "s3://", "s3:///x", "gs://bucket", "S3://bucket/x", "s3:bucket", "https://bucket.s3.amazonaws.com/x", "s3://Bucket/x",
          "s3://b", "s3://a..b/x", "s3://-ab/x", "s3://a_b/x", "s3://bucket/a//b", "s3://bucket/../x", "s3://bucket/./x",
          "s3://bucket/a\nb", "s3://bucket/a\\b", "s3://bucket/x?region=eu-west-1"})
        EXPECT_FALSE(parse_state_location(text).ok()) << text;
    EXPECT_FALSE(parse_state_location("s3://bucket/" + std::string(513, 'x')).ok());
    EXPECT_EQ(parse_state_location("gs://bucket").error().text(),
              "State location cannot be read\n"
              "  The location of state must be a folder or s3://bucket/prefix, but is \"gs://bucket\".\n"
              "  Write it like .strata/state.");
}

TEST(ReadState, TakesTheShortForm) {
    EXPECT_EQ(load("").state, (StateLocation{.folder = "/p/.strata/state"}));
    EXPECT_EQ(load("state:\n").state, (StateLocation{.folder = "/p/.strata/state"}));
    EXPECT_EQ(load("state: /srv/state\n").state, (StateLocation{.folder = "/srv/state"}));
    const auto [state, mistakes] = load("state: s3://findata-state/platform\n");
    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(state, in_bucket("findata-state", "platform"));
}

TEST(ReadState, TakesTheLongForm) {
    const auto [state, mistakes] = load(R"(state:
  url: s3://findata-state/platform
  region: us-east-1
  profile: state
  assume_role: arn:aws:iam::123456789012:role/state
  external_id: findata
)");

    auto expected = in_bucket("findata-state", "platform");
    expected.region = "us-east-1";
    expected.profile = "state";
    expected.assume_role = "arn:aws:iam::123456789012:role/state";
    expected.external_id = "findata";
    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(state, expected);
}

TEST(ReadState, FillsInTheEnvironmentsRegionOnly) {
    const auto [state, mistakes] = load("providers: {aws: {profile: work}}\nstate: {url: s3://findata-state}\n");

    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(state, in_bucket("findata-state", ""));
}

TEST(ReadState, TakesStoresOfOtherVendors) {
    const auto [state, mistakes] = load("state: {url: s3://findata-state/x, endpoint: \"http://127.0.0.1:9000\", region: auto}\n");

    auto expected = in_bucket("findata-state", "x");
    expected.region = "auto";
    expected.endpoint = "http://127.0.0.1:9000";
    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(state, expected);
}

TEST(ReadState, TakesAFolderInTheLongForm) {
    const auto [state, mistakes] = load("state: {url: state/here}\n");

    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(state, (StateLocation{.folder = "/p/state/here"}));
}

TEST(ReadState, ReportsEveryMistakeAtItsLine) {
    EXPECT_EQ(
        load(R"(state:
  url: s3://Findata-State/platform
  regoin: us-east-1
  region: canada
  endpoint: minio:9000
  assume_role: state
  profile: ""
  external_id: 7
)")
            .mistakes,
        "Invalid setting\n  /p/config/dev.yaml:4: state.url must name a bucket of 3 to 63 lower-case letters, digits, dots and hyphens, "
        "but names \"Findata-State\".\n  Did you mean \"findata-state\"?\n"
        "Invalid setting\n  /p/config/dev.yaml:7: state.endpoint must be an address like \"http://127.0.0.1:4566\", but is "
        "\"minio:9000\".\n"
        "Invalid setting\n  /p/config/dev.yaml:9: state.profile must not be empty.\n"
        "Invalid setting\n  /p/config/dev.yaml:8: state.assume_role must be the ARN of a role, but is \"state\".\n"
        "Setting of the wrong type\n  /p/config/dev.yaml:10: state.external_id must be text, but is a whole number (7).\n  Put it in "
        "quotes: \"7\".\n"
        "Unknown setting\n  /p/config/dev.yaml:5: state has no setting \"regoin\".\n  Did you mean \"region\"?\n");
}

TEST(ReadState, ChecksTheRegionOfAws) {
    EXPECT_EQ(load("state: {url: s3://findata-state, region: auto}\n").mistakes,
              "Invalid setting\n  /p/config/dev.yaml:3: state.region must be a region like \"ca-central-1\", but is \"auto\".\n");
}

TEST(ReadState, AsksForTheAddress) {
    EXPECT_EQ(load("state:\n  region: us-east-1\n").mistakes,
              "Missing setting\n  /p/config/dev.yaml:3: state does not set \"url\", which is required.\n  Give \"url\" a value.\n");
}

TEST(ReadState, RefusesWhatAFolderHasNoUseFor) {
    EXPECT_EQ(
        load("state:\n  url: .strata/state\n  region: us-east-1\n  external_id: x\n").mistakes,
        "Invalid setting\n  /p/config/dev.yaml:6: state.external_id has no use without \"assume_role\".\n  Name the role, or remove the "
        "line.\n"
        "Invalid setting\n  /p/config/dev.yaml:5: state.region has no use with a folder.\n  Remove the line, or name a bucket: "
        "s3://bucket/prefix.\n"
        "Invalid setting\n  /p/config/dev.yaml:6: state.external_id has no use with a folder.\n  Remove the line, or name a bucket: "
        "s3://bucket/prefix.\n");
}

TEST(ReadState, ShowsWhereTheOptionsOfAnAddressGo) {
    EXPECT_EQ(load("state: s3://findata-state/x?region=us-east-1&s3ForcePathStyle=true\n").mistakes,
              "Invalid setting\n  /p/config/dev.yaml:3: state must be a folder or s3://bucket/prefix, but is "
              "\"s3://findata-state/x\" and more that is not shown.\n"
              "  Write what stands after the \"?\" as settings of their own:\n"
              "    state: {url: s3://findata-state/x, region: ..., profile: ..., endpoint: ...}\n");
}

TEST(ReadState, ShowsNoPasswordOfAnAddress) {
    const auto* words = "must have no user name and no password.\n  Leave out what stands before the \"@\", and the \"@\".\n";
    EXPECT_EQ(load("state: s3://user:password@findata-state/x\n").mistakes,
              fmt::format("Invalid setting\n  /p/config/dev.yaml:3: state {}", words));
    EXPECT_EQ(load("state: {url: s3://findata-state, endpoint: \"http://user:pa/ssword@minio\"}\n").mistakes,
              fmt::format("Invalid setting\n  /p/config/dev.yaml:3: state.endpoint {}", words));
    EXPECT_EQ(load("state: {url: s3://findata-state, endpoint: \"http://minio/?password=x\"}\n").mistakes,
              "Invalid setting\n  /p/config/dev.yaml:3: state.endpoint must be an address like \"http://127.0.0.1:4566\", but is "
              "\"http://minio/\" and more that is not shown.\n");
}

TEST(ReadState, RefusesAList) {
    EXPECT_EQ(load("state: [a]\n").mistakes, "Setting of the wrong type\n  /p/config/dev.yaml:3: state must be text, but is a list.\n");
}

}  // namespace
}  // namespace strata
