#include "providers/aws/dynamodb.hpp"
#include "providers/aws/ec2.hpp"
#include "providers/aws/glue.hpp"
#include "providers/aws/rds.hpp"
#include "providers/aws/s3.hpp"
#include "tests/crash/every_type/stacks.hpp"

namespace every_type {

namespace dynamodb = strata::aws::dynamodb;
namespace ec2 = strata::aws::ec2;
namespace glue = strata::aws::glue;
namespace rds = strata::aws::rds;
namespace s3 = strata::aws::s3;

namespace {

ec2::Subnet subnet(const strata::Scope& scope, const ec2::Vpc& vpc, const std::string& zone, const std::string& cidr) {
    return {scope, "subnet-" + zone, {.availability_zone = "ca-central-1" + zone, .cidr_block = cidr, .vpc_id = vpc.id()}};
}

}  // namespace

void objects(strata::Stack& stack, const Settings& settings) {
    const auto status = settings.changed() ? s3::BucketVersioningStatus::suspended : s3::BucketVersioningStatus::enabled;
    const s3::Bucket bucket{stack,
                            "bucket",
                            {.bucket = settings.replaced() ? "crash-other" : "crash-bucket",
                             .force_destroy = true,
                             .tags = {{"word", settings.word()}},
                             .versioning = s3::VersioningConfiguration{.status = status}}};
    const s3::Bucket generated{stack, "generated", {.force_destroy = true, .tags = {{"word", settings.word()}}}};
    if (settings.less()) return;

    const s3::Object object{
        stack, "object", {.body = strata::Bytes{"content " + settings.word()}, .bucket = bucket.name(), .key = "folder/object"}};
    const auto attribute = settings.replaced() ? "number" : "id";
    const dynamodb::Table table{
        stack,
        "table",
        {.attribute_definitions = {dynamodb::AttributeDefinition{.attribute_name = attribute,
                                                                 .attribute_type = dynamodb::ScalarAttributeType::s}},
         .billing_mode = dynamodb::BillingMode::pay_per_request,
         .key_schema = {dynamodb::KeySchemaElement{.attribute_name = attribute, .key_type = dynamodb::KeyType::hash}},
         .point_in_time_recovery = dynamodb::PointInTimeRecoverySpecification{.point_in_time_recovery_enabled = settings.changed()},
         .table_name = "crash",
         .tags = {{"word", settings.word()}}}};
}

void databases(strata::Stack& stack, const Settings& settings) {
    const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
    const auto one = subnet(stack, vpc, "a", "10.0.1.0/24");
    const auto other = subnet(stack, vpc, "b", "10.0.2.0/24");
    const rds::SubnetGroup subnets{stack,
                                   "subnets",
                                   {.db_subnet_group_description = settings.word(),
                                    .db_subnet_group_name = settings.replaced() ? "crash-two" : "crash-one",
                                    .subnet_ids = {one.id(), other.id()}}};
    if (settings.less()) return;

    const rds::ParameterGroup parameters{stack,
                                         "parameters",
                                         {.db_parameter_group_family = "postgres16",
                                          .description = settings.replaced() ? "Another" : "The first",
                                          .parameters = {rds::DBParameter{.apply_method = rds::ApplyMethod::pending_reboot,
                                                                          .parameter_name = "max_connections",
                                                                          .parameter_value = settings.changed() ? "100" : "50"}}}};
    const rds::Instance instance{stack,
                                 "instance",
                                 {.allocated_storage = settings.changed() ? 40 : 20,
                                  .db_instance_class = "db.t4g.micro",
                                  .db_instance_identifier = "crash",
                                  .db_parameter_group_name = parameters.name(),
                                  .db_subnet_group_name = subnets.name(),
                                  .engine = "postgres",
                                  .engine_version = "16.3",
                                  .master_user_password = strata::secret("correct-horse-battery"),
                                  .master_username = "strata",
                                  .skip_final_snapshot = true,
                                  .storage_encrypted = settings.replaced(),
                                  .tags = {{"word", settings.word()}}}};
}

void catalog(strata::Stack& stack, const Settings& settings) {
    const std::string role = "arn:aws:iam::123456789012:role/catalog";
    const glue::Database database{stack, "database", {.description = settings.word(), .name = settings.replaced() ? "other" : "crash"}};
    const glue::Job job{stack,
                        "job",
                        {.command = glue::JobCommand{.name = "glueetl", .script_location = "s3://crash/" + settings.word()},
                         .description = settings.word(),
                         .name = "crash",
                         .role = role,
                         .tags = {{"word", settings.word()}}},
                        {.replace_on_changes = {settings.replaced() ? "description" : "role"}}};
    if (settings.less()) return;

    const glue::Table table{stack,
                            "table",
                            {.database_name = database.name(),
                             .description = settings.word(),
                             .name = "trades",
                             .storage_descriptor = glue::StorageDescriptor{.columns = {glue::Column{.name = "id", .type = "bigint"}},
                                                                           .location = "s3://crash/trades/"},
                             .table_type = "EXTERNAL_TABLE"}};
    const glue::Crawler crawler{stack,
                                "crawler",
                                {.database_name = database.name(),
                                 .description = settings.word(),
                                 .role = role,
                                 .targets = glue::CrawlerTargets{.s3_targets = {glue::S3Target{.path = "s3://crash/trades/"}}}}};
}

}  // namespace every_type
