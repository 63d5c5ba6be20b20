#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::cloudwatch {

namespace {

/// What an alarm watches is said in one of three ways (Amazon CloudWatch API, PutMetricAlarm).
constexpr std::array<std::string_view, 7> of_one_metric = {"Dimensions", "ExtendedStatistic", "MetricName", "Namespace",
                                                           "Period",     "Statistic",         "Unit"};
constexpr std::array<std::string_view, 2> of_metric_math = {"Metrics", "ThresholdMetricId"};
constexpr std::array<std::string_view, 2> of_query = {"EvaluationCriteria", "EvaluationInterval"};

bool is_set(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    if (value == nullptr || value->is_null()) return false;
    return value->list() == nullptr || !value->list()->empty();
}

void leave_out(ValueMap& params, std::span<const std::string_view> names) {
    for (const auto name : names) params.erase(name);
}

}  // namespace

// What the former way left behind must not be sent with the new one.
Status prepare_alarm(Caller& /*call*/, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation != "PutMetricAlarm") return {};
    const bool one_metric = is_set(step.desired, "MetricName");
    const bool metric_math = is_set(step.desired, "Metrics");
    const bool query = is_set(step.desired, "EvaluationCriteria");
    if (metric_math || query) leave_out(params, of_one_metric);
    if (one_metric || query) leave_out(params, of_metric_math);
    if (one_metric || metric_math) leave_out(params, of_query);
    if (is_set(step.desired, "Statistic")) params.erase("ExtendedStatistic");
    else if (is_set(step.desired, "ExtendedStatistic")) params.erase("Statistic");
    return {};
}

void check_alarm(const ValueMap& properties, const Provider::Report& report) {
    constexpr std::array<std::string_view, 3> ways = {"MetricName", "Metrics", "EvaluationCriteria"};
    const auto given = std::ranges::count_if(ways, [&](std::string_view name) { return is_set(properties, name); });
    if (given == 0)
        report("MetricName", "Nothing says what the alarm watches.", "Set `.metric_name`, `.metrics` or `.evaluation_criteria`.");
    if (given > 1)
        report("MetricName", "An alarm watches one metric, an expression over several, or a query.",
               "Keep one of metric_name, metrics and evaluation_criteria.");
    if (is_set(properties, "Statistic") && is_set(properties, "ExtendedStatistic"))
        report("ExtendedStatistic", "A metric is looked at through one statistic.", "Leave `.statistic` or `.extended_statistic` out.");
}

}  // namespace strata::aws::hooks::cloudwatch
