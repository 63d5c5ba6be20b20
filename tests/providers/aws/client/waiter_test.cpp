#include "providers/aws/client/waiter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/providers/aws/client/fake_aws.hpp"

namespace strata::aws {
namespace {

using namespace std::chrono_literals;

const Waiter& waiter(std::string_view service, std::string_view name) { return *find_service(service)->waiter(name); }

Error error_of(ErrorKind kind, std::string code) {
    return {.kind = kind, .summary = "s", .cause = "c", .remedy = {}, .code = std::move(code)};
}

Value gateways(std::initializer_list<const char*> states) {
    ValueList list;
    for (const auto* state : states) list.push_back(ValueMap{{"State", state}});
    return ValueMap{{"NatGateways", std::move(list)}};
}

TEST(WaiterEvaluate, WantsAllToBeThere) {
    const auto& available = waiter("ec2", "NatGatewayAvailable");

    EXPECT_EQ(evaluate(available, gateways({"available", "available"})), WaiterState::success);
    EXPECT_EQ(evaluate(available, gateways({"available", "pending"})), WaiterState::retry);
    EXPECT_EQ(evaluate(available, gateways({})), WaiterState::retry);
}

TEST(WaiterEvaluate, SeesAStateFromWhichThereIsNoWay) {
    EXPECT_EQ(evaluate(waiter("ec2", "NatGatewayAvailable"), gateways({"available", "failed"})), WaiterState::failure);
}

TEST(WaiterEvaluate, TakesAnErrorThatItKnowsAsAnAnswer) {
    const auto gone = error_of(ErrorKind::not_found, "NatGatewayNotFound");

    EXPECT_EQ(evaluate(waiter("ec2", "NatGatewayAvailable"), gone), WaiterState::retry);
    EXPECT_EQ(evaluate(waiter("ec2", "NatGatewayDeleted"), gone), WaiterState::success);
    EXPECT_EQ(evaluate(waiter("ec2", "NatGatewayAvailable"), error_of(ErrorKind::access_denied, "UnauthorizedOperation")),
              WaiterState::failure);
}

TEST(WaiterEvaluate, KnowsTheStatusOfAnswersWithoutBody) {
    const auto& exists = waiter("s3", "BucketExists");
    const auto& absent = waiter("s3", "BucketNotExists");

    EXPECT_EQ(evaluate(exists, Value{ValueMap{}}), WaiterState::success);
    EXPECT_EQ(evaluate(exists, error_of(ErrorKind::not_found, "404")), WaiterState::retry);
    EXPECT_EQ(evaluate(exists, error_of(ErrorKind::not_found, "NoSuchBucket")), WaiterState::retry);
    EXPECT_EQ(evaluate(absent, error_of(ErrorKind::not_found, "404")), WaiterState::success);
    EXPECT_EQ(evaluate(absent, Value{ValueMap{}}), WaiterState::retry);
}

TEST(WaiterEvaluate, ComparesBooleansByTheirJsonText) {
    const auto cluster = [](int running, int desired) {
        return Value{ValueMap{
            {"services",
             ValueList{ValueMap{
                 {"status", "ACTIVE"}, {"runningCount", running}, {"desiredCount", desired}, {"deployments", ValueList{ValueMap{}}}}}},
            {"failures", ValueList{}}}};
    };

    EXPECT_EQ(evaluate(waiter("ecs", "ServicesStable"), cluster(2, 2)), WaiterState::success);
    EXPECT_EQ(evaluate(waiter("ecs", "ServicesStable"), cluster(1, 2)), WaiterState::retry);
}

TEST(WaitUntil, AsksAgainUntilTheWaiterIsContent) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        return wire::plain_answer(fmt::format(
            "<DescribeNatGatewaysResponse><natGatewaySet><item><state>{}</state></item></natGatewaySet></DescribeNatGatewaysResponse>",
            ++asked < 3 ? "pending" : "available"));
    }};
    const auto client = aws.client();

    const auto answer = wait_until_and_wait(*client, *aws.http, real_clock(), waiter("ec2", "NatGatewayAvailable"),
                                            {.service = find_service("ec2"), .params = ValueMap{}}, {.poll = 5ms, .timeout = 10s});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->find("NatGateways")->list()->front().find("State")->text_or(""), "available");
    EXPECT_EQ(asked, 3);
}

TEST(WaitUntil, EndsWhenItsTimeIsUp) {
    const FakeAws aws{[](const wire::SeenRequest&) {
        return wire::plain_answer("<DescribeNatGatewaysResponse><natGatewaySet/></DescribeNatGatewaysResponse>");
    }};
    const auto client = aws.client();

    const auto answer = wait_until_and_wait(*client, *aws.http, real_clock(), waiter("ec2", "NatGatewayAvailable"),
                                            {.service = find_service("ec2"), .params = ValueMap{}}, {.poll = 5ms, .timeout = 50ms});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::timeout);
    EXPECT_EQ(answer.error().summary, "Not ready in time");
}

TEST(WaitUntil, EndsWhenTheThingHasFailed) {
    const FakeAws aws{[](const wire::SeenRequest&) {
        return wire::plain_answer(
            "<DescribeNatGatewaysResponse><natGatewaySet><item><state>failed</state></item></natGatewaySet></DescribeNatGatewaysResponse>");
    }};
    const auto client = aws.client();

    const auto answer = wait_until_and_wait(*client, *aws.http, real_clock(), waiter("ec2", "NatGatewayAvailable"),
                                            {.service = find_service("ec2"), .params = ValueMap{}}, {.poll = 5ms});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().summary, "Will not become ready");
}

}  // namespace
}  // namespace strata::aws
