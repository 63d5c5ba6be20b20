#include "providers/aws/endpoint/endpoint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/endpoint/partition.hpp"

namespace strata::aws {
namespace {

constexpr Service logs{.name = "logs", .service_id = "CloudWatch Logs", .endpoint_prefix = "logs"};
constexpr Service cloudwatch{.name = "cloudwatch", .service_id = "CloudWatch", .endpoint_prefix = "monitoring"};
constexpr Service ecr{.name = "ecr", .service_id = "ECR", .endpoint_prefix = "api.ecr", .signing_name = "ecr"};
constexpr Service iam{.name = "iam", .service_id = "IAM", .endpoint_prefix = "iam"};
constexpr Service s3{.name = "s3", .service_id = "S3", .endpoint_prefix = "s3"};
constexpr Operation put_object{.name = "PutObject", .method = "PUT", .request_uri = "/{Bucket}/{Key+}"};
constexpr Operation list_buckets{.name = "ListBuckets", .method = "GET", .request_uri = "/"};

/// "url region/name", with "custom" behind it where it is.
std::string resolved(const Service& service, std::string_view region, const EndpointSettings& settings = {}) {
    const auto found = resolve_endpoint(service, region, settings);
    if (!found) return found.error().cause;
    return fmt::format("{} {}/{}{}", found->url, found->scope.region, found->scope.service, found->custom ? " custom" : "");
}

std::string address(const Service& service, const Operation& operation, const Serialized& request, const EndpointSettings& settings = {}) {
    return request_url(*resolve_endpoint(service, "ca-central-1", settings), operation, request);
}

TEST(Endpoint, AgreesWithBotocoreForEveryServiceOfThePlatform) {
    const auto table = real_files().read(std::string{STRATA_SOURCE_DIR} + "/tests/providers/aws/endpoint/endpoints.tsv");
    ASSERT_TRUE(table);
    int rows = 0;
    for (const auto& line : split(*table, '\n')) {
        if (line.empty() || line.front() == '#') continue;
        const auto row = split(line, '\t');
        ASSERT_EQ(row.size(), 6U) << line;
        ++rows;
        const auto made = aws_host(row[0], row[1], {.fips = row[2] == "fips", .dual_stack = row[3] == "dual-stack"});
        EXPECT_EQ(made.name, row[4]) << line;
        EXPECT_EQ(made.signing_region, row[5]) << line;
    }
    EXPECT_GT(rows, 900);
}

TEST(Endpoint, NamesTheServiceAsItIsSigned) {
    EXPECT_EQ(resolved(cloudwatch, "ca-central-1"), "https://monitoring.ca-central-1.amazonaws.com ca-central-1/monitoring");
    EXPECT_EQ(resolved(ecr, "ca-central-1"), "https://api.ecr.ca-central-1.amazonaws.com ca-central-1/ecr");
    EXPECT_EQ(resolved(iam, "ca-central-1"), "https://iam.amazonaws.com us-east-1/iam");
}

TEST(Endpoint, WithoutARegionThereIsNone) {
    EXPECT_EQ(resolved(logs, ""), "A call of logs was asked for, but nothing says in which region.");
}

TEST(Endpoint, TakesTheProgramsWordBeforeTheEnvironmentsBeforeTheProfiles) {
    EndpointSettings settings{
        .by_service = {{"logs", "http://a:1"}, {"iam", "http://b:2"}},
        .for_all = "http://c:3/",
        .environment = fixed_environment({{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://d:4"}, {"AWS_ENDPOINT_URL", "http://e:5"}}),
        .profile = {{"cloudwatch_logs.endpoint_url", "http://f:6"}, {"endpoint_url", "http://g:7"}}};

    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "http://a:1 ca-central-1/logs custom");
    settings.by_service.clear();
    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "http://c:3 ca-central-1/logs custom");
    settings.for_all.clear();
    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "http://d:4 ca-central-1/logs custom");
    EXPECT_EQ(resolved(cloudwatch, "ca-central-1", settings), "http://e:5 ca-central-1/monitoring custom");
    settings.environment = {};
    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "http://f:6 ca-central-1/logs custom");
    EXPECT_EQ(resolved(cloudwatch, "ca-central-1", settings), "http://g:7 ca-central-1/monitoring custom");
}

TEST(Endpoint, IgnoresConfiguredOnesWhenToldTo) {
    EndpointSettings settings{
        .environment = fixed_environment({{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}, {"AWS_ENDPOINT_URL", "http://e:5"}}),
        .profile = {{"endpoint_url", "http://g:7"}}};

    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "https://logs.ca-central-1.amazonaws.com ca-central-1/logs");
    settings.for_all = "http://own:1";
    EXPECT_EQ(resolved(logs, "ca-central-1", settings), "http://own:1 ca-central-1/logs custom");
}

TEST(Endpoint, OfAwsItselfIsNotCustom) {
    EXPECT_EQ(resolved(logs, "ca-central-1", {.for_all = "https://vpce-1.logs.ca-central-1.vpce.amazonaws.com"}),
              "https://vpce-1.logs.ca-central-1.vpce.amazonaws.com ca-central-1/logs");
    EXPECT_EQ(resolved(logs, "ca-central-1", {.for_all = "https://amazonaws.com.example.org"}),
              "https://amazonaws.com.example.org ca-central-1/logs custom");
    EXPECT_EQ(resolved(logs, "ca-central-1", {.for_all = "https://notamazonaws.com"}), "https://notamazonaws.com ca-central-1/logs custom");
}

