#include "providers/aws/client/client.hpp"

#include <atomic>
#include <latch>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "tests/providers/aws/client/fake_aws.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::aws {
namespace {

using namespace std::chrono_literals;

TEST(Client, SignsAndAnswersACall) {
    wire::SeenRequest seen;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        seen = request;
        return vpcs("vpc-1 vpc-2");
    }};

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs", {{"VpcIds", ValueList{"vpc-1", "vpc-2"}}}));

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->find("Vpcs")->list()->size(), 2U);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_NE(seen.headers.find("Authorization")->find("Credential=AKIAEXAMPLE/"), std::string::npos);
    EXPECT_NE(seen.headers.find("Authorization")->find("/ca-central-1/ec2/aws4_request"), std::string::npos);
    EXPECT_EQ(parameter(seen, "Action"), "DescribeVpcs");
}

TEST(Client, GivesUpAnAnswerThatIsLongerThanAnyServiceSends) {
    const FakeAws aws{[](const wire::SeenRequest&) { return wire::plain_answer(std::string(9'000'000, ' ')); }};

    EXPECT_EQ(outcome(aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs", {}))), "protocol sent Answer too long");
}

TEST(Client, AsksForItsIdentityOnce) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return wire::plain_answer(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws-cn:sts::123456789012:assumed-role/r/s</Arn>"
            "<UserId>u</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
    }};
    const auto client = aws.client();

    const auto identity = client->identity();
    const auto again = client->identity();

    ASSERT_TRUE(identity) << identity.error().text();
    EXPECT_EQ(identity->account, "123456789012");
    EXPECT_EQ(identity->partition, "aws-cn");
    EXPECT_EQ(identity->region, "ca-central-1");
    EXPECT_EQ(again->arn, identity->arn);
    EXPECT_EQ(asked, 1);
}

TEST(Client, AsksThrottledCallsAgainMoreSlowly) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) { return ++asked < 4 ? ec2_error("RequestLimitExceeded", 503) : one_vpc(); }};
    const auto client = aws.client();

    // Throttled means not carried out: even a create without token is sent again.
    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}))), "answered");
    EXPECT_EQ(client->counters().throttled, 3U);
}

TEST(Client, FinishesWhenAThirdOfAllCallsAreThrottled) {
    std::atomic<unsigned> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        return (++asked * 2654435761U >> 16U) % 10 < 3 ? ec2_error("RequestLimitExceeded", 503) : vpcs("vpc-1");
    }};
    const auto client = aws.client();
    std::latch done{60};
    std::atomic<int> good = 0;

    for (int i = 0; i < 60; ++i)
        client->call(call_of("ec2", "DescribeVpcs"), [&](Result<Value> answer) {
            if (answer) ++good;
            done.count_down();
        });
    done.wait();

    EXPECT_EQ(good, 60);
    EXPECT_LT(client->counters().calls, 120U);
}

TEST(Client, GivesUpAThrottledCallAtItsDeadline) {
    const FakeAws aws{[](const wire::SeenRequest&) { return ec2_error("RequestLimitExceeded", 503); }};
    auto options = aws.options();
    options.deadline = 400ms;
    const auto begin = std::chrono::steady_clock::now();

    const auto answer = aws.client(options)->call_and_wait(call_of("ec2", "DescribeVpcs"));

    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().kind == ErrorKind::throttled || answer.error().kind == ErrorKind::timeout) << answer.error().text();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST(Client, KeepsToAPublishedRate) {
    const FakeAws aws{[](const wire::SeenRequest&) { return wire::plain_answer("<DeleteVpcEndpointsResponse/>"); }};
    auto options = aws.options();
    options.published_limits = true;
    const auto client = aws.client(options);
    std::atomic<int> ended = 0;
    const auto begin = std::chrono::steady_clock::now();

    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DeleteVpcEndpoints", {{"VpcEndpointIds", ValueList{"vpce-1"}}}))),
                  "answered");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
    client->call(call_of("ec2", "DeleteVpcEndpoints", {{"VpcEndpointIds", ValueList{"vpce-1"}}}), [&](Result<Value>) { ++ended; });
    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");

    // The fifth waits some three seconds for its token, and holds nothing else up.
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(client->counters().calls, 5U);
    aws.http->stop();
}

