#include "components/data_lake.hpp"

#include <gtest/gtest.h>

#include "tests/components/declared_stack.hpp"

namespace components {
namespace {

using Texts = std::vector<std::string>;

struct Made : DeclaredStack {
    explicit Made(const DataLakeArgs& args) : lake{stack, "lake", args} {}
    DataLake lake;
};

DataLakeArgs lake_args() { return {.kms_key = "arn:aws:kms:ca-central-1:123456789012:key/1", .prefix = "findata-dev"}; }

const Texts buckets{"access-logs", "bronze", "silver", "gold", "temp", "artifacts", "athena-results", "dumps"};

TEST(DataLake, DeclaresABucketForEachZoneAndPurposeDatabasesAndACrawler) {
    Made made{lake_args()};

    EXPECT_EQ(made.mistakes(), Texts{});
    Texts expected;
    for (const auto& bucket : buckets) expected.push_back("lake/" + bucket + ": aws.s3.Bucket");
    for (const auto* zone : {"bronze", "silver", "gold"}) expected.push_back("lake/" + std::string{zone} + "-database: aws.glue.Database");
    expected.insert(expected.end(), {"lake/crawler-role: aws.iam.Role", "lake/crawler: aws.glue.Crawler"});
    EXPECT_EQ(made.resources(), expected);
}

TEST(DataLake, ClosesEveryBucketToThePublicAndToPlainHttp) {
    Made made{lake_args()};
    for (const auto& bucket : buckets) {
        const auto address = "lake/" + bucket;
        EXPECT_EQ(made.property(address, "PublicAccessBlock"),
                  R"({"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true})");
        EXPECT_EQ(made.property(address, "Ownership"), R"({"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]})");
        EXPECT_EQ(made.property(address, "Versioning"), R"({"Status":"Enabled"})");
        EXPECT_NE(made.property(address, "Policy").find(R"("Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny")"),
                  std::string::npos)
            << bucket;
        EXPECT_EQ(made.property(address, "Bucket"), "\"findata-dev-" + bucket + "-123456789012\"");
    }
}

TEST(DataLake, EncryptsWithTheKeyOfTheLakeButLogsWithThatOfS3) {
    Made made{lake_args()};

    EXPECT_EQ(
        made.property("lake/gold", "Encryption"),
        R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:ca-central-1:123456789012:key/1","SSEAlgorithm":"aws:kms"},)"
        R"("BucketKeyEnabled":true}]})");
    EXPECT_EQ(made.property("lake/access-logs", "Encryption"),
              R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BucketKeyEnabled":false}]})");
}

TEST(DataLake, LogsEveryBucketIntoOneWhichIsNotLoggedItself) {
    Made made{lake_args()};

    EXPECT_EQ(made.property("lake/bronze", "Logging"), R"({"TargetBucket":"${lake/access-logs.Name}","TargetPrefix":"bronze/"})");
    EXPECT_EQ(made.property("lake/access-logs", "Logging"), "");
    EXPECT_NE(made.property("lake/access-logs", "Policy").find(R"("Service":["logging.s3.amazonaws.com"])"), std::string::npos);
    EXPECT_EQ(made.needs("lake/bronze"), Texts{});
    EXPECT_EQ(made.needs("lake/bronze#logging"), (Texts{"lake/access-logs", "lake/bronze"}));
}

TEST(DataLake, TurnsSettingsIntoLifecycleRules) {
    auto args = lake_args();
    args.bronze = {.expire_days = 400, .glacier_days = 90, .infrequent_access_days = 30};
    args.old_version_days = 10;
    args.stale_upload_days = 2;
    Made made{args};

    EXPECT_EQ(
        made.property("lake/bronze", "Lifecycle"),
        R"({"Rules":[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":2},"Expiration":{"Days":400},"Filter":{"Prefix":""},"ID":"keep",)"
        R"("NoncurrentVersionExpiration":{"NoncurrentDays":10},"Status":"Enabled",)"
        R"("Transitions":[{"Days":30,"StorageClass":"STANDARD_IA"},{"Days":90,"StorageClass":"GLACIER"}]}]})");
    EXPECT_EQ(made.property("lake/dumps", "Lifecycle"),
              R"({"Rules":[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":2},"Filter":{"Prefix":""},"ID":"keep",)"
              R"("NoncurrentVersionExpiration":{"NoncurrentDays":10},"Status":"Enabled"}]})");
}

