#include "providers/aws/model/loaded_model.hpp"

#include <gtest/gtest.h>

#include "engine/base/json.hpp"

namespace strata::aws {
namespace {

constexpr std::string_view queues = R"({
  "metadata": {"apiVersion": "2012-11-05", "endpointPrefix": "sqs", "jsonVersion": "1.0", "protocol": "json",
               "serviceId": "SQS", "targetPrefix": "AmazonSQS", "awsQueryCompatible": {}},
  "operations": {
    "CreateQueue": {"name": "CreateQueue", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "CreateQueueRequest"},
                    "output": {"shape": "CreateQueueResult", "resultWrapper": "CreateQueueResult"}, "errors": [{"shape": "QueueNameExists"}]},
    "ListQueues": {"name": "ListQueues", "httpChecksum": {"requestAlgorithmMember": "Algorithm", "requestChecksumRequired": true}}
  },
  "paginators": {"ListQueues": {"input_token": "NextToken", "output_token": ["NextToken"], "result_key": "QueueUrls"}},
  "shapes": {
    "AttributeMap": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "String", "locationName": "Value"}, "flattened": true},
    "Count": {"type": "integer", "min": 1, "max": 10},
    "CreateQueueRequest": {"type": "structure", "required": ["QueueName"], "members": {
      "QueueName": {"shape": "String", "locationName": "Name"},
      "Attributes": {"shape": "AttributeMap", "locationName": "Attribute"},
      "Count": {"shape": "Count", "idempotencyToken": true}}},
    "CreateQueueResult": {"type": "structure", "members": {}},
    "QueueNameExists": {"type": "structure", "members": {}, "exception": true, "error": {"code": "QueueAlreadyExists", "httpStatusCode": 400}},
    "String": {"type": "string", "enum": ["a", "b"], "pattern": "^x$", "sensitive": true}
  },
  "waiters": {"QueueExists": {"operation": "ListQueues", "delay": 5, "maxAttempts": 4, "acceptors": [
    {"matcher": "path", "argument": "length(QueueUrls) > `0`", "expected": true, "state": "success"},
    {"matcher": "status", "expected": 404, "state": "retry"}]}}
})";

std::unique_ptr<LoadedModel> loaded(std::string_view text) {
    auto document = parse_json(text, "test model");
    EXPECT_TRUE(document.ok());
    auto model = LoadedModel::load(*document, "sqs");
    EXPECT_TRUE(model.ok()) << (model.ok() ? "" : model.error().text());
    return model.ok() ? *std::move(model) : nullptr;
}

std::string why_not(std::string_view text) {
    const auto document = parse_json(text, "test model");
    EXPECT_TRUE(document.ok());
    const auto model = LoadedModel::load(*document, "sqs");
    EXPECT_FALSE(model.ok());
    return model.ok() ? "" : model.error().cause;
}

TEST(LoadedModel, ReadsHowAServiceSpeaks) {
    const auto model = loaded(queues);
    const auto& service = model->service();

    EXPECT_EQ(service.name, "sqs");
    EXPECT_EQ(service.service_id, "SQS");
    EXPECT_EQ(service.endpoint_prefix, "sqs");
    EXPECT_EQ(service.protocol, Protocol::json);
    EXPECT_EQ(service.json_version, "1.0");
    EXPECT_EQ(service.target_prefix, "AmazonSQS");
    EXPECT_TRUE(service.query_compatible);
}

TEST(LoadedModel, ReadsAnOperationWithInputOutputAndErrors) {
    const auto model = loaded(queues);
    const auto* create = model->service().operation("CreateQueue");

    ASSERT_NE(create, nullptr);
    EXPECT_EQ(create->input->name, "CreateQueueRequest");
    EXPECT_EQ(create->output->name, "CreateQueueResult");
    EXPECT_EQ(create->result_wrapper, "CreateQueueResult");
    ASSERT_EQ(create->errors.size(), 1U);
    EXPECT_EQ(create->errors[0]->error_code, "QueueAlreadyExists");
    EXPECT_EQ(create->errors[0]->error_status, 400);
}

