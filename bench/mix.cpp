// A platform made of many equal datasets, declared with the real types: what bench/mix.py deploys to the emulator.
// The same mix as HCL is in bench/mix_hcl.py: a change here is a change there.
//
// Counted as Terraform counts (rules, bucket settings, attachments, routes and associations are resources there): a dataset is 24
// resources, a network with n subnets 4 + 2n. Ten datasets and 3 subnets are 250, 41 datasets and 6 subnets 1,000.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/run.hpp"
#include "components/policy_document.hpp"
#include "config/reader.hpp"
#include "providers/aws/cloudwatch.hpp"
#include "providers/aws/dynamodb.hpp"
#include "providers/aws/ec2.hpp"
#include "providers/aws/ecs.hpp"
#include "providers/aws/glue.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/logs.hpp"
#include "providers/aws/s3.hpp"
#include "providers/aws/sns.hpp"
#include "providers/aws/sqs.hpp"
#include "providers/aws/ssm.hpp"

namespace {

namespace aws = strata::aws;

struct Settings {
    int datasets = 0;
    int subnets = 0;
};

Settings load_settings(strata::ConfigReader& config) {
    return {.datasets = config.required<int>("datasets"), .subnets = config.required<int>("subnets")};
}

struct Network : strata::Component {
    Network(const strata::Scope& scope, int subnets)
        : Component{scope, "network"}, vpc{*this, "vpc", {.cidr_block = "10.0.0.0/16", .tags = {{"Name", "mix"}}}} {
        const aws::ec2::InternetGateway gateway{*this, "internet", {.vpc_id = vpc.id()}};
        std::vector<strata::Output<std::string>> ids;
        for (int i = 0; i < subnets; ++i)
            ids.push_back(
                aws::ec2::Subnet{*this, fmt::format("subnet-{}", i), {.cidr_block = fmt::format("10.0.{}.0/24", i), .vpc_id = vpc.id()}}
                    .id());
        aws::ec2::RouteTable{*this,
                             "routes",
                             {.associations = ids,
                              .routes = {aws::ec2::Route{.destination_cidr_block = "0.0.0.0/0", .gateway_id = gateway.id()}},
                              .vpc_id = vpc.id()}};
    }

    aws::ec2::Vpc vpc;
};

/// Everything that one dataset needs, on its own but for the network.
struct Dataset : strata::Component {
    Dataset(const strata::Scope& scope, const std::string& called, const Network& network)
        : Component{scope, called}, name{"mix-" + called}, role{add_role()}, bucket{add_bucket()}, topic{*this, "topic", {.name = name}} {
        add_group(network);
        add_catalog();
        add_tables_and_tasks();
        add_messages();
        add_watch();
    }

private:
    aws::iam::Role add_role() {
        const aws::iam::Policy policy{
            *this,
            "policy",
            {.policy_document = components::policy_document(
                 *this, {{.actions = {"s3:GetObject", "s3:PutObject"}, .resources = {"arn:aws:s3:::" + name + "/*"}}}),
             .policy_name = name}};
        return {
            *this,
            "role",
            {.assume_role_policy_document = components::policy_document(
                 *this, {{.actions = {"sts:AssumeRole"}, .principals = {{"Service", {"glue.amazonaws.com", "ecs-tasks.amazonaws.com"}}}}}),
             .attached_policies = {policy.arn()},
             .role_name = name}};
    }

    aws::s3::Bucket add_bucket() {
        namespace s3 = aws::s3;
        const s3::ServerSideEncryptionRule by_s3{.apply_server_side_encryption_by_default =
                                                     s3::ServerSideEncryptionByDefault{.sse_algorithm = s3::ServerSideEncryption::aes256}};
        return {
            *this,
            "bucket",
            {.bucket = name,
             .encryption = s3::ServerSideEncryptionConfiguration{.rules = {by_s3}},
             .ownership = s3::OwnershipControls{.rules = {s3::OwnershipControlsRule{.object_ownership =
                                                                                        s3::ObjectOwnership::bucket_owner_enforced}}},
             .public_access_block =
                 s3::PublicAccessBlockConfiguration{
                     .block_public_acls = true, .block_public_policy = true, .ignore_public_acls = true, .restrict_public_buckets = true},
             .tags = {{"dataset", name}},
             .versioning = s3::VersioningConfiguration{.status = s3::BucketVersioningStatus::enabled}}};
    }

