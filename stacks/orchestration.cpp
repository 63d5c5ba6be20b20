#include "stacks/orchestration.hpp"

#include "components/orchestration.hpp"
#include "stacks/tags.hpp"

namespace stacks {

void orchestration(strata::Stack& stack, const Settings& settings) {
    tag_everything(stack, settings);
    const auto& wanted = settings.orchestration;
    const components::Orchestration platform{stack,
                                             "orchestration",
                                             {.alarms = {.database_cpu_percent = wanted.alarms.database_cpu_percent,
                                                         .database_free_storage_gb = wanted.alarms.database_free_storage_gb,
                                                         .emails = wanted.alarms.emails,
                                                         .webhooks = wanted.alarms.webhooks,
                                                         .worker_cpu_percent = wanted.alarms.worker_cpu_percent},
                                              .container_insights = wanted.cluster.container_insights,
                                              .database = {.backup_days = wanted.database.backup_days,
                                                           .deletion_protection = wanted.database.deletion_protection,
                                                           .engine_version = wanted.database.engine_version,
                                                           .final_snapshot = wanted.database.final_snapshot,
                                                           .instance_class = wanted.database.instance_class,
                                                           .multi_az = wanted.database.multi_az,
                                                           .storage_gb = wanted.database.storage_gb,
                                                           .storage_limit_gb = wanted.database.storage_limit_gb},
                                              .database_group = stack.reference<std::string>("foundation", "database_group"),
                                              .database_key = stack.reference<std::string>("foundation", "database_key"),
                                              .log_days = wanted.log_days,
                                              .log_key = stack.reference<std::string>("foundation", "log_key"),
                                              .on_demand_base = wanted.cluster.on_demand_base,
                                              .prefix = settings.prefix,
                                              .subnets = stack.reference<std::vector<std::string>>("foundation", "private_subnets"),
                                              .worker = {.arm64 = wanted.worker.arm64,
                                                         .count = wanted.worker.count,
                                                         .cpu = wanted.worker.cpu,
                                                         .image = wanted.worker.image,
                                                         .memory_mb = wanted.worker.memory_mb},
                                              .worker_group = stack.reference<std::string>("foundation", "worker_group")}};

    stack.output("cluster", platform.cluster.arn(), "ECS cluster");
    stack.output("worker_service", platform.worker.arn(), "Service of the Prefect worker");
    stack.output("database_endpoint", platform.database.endpoint(), "Host of Prefect's PostgreSQL");
    stack.output("alarm_topic", platform.alarms.arn(), "Where alarms go");
}

}  // namespace stacks
