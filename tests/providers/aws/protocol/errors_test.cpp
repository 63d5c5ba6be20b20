#include <array>

#include "providers/aws/protocol/error_kinds.hpp"
#include "tests/providers/aws/protocol/calls.hpp"

namespace strata::aws {
namespace {

Error error_of(std::string_view service, std::string_view operation, const wire::Response& response) {
    const Called called{service, operation};
    EXPECT_TRUE(is_error(*called.service, *called.operation, response));
    return parse_error(*called.service, *called.operation, response);
}

TEST(ParseError, ReadsTheErrorsOfEc2) {
    const auto error = error_of("ec2", "DescribeVpcs", {.status = 400, .body = R"(<?xml version="1.0"?><Response><Errors><Error>
<Code>InvalidVpcID.NotFound</Code><Message>The vpc ID 'vpc-1' does not exist</Message></Error></Errors><RequestID>req-1</RequestID></Response>)"});

    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.code, "InvalidVpcID.NotFound");
    EXPECT_EQ(error.summary, "Not found in AWS");
    EXPECT_EQ(error.cause, "ec2 DescribeVpcs: The vpc ID 'vpc-1' does not exist (InvalidVpcID.NotFound, status 400, request req-1)");
}

TEST(ParseError, ReadsTheErrorsOfQuery) {
    const auto error = error_of("iam", "GetRole",
                                {.status = 404,
                                 .body = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code>"
                                         "<Message>no etl</Message></Error><RequestId>r</RequestId></ErrorResponse>"});

    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.cause, "iam GetRole: no etl (NoSuchEntity, status 404, request r)");
}

TEST(ParseError, ReadsTheErrorsOfJsonWhereverTheCodeStands) {
    const auto code = [](wire::Headers headers, std::string body) {
        return error_of("glue", "GetJob", {.status = 400, .headers = std::move(headers), .body = std::move(body)}).code;
    };

    EXPECT_EQ(code({}, R"({"__type": "EntityNotFoundException", "Message": "x"})"), "EntityNotFoundException");
    EXPECT_EQ(code({}, R"({"__type": "com.amazonaws.glue#EntityNotFoundException:http://x/", "message": "x"})"), "EntityNotFoundException");
    EXPECT_EQ(code({{"X-Amzn-ErrorType", "EntityNotFoundException:http://internal.amazon.com/"}}, "{}"), "EntityNotFoundException");
    EXPECT_EQ(code({}, R"({"code": "AccessDeniedException"})"), "AccessDeniedException");
}

TEST(ParseError, TakesTheQueryCodeOfServicesThatOnceSpokeIt) {
    wire::Response response{
        .status = 400,
        .headers = {{"x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}, {"x-amzn-RequestId", "r"}},
        .body = R"({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"})"};
    const auto error = error_of("sqs", "GetQueueUrl", response);

    EXPECT_EQ(error.code, "AWS.SimpleQueueService.NonExistentQueue");
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.cause, "sqs GetQueueUrl: no such queue (AWS.SimpleQueueService.NonExistentQueue, status 400, request r)");
}

TEST(ParseError, ReadsTheErrorsOfS3) {
    const auto error = error_of("s3", "GetBucketPolicy",
                                {.status = 404,
                                 .body = "<Error><Code>NoSuchBucketPolicy</Code><Message>none</Message>"
                                         "<RequestId>r</RequestId><HostId>h</HostId></Error>"});

    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.code, "NoSuchBucketPolicy");
}

TEST(ParseError, BelievesTheStatusWhereHeadHasNoBody) {
    EXPECT_EQ(error_of("s3", "HeadBucket", {.status = 404}).kind, ErrorKind::not_found);
    EXPECT_EQ(error_of("s3", "HeadBucket", {.status = 403}).kind, ErrorKind::access_denied);
    EXPECT_EQ(error_of("s3", "HeadObject", {.status = 412}).kind, ErrorKind::conflict);
    EXPECT_EQ(error_of("s3", "HeadBucket", {.status = 301, .headers = {{"x-amz-bucket-region", "eu-west-1"}}}).cause,
              "s3 HeadBucket: the bucket is in region eu-west-1 (301, status 301)");
}

TEST(ParseError, FindsTheErrorThatS3SaysAfter200) {
    const wire::Response late{.status = 200,
                              .body = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>again</Message></Error>"};

    EXPECT_EQ(error_of("s3", "CopyObject", late).code, "InternalError");
    EXPECT_EQ(error_of("s3", "CompleteMultipartUpload", late).kind, ErrorKind::service);
}

TEST(ParseError, LeavesAnObjectThatLooksLikeAnErrorAlone) {
    const Called get{"s3", "GetObject"};
    const Called copy{"s3", "CopyObject"};

    EXPECT_FALSE(is_error(*get.service, *get.operation, {.status = 200, .body = "<Error>mine</Error>"}));
    EXPECT_FALSE(is_error(*copy.service, *copy.operation, {.status = 200, .body = "<CopyObjectResult/>"}));
    EXPECT_FALSE(is_error(*copy.service, *copy.operation, {.status = 200, .body = "<Errors/>"}));
}

TEST(ParseError, TellsAProxysPageFromTheService) {
    for (const auto& [service, operation] :
         {std::pair{"ec2", "DescribeVpcs"}, {"iam", "GetRole"}, {"glue", "GetJob"}, {"s3", "ListBuckets"}}) {
        const auto error = error_of(service, operation, {.status = 503, .body = "<html>\n<h1>Bad\x01 gateway</h1>\n</html>"});
        EXPECT_EQ(error.kind, ErrorKind::protocol);
        EXPECT_EQ(error.cause,
                  std::string{service} + " " + operation + ": status 503, the body begins with: <html> <h1>Bad  gateway</h1> </html>");
    }
}

TEST(ParseError, ReportsEmptyAndTruncatedAnswers) {
    EXPECT_EQ(error_of("glue", "GetJob", {.status = 500}).cause, "glue GetJob: status 500, the body is empty");
    EXPECT_EQ(error_of("glue", "GetJob", {.status = 400, .body = R"({"__type": "Entity)"}).kind, ErrorKind::protocol);
    EXPECT_EQ(error_of("iam", "GetRole", {.status = 400, .body = "<ErrorResponse><Error><Code>NoSuchEn"}).kind, ErrorKind::protocol);
}

TEST(ParseError, StaysShortWhateverTheAnswer) {
    const std::string long_text(10'000'000, 'x');
    const auto page = error_of("iam", "GetRole", {.status = 500, .body = long_text});
    const auto message =
        error_of("glue", "GetJob", {.status = 400, .body = R"({"__type": "A", "message": ")" + long_text.substr(0, 500'000) + "\"}"});
    const auto code = error_of("glue", "GetJob", {.status = 400, .body = R"({"__type": ")" + long_text.substr(0, 500'000) + "\"}"});

    EXPECT_EQ(page.cause, "iam GetRole: status 500, the body begins with: " + std::string(200, 'x') + "...");
    EXPECT_LT(message.text().size(), 1200U);
    EXPECT_LT(code.text().size(), 600U);
}

TEST(ParseError, CutsBetweenCharacters) {
    std::string body(199, 'x');
    for (int i = 0; i < 10; ++i) body += "\xC3\xA9";
    const auto error = error_of("iam", "GetRole", {.status = 500, .body = body});

    EXPECT_EQ(error.cause, "iam GetRole: status 500, the body begins with: " + std::string(199, 'x') + "...");
}

TEST(ParseErrorMembers, GivesTheMembersThatTheModelKnows) {
    const Called called{"dynamodb", "PutItem"};
    const auto error = parse_error_members(*called.service, *called.operation, {.status = 400, .body = R"({"__type":
        "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no", "Item": {"id": {"S": "1"}}})"});

    ASSERT_TRUE(error.ok());
    EXPECT_EQ(error->code, "ConditionalCheckFailedException");
    EXPECT_EQ(to_json(error->members), R"({"Item":{"id":{"S":"1"}},"message":"no"})");
}

TEST(ErrorKinds, FollowTheCode) {
    const auto kinds = std::to_array<std::pair<std::string_view, ErrorKind>>({
        {"Throttling", ErrorKind::throttled},
        {"ThrottlingException", ErrorKind::throttled},
        {"EC2ThrottledException", ErrorKind::throttled},
        {"RequestLimitExceeded", ErrorKind::throttled},
        {"SlowDown", ErrorKind::throttled},
        {"TooManyRequestsException", ErrorKind::throttled},
        {"ExpiredToken", ErrorKind::credentials},
        {"ExpiredTokenException", ErrorKind::credentials},
        {"InvalidClientTokenId", ErrorKind::credentials},
        {"SignatureDoesNotMatch", ErrorKind::credentials},
        {"RequestTimeTooSkewed", ErrorKind::credentials},
        {"AccessDenied", ErrorKind::access_denied},
        {"AccessDeniedException", ErrorKind::access_denied},
        {"UnauthorizedOperation", ErrorKind::access_denied},
        {"NoSuchBucket", ErrorKind::not_found},
        {"NoSuchEntity", ErrorKind::not_found},
        {"ResourceNotFoundException", ErrorKind::not_found},
        {"InvalidSubnetID.NotFound", ErrorKind::not_found},
        {"DBInstanceNotFound", ErrorKind::not_found},
        {"ServerSideEncryptionConfigurationNotFoundError", ErrorKind::not_found},
        {"QueueDoesNotExist", ErrorKind::not_found},
        {"ParameterNotFound", ErrorKind::not_found},
        {"EntityAlreadyExists", ErrorKind::conflict},
        {"BucketAlreadyOwnedByYou", ErrorKind::conflict},
        {"ResourceInUseException", ErrorKind::conflict},
        {"DependencyViolation", ErrorKind::conflict},
        {"InvalidPermission.Duplicate", ErrorKind::conflict},
        {"DeleteConflict", ErrorKind::conflict},
        {"BucketNotEmpty", ErrorKind::conflict},
        {"PreconditionFailed", ErrorKind::conflict},
        {"ValidationException", ErrorKind::service},
        {"InvalidParameterValue", ErrorKind::service},
        {"InternalError", ErrorKind::service},
        {"LimitExceededException", ErrorKind::service},
    });
    for (const auto& [code, kind] : kinds) EXPECT_EQ(kind_of(code, 400), kind) << code;
}

TEST(ErrorKinds, FollowTheStatusWhereTheCodeSaysNothing) {
    EXPECT_EQ(kind_of("", 404), ErrorKind::not_found);
    EXPECT_EQ(kind_of("SomethingNew", 429), ErrorKind::throttled);
    EXPECT_EQ(kind_of("SomethingNew", 403), ErrorKind::access_denied);
    EXPECT_EQ(kind_of("SomethingNew", 503), ErrorKind::service);
}

TEST(ParseError, TakesSecretsOutBeforeItCutsAndCleans) {
    const std::string secret = "two\nlines";
    const auto redacted = [&](std::string_view text) {
        std::string out{text};
        for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret)) out.replace(at, secret.size(), "(secret)");
        return out;
    };
    const auto cause = [&](const std::string& body) {
        const Called called{"glue", "GetJob"};
        return parse_error(*called.service, *called.operation, {.status = 400, .body = body}, redacted).cause;
    };

    EXPECT_EQ(cause(R"({"__type": "Bad", "Message": "not two\nlines"})"), "glue GetJob: not (secret) (Bad, status 400)");
    EXPECT_EQ(cause("a page with two\nlines"), "glue GetJob: status 400, the body begins with: a page with (secret)");
    // At the end of what is shown: 200 bytes of a page.
    const auto late = cause("a page " + std::string(190, '.') + secret);
    EXPECT_EQ(late.find("two"), std::string::npos) << late;
}

}  // namespace
}  // namespace strata::aws
