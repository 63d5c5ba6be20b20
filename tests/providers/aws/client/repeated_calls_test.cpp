#include "providers/aws/client/client.hpp"

#include <atomic>
#include <set>

#include <gtest/gtest.h>

#include "tests/providers/aws/client/fake_aws.hpp"

namespace strata::aws {
namespace {

using namespace std::chrono_literals;

TEST(RepeatedCalls, RepeatsAReadWhenTheServerStumbles) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) { return ++asked < 4 ? ec2_error("Unavailable", 503) : vpcs("vpc-1"); }};
    const auto client = aws.client();

    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
    EXPECT_EQ(client->counters().calls, 4U);
    EXPECT_EQ(client->counters().retries, 3U);
}

TEST(RepeatedCalls, RepeatsAReadWhenItsAnswerIsLost) {
    std::atomic<int> asked = 0;
    const auto aws = FakeAws::raw([&](wire::Peer& peer) {
        while (peer.read_request()) {
            if (++asked < 3) return peer.reset();
            peer.write(vpcs("vpc-1"));
        }
    });

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
    EXPECT_EQ(asked, 3);
}

TEST(RepeatedCalls, DoesNotRepeatACreateWhoseAnswerWasLost) {
    std::atomic<int> created = 0;
    const auto aws = FakeAws::raw([&](wire::Peer& peer) {
        if (peer.read_request()) ++created;
    });

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}));

    EXPECT_EQ(outcome(answer), "outcome_unknown  Outcome unknown");
    EXPECT_EQ(created, 1);
    EXPECT_NE(answer.error().cause.find("ec2 CreateVpc was sent, and no answer says whether it was carried out."), std::string::npos);
}

TEST(RepeatedCalls, DoesNotRepeatACreateThatEndedInAServerError) {
    std::atomic<int> created = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++created;
        return ec2_error("InternalError", 500);
    }};

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}))),
              "outcome_unknown InternalError Outcome unknown");
    EXPECT_EQ(created, 1);
}

TEST(RepeatedCalls, RepeatsACreateWithItsTokenUnchanged) {
    std::mutex mutex;
    std::vector<std::string> tokens;
    const auto aws = FakeAws::raw([&](wire::Peer& peer) {
        while (const auto request = peer.read_request()) {
            const std::lock_guard lock{mutex};
            tokens.push_back(parameter(*request, "ClientToken"));
            if (tokens.size() == 1) return peer.reset();
            if (tokens.size() == 2) peer.write(ec2_error("InternalError", 500));
            else
                peer.write(wire::plain_answer(
                    "<CreateNatGatewayResponse><natGateway><natGatewayId>nat-1</natGatewayId></natGateway></CreateNatGatewayResponse>"));
        }
    });
    auto call = call_of("ec2", "CreateNatGateway", {{"SubnetId", "subnet-1"}});
    call.token = "0123456789abcdef0123456789abcdef";

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call)), "answered");
    EXPECT_EQ(tokens, (std::vector<std::string>(3, call.token)));
}

TEST(RepeatedCalls, MakesOneTokenForAllAttemptsWhereNoneIsGiven) {
    std::mutex mutex;
    std::set<std::string> tokens;
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const std::lock_guard lock{mutex};
        tokens.insert(parameter(request, "ClientToken"));
        return ++asked < 3 ? ec2_error("InternalError", 500) : wire::plain_answer("<CreateNatGatewayResponse/>");
    }};

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "CreateNatGateway", {{"SubnetId", "s"}}))), "answered");
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_EQ(tokens.begin()->size(), 32U);
}

TEST(RepeatedCalls, ACreateWithTokenThatNeverGetsADefiniteAnswerIsUnknownToo) {
    const FakeAws aws{[](const wire::SeenRequest&) { return ec2_error("InternalError", 500); }};
    auto options = aws.options();
    options.max_retries = 2;

    EXPECT_EQ(outcome(aws.client(options)->call_and_wait(call_of("ec2", "CreateNatGateway", {{"SubnetId", "s"}}))),
              "outcome_unknown InternalError Outcome unknown");
}

