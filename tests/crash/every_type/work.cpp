#include "providers/aws/cloudwatch.hpp"
#include "providers/aws/ecr.hpp"
#include "providers/aws/ecs.hpp"
#include "providers/aws/logs.hpp"
#include "providers/aws/sns.hpp"
#include "providers/aws/sqs.hpp"
#include "tests/crash/every_type/stacks.hpp"

namespace every_type {

namespace cloudwatch = strata::aws::cloudwatch;
namespace ecr = strata::aws::ecr;
namespace ecs = strata::aws::ecs;
namespace logs = strata::aws::logs;
namespace sns = strata::aws::sns;
namespace sqs = strata::aws::sqs;

void containers(strata::Stack& stack, const Settings& settings) {
    const ecr::Repository images{
        stack,
        "images",
        {.encryption_configuration =
             ecr::EncryptionConfiguration{.encryption_type = settings.replaced() ? ecr::EncryptionType::kms : ecr::EncryptionType::aes256},
         .image_tag_mutability = settings.changed() ? ecr::ImageTagMutability::immutable : ecr::ImageTagMutability::mutable_,
         .repository_name = "crash",
         .tags = {{"word", settings.word()}}}};
    const ecs::Cluster cluster{
        stack, "cluster", {.cluster_name = settings.replaced() ? "other" : "crash", .tags = {{"word", settings.word()}}}};
    if (settings.less()) return;

    const ecs::TaskDefinition task{stack,
                                   "task",
                                   {.container_definitions = {ecs::ContainerDefinition{
                                        .essential = true, .image = "busybox:" + settings.word(), .memory = 64, .name = "main"}},
                                    .family = "crash"}};
    const ecs::Service service{stack,
                               "service",
                               {.cluster = cluster.name(),
                                .desired_count = settings.changed() ? 2 : 1,
                                .launch_type = ecs::LaunchType::ec2,
                                .service_name = "crash",
                                .tags = {{"word", settings.word()}},
                                .task_definition = task.arn()}};
}

void messages(strata::Stack& stack, const Settings& settings) {
    const sqs::Queue generated{
        stack,
        "generated",
        {.delay_seconds = settings.changed() ? 5 : 0, .fifo_queue = settings.replaced(), .tags = {{"word", settings.word()}}}};
    const sns::Topic topic{
        stack,
        "topic",
        {.display_name = settings.word(), .name = settings.replaced() ? "other" : "crash", .tags = {{"word", settings.word()}}}};
    if (settings.less()) return;

    const sqs::Queue named{
        stack, "named", {.queue_name = settings.replaced() ? "other" : "crash", .visibility_timeout = settings.changed() ? 60 : 30}};
    const sns::Subscription subscription{
        stack,
        "subscription",
        {.endpoint = named.arn(), .protocol = "sqs", .raw_message_delivery = settings.changed(), .topic_arn = topic.arn()}};
}

void watch(strata::Stack& stack, const Settings& settings) {
    const logs::LogGroup group{
        stack,
        "group",
        {.log_group_class = settings.replaced() ? logs::LogGroupClass::infrequent_access : logs::LogGroupClass::standard,
         .log_group_name = "crash",
         .retention_in_days = settings.changed() ? 14 : 7,
         .tags = {{"word", settings.word()}}}};
    const logs::LogGroup generated{
        stack,
        "generated",
        {.log_group_class = settings.replaced() ? logs::LogGroupClass::infrequent_access : logs::LogGroupClass::standard}};
    if (settings.less()) return;

    const logs::MetricFilter filter{stack,
                                    "filter",
                                    {.filter_name = settings.replaced() ? "other" : "errors",
                                     .filter_pattern = settings.word(),
                                     .log_group_name = group.name(),
                                     .metric_transformations = {logs::MetricTransformation{
                                         .metric_name = "errors", .metric_namespace = "Crash", .metric_value = "1"}}}};
    const cloudwatch::Alarm alarm{stack,
                                  "alarm",
                                  {.alarm_description = settings.word(),
                                   .alarm_name = settings.replaced() ? "other" : "errors",
                                   .comparison_operator = cloudwatch::ComparisonOperator::greater_than_threshold,
                                   .evaluation_periods = 1,
                                   .metric_name = "errors",
                                   .namespace_ = "Crash",
                                   .period = 300,
                                   .statistic = cloudwatch::Statistic::sum,
                                   .tags = {{"word", settings.word()}},
                                   .threshold = 1.0}};
}

}  // namespace every_type