    void add_group(const Network& network) {
        const auto rule = [](int port) {
            return aws::ec2::SecurityGroupRule{.cidr_ipv4 = "10.0.0.0/16", .from_port = port, .ip_protocol = "tcp", .to_port = port};
        };
        aws::ec2::SecurityGroup{
            *this,
            "group",
            {.description = "Tasks of a dataset", .group_name = name, .ingress = {rule(443), rule(5432)}, .vpc_id = network.vpc.id()}};
    }

    void add_catalog() {
        namespace glue = aws::glue;
        const glue::Database database{*this, "database", {.description = "Tables of a dataset", .name = name}};
        glue::Table{*this,
                    "facts",
                    {.database_name = database.name(),
                     .name = "facts",
                     .storage_descriptor = glue::StorageDescriptor{.columns = {glue::Column{.name = "id", .type = "string"},
                                                                               glue::Column{.name = "amount", .type = "double"}},
                                                                   .location = strata::concat({"s3://", bucket.name(), "/facts/"})},
                     .table_type = "EXTERNAL_TABLE"}};
        glue::Job{*this,
                  "job",
                  {.command = glue::JobCommand{.name = "glueetl", .script_location = strata::concat({"s3://", bucket.name(), "/job.py"})},
                   .glue_version = "4.0",
                   .name = name,
                   .number_of_workers = 2,
                   .role = role.arn(),
                   .worker_type = glue::WorkerType::g_1_x}};
    }

    void add_tables_and_tasks() {
        namespace dynamodb = aws::dynamodb;
        namespace ecs = aws::ecs;
        dynamodb::Table{*this,
                        "table",
                        {.attribute_definitions = {dynamodb::AttributeDefinition{.attribute_name = "id",
                                                                                 .attribute_type = dynamodb::ScalarAttributeType::s}},
                         .billing_mode = dynamodb::BillingMode::pay_per_request,
                         .key_schema = {dynamodb::KeySchemaElement{.attribute_name = "id", .key_type = dynamodb::KeyType::hash}},
                         .table_name = name}};
        ecs::TaskDefinition{
            *this,
            "task",
            {.container_definitions = {ecs::ContainerDefinition{.essential = true, .image = "busybox:1.36", .memory = 512, .name = "main"}},
             .cpu = "256",
             .execution_role_arn = role.arn(),
             .family = name,
             .memory = "512",
             .network_mode = ecs::NetworkMode::awsvpc,
             .requires_compatibilities = {ecs::Compatibility::fargate}}};
    }

    void add_messages() {
        const aws::sqs::Queue queue{*this, "queue", {.queue_name = name, .visibility_timeout = 60}};
        aws::sns::Subscription{*this, "subscription", {.endpoint = queue.arn(), .protocol = "sqs", .topic_arn = topic.arn()}};
    }

    void add_watch() {
        namespace cloudwatch = aws::cloudwatch;
        aws::logs::LogGroup{*this, "logs", {.log_group_name = "/mix/" + name, .retention_in_days = 7}};
        for (const std::string which : {"errors", "delay"}) {
            cloudwatch::Alarm{*this,
                              which + "-alarm",
                              {.alarm_actions = {topic.arn()},
                               .alarm_name = fmt::format("{}-{}", name, which),
                               .comparison_operator = cloudwatch::ComparisonOperator::greater_than_threshold,
                               .evaluation_periods = 3,
                               .metric_name = which,
                               .namespace_ = "Mix",
                               .period = 300,
                               .statistic = cloudwatch::Statistic::average,
                               .threshold = 10.0}};
            aws::ssm::Parameter{*this,
                                which + "-limit",
                                {.name = fmt::format("/mix/{}/{}", name, which), .type = aws::ssm::ParameterType::string, .value = "10"}};
        }
    }

    std::string name;
    aws::iam::Role role;
    aws::s3::Bucket bucket;
    aws::sns::Topic topic;
};

void mix(strata::Stack& stack, const Settings& settings) {
    const Network network{stack, settings.subnets};
    for (int i = 0; i < settings.datasets; ++i) Dataset{stack, fmt::format("dataset-{}", i), network};
}

}  // namespace

int main(int argc, char** argv) { return strata::run(argc, argv, load_settings, {{"mix", mix}}); }
