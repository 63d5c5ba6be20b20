#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

constexpr std::string_view of_one_metric =
    R"({"AlarmName": "a", "Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
                                               "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"})";

class AlarmTest : public TypeTest {};

TEST_F(AlarmTest, GoesFromOneMetricToAnExpression) {
    auto alarm = make("aws.cloudwatch.Alarm", properties(of_one_metric));
    for (const auto* name : {"Namespace", "MetricName", "Statistic", "Period"}) alarm.properties.erase(name);
    const auto changed = life_.update(
        alarm,
        {{"Metrics", json(R"([{"Id": "m1", "MetricStat": {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "Sum"},
                                               "ReturnData": false}, {"Id": "e1", "Expression": "m1 * 2", "Label": "twice", "ReturnData": true}])")}});
    ASSERT_TRUE(changed) << changed.error().text();
    EXPECT_EQ(differences(alarm), no_difference);
}

TEST_F(AlarmTest, AreReadTogetherAndTheirTagsToo) {
    std::vector<Thing> alarms;
    for (const auto* name : {"a", "b", "c"}) {
        auto wanted = properties(of_one_metric);
        wanted.set("AlarmName", Value{name});
        alarms.push_back(make("aws.cloudwatch.Alarm", wanted));
    }
    auto calls = calls_to_read(alarms);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"cloudwatch DescribeAlarms", "resourcegroupstaggingapi GetResources"}));
}

TEST_F(AlarmTest, SaysWhatItCannotWatch) {
    EXPECT_EQ(mistakes("aws.cloudwatch.Alarm", {{"AlarmName", Value{"a"}}}), Names{"MetricName: Nothing says what the alarm watches."});
    auto wanted = properties(of_one_metric);
    wanted.set("Metrics", json(R"([{"Id": "e1", "Expression": "1"}])"));
    wanted.set("ExtendedStatistic", Value{"p99"});
    EXPECT_EQ(mistakes("aws.cloudwatch.Alarm", wanted),
              (Names{"MetricName: An alarm watches one metric, an expression over several, or a query.",
                     "ExtendedStatistic: A metric is looked at through one statistic."}));
}

}  // namespace

}  // namespace strata::aws
