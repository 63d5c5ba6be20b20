// What S3 does to a store beside what it should: answers that are lost, conflicts, refusals.
#include "providers/aws/state/s3_objects.hpp"

#include <atomic>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "providers/aws/model/registry.hpp"
#include "tests/providers/aws/servers/fake_s3.hpp"

namespace strata::aws {
namespace {

using Fault = FakeS3::Fault;

/// The first `count` requests of that method go wrong so; those after them do not.
FakeS3::Faults first(int count, std::string method, Fault fault) {
    return [left = std::make_shared<std::atomic<int>>(count), method = std::move(method), fault](const wire::SeenRequest& request) {
        return request.method == method && (*left)-- > 0 ? fault : Fault::none;
    };
}

constexpr int always = 1'000'000;

template <typename Server = FakeS3>
class Bucket {
public:
    explicit Bucket(FakeS3::Faults faults = {}, std::string prefix = "dev", int max_retries = 12)
        : server{std::move(faults)},
          store{s3_objects(Client::create({.region = "ca-central-1",
                                           .endpoint = server.url(),
                                           .max_retries = max_retries,
                                           .environment = fixed_environment(
                                               {{"AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "canary-secret-key"}})},
                                          *http, real_clock()),
                           {.bucket = bucket_name, .prefix = std::move(prefix)},
                           {.attempts = 4, .pauses = {.base = Milliseconds{1}, .cap = Milliseconds{2}}})} {}

    std::string content(const std::string& key) const { return server.content(key).value_or("(nothing)"); }
    Result<std::optional<ObjectStore::Object>> read(const std::string& name) {
        auto found = store->read(std::vector<std::string>{name});
        if (!found) return std::move(found).error();
        return found->at(0);
    }
    std::string outcome(const std::string& name, std::string_view what, std::string_view expected) {
        const auto written = store->write(name, what, expected);
        return written.ok() ? "written" : std::string{name_of(written.error().kind)};
    }

    static constexpr const char* bucket_name = FakeS3::bucket;
    std::unique_ptr<wire::Http> http = *wire::Http::start({});
    Server server;
    std::unique_ptr<ObjectStore> store;
};

std::string version_of(Bucket<>& bucket, const std::string& name) { return bucket.read(name).value()->version; }

class LostAnswer : public testing::TestWithParam<Fault> {};

TEST_P(LostAnswer, OfAnObjectThatWasMadeIsFoundOutAbout) {
    Bucket bucket{first(1, "PUT", GetParam())};

    const auto written = bucket.store->write("lake/journal/1.json", "mine", "");

    ASSERT_TRUE(written.ok()) << written.error().text();
    EXPECT_EQ(*written, version_of(bucket, "lake/journal/1.json"));
    EXPECT_EQ(bucket.content("dev/lake/journal/1.json"), "mine");
}

TEST_P(LostAnswer, OfAnObjectThatWasReplacedIsFoundOutAbout) {
    Bucket bucket{first(2, "PUT", GetParam())};
    bucket.server.put("dev/lake/snapshot.json", "old");

    const auto written = bucket.store->write("lake/snapshot.json", "new", version_of(bucket, "lake/snapshot.json"));

    ASSERT_TRUE(written.ok()) << written.error().text();
    EXPECT_EQ(*written, version_of(bucket, "lake/snapshot.json"));
    EXPECT_EQ(bucket.content("dev/lake/snapshot.json"), "new");
}

TEST_P(LostAnswer, OfEveryAttemptIsFoundOutAbout) {
    Bucket bucket{first(always, "PUT", GetParam()), "dev", 2};

    const auto written = bucket.store->write("lake/lock", "mine", "");

    const bool done = GetParam() == Fault::answer_lost || GetParam() == Fault::failed_after;
    EXPECT_EQ(written.ok(), done);
    if (!written) EXPECT_NE(written.error().kind, ErrorKind::conflict) << written.error().text();
    EXPECT_EQ(bucket.content("dev/lake/lock"), done ? "mine" : "(nothing)");
}

TEST_P(LostAnswer, DoesNotHideThatSomebodyElseWasFirst) {
    Bucket bucket{first(1, "PUT", GetParam())};
    bucket.server.put("dev/lake/lock", "theirs");

    EXPECT_EQ(bucket.outcome("lake/lock", "mine", ""), "conflict");
    EXPECT_EQ(bucket.content("dev/lake/lock"), "theirs");
}

std::string name_of_fault(const testing::TestParamInfo<Fault>& each) {
    switch (each.param) {
        case Fault::none: return "None";
        case Fault::request_lost: return "RequestLost";
        case Fault::answer_lost: return "AnswerLost";
        case Fault::failed_before: return "FailedBefore";
        case Fault::failed_after: return "FailedAfter";
        case Fault::busy: return "Busy";
        case Fault::denied: return "Denied";
        case Fault::unknown: return "Unknown";
    }
    return "";
}

INSTANTIATE_TEST_SUITE_P(EachWay, LostAnswer,
                         testing::Values(Fault::request_lost, Fault::answer_lost, Fault::failed_before, Fault::failed_after),
                         &name_of_fault);

TEST(S3Objects, AWriteThatIsThereAlreadyIsItsOwn) {
    Bucket bucket;
    const auto first_version = bucket.store->write("lake/lock", "mine", "");
    ASSERT_TRUE(first_version.ok());

    const auto again = bucket.store->write("lake/lock", "mine", "");

    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(*again, *first_version);
}

TEST(S3Objects, AnEmptyWriteIsNotTakenForAnObjectThatIsNotThere) {
    Bucket bucket{first(always, "PUT", Fault::failed_before), "dev", 1};

    EXPECT_EQ(bucket.outcome("lake/mark", "", ""), "service");
}

TEST(S3Objects, TriesAgainWhenAnotherRequestIsUnderWay) {
    Bucket bucket{first(3, "PUT", Fault::busy)};

    EXPECT_EQ(bucket.outcome("lake/lock", "mine", ""), "written");
    EXPECT_EQ(bucket.server.requests(), std::vector<std::string>(4, "PUT /state/dev/lake/lock"));
}

TEST(S3Objects, SaysConflictWhenTheOtherRequestHasWon) {
    Bucket bucket{first(2, "PUT", Fault::busy)};
    bucket.server.put("dev/lake/lock", "theirs");

    EXPECT_EQ(bucket.outcome("lake/lock", "mine", ""), "conflict");
}

TEST(S3Objects, EndlessRequestsOfOthersAreNoConflict) {
    Bucket bucket{first(always, "PUT", Fault::busy)};

    const auto written = bucket.store->write("lake/lock", "mine", "");

    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().text(),
              "S3 did not accept the write\n"
              "  s3://state/dev/lake/lock: other requests on the same object were under way at every attempt. s3 PutObject: as told "
              "(ConditionalRequestConflict, status 409, request r-1)\n"
              "  Try again.");
    EXPECT_EQ(written.error().kind, ErrorKind::service);
    EXPECT_EQ(bucket.server.requests().size(), 5U);  // four attempts, and a look
}

TEST(S3Objects, SaysWhatSomebodyElseHasChanged) {
    Bucket bucket;
    bucket.server.put("dev/lake/snapshot.json", "old");
    const auto version = version_of(bucket, "lake/snapshot.json");
    bucket.server.put("dev/lake/snapshot.json", "theirs");

    const auto written = bucket.store->write("lake/snapshot.json", "mine", version);

    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().text(),
              "State was changed by another run\n"
              "  s3://state/dev/lake/snapshot.json is not what this run has read.\n"
              "  Run the command again: it starts from the state as it is now.");
}

TEST(S3Objects, IsNoConflictWhenNobodyCanTell) {
    Bucket bucket{[](const wire::SeenRequest& request) { return request.method == "GET" ? Fault::denied : Fault::none; }};
    bucket.server.put("dev/lake/lock", "theirs, or mine");

    const auto written = bucket.store->write("lake/lock", "mine", "");

    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().kind, ErrorKind::access_denied);
    EXPECT_NE(written.error().cause.find("PreconditionFailed"), std::string::npos) << written.error().cause;
    EXPECT_NE(written.error().cause.find("Whether it was written all the same could not be found out"), std::string::npos);
}

TEST(S3Objects, ARefusedWriteIsNotLookedInto) {
    Bucket bucket{first(always, "PUT", Fault::denied)};

    EXPECT_EQ(bucket.outcome("lake/lock", "mine", ""), "access_denied");
    EXPECT_EQ(bucket.server.requests(), std::vector<std::string>{"PUT /state/dev/lake/lock"});
}

TEST(S3Objects, SaysWhatAStoreLacksThatKnowsNoConditions) {
    Bucket bucket{first(always, "PUT", Fault::unknown)};

    const auto written = bucket.store->write("lake/lock", "mine", "");

    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().text(),
              "AWS reported an error\n"
              "  s3://state/dev/lake/lock: s3 PutObject: as told (NotImplemented, status 501, request r-1)\n"
              "  State needs a store that writes on a condition (If-None-Match, If-Match), as S3 and MinIO do. Name another one.");
}

TEST(S3Objects, AccessDeniedIsNotTakenForAbsent) {
    Bucket bucket{first(always, "GET", Fault::denied)};

    const auto read = bucket.read("lake/snapshot.json");
    const auto listed = bucket.store->list("lake/journal", "");
    const auto folders = bucket.store->folders();

    ASSERT_FALSE(read.ok());
    EXPECT_EQ(
        read.error().text(),
        "Not allowed\n"
        "  s3://state/dev/lake/snapshot.json: s3 GetObject: as told (AccessDenied, status 403, request r-1)\n"
        "  State in S3 needs s3:ListBucket on the bucket state, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it; "
        "where the bucket encrypts with a KMS key of yours, kms:GenerateDataKey and kms:Decrypt too. Without s3:ListBucket S3 answers "
        "the same for an object that is not there, so nothing was taken as missing.");
    EXPECT_EQ(listed.ok() ? "listed" : name_of(listed.error().kind), "access_denied");
    EXPECT_EQ(folders.ok() ? "listed" : name_of(folders.error().kind), "access_denied");
}

TEST(S3Objects, OneUnreadableObjectOfManyIsAnError) {
    Bucket bucket{[](const wire::SeenRequest& request) { return request.target.ends_with("/2.json") ? Fault::denied : Fault::none; }};
    bucket.server.put("dev/lake/1.json", "one");

    const auto read = bucket.store->read(std::vector<std::string>{"lake/1.json", "lake/2.json", "lake/3.json"});

    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().cause.find("s3://state/dev/lake/2.json: "), 0U) << read.error().cause;
}

class NoBucket : public testing::Test {
protected:
    FakeS3 server;
    std::unique_ptr<wire::Http> http = *wire::Http::start({});
    std::unique_ptr<ObjectStore> store =
        s3_objects(Client::create({.region = "ca-central-1",
                                   .endpoint = server.url(),
                                   .environment = fixed_environment({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}})},
                                  *http, real_clock()),
                   {.bucket = "statr", .prefix = "dev"});
};