TEST(LoadedModel, GivesAMemberWhatItsShapeSays) {
    const auto model = loaded(queues);
    const auto* input = model->service().operation("CreateQueue")->input;
    const auto* attributes = input->member("Attributes");
    const auto* name = input->member("QueueName");

    EXPECT_TRUE(attributes->flattened);
    EXPECT_EQ(attributes->location_name, "Attribute");
    EXPECT_EQ(attributes->shape->element->location_name, "Value");
    EXPECT_TRUE(name->required);
    EXPECT_TRUE(name->sensitive);
    EXPECT_EQ(name->shape->pattern, "^x$");
    EXPECT_EQ(name->shape->enum_values.size(), 2U);
    EXPECT_TRUE(input->member("Count")->idempotency_token);
    EXPECT_EQ(input->member("Count")->shape->max, 10.0);
}

TEST(LoadedModel, ReadsPaginatorsWaitersAndChecksums) {
    const auto model = loaded(queues);
    const auto* list = model->service().operation("ListQueues");
    const auto* waiter = model->service().waiter("QueueExists");

    ASSERT_NE(list->paginator, nullptr);
    EXPECT_EQ(list->paginator->output_token[0], "NextToken");
    EXPECT_TRUE(list->checksum_required);
    EXPECT_EQ(list->checksum_member, "Algorithm");
    ASSERT_NE(waiter, nullptr);
    EXPECT_EQ(waiter->operation, list);
    EXPECT_EQ(waiter->delay_seconds, 5);
    EXPECT_EQ(waiter->acceptors[0].expected, "true");
    EXPECT_EQ(waiter->acceptors[1].expected, "404");
    EXPECT_EQ(waiter->acceptors[1].state, Acceptor::State::retry);
}

TEST(LoadedModel, TakesTheUsualPatienceForANumberThatIsNoTime) {
    const auto model = loaded(R"({"metadata": {"protocol": "json"}, "operations": {"A": {}},
        "waiters": {"W": {"operation": "A", "delay": 5.5e25, "maxAttempts": -1}}})");

    EXPECT_EQ(model->service().waiter("W")->delay_seconds, 15);
    EXPECT_EQ(model->service().waiter("W")->max_attempts, 40);
}

TEST(LoadedModel, OutlivesTheDocument) {
    std::unique_ptr<LoadedModel> model;
    {
        const auto document = parse_json(queues, "test model");
        auto read = LoadedModel::load(*document, std::string{"sqs"});
        model = *std::move(read);
    }
    EXPECT_EQ(model->service().name, "sqs");
    EXPECT_EQ(model->service().operations[1].name, "ListQueues");
}

TEST(LoadedModel, SaysWhatIsWrongWithADocument) {
    EXPECT_EQ(why_not("{}"), "sqs: metadata.protocol \"\" is not one that Strata speaks.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "smithy-rpc-v2-cbor"}})"),
              "sqs: metadata.protocol \"smithy-rpc-v2-cbor\" is not one that Strata speaks.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "json"}})"), "sqs: it has no operations.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "json"}, "operations": {"A": {"input": {"shape": "Nowhere"}}}})"),
              "sqs: A names the shape \"Nowhere\", which is not there.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "json"}, "shapes": {"L": {"type": "list"}}, "operations": {"A": {}}})"),
              "sqs: shape L does not say what it holds.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "json"}, "shapes": {"X": {"type": "quux"}}, "operations": {"A": {}}})"),
              "sqs: the type of shape X is not known.");
    EXPECT_EQ(why_not(R"({"metadata": {"protocol": "json"}, "operations": {"A": {}}, "waiters": {"W": {"operation": "B"}}})"),
              "sqs: waiter W polls an operation that is not there.");
}

TEST(LoadedModel, RefusesWhatIsNoMapAtAll) {
    const auto model = LoadedModel::load(Value{"text"}, "sqs");

    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.error().kind, ErrorKind::invalid_config);
}

}  // namespace
}  // namespace strata::aws
