// The contract of ObjectStore, kept by S3 as the emulator, MinIO and a fake play it.
#include <cstdio>

#include "engine/base/crypto.hpp"
#include "providers/aws/model/registry.hpp"
#include "providers/aws/state/s3_objects.hpp"
#include "tests/engine/state/object_store_contract.hpp"
#include "tests/providers/aws/servers/emulator_process.hpp"
#include "tests/providers/aws/servers/fake_s3.hpp"
#include "tests/providers/aws/servers/minio_process.hpp"

namespace strata {

namespace {

using namespace aws;

/// One identity's connection to a server that plays S3.
class Connection {
public:
    Connection(std::string url, std::string user, std::string password, std::string session = "")
        : url_{std::move(url)}, user_{std::move(user)}, password_{std::move(password)}, session_{std::move(session)} {}

    std::unique_ptr<Client> client() {
        return Client::create({.region = "us-east-1",
                               .endpoint = url_,
                               .environment = fixed_environment(
                                   {{"AWS_ACCESS_KEY_ID", user_}, {"AWS_SECRET_ACCESS_KEY", password_}, {"AWS_SESSION_TOKEN", session_}})},
                              *http_, real_clock());
    }
    Result<Value> call(std::string_view service_name, std::string_view operation, ValueMap params) {
        const auto* const service = find_service(service_name);
        return client()->call_and_wait({.service = service, .operation = service->operation(operation), .params = std::move(params)});
    }
    Status make_bucket(const std::string& name) {
        const auto made = call("s3", "CreateBucket", {{"Bucket", name}});
        return made.ok() || made.error().code == "BucketAlreadyOwnedByYou" ? Status{} : Status{made.error()};
    }
    std::unique_ptr<ObjectStore> objects(S3Location where) { return s3_objects(client(), std::move(where)); }
    /// The same identity with fewer rights.
    std::unique_ptr<Connection> restricted_to(const std::string& policy) {
        const auto session =
            call("sts", "AssumeRole", {{"RoleArn", "arn:aws:iam::123456789012:role/any"}, {"RoleSessionName", "test"}, {"Policy", policy}});
        EXPECT_TRUE(session.ok()) << session.error().text();
        const auto text = [&](std::string_view name) { return std::string{session->find("Credentials")->find(name)->text_or("")}; };
        return std::make_unique<Connection>(url_, text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"));
    }

private:
    std::unique_ptr<wire::Http> http_ = *wire::Http::start({});
    const std::string url_;
    const std::string user_;
    const std::string password_;
    const std::string session_;
};

/// A bucket of a server; what a test makes lies under a prefix of its own.
class BucketUnderTest : public StoreUnderTest {
public:
    BucketUnderTest(const std::string& url, const std::string& user, const std::string& password, S3Location where)
        : server_{url, user, password}, where_{std::move(where)} {}

    [[nodiscard]] std::unique_ptr<ObjectStore> open() override { return server_.objects(where_); }

