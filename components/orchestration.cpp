#include "components/orchestration.hpp"

#include <fmt/format.h>

#include "components/mistake.hpp"
#include "components/policy_document.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/cloudwatch.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/logs.hpp"

namespace components {

namespace cloudwatch = strata::aws::cloudwatch;
namespace ecs = strata::aws::ecs;
namespace iam = strata::aws::iam;
namespace logs = strata::aws::logs;
namespace rds = strata::aws::rds;
namespace sns = strata::aws::sns;

namespace {

ecs::Cluster cluster_for(const strata::Scope& scope, const OrchestrationArgs& args) {
    const auto providers = {std::string{"FARGATE"}, std::string{"FARGATE_SPOT"}};
    return {scope,
            "cluster",
            {.capacity = ecs::ClusterCapacity{.capacity_providers = std::vector<std::string>{providers},
                                              .default_capacity_provider_strategy =
                                                  {ecs::CapacityProviderStrategyItem{
                                                       .base = args.on_demand_base, .capacity_provider = "FARGATE", .weight = 0},
                                                   ecs::CapacityProviderStrategyItem{.capacity_provider = "FARGATE_SPOT", .weight = 1}}},
             .cluster_name = args.prefix,
             .settings = {ecs::ClusterSetting{.name = ecs::ClusterSettingName::container_insights,
                                              .value = args.container_insights ? "enabled" : "disabled"}}}};
}

/// PostgreSQL that refuses connections without TLS.
rds::ParameterGroup parameters_for(const strata::Scope& scope, const OrchestrationArgs& args) {
    const auto major = args.database.engine_version.substr(0, args.database.engine_version.find('.'));
    return {
        scope,
        "database-parameters",
        {.db_parameter_group_family = "postgres" + major,
         .db_parameter_group_name = fmt::format("{}-prefect-{}", args.prefix, major),
         .description = "TLS only",
         .parameters = {
             rds::DBParameter{.apply_method = rds::ApplyMethod::immediate, .parameter_name = "rds.force_ssl", .parameter_value = "1"},
             rds::DBParameter{
                 .apply_method = rds::ApplyMethod::immediate, .parameter_name = "log_min_duration_statement", .parameter_value = "1000"}}}};
}

rds::Instance database_for(const strata::Scope& scope, const OrchestrationArgs& args) {
    const auto& wanted = args.database;
    const rds::SubnetGroup subnets{
        scope,
        "database-subnets",
        {.db_subnet_group_description = "Private subnets", .db_subnet_group_name = args.prefix + "-prefect", .subnet_ids = args.subnets}};
    const auto parameters = parameters_for(scope, args);
    const auto id = args.prefix + "-prefect";
    rds::InstanceArgs database{.allocated_storage = wanted.storage_gb,
                               .apply_immediately = true,
                               .auto_minor_version_upgrade = true,
                               .backup_retention_period = wanted.backup_days,
                               .copy_tags_to_snapshot = true,
                               .db_instance_class = wanted.instance_class,
                               .db_instance_identifier = id,
                               .db_name = "prefect",
                               .db_parameter_group_name = parameters.name(),
                               .db_subnet_group_name = subnets.name(),
                               .deletion_protection = wanted.deletion_protection,
                               .enable_cloudwatch_logs_exports = {"postgresql"},
                               .engine = "postgres",
                               .engine_version = wanted.engine_version,
                               .kms_key_id = args.database_key,
                               .manage_master_user_password = true,
                               .master_username = "prefect",
                               .max_allocated_storage = wanted.storage_limit_gb,
                               .multi_az = wanted.multi_az,
                               .publicly_accessible = false,
                               .storage_encrypted = true,
                               .storage_type = "gp3",
                               .vpc_security_group_ids = {args.database_group}};
    if (wanted.final_snapshot) database.final_db_snapshot_identifier = id + "-final";
    else database.skip_final_snapshot = true;
    return {scope, "database", database};
}

iam::Role execution_role(const strata::Scope& scope, const OrchestrationArgs& args) {
    return {scope,
            "execution-role",
            {.assume_role_policy_document = trusted_by_services(scope, {"ecs-tasks.amazonaws.com"}),
             .attached_policies = {"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"},
             .description = "Starts tasks: pulls images, writes logs",
             .role_name = args.prefix + "-execution"}};
}

/// A worker starts tasks in its own cluster and hands them their roles; nothing else.
iam::Role worker_role(const strata::Scope& scope, const OrchestrationArgs& args, const ecs::Cluster& cluster, const iam::Role& execution) {
    const auto& environment = scope.environment();
    return {
        scope,
        "worker-role",
        {.assume_role_policy_document = trusted_by_services(scope, {"ecs-tasks.amazonaws.com"}),
         .description = "Prefect worker",
         .policies = {{"run-tasks",
                       policy_document(
                           scope, {{.actions = {"ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks"},
                                    .conditions = {{"ArnEquals", "ecs:cluster", {cluster.arn()}}},
                                    .resources = {"*"}},
                                   {.actions = {"ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition"},
                                    .resources = {"*"}},
                                   {.actions = {"iam:PassRole"},
                                    .conditions = {{"StringEquals", "iam:PassedToService", {"ecs-tasks.amazonaws.com"}}},
                                    .resources = {execution.arn(), fmt::format("arn:{}:iam::{}:role/{}-*", environment.partition,
                                                                               environment.account, args.prefix)}}})}},
         .role_name = args.prefix + "-worker"}};
}

ecs::ContainerDefinition worker_container(const strata::Scope& scope, const OrchestrationArgs& args, const logs::LogGroup& log) {
    return {.command = {"prefect", "worker", "start", "--pool", "lightweight-pool", "--type", "ecs"},
            .environment = {ecs::KeyValuePair{.name = "PREFECT_LOGGING_LEVEL", .value = "INFO"}},
            .essential = true,
            .image = args.worker.image,
            .log_configuration = ecs::LogConfiguration{.log_driver = ecs::LogDriver::awslogs,
                                                       .options = {{"awslogs-group", log.name()},
                                                                   {"awslogs-region", scope.environment().region},
                                                                   {"awslogs-stream-prefix", "worker"}}},
            .name = "worker"};
}

ecs::Service worker_for(const strata::Scope& scope, const OrchestrationArgs& args, const ecs::Cluster& cluster) {
    const logs::LogGroup log{
        scope,
        "worker-logs",
        {.kms_key_id = args.log_key, .log_group_name = fmt::format("/{}/worker", args.prefix), .retention_in_days = args.log_days}};
    const auto execution = execution_role(scope, args);
    const auto role = worker_role(scope, args, cluster, execution);
    const ecs::TaskDefinition task{
        scope,
        "worker-task",
        {.container_definitions = {worker_container(scope, args, log)},
         .cpu = std::to_string(args.worker.cpu),
         .execution_role_arn = execution.arn(),
         .family = args.prefix + "-worker",
         .memory = std::to_string(args.worker.memory_mb),
         .network_mode = ecs::NetworkMode::awsvpc,
         .requires_compatibilities = {ecs::Compatibility::fargate},
         .runtime_platform =
             ecs::RuntimePlatform{.cpu_architecture = args.worker.arm64 ? ecs::CPUArchitecture::arm64 : ecs::CPUArchitecture::x86_64,
                                  .operating_system_family = ecs::OSFamily::linux},
         .task_role_arn = role.arn()}};
    return {
        scope,
        "worker",
        {.capacity_provider_strategy = {ecs::CapacityProviderStrategyItem{
                                            .base = args.on_demand_base, .capacity_provider = "FARGATE", .weight = 0},
                                        ecs::CapacityProviderStrategyItem{.capacity_provider = "FARGATE_SPOT", .weight = 1}},
         .cluster = cluster.name(),
         .deployment_configuration =
             ecs::DeploymentConfiguration{.deployment_circuit_breaker = ecs::DeploymentCircuitBreaker{.enable = true, .rollback = true},
                                          .maximum_percent = 200,
                                          .minimum_healthy_percent = 100},
         .desired_count = args.worker.count,
         .enable_ecs_managed_tags = true,
         .network_configuration =
             ecs::NetworkConfiguration{.awsvpc_configuration = ecs::AwsVpcConfiguration{.assign_public_ip = ecs::AssignPublicIp::disabled,
                                                                                        .security_groups = {args.worker_group},
                                                                                        .subnets = args.subnets}},
         .propagate_tags = ecs::PropagateTags::service,
         .service_name = args.prefix + "-worker",
         .task_definition = task.arn()}};
}

}  // namespace

Orchestration::Orchestration(const strata::Scope& scope, std::string_view name, const OrchestrationArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      cluster{cluster_for(*this, args)},
      alarms{*this, "alarms", {.display_name = "Platform alarms", .name = args.prefix + "-alarms"}},
      database{database_for(*this, args)},
      worker{worker_for(*this, args, cluster)} {
    require(*this, "prefix", args.prefix);
    require(*this, "worker.image", args.worker.image);
    require(*this, "database.engine_version", args.database.engine_version);
    require(*this, "database.instance_class", args.database.instance_class);
    add_receivers(args);
    add_alarms(args);
}

void Orchestration::add_receivers(const OrchestrationArgs& args) const {
    const auto subscribe = [&](const std::string& protocol, const std::string& endpoint, std::size_t index) {
        sns::Subscription{
            *this, fmt::format("{}-{}", protocol, index), {.endpoint = endpoint, .protocol = protocol, .topic_arn = alarms.arn()}};
    };
    for (std::size_t i = 0; i < args.alarms.emails.size(); ++i) subscribe("email", args.alarms.emails[i], i);
    for (std::size_t i = 0; i < args.alarms.webhooks.size(); ++i) subscribe("https", args.alarms.webhooks[i], i);
}

void Orchestration::add_alarms(const OrchestrationArgs& args) const {
    constexpr double gigabyte = 1024.0 * 1024.0 * 1024.0;
    const auto alarm = [&](const char* what, const char* about, cloudwatch::AlarmArgs wanted) {
        wanted.alarm_actions = {alarms.arn()};
        wanted.alarm_description = about;
        wanted.alarm_name = fmt::format("{}-{}", args.prefix, what);
        wanted.evaluation_periods = 3;
        wanted.ok_actions = {alarms.arn()};
        wanted.period = 300;
        wanted.statistic = cloudwatch::Statistic::average;
        cloudwatch::Alarm{*this, std::string{what} + "-alarm", wanted};
    };
    const strata::List<cloudwatch::Dimension> the_database{cloudwatch::Dimension{.name = "DBInstanceIdentifier", .value = database.name()}};
    alarm("database-cpu", "P2: the database is busy",
          {.comparison_operator = cloudwatch::ComparisonOperator::greater_than_threshold,
           .dimensions = the_database,
           .metric_name = "CPUUtilization",
           .namespace_ = "AWS/RDS",
           .threshold = args.alarms.database_cpu_percent});
    alarm("database-storage", "P1: the database runs out of storage",
          {.comparison_operator = cloudwatch::ComparisonOperator::less_than_threshold,
           .dimensions = the_database,
           .metric_name = "FreeStorageSpace",
           .namespace_ = "AWS/RDS",
           .threshold = args.alarms.database_free_storage_gb * gigabyte});
    alarm("worker-cpu", "P4: the workers are busy",
          {.comparison_operator = cloudwatch::ComparisonOperator::greater_than_threshold,
           .dimensions = {cloudwatch::Dimension{.name = "ClusterName", .value = cluster.name()},
                          cloudwatch::Dimension{.name = "ServiceName", .value = worker.service_name()}},
           .metric_name = "CPUUtilization",
           .namespace_ = "AWS/ECS",
           .threshold = args.alarms.worker_cpu_percent});
}

}  // namespace components