TEST(Client, CorrectsItsClockOnce) {
    std::mutex mutex;
    std::vector<std::string> dates;
    const auto server_time = real_clock().now() + 24h;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const std::lock_guard lock{mutex};
        dates.push_back(*request.headers.find("X-Amz-Date"));
        const auto date = fmt::format("Date: {}\r\n", http_date(server_time));
        const auto signed_at = *parse_iso8601(dates.back());
        if (std::chrono::abs(signed_at - server_time) > 5min)
            return wire::plain_answer(
                "<Response><Errors><Error><Code>RequestExpired</Code><Message>m</Message></Error></Errors></Response>", 400, date);
        return wire::plain_answer("<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>", 200, date);
    }};
    const auto client = aws.client();

    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
    EXPECT_EQ(dates.size(), 3U);
}

TEST(Client, AWrongClockNeverBecomesALoop) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        // A server whose time leaps about cannot be followed.
        const auto date = fmt::format("Date: {}\r\n", http_date(real_clock().now() + ++asked * 24h));
        return wire::plain_answer(
            "<Response><Errors><Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error></Errors></Response>", 403, date);
    }};

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "RequestTimeTooSkewed");
    EXPECT_EQ(asked, 2);
}

TEST(Client, FetchesExpiredCredentialsAnewOnce) {
    const ScratchFolder folder;
    // Hands out K1 at its first run, K11 at its second, K111 at its third.
    const auto config = "[default]\ncredential_process = printf 1 >> " + (folder / "runs").string() +
                        R"(; echo "{\"Version\":1,\"AccessKeyId\":\"K$(cat )" + (folder / "runs").string() +
                        R"()\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}")" + "\n";
    ASSERT_TRUE(real_files().replace(folder / "config", config));
    std::string accepted = "Credential=K11/";
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const bool good = request.headers.find("Authorization")->find(accepted) != std::string::npos;
        return good ? vpcs("vpc-1") : ec2_error("ExpiredToken", 400);
    }};
    auto options = aws.options();
    options.environment = fixed_environment({{"AWS_CONFIG_FILE", folder / "config"}, {"AWS_SHARED_CREDENTIALS_FILE", folder / "none"}});
    const auto client = aws.client(options);

    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "answered");
    accepted = "Credential=never/";
    const auto refused = client->call_and_wait(call_of("ec2", "DescribeVpcs"));

    EXPECT_EQ(outcome(refused), "credentials ExpiredToken AWS does not accept the credentials");
    EXPECT_EQ(client->counters().calls, 4U);
}

TEST(Client, WithoutCredentialsEveryCallSaysWhatWasTried) {
    const FakeAws aws{[](const wire::SeenRequest&) { return vpcs("vpc-1"); }};
    auto options = aws.options();
    options.environment = fixed_environment({{"HOME", "/nowhere"}, {"AWS_EC2_METADATA_DISABLED", "true"}});
    const auto client = aws.client(options);

    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "credentials  No AWS credentials found");
    EXPECT_EQ(client->counters().calls, 0U);
    EXPECT_FALSE(client->prepare(call_of("ec2", "DescribeVpcs")));
}

TEST(Client, ReportsAnErrorOfTheServiceAtOnce) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return ec2_error("InvalidVpcID.NotFound", 400, "The vpc ID 'vpc-9' does not exist");
    }};

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs", {{"VpcIds", ValueList{"vpc-9"}}}));

    EXPECT_EQ(answer.error().kind, ErrorKind::not_found) << answer.error().text();
    EXPECT_EQ(answer.error().code, "InvalidVpcID.NotFound");
    EXPECT_EQ(asked, 1);
}

TEST(Client, ReportsParametersThatDoNotFitBeforeItSends) {
    const FakeAws aws{[](const wire::SeenRequest&) { return one_vpc(); }};
    const auto client = aws.client();

    const auto answer = client->call_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlok", "10.0.0.0/16"}}));

    EXPECT_EQ(answer.error().kind, ErrorKind::invalid_program);
    EXPECT_EQ(client->counters().calls, 0U);
}

