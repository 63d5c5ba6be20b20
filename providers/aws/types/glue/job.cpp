#include <string_view>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::glue {

namespace {

bool is_set(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    return value != nullptr && !value->is_null();
}

bool names_workers(const ValueMap& map) { return is_set(map, "WorkerType") || is_set(map, "NumberOfWorkers"); }

}  // namespace

// Capacity follows from the workers and is answered with them, but both together are refused (AWS Glue API, UpdateJob).
Status prepare_job(Caller& /*call*/, std::string_view operation, const Step& step, ValueMap& params) {
    auto* update = operation == "UpdateJob" ? params.find("JobUpdate") : nullptr;
    if (update == nullptr || update->map() == nullptr || !names_workers(*update->map())) return {};
    if (is_set(step.desired, "MaxCapacity")) {
        update->map()->erase("NumberOfWorkers");
        update->map()->erase("WorkerType");
    } else {
        update->map()->erase("MaxCapacity");
    }
    return {};
}

void check_job(const ValueMap& properties, const Provider::Report& report) {
    if (is_set(properties, "MaxCapacity") && names_workers(properties))
        report("MaxCapacity", "Capacity is given twice: as max_capacity and by workers.",
               "Keep worker_type and number_of_workers, or max_capacity alone.");
}

}  // namespace strata::aws::hooks::glue
