#pragma once

#include <string>
#include <vector>

#include "engine/model/stack.hpp"
#include "providers/aws/ecs.hpp"
#include "providers/aws/rds.hpp"
#include "providers/aws/sns.hpp"

namespace components {

struct WorkerArgs {
    bool arm64 = true;
    int count = 1;
    int cpu = 512;  ///< 1024 are one vCPU
    std::string image;
    int memory_mb = 1024;
};

struct DatabaseArgs {
    int backup_days = 7;
    bool deletion_protection = true;
    std::string engine_version;  ///< "16.4"
    bool final_snapshot = true;
    std::string instance_class;
    bool multi_az = false;
    int storage_gb = 20;
    int storage_limit_gb = 100;
};

struct AlarmArgs {
    int database_cpu_percent = 80;
    int database_free_storage_gb = 5;
    std::vector<std::string> emails = {};
    std::vector<std::string> webhooks = {};  ///< https addresses
    int worker_cpu_percent = 85;
};

struct OrchestrationArgs {
    AlarmArgs alarms = {};
    bool container_insights = true;
    DatabaseArgs database;
    strata::Input<std::string> database_group{};  ///< id of the database's security group
    strata::Input<std::string> database_key{};    ///< ARN
    int log_days = 30;
    strata::Input<std::string> log_key{};  ///< ARN
    int on_demand_base = 0;                ///< tasks that run on FARGATE before FARGATE_SPOT takes the rest
    std::string prefix;
    strata::List<std::string> subnets{};  ///< ids of private subnets
    WorkerArgs worker;
    strata::Input<std::string> worker_group{};  ///< id of the workers' security group
};

/// Where flows run: an ECS cluster on Fargate, the worker service, Prefect's PostgreSQL, their logs and alarms.
class Orchestration : public strata::Component {
public:
    Orchestration(const strata::Scope& scope, std::string_view name, const OrchestrationArgs& args, strata::Options options = {});

    strata::aws::ecs::Cluster cluster;
    strata::aws::sns::Topic alarms;
    strata::aws::rds::Instance database;
    strata::aws::ecs::Service worker;

private:
    void add_alarms(const OrchestrationArgs& args) const;
    void add_receivers(const OrchestrationArgs& args) const;
};

}  // namespace components