TEST(Client, ReadsALongAnswer) {
    std::string ids = "vpc-0";
    for (int i = 1; i < 20'000; ++i) ids += fmt::format(" vpc-{}", i);
    const FakeAws aws{[&](const wire::SeenRequest&) { return vpcs(ids); }};
    bool on_loop = false;
    std::size_t count = 0;
    std::latch done{1};

    const auto client = aws.client();
    client->call(call_of("ec2", "DescribeVpcs"), [&](Result<Value> answer) {
        on_loop = aws.http->on_loop_thread();
        if (answer) count = answer->find("Vpcs")->list()->size();
        done.count_down();
    });
    done.wait();

    EXPECT_EQ(count, 20'000U);
    EXPECT_TRUE(on_loop);
}

TEST(Client, ReadsAnErrorBodyOfTenMegabytesAndGivesOneShortError) {
    const FakeAws aws{[](const wire::SeenRequest&) { return wire::plain_answer(std::string(10'000'000, 'x'), 400); }};

    const auto answer = aws.client()->call_and_wait(call_of("ec2", "DescribeVpcs"));

    ASSERT_FALSE(answer);
    EXPECT_LT(answer.error().text().size(), 1000U);
}

TEST(Client, StopEndsCallsThatWaitForTheirNextAttempt) {
    const FakeAws aws{[](const wire::SeenRequest&) { return ec2_error("RequestLimitExceeded", 503); }};
    const auto client = aws.client();
    std::latch done{20};

    for (int i = 0; i < 20; ++i) client->call(call_of("ec2", "DescribeVpcs"), [&](Result<Value>) { done.count_down(); });
    std::this_thread::sleep_for(50ms);
    aws.http->stop();
    done.wait();

    EXPECT_EQ(outcome(client->call_and_wait(call_of("ec2", "DescribeVpcs"))), "interrupted not_sent Request interrupted");
}

TEST(Client, PreparesARequestWithoutSendingIt) {
    const FakeAws aws{[](const wire::SeenRequest&) { return one_vpc(); }};
    const auto client = aws.client();

    const auto request = client->prepare(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}}));

    ASSERT_TRUE(request) << request.error().text();
    EXPECT_EQ(request->url, aws.server.url() + "/");
    EXPECT_NE(request->body.find("CidrBlock=10.0.0.0%2F16"), std::string::npos);
    EXPECT_NE(request->headers.find("Authorization"), nullptr);
    EXPECT_EQ(client->counters().calls, 0U);
}

TEST(Client, PresignsACallOfAFormProtocolAsAGet) {
    wire::SeenRequest seen;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        seen = request;
        return wire::plain_answer("who");
    }};

    const auto url = aws.client()->presign(call_of("sts", "GetCallerIdentity"), 60s);
    ASSERT_TRUE(url) << url.error().text();
    const auto answer = aws.http->send_and_wait({.url = *url});

    EXPECT_EQ(answer->body, "who");
    EXPECT_TRUE(seen.target.starts_with("/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&")) << seen.target;
    EXPECT_NE(seen.target.find("&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="), std::string::npos) << seen.target;
}

/// Host names of AWS itself, served by the tiny server as a proxy.
class ThroughProxy : public testing::Test {
protected:
    ~ThroughProxy() override { ::unsetenv("http_proxy"); }
};

TEST_F(ThroughProxy, ABucketOfAnotherRegionIsAskedThere) {
    std::mutex mutex;
    std::vector<std::string> targets;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const std::lock_guard lock{mutex};
        targets.push_back(request.target);
        const bool right = request.headers.find("Authorization")->find("/eu-west-1/s3/") != std::string::npos;
        return right ? wire::plain_answer("", 200) : wire::plain_answer("", 301, "x-amz-bucket-region: eu-west-1\r\n");
    }};
    ::setenv("http_proxy", aws.server.url().c_str(), 1);
    auto options = aws.options();
    // Without TLS, so that the test can play AWS.
    options.endpoint = "http://s3.ca-central-1.amazonaws.com";
    const auto answer = aws.client(options)->call_and_wait(call_of("s3", "HeadBucket", {{"Bucket", "my-bucket"}}));

    ASSERT_FALSE(targets.empty());
    EXPECT_EQ(targets.front(), "http://my-bucket.s3.ca-central-1.amazonaws.com/");
    EXPECT_TRUE(answer) << answer.error().text();
}

TEST(Client, ABucketThatAnotherHostRedirectsIsAnError) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return wire::plain_answer("<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>", 301,
                                  "x-amz-bucket-region: eu-west-1\r\nLocation: http://evil.example/\r\n");
    }};

    const auto answer = aws.client()->call_and_wait(call_of("s3", "ListObjectsV2", {{"Bucket", "my-bucket"}}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "PermanentRedirect");
    EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace strata::aws