TEST(Endpoint, ChoosesFipsAndDualStackByOptionEnvironmentOrProfile) {
    EXPECT_EQ(resolved(logs, "ca-central-1", {.use_fips = true}), "https://logs-fips.ca-central-1.amazonaws.com ca-central-1/logs");
    EXPECT_EQ(resolved(logs, "ca-central-1", {.environment = fixed_environment({{"AWS_USE_DUALSTACK_ENDPOINT", "TRUE"}})}),
              "https://logs.ca-central-1.api.aws ca-central-1/logs");
    EXPECT_EQ(resolved(logs, "ca-central-1", {.profile = {{"use_fips_endpoint", "true"}}}),
              "https://logs-fips.ca-central-1.amazonaws.com ca-central-1/logs");
}

TEST(Endpoint, ThatIsNoAddressIsAnErrorWhichNamesTheSetting) {
    for (const auto* url :
         {"127.0.0.1:4566", "ftp://x", "http://", "http://a b", "http://2130706433", "http://0x7f.1", "http://127.0.0.01",
          "http://[::0001]", "http://x:", "http://x:0", "http://x:65536", "http://x:1:2", "http://a%2eb", "http://a\\b"}) {
        const auto found = resolve_endpoint(logs, "ca-central-1", {.environment = fixed_environment({{"AWS_ENDPOINT_URL", url}})});
        ASSERT_FALSE(found) << url;
        EXPECT_EQ(found.error().cause, fmt::format("AWS_ENDPOINT_URL is \"{}\".", url));
        EXPECT_EQ(found.error().kind, ErrorKind::invalid_config);
    }
}

TEST(Endpoint, ThatHoldsAPasswordIsRefusedWithoutIt) {
    for (const auto* url : {"http://user:password@x", "http://x?password", "http://x#password"}) {
        const auto found = resolve_endpoint(logs, "ca-central-1", {.environment = fixed_environment({{"AWS_ENDPOINT_URL", url}})});
        ASSERT_FALSE(found) << url;
        EXPECT_EQ(found.error().cause, "AWS_ENDPOINT_URL is \"http://x\" and more that is not shown.");
    }
}

TEST(S3Address, PutsTheBucketIntoTheHostNameWhereItFits) {
    EXPECT_EQ(address(s3, put_object, {.path = "/my-bucket/a//b", .query = "tagging"}),
              "https://my-bucket.s3.ca-central-1.amazonaws.com/a//b?tagging");
    EXPECT_EQ(address(s3, put_object, {.path = "/my-bucket", .query = "acl"}), "https://my-bucket.s3.ca-central-1.amazonaws.com/?acl");
    EXPECT_EQ(address(s3, list_buckets, {.path = "/"}), "https://s3.ca-central-1.amazonaws.com/");
    EXPECT_EQ(address(s3, put_object, {.path = "/my-bucket/k"}, {.use_dual_stack = true}),
              "https://my-bucket.s3.dualstack.ca-central-1.amazonaws.com/k");
}

TEST(S3Address, KeepsTheBucketInThePathWhereItDoesNotFit) {
    for (const auto* bucket : {"with.dots", "UPPER", "under_score", "ab", "-begin", "end-", "192.168.1.1"})
        EXPECT_EQ(address(s3, put_object, {.path = fmt::format("/{}/k", bucket)}),
                  fmt::format("https://s3.ca-central-1.amazonaws.com/{}/k", bucket));
}

TEST(S3Address, KeepsTheBucketInThePathOfOtherHosts) {
    EXPECT_EQ(address(s3, put_object, {.path = "/my-bucket/k"}, {.for_all = "http://127.0.0.1:4566"}), "http://127.0.0.1:4566/my-bucket/k");
    EXPECT_EQ(address(s3, put_object, {.path = "/my-bucket/k"}, {.for_all = "https://minio.example.com/base"}),
              "https://minio.example.com/base/my-bucket/k");
}

TEST(RequestUrl, PutsAHostPrefixInFrontOfAwssOwnHostsOnly) {
    const Operation operation{.name = "X", .request_uri = "/x"};

    EXPECT_EQ(address(logs, operation, {.path = "/x", .host_prefix = "streaming-"}), "https://streaming-logs.ca-central-1.amazonaws.com/x");
    EXPECT_EQ(address(logs, operation, {.path = "/x", .host_prefix = "streaming-"}, {.for_all = "http://127.0.0.1:1"}),
              "http://127.0.0.1:1/x");
}

TEST(Partition, IsToldByTheRegionsName) {
    EXPECT_EQ(partition_of("ca-central-1").name, "aws");
    EXPECT_EQ(partition_of("us-gov-east-1").name, "aws-us-gov");
    EXPECT_EQ(partition_of("cn-northwest-1").name, "aws-cn");
    EXPECT_EQ(partition_of("us-isob-east-1").name, "aws-iso-b");
    EXPECT_EQ(partition_of("eusc-de-east-1").name, "aws-eusc");
    EXPECT_EQ(partition_of("xx-new-9").name, "aws");
}

}  // namespace
}  // namespace strata::aws
