#include "providers/aws/s3.hpp"
#include "providers/aws/sqs.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

class TagsOfAStack : public AwsStackTest {
protected:
    static ValueMap tags_of(const std::string& url) {
        const auto answer = call("sqs", "ListQueueTags", {{"QueueUrl", url}});
        const auto* tags = answer.find("Tags");
        return tags != nullptr && tags->map() != nullptr ? *tags->map() : ValueMap{};
    }
};

void queue(Stack& stack) { sqs::Queue{stack, "queue", {.queue_name = "work", .tags = {{"owner", "web"}}}}; }

TEST_F(TagsOfAStack, AreTheDefaultOnesAndItsOwnAndWhoseItIs) {
    EmulatedStack stack{aws(), {{"owner", "data"}, {"stage", "dev"}}};
    ASSERT_TRUE(stack.up(queue).ok());
    const auto tags = tags_of(stack.state().find("queue")->id);

    EXPECT_EQ(tags.find("owner")->text_or(""), "web");
    EXPECT_EQ(tags.find("stage")->text_or(""), "dev");
    EXPECT_EQ(tags.find("strata:stack")->text_or(""), "test.dev");
    EXPECT_EQ(tags.find("strata:address")->text_or(""), "queue");
    expect_settled(stack, queue);
}

TEST_F(TagsOfAStack, ThatOthersSetStayAndAreNotSeen) {
    EmulatedStack stack{aws(), {{"cost:center", "1"}}, {"cost:*"}};
    ASSERT_TRUE(stack.up(queue).ok());
    const auto url = stack.state().find("queue")->id;
    call("sqs", "TagQueue", {{"QueueUrl", url}, {"Tags", Value::map({{"cost:center", "2"}, {"theirs", "yes"}})}});
    expect_settled(stack, queue);

    ASSERT_TRUE(stack.up([](Stack& s) { sqs::Queue{s, "queue", {.queue_name = "work", .tags = {{"owner", "api"}}}}; }).ok());
    EXPECT_EQ(tags_of(url).find("theirs")->text_or(""), "yes");
    EXPECT_EQ(tags_of(url).find("cost:center")->text_or(""), "2") << "what is ignored is not written over either";
}

TEST_F(TagsOfAStack, TellTheNewAddressAfterAMoveAndNothingElseChanges) {
    EmulatedStack stack{aws()};
    ASSERT_TRUE(stack.up(queue).ok());
    const auto url = stack.state().find("queue")->id;
    struct Moved : Component {
        explicit Moved(const Scope& scope) : Component{scope, "messages", {.aliases = {{"/old"}}}} {
            sqs::Queue{*this, "queue", {.queue_name = "work", .tags = {{"owner", "web"}}}, {.aliases = {{"/queue"}}}};
        }
    };
    (void)aws().changes();
    ASSERT_TRUE(stack.up([](Stack& s) { Moved{s}; }).ok());

    EXPECT_EQ(aws().changes(), Lines{"sqs TagQueue"});
    EXPECT_EQ(tags_of(url).find("strata:address")->text_or(""), "messages/queue");
}

TEST_F(TagsOfAStack, OfAnObjectOutliveItsContentThoseOfOthersToo) {
    EmulatedStack stack{aws()};
    const auto program = [](const char* body) {
        return [body](Stack& s) {
            const s3::Bucket bucket{s, "bucket", {.bucket = "strata-tags"}};
            s3::Object{s, "object", {.body = Bytes(body), .bucket = bucket.name(), .key = "a.txt", .tags = {{"owner", "web"}}}};
        };
    };
    ASSERT_TRUE(stack.up(program("one")).ok());
    const ValueMap object{{"Bucket", "strata-tags"}, {"Key", "a.txt"}};
    auto both = object;
    both.set("Tagging", Value::map({{"TagSet", Value::list({Value::map({{"Key", "owner"}, {"Value", "web"}}),
                                                            Value::map({{"Key", "theirs"}, {"Value", "a b"}})})}}));
    call("s3", "PutObjectTagging", both);
    const auto result = stack.up(program("two"));

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(call("s3", "GetObjectTagging", object).find("TagSet")->list()->size(), 2U);
    expect_settled(stack, program("two"));
}

}  // namespace
}  // namespace strata::aws