TEST_F(NoBucket, IsSaidWithTheCommandThatMakesIt) {
    const auto read = store->read(std::vector<std::string>{"lake/lock"});

    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(read.error().text(), fmt::format("The bucket of the state is not there\n"
                                               "  s3://statr/dev/lake/lock: s3 GetObject: as told (NoSuchBucket, status 404, request r-1)\n"
                                               "  Make it, or name another one under \"state\" in the environment's configuration:\n"
                                               "    aws s3 mb s3://statr --region ca-central-1 --endpoint-url {}",
                                               server.url()));
}

TEST_F(NoBucket, IsSaidByEveryOperation) {
    const std::vector<std::string> names{"lake/lock"};
    EXPECT_EQ(store->write("lake/lock", "x", "").error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(store->write("lake/lock", "x", "\"v\"").error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(store->copy("lake/lock", "lake/other", "").error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(store->remove(names).error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(store->list("lake", "").error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(store->folders().error().kind, ErrorKind::invalid_config);
}

TEST(S3Objects, FollowsPages) {
    Bucket bucket;
    bucket.server.page_size = 3;
    std::vector<std::string> names;
    for (int i = 10; i < 30; ++i) names.push_back(fmt::format("lake/journal/{}.json", i));
    for (const auto& name : names) bucket.server.put("dev/" + name, "x");
    for (const auto* folder : {"a", "b", "c", "d", "e"}) bucket.server.put(fmt::format("dev/{}/x", folder), "x");

    EXPECT_EQ(bucket.store->list("lake/journal", "").value(), names);
    EXPECT_EQ(bucket.store->list("lake/journal", "lake/journal/12.json").value(),
              (std::vector<std::string>{names.begin() + 3, names.end()}));
    EXPECT_EQ(bucket.store->folders().value(), (std::vector<std::string>{"a", "b", "c", "d", "e", "lake"}));
}

TEST(S3Objects, KeepsToItsPrefix) {
    Bucket bucket;
    for (const auto* key : {"dev/lake/lock", "dev2/lake/lock", "lake/lock", "de/lake/lock", "dev"}) bucket.server.put(key, key);

    EXPECT_EQ(bucket.read("lake/lock").value()->content, "dev/lake/lock");
    EXPECT_EQ(bucket.store->list("lake", "").value(), std::vector<std::string>{"lake/lock"});
    EXPECT_EQ(bucket.store->folders().value(), std::vector<std::string>{"lake"});
    EXPECT_EQ(bucket.store->location("lake/lock"), "s3://state/dev/lake/lock");
}

TEST(S3Objects, PassesOverTheFoldersThatTheConsoleMakes) {
    Bucket bucket;
    for (const auto* key : {"dev/", "dev/lake/", "dev/lake/journal/", "dev/lake/journal/1.json"}) bucket.server.put(key, "");

    EXPECT_EQ(bucket.store->list("lake/journal", "").value(), std::vector<std::string>{"lake/journal/1.json"});
    EXPECT_EQ(bucket.store->list("lake", "").value(), std::vector<std::string>{});
    EXPECT_EQ(bucket.store->folders().value(), std::vector<std::string>{"lake"});
}

TEST(S3Objects, SendsAChecksumAndTheConditionWithEachWrite) {
    Bucket bucket;
    ASSERT_EQ(bucket.outcome("lake/lock", "123456789", ""), "written");
    const auto made = bucket.server.last_request();
    const auto version = version_of(bucket, "lake/lock");
    ASSERT_EQ(bucket.outcome("lake/lock", "new", version), "written");
    const auto replaced = bucket.server.last_request();

    EXPECT_EQ(*made->headers.find("x-amz-checksum-crc32"), "y/Q5Jg==");  // of "123456789": CBF43926
    EXPECT_EQ(*made->headers.find("if-none-match"), "*");
    EXPECT_EQ(made->headers.find("if-match"), nullptr);
    EXPECT_EQ(*replaced->headers.find("if-match"), version);
    EXPECT_EQ(replaced->headers.find("if-none-match"), nullptr);
    EXPECT_EQ(made->headers.find("x-amz-server-side-encryption"), nullptr);
}

TEST(S3Objects, DoesNotWriteWhatCouldNotBeReadAgain) {
    Bucket bucket;
    const auto written = bucket.store->write("lake/snapshot.json", std::string((std::size_t{64} << 20) + 1, 'x'), "");

    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().text(),
              "State is too large\n"
              "  s3://state/dev/lake/snapshot.json would have 67108865 bytes; what has more than 67108864 could not be read again.\n"
              "  Divide the stack into several.");
    EXPECT_EQ(bucket.server.requests(), std::vector<std::string>{});
}

TEST(S3Objects, ACopyWhoseAnswerIsLostIsMadeAgain) {
    Bucket bucket{first(1, "PUT", Fault::answer_lost)};
    bucket.server.put("dev/lake/snapshot.json", "x");

    EXPECT_TRUE(bucket.store->copy("lake/snapshot.json", "lake/history/1.json", "").ok());
    EXPECT_EQ(bucket.content("dev/lake/history/1.json"), "x");
}

TEST(S3Objects, ARemovalWhoseAnswerIsLostIsMadeAgain) {
    Bucket bucket{first(1, "DELETE", Fault::answer_lost)};
    bucket.server.put("dev/lake/lock", "x");

    EXPECT_TRUE(bucket.store->remove(std::vector<std::string>{"lake/lock"}).ok());
    EXPECT_EQ(bucket.content("dev/lake/lock"), "(nothing)");
}

TEST(S3Objects, AnInterruptEndsAWriteAtOnce) {
    Bucket bucket;
    bucket.http->stop();

    EXPECT_EQ(bucket.outcome("lake/lock", "mine", ""), "interrupted");
    EXPECT_EQ(bucket.server.requests(), std::vector<std::string>{});
}

TEST(S3Objects, AsksToBeTriedOutBeforeItIsTrusted) {
    Bucket bucket;
    EXPECT_TRUE(bucket.store->wants_probe());
}

TEST(FakeS3WithoutConditions, LetsEverybodyWrite) {
    Bucket<FakeS3WithoutConditions> bucket;

    EXPECT_EQ(bucket.outcome("lake/lock", "one", ""), "written");
    EXPECT_EQ(bucket.outcome("lake/lock", "two", ""), "written");
    EXPECT_EQ(bucket.outcome("lake/lock", "three", "\"of long ago\""), "written");
    EXPECT_EQ(bucket.outcome("lake/other", "four", "\"of long ago\""), "written");
}

}  // namespace
}  // namespace strata::aws