TEST(DataLake, SetsTheSwitchesThatAreAskedForAndNoOthers) {
    auto args = lake_args();
    args.bronze = {.object_lock_days = 30, .event_bridge = true, .intelligent_tiering = true, .transfer_acceleration = true};
    Made made{args};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(made.property("lake/bronze", "ObjectLock"),
              R"({"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Days":30,"Mode":"GOVERNANCE"}}})");
    EXPECT_EQ(made.property("lake/bronze", "ObjectLockEnabledForBucket"), "true");
    EXPECT_EQ(made.property("lake/bronze", "Notification"), R"({"EventBridgeConfiguration":{}})");
    EXPECT_EQ(made.property("lake/bronze", "IntelligentTiering"),
              R"([{"Id":"archive","Status":"Enabled","Tierings":[{"AccessTier":"ARCHIVE_ACCESS","Days":90}]}])");
    EXPECT_EQ(made.property("lake/bronze", "Accelerate"), R"({"Status":"Enabled"})");
    for (const auto* name : {"ObjectLock", "ObjectLockEnabledForBucket", "Notification", "IntelligentTiering", "Accelerate"})
        EXPECT_EQ(made.property("lake/silver", name), "") << name;
}

TEST(DataLake, NamesDatabasesByZoneAndPointsEachAtItsBucket) {
    Made made{lake_args()};

    EXPECT_EQ(made.properties("lake/silver-database"),
              R"({"Description":"Tables of the silver zone","LocationUri":"s3://${lake/silver.Name}/","Name":"findata_dev_silver"})");
    EXPECT_EQ(made.lake.databases.size(), 3U);
}

TEST(DataLake, CrawlsBronzeWithARoleThatReadsNothingElse) {
    auto args = lake_args();
    args.crawler_schedule = "cron(0 3 * * ? *)";
    Made made{args};

    EXPECT_EQ(made.properties("lake/crawler"),
              R"({"DatabaseName":"${lake/bronze-database.Name}","Name":"findata-dev-bronze","Role":"${lake/crawler-role.Arn}",)"
              R"x("Schedule":"cron(0 3 * * ? *)","Targets":{"S3Targets":[{"Path":"s3://${lake/bronze.Name}/"}]}})x");
    EXPECT_EQ(made.property("lake/crawler-role", "Policies"),
              R"({"read-bronze":"{\"Statement\":[{\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Effect\":\"Allow\",)"
              R"(\"Resource\":[\"${lake/bronze.Arn}\",\"${lake/bronze.Arn}/*\"]},{\"Action\":\"kms:Decrypt\",\"Effect\":\"Allow\",)"
              R"(\"Resource\":[\"arn:aws:kms:ca-central-1:123456789012:key/1\"]}],\"Version\":\"2012-10-17\"}"})");
}

TEST(DataLake, DeclaresNoCrawlerWhereNoneIsWantedOrNothingIsToBeCatalogued) {
    auto args = lake_args();
    args.crawl = false;
    Made unwanted{args};
    args = lake_args();
    args.databases = {"gold"};
    Made without_bronze{args};

    EXPECT_EQ(unwanted.properties("lake/crawler"), "");
    EXPECT_EQ(without_bronze.properties("lake/crawler"), "");
    EXPECT_EQ(without_bronze.properties("lake/crawler-role"), "");
}

TEST(DataLake, AsksForNoKeyWhereThereIsNone) {
    Made made{{.prefix = "x"}};

    EXPECT_EQ(made.property("lake/crawler-role", "Policies").find("kms:Decrypt"), std::string::npos);
    EXPECT_EQ(made.property("lake/gold", "Encryption"),
              R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":true}]})");
}

TEST(DataLake, RefusesToNameThingsWithoutAPrefix) {
    Made made{{}};
    ASSERT_FALSE(made.mistakes().empty());
    EXPECT_EQ(made.mistakes().front(), "lake: \"prefix\" is empty.");
}

}  // namespace
}  // namespace components