    [[nodiscard]] Status make_bucket() { return server_.make_bucket(where_.bucket); }

private:
    Connection server_;
    const S3Location where_;
};

class FakeUnderTest final : public StoreUnderTest {
public:
    [[nodiscard]] std::unique_ptr<ObjectStore> open() override { return store_.open(); }

private:
    FakeS3 server_;
    BucketUnderTest store_{server_.url(), "any", "any", {FakeS3::bucket, "dev"}};
};

class MissingStore final : public StoreUnderTest {
public:
    explicit MissingStore(std::string why) : why_{std::move(why)} {}
    [[nodiscard]] std::string missing() const override { return why_; }
    [[nodiscard]] std::unique_ptr<ObjectStore> open() override { return nullptr; }

private:
    std::string why_;
};

/// A server that does not come up is a failure, not something to pass over.
class BrokenStore final : public StoreUnderTest {
public:
    [[nodiscard]] std::unique_ptr<ObjectStore> open() override { return nullptr; }
};

constexpr const char* state_bucket = "strata-state";

std::unique_ptr<StoreUnderTest> bucket_of(const std::string& url, const std::string& user, const std::string& password,
                                          const std::string& prefix) {
    auto made = std::make_unique<BucketUnderTest>(url, user, password, S3Location{state_bucket, prefix});
    if (auto bucket = made->make_bucket(); !bucket) {
        std::puts(bucket.error().text().c_str());
        return std::make_unique<BrokenStore>();
    }
    return made;
}

const EmulatorProcess& emulator() {
    static const EmulatorProcess process;
    if (process.url().empty()) std::puts(process.why().c_str());
    return process;
}

const MinioProcess& minio() {
    static const MinioProcess process;
    return process;
}

/// Says so when there is none.
bool no_minio() {
    if (minio().installed()) return false;
    std::puts("not shown: state in an S3 that checks signatures and rights (no MinIO on PATH or in .cache/bin: make servers)");
    return true;
}

std::unique_ptr<StoreUnderTest> store_in_the_fake() { return std::make_unique<FakeUnderTest>(); }

std::unique_ptr<StoreUnderTest> store_in_the_emulator() { return bucket_of(emulator().url(), "any", "any", random_token() + "/dev"); }

std::unique_ptr<StoreUnderTest> store_in_minio() {
    if (no_minio()) return std::make_unique<MissingStore>("no MinIO");
    return bucket_of(minio().url(), MinioProcess::user, MinioProcess::password, random_token() + "/dev");
}

/// Prefixes are people's own: they may hold what has to be encoded in an address, in a header and in XML.
std::unique_ptr<StoreUnderTest> store_under_an_odd_prefix() {
    if (no_minio()) return std::make_unique<MissingStore>("no MinIO");
    return bucket_of(minio().url(), MinioProcess::user, MinioProcess::password, random_token() + "/a b+c%2F&<grüße>'=*~,;@$!(x)");
}

std::unique_ptr<StoreUnderTest> store_without_a_prefix() {
    class WholeBucket final : public StoreUnderTest {
    public:
        [[nodiscard]] std::unique_ptr<ObjectStore> open() override { return store_.open(); }

    private:
        FakeS3 server_;
        BucketUnderTest store_{server_.url(), "any", "any", {FakeS3::bucket}};
    };
    return std::make_unique<WholeBucket>();
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, ObjectStoreContract, testing::Values(&store_in_the_fake));
INSTANTIATE_TEST_SUITE_P(WithoutPrefix, ObjectStoreContract, testing::Values(&store_without_a_prefix));
INSTANTIATE_TEST_SUITE_P(Emulator, ObjectStoreContract, testing::Values(&store_in_the_emulator));
INSTANTIATE_TEST_SUITE_P(Minio, ObjectStoreContract, testing::Values(&store_in_minio));
INSTANTIATE_TEST_SUITE_P(OddPrefix, ObjectStoreContract, testing::Values(&store_under_an_odd_prefix));

namespace {

std::string kind_of(const auto& outcome) { return outcome.ok() ? "done" : std::string{name_of(outcome.error().kind)}; }

/// What every operation says in a bucket that is not there.
std::vector<std::string> outcomes_without_bucket(Connection& server) {
    const auto store = server.objects({.bucket = "strata-nowhere", .prefix = "dev"});
    const std::vector<std::string> names{"lake/lock"};
    return {kind_of(store->read(names)),
            kind_of(store->write("lake/lock", "x", "")),
            kind_of(store->write("lake/lock", "x", "\"version\"")),
            kind_of(store->copy("lake/lock", "lake/other", "")),
            kind_of(store->remove(names)),
            kind_of(store->list("lake", "")),
            kind_of(store->folders())};
}

TEST(S3Refusals, TheEmulatorsMissingBucketIsAMistakeOfTheConfiguration) {
    Connection server{emulator().url(), "any", "any"};

    EXPECT_EQ(outcomes_without_bucket(server), std::vector<std::string>(7, "invalid_config"));
}

TEST(S3Refusals, MiniosMissingBucketIsAMistakeOfTheConfiguration) {
    if (no_minio()) GTEST_SKIP();
    Connection server{minio().url(), MinioProcess::user, MinioProcess::password};

    EXPECT_EQ(outcomes_without_bucket(server), std::vector<std::string>(7, "invalid_config"));
}

TEST(S3Refusals, WrongKeysAreToldAsSuch) {
    if (no_minio()) GTEST_SKIP();
    Connection server{minio().url(), MinioProcess::user, "wrong"};
    const auto store = server.objects({.bucket = state_bucket, .prefix = "dev"});

    EXPECT_EQ(kind_of(store->read(std::vector<std::string>{"lake/lock"})), "credentials");
    EXPECT_EQ(kind_of(store->write("lake/lock", "x", "")), "credentials");
}

// MinIO says of an object that is not there that it is not there, also without that right; S3 answers 403.
TEST(S3Refusals, WithoutTheRightToListNothingIsTakenAsEmpty) {
    if (no_minio()) GTEST_SKIP();
    Connection server{minio().url(), MinioProcess::user, MinioProcess::password};
    ASSERT_TRUE(server.make_bucket(state_bucket).ok());
    const auto prefix = random_token();
    const auto restricted = server.restricted_to(
        R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],)"
        R"( "Resource": "arn:aws:s3:::strata-state/*"}]})");
    const auto store = restricted->objects({.bucket = state_bucket, .prefix = prefix});

    EXPECT_EQ(kind_of(store->write("lake/lock", "x", "")), "done");
    EXPECT_EQ(store->read(std::vector<std::string>{"lake/lock"}).value().at(0)->content, "x");
    EXPECT_EQ(kind_of(store->list("lake", "")), "access_denied");
    EXPECT_EQ(kind_of(store->folders()), "access_denied");
}

TEST(S3Refusals, WithoutTheRightToWriteNothingIsWritten) {
    if (no_minio()) GTEST_SKIP();
    Connection server{minio().url(), MinioProcess::user, MinioProcess::password};
    ASSERT_TRUE(server.make_bucket(state_bucket).ok());
    const S3Location where{.bucket = state_bucket, .prefix = random_token()};
    const auto restricted =
        server.restricted_to(R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],)"
                             R"( "Resource": ["arn:aws:s3:::strata-state", "arn:aws:s3:::strata-state/*"]}]})");
    ASSERT_EQ(kind_of(server.objects(where)->write("lake/lock", "theirs", "")), "done");
    const auto store = restricted->objects(where);

    EXPECT_EQ(kind_of(store->write("lake/lock", "mine", "")), "access_denied");
    EXPECT_EQ(kind_of(store->copy("lake/lock", "lake/copy", "")), "access_denied");
    EXPECT_EQ(kind_of(store->remove(std::vector<std::string>{"lake/lock"})), "access_denied");
    EXPECT_EQ(store->list("lake", "").value(), std::vector<std::string>{"lake/lock"});
    EXPECT_FALSE(store->read(std::vector<std::string>{"lake/snapshot.json"}).value().at(0));
}

}  // namespace

}  // namespace strata