TEST(RepeatedCalls, RepeatsAChangeThatIsMarkedRepeatable) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        return ++asked < 3 ? ec2_error("InternalError", 500)
                           : wire::plain_answer("<DeleteVpcResponse><return>true</return></DeleteVpcResponse>");
    }};
    auto call = call_of("ec2", "DeleteVpc", {{"VpcId", "vpc-1"}});
    call.repeatable = true;

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call)), "answered");
    EXPECT_EQ(asked, 3);
}

TEST(RepeatedCalls, AnEndpointThatIsDownIsReportedWithinASecond) {
    ClientOptions options;
    {
        const FakeAws gone{[](const wire::SeenRequest&) { return std::string{}; }};
        options = gone.options();
    }
    const auto http = *wire::Http::start({});
    const auto client = Client::create(options, *http, real_clock());
    const auto begin = std::chrono::steady_clock::now();

    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}))),
              "network not_sent Cannot connect");
    EXPECT_EQ(client->counters().calls, 4U);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST(RepeatedCalls, DoesNotRepeatAPageThatAnEmulatorAnswersForWhatItLacks) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return wire::plain_answer("<!doctype html><title>500 Internal Server Error</title>", 500, "Content-Type: text/html\r\n");
    }};

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"));

    EXPECT_EQ(answer.error().kind, ErrorKind::protocol);
    EXPECT_EQ(asked, 1);
}

TEST(RepeatedCalls, APageWithStatusTwoHundredIsNoAnswer) {
    const FakeAws aws{[](const wire::SeenRequest&) { return wire::plain_answer("<!DOCTYPE html><title>Sign in</title>", 200); }};

    const auto read = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"));
    const auto change = aws.client()->call_and_wait(call_of("ec2", "DeleteVpc", {{"VpcId", "vpc-1"}}));

    EXPECT_EQ(read.error().text(),
              "Answer does not come from AWS\n  ec2 DescribeVpcs: status 200, the body begins with: <!DOCTYPE html><title>Sign in</title>\n"
              "  Check the endpoint, and any proxy between here and it.");
    EXPECT_EQ(outcome(change), "outcome_unknown  Outcome unknown");
}

TEST(RepeatedCalls, AChangeWhoseAnswerCannotBeReadMayHaveBeenMade) {
    const FakeAws aws{[](const wire::SeenRequest&) { return wire::plain_answer("<CreateVpcResponse><vpc><vpcId>vpc-1</vp", 200); }};

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}))),
              "outcome_unknown  Outcome unknown");
}

TEST(RepeatedCalls, WhatExistsAfterALostAnswerMayBeWhatThatAttemptMade) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        constexpr auto json = "Content-Type: application/x-amz-json-1.1\r\n";
        return ++asked == 1 ? wire::plain_answer(R"({"__type":"InternalServiceError","message":"Sorry."})", 500, json)
                            : wire::plain_answer(R"({"__type":"ResourceExistsException","message":"It exists."})", 400, json);
    }};
    auto create = call_of("secretsmanager", "CreateSecret", {{"Name", "a"}, {"ClientRequestToken", std::string(32, 'a')}});
    create.repeatable = true;

    EXPECT_EQ(outcome(aws.client()->call_and_wait(create)), "outcome_unknown ResourceExistsException Outcome unknown");
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(aws.client()->call_and_wait(create).error().kind, ErrorKind::conflict) << "somebody else's, where no answer was lost";
}

TEST(RepeatedCalls, RepeatsWhenAGatewayAnswersWithAPage) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) { return ++asked < 3 ? wire::plain_answer("<html>504</html>", 504) : vpcs("vpc-1"); }};

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
}

}  // namespace
}  // namespace strata::aws
