#include "stacks/data_lake.hpp"

#include "components/data_lake.hpp"
#include "stacks/tags.hpp"

namespace stacks {

void data_lake(strata::Stack& stack, const Settings& settings) {
    tag_everything(stack, settings);
    const auto& lake = settings.lake;
    const components::DataLake buckets{
        stack,
        "lake",
        {.bronze = {.glacier_days = lake.bronze.glacier_days,
                    .infrequent_access_days = lake.bronze.infrequent_access_days,
                    .object_lock_days = lake.bronze.object_lock_days,
                    .event_bridge = lake.bronze_events,
                    .intelligent_tiering = lake.intelligent_tiering,
                    .transfer_acceleration = lake.transfer_acceleration},
         .crawler_schedule = lake.crawler.schedule,
         .crawl = lake.crawler.enabled,
         .databases = lake.databases,
         .force_destroy = lake.force_destroy,
         .gold = {.intelligent_tiering = lake.intelligent_tiering},
         .kms_key = stack.reference<std::string>("foundation", "lake_key"),
         .logs = {.expire_days = lake.access_log_days},
         .old_version_days = lake.old_version_days,
         .prefix = settings.prefix,
         .results = {.expire_days = lake.results_expire_days},
         .silver = {.expire_days = lake.silver.expire_days, .infrequent_access_days = lake.silver.infrequent_access_days},
         .stale_upload_days = lake.stale_upload_days,
         .temp = {.expire_days = lake.temp_expire_days}}};

    stack.output("bronze_bucket", buckets.bronze.name(), "Raw data, as received");
    stack.output("silver_bucket", buckets.silver.name(), "Cleaned data");
    stack.output("gold_bucket", buckets.gold.name(), "Data for analysts");
    stack.output("artifacts_bucket", buckets.artifacts.name(), "dbt manifests, scripts, packages");
    stack.output("results_bucket", buckets.athena_results.name(), "Results of Athena queries");
}

}  // namespace stacks
