#include "providers/aws/client/trace.hpp"

#include <mutex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "tests/providers/aws/client/fake_aws.hpp"

namespace strata::aws {
namespace {

constexpr const char* canary = "can\"ary & <pass>/word+1";

/// The canary in every form in which it might slip out.
bool holds_canary(const std::string& text) {
    for (const auto& form : {std::string{canary}, std::string{"can\\\"ary"}, std::string{"can&quot;ary"}, percent_encode(canary),
                             base64_encode(canary), std::string{"pass>/word"}, std::string{"pass&gt;/word"}})
        if (text.find(form) != std::string::npos) return true;
    return false;
}

const Shape* input_of(std::string_view service, std::string_view operation) { return find_service(service)->operation(operation)->input; }

TEST(Masked, HidesWhatTheModelCallsSensitive) {
    const auto shown = to_json(
        masked(ValueMap{{"Name", "n"}, {"SecretString", canary}, {"Description", "d"}}, input_of("secretsmanager", "CreateSecret")));

    EXPECT_EQ(shown, R"x({"Description":"d","Name":"n","SecretString":"(secret)"})x");
}

TEST(Masked, HidesWhatTheProgramMarkedAndWhatSoundsSecret) {
    const Value params = ValueMap{{"MasterUserPassword", canary},
                                  {"DBInstanceIdentifier", "db"},
                                  {"Tags", ValueList{ValueMap{{"Key", "k"}, {"Value", Value::secret(canary)}}}}};

    EXPECT_EQ(to_json(masked(params, input_of("rds", "CreateDBInstance"))),
              R"x({"DBInstanceIdentifier":"db","MasterUserPassword":"(secret)","Tags":[{"Key":"k","Value":"(secret)"}]})x");
    EXPECT_EQ(to_json(masked(params, nullptr)), to_json(masked(params, input_of("rds", "CreateDBInstance"))));
}

TEST(Masked, CountsTheBytesOfAnObject) {
    const Value params = ValueMap{{"Key", "k"}, {"Body", Bytes{std::string(257, 'x')}}, {"Other", Bytes{"short"}}};

    EXPECT_EQ(to_json(masked(params, input_of("s3", "PutObject"))), R"x({"Body":"(257 bytes)","Key":"k","Other":"c2hvcnQ="})x");
}

TEST(Outlined, ShowsOfTextsThatSomebodyPutThereOnlyHowLongTheyAre) {
    const auto* const output = find_service("ssm")->operation("DescribeParameters")->output;
    const Value answer = ValueMap{{"Parameters", ValueList{ValueMap{{"Name", "/a"}, {"Description", "somebody's"}, {"Version", 2}}}}};

    EXPECT_EQ(to_json(outlined(answer, output)), R"x({"Parameters":[{"Description":"(10 characters)","Name":"/a","Version":2}]})x");
}

TEST(Outlined, TakesTheKeysOfAMapForNobodysNames) {
    const auto* const output = find_service("sqs")->operation("ListQueueTags")->output;

    EXPECT_EQ(to_json(outlined(ValueMap{{"Tags", ValueMap{{"owner_id", "somebody's"}}}}, output)),
              R"x({"Tags":{"owner_id":"(10 characters)"}})x");
}

TEST(Redactor, TakesOutWhatTheModelCallsSensitiveAndWhatIsKnown) {
    KnownSecrets known;
    known.add("a known one");
    const Value params = ValueMap{{"SecretString", canary}, {"Name", "plain-name"}};
    const Redactor redactor{known, params, input_of("secretsmanager", "CreateSecret")};

    EXPECT_EQ(redactor(fmt::format("{} | {} | a known one | plain-name", canary, json_quoted(canary))),
              "(secret) | \"(secret)\" | (secret) | plain-name");
}

TEST(ShownRequest, HidesSignatureTokenAndSecrets) {
    wire::Request request{.method = "PUT",
                          .url = "https://h/p?X-Amz-Signature=abc&x=1&X-Amz-Security-Token=tok",
                          .headers = {{"Authorization", "AWS4 Signature=abc"}, {"x-amz-security-token", "tok"}, {"Content-Type", "t"}},
                          .body = fmt::format("<a>{}</a>", canary)};
    const KnownSecrets known;
    const Value params = ValueMap{{"Password", canary}};
    const Redactor redactor{known, params, nullptr};

    EXPECT_EQ(shown_request(request, redactor),
              "PUT https://h/p?X-Amz-Signature=(secret)&x=1&X-Amz-Security-Token=(secret)\nAuthorization: (secret)\nx-amz-security-token: "
              "(secret)\nContent-Type: t\n\n<a>(secret)</a>");
}

TEST(Trace, HoldsNoSecretOfCallAnswerOrCredentials) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        // The service repeats what it was sent: in an error first, then in its answer.
        if (++asked == 1)
            return wire::plain_answer(fmt::format(R"({{"__type":"ThrottlingException","message":{}}})", json_quoted(canary)), 400);
        EXPECT_NE(request.body.find("can\\\"ary"), std::string::npos);
        return wire::plain_answer(fmt::format(R"({{"Name":"n","ARN":"arn","SecretString":{}}})", json_quoted(canary)));
    }};
    std::mutex mutex;
    std::string lines;
    const auto client = aws.client(aws.options(), [&](std::string_view line) {
        const std::lock_guard lock{mutex};
        lines += fmt::format("{}\n", line);
    });

    ASSERT_TRUE(client->call_and_wait(call_of("secretsmanager", "CreateSecret", {{"Name", "n"}, {"SecretString", canary}})));
    ASSERT_TRUE(client->call_and_wait(call_of("secretsmanager", "GetSecretValue", {{"SecretId", canary}})));

    EXPECT_NE(lines.find("-> secretsmanager CreateSecret POST"), std::string::npos) << lines;
    EXPECT_NE(lines.find("ThrottlingException"), std::string::npos) << lines;
    EXPECT_EQ(lines.find("canary-secret-key"), std::string::npos);
    const auto secret_value = lines.find("-> secretsmanager GetSecretValue");
    EXPECT_FALSE(holds_canary(lines.substr(0, secret_value))) << lines;
    EXPECT_FALSE(holds_canary(lines.substr(lines.find("<- secretsmanager GetSecretValue")))) << lines;
}

TEST(Error, ThatRepeatsASecretDoesNotShowIt) {
    const FakeAws aws{[&](const wire::SeenRequest&) {
        return wire::plain_answer(fmt::format(R"({{"__type":"InvalidParameterException","message":{}}})",
                                              json_quoted(fmt::format("cannot store {} here", canary))),
                                  400);
    }};

    const auto answer = aws.client()->call_and_wait(call_of("secretsmanager", "CreateSecret", {{"Name", "n"}, {"SecretString", canary}}));

    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().cause.find("cannot store (secret) here"), std::string::npos) << answer.error().cause;
    EXPECT_FALSE(holds_canary(answer.error().text()));
}

TEST(Error, ThatRepeatsItsRequestShowsNoCredentials) {
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const auto token = request.headers.find("x-amz-security-token");
        return wire::plain_answer(fmt::format(R"({{"__type":"SignatureDoesNotMatch","message":{}}})",
                                              json_quoted(fmt::format("sent: {}", token == nullptr ? "" : *token))),
                                  403);
    }};
    auto options = aws.options();
    options.environment = fixed_environment(
        {{"AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "canary-secret-key"}, {"AWS_SESSION_TOKEN", "canary-token"}});
    std::mutex mutex;
    std::string lines;
    const auto client = aws.client(options, [&](std::string_view line) {
        const std::lock_guard lock{mutex};
        lines += fmt::format("{}\n", line);
    });

    const auto answer = client->call_and_wait(call_of("sqs", "ListQueues"));

    ASSERT_FALSE(answer);
    EXPECT_EQ((answer.error().text() + lines).find("canary-token"), std::string::npos) << answer.error().text() << lines;
    EXPECT_NE(answer.error().cause.find("sent: (secret)"), std::string::npos) << answer.error().cause;
}

TEST(Error, ThatRepeatsWhatTheCommandKnowsToBeSecretDoesNotShowIt) {
    const FakeAws aws{[&](const wire::SeenRequest&) {
        return wire::plain_answer(fmt::format(R"({{"__type":"InvalidParameterException","message":{}}})", json_quoted(canary)), 400);
    }};
    KnownSecrets known;
    known.add(canary);
    auto options = aws.options();
    options.secrets = &known;

    const auto answer =
        aws.client(options)->call_and_wait(call_of("secretsmanager", "CreateSecret", {{"Name", "n"}, {"Description", canary}}));

    ASSERT_FALSE(answer);
    EXPECT_FALSE(holds_canary(answer.error().text())) << answer.error().text();
}

}  // namespace
}  // namespace strata::aws
