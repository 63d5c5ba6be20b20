// Signatures on a real wire: MinIO checks every one of them, and stores what a key really was.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/crypto.hpp"
#include "engine/base/files.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/auth/sts.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/model/registry.hpp"
#include "tests/providers/aws/servers/minio_process.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::aws {
namespace {

class S3Signing : public testing::Test {
protected:
    static void SetUpTestSuite() { minio_ = std::make_unique<MinioProcess>(); }
    static void TearDownTestSuite() { minio_.reset(); }

    void SetUp() override {
        if (!minio_->installed()) {
            std::puts("not shown: signatures against a server that checks them (no MinIO on PATH or in .cache/bin: make servers)");
            GTEST_SKIP();
        }
        ASSERT_FALSE(minio_->url().empty()) << "MinIO did not start";
        http_ = *wire::Http::start({});
        client_ = client(Credentials{MinioProcess::user, MinioProcess::password});
        ASSERT_TRUE(call("CreateBucket", {{"Bucket", bucket}})) << "CreateBucket";
    }
    void TearDown() override {
        if (!client_) return;
        const auto listed = call("ListObjectsV2", {{"Bucket", bucket}});
        const auto* const objects = listed ? listed->find("Contents") : nullptr;
        for (const auto& object : objects == nullptr ? ValueList{} : *objects->list())
            EXPECT_TRUE(call("DeleteObject", {{"Bucket", bucket}, {"Key", *object.find("Key")}}));
        EXPECT_TRUE(call("DeleteBucket", {{"Bucket", bucket}}));
    }

    std::unique_ptr<Client> client(const Credentials& credentials) {
        return Client::create({.region = "us-east-1",
                               .endpoint = minio_->url(),
                               .environment = fixed_environment({{"AWS_ACCESS_KEY_ID", credentials.access_key()},
                                                                 {"AWS_SECRET_ACCESS_KEY", credentials.secret_key()},
                                                                 {"AWS_SESSION_TOKEN", credentials.session_token()}})},
                              *http_, real_clock());
    }

    static Call s3(std::string_view operation, ValueMap params) {
        const auto* const service = find_service("s3");
        return {.service = service, .operation = service->operation(operation), .params = std::move(params), .repeatable = true};
    }

    Result<Value> call(std::string_view operation, ValueMap params) {
        auto answer = client_->call_and_wait(s3(operation, std::move(params)));
        if (!answer) std::puts(answer.error().text().c_str());
        return answer;
    }

    std::string body_of(const Result<Value>& answer) {
        const auto* const body = answer ? answer->find("Body") : nullptr;
        if (body == nullptr) return "(no body)";
        return body->bytes() != nullptr ? body->bytes()->data : std::string{body->text_or("(no body)")};
    }

    static constexpr const char* bucket = "strata-signing";
    static std::unique_ptr<MinioProcess> minio_;
    std::unique_ptr<wire::Http> http_;
    std::unique_ptr<Client> client_;
};

std::unique_ptr<MinioProcess> S3Signing::minio_;

TEST_F(S3Signing, KeysArriveAsTheyAreWritten) {
    const std::vector<std::string> keys = {"plain",     "with space",    "a+b",       "a%2Fb",        "a/b/c",        "x=y&z",
                                           "tilde~",    "quote'",        "par(en)*!", "grüße/ሴ/日本", "semi;colon",   "at@colon:comma,",
                                           "hash#mark", "question?mark", "dollar$5€", "percent%zz%%", "a b/c d+e%20f"};
    for (const auto& key : keys) {
        ASSERT_TRUE(call("PutObject", {{"Bucket", bucket}, {"Key", key}, {"Body", Bytes{"content of " + key}}})) << key;
        EXPECT_EQ(body_of(call("GetObject", {{"Bucket", bucket}, {"Key", key}})), "content of " + key);
    }

    const auto listed = call("ListObjectsV2", {{"Bucket", bucket}});
    ASSERT_TRUE(listed);
    std::vector<std::string> names;
    for (const auto& object : *listed->find("Contents")->list()) names.emplace_back(object.find("Key")->text_or(""));
    auto expected = keys;
    std::ranges::sort(expected);
    EXPECT_EQ(names, expected);
}

TEST_F(S3Signing, DoubleSlashesAreSignedAsTheyAreSent) {
    // MinIO stores no key with an empty part, but judges the signature first: a wrong secret is told apart from a wrong name.
    const auto wrong = client(Credentials{MinioProcess::user, "not-the-password"});
    for (const auto* key : {"a//b", "trailing//"}) {
        const auto refused_name = client_->call_and_wait(s3("PutObject", {{"Bucket", bucket}, {"Key", key}, {"Body", Bytes{"x"}}}));
        const auto refused_key = wrong->call_and_wait(s3("PutObject", {{"Bucket", bucket}, {"Key", key}, {"Body", Bytes{"x"}}}));

        EXPECT_EQ(refused_name ? "stored" : refused_name.error().code, "XMinioInvalidObjectName") << key;
        EXPECT_EQ(refused_key ? "stored" : refused_key.error().code, "SignatureDoesNotMatch") << key;
    }
}

TEST_F(S3Signing, QueriesAreSigned) {
    for (const auto* key : {"p q/1", "p q/2", "p+q/3", "other"})
        ASSERT_TRUE(call("PutObject", {{"Bucket", bucket}, {"Key", key}, {"Body", Bytes{"x"}}}));

    const auto listed =
        call("ListObjectsV2", {{"Bucket", bucket}, {"Prefix", "p q/"}, {"Delimiter", "/"}, {"MaxKeys", 1}, {"StartAfter", "p q/&=+ %2F"}});
    const auto all = client_->call_all_pages_and_wait(s3("ListObjectsV2", {{"Bucket", bucket}, {"MaxKeys", 1}}));

    ASSERT_TRUE(listed);
    EXPECT_EQ(listed->find("Contents")->list()->front().find("Key")->text_or(""), "p q/1");
    EXPECT_TRUE(listed->find("IsTruncated")->boolean_or(false));
    ASSERT_TRUE(all) << all.error().text();
    EXPECT_EQ(all->find("Contents")->list()->size(), 4U);
    EXPECT_TRUE(call(
        "PutBucketTagging",
        {{"Bucket", bucket}, {"Tagging", ValueMap{{"TagSet", ValueList{ValueMap{{"Key", "team"}, {"Value", "data + more = all"}}}}}}}));
    EXPECT_TRUE(call("GetBucketTagging", {{"Bucket", bucket}}));
}

TEST_F(S3Signing, AFileIsHashedAndSentPieceByPiece) {
    const ScratchFolder folder;
    const auto path = folder / "upload";
    const auto content = random_bytes(5'000'000);
    ASSERT_TRUE(real_files().replace(path, content));

    const auto put = call("PutObject", {{"Bucket", bucket},
                                        {"Key", "file"},
                                        {"Body", Asset{.path = path.string(), .sha256 = sha256_hex(content), .size = content.size()}}});

    ASSERT_TRUE(put) << put.error().text();
    EXPECT_EQ(sha256_hex(body_of(call("GetObject", {{"Bucket", bucket}, {"Key", "file"}}))), sha256_hex(content));
}

TEST_F(S3Signing, ABodyThatIsNotTheSignedOneIsRefused) {
    auto request = client_->prepare(s3("PutObject", {{"Bucket", bucket}, {"Key", "k"}, {"Body", Bytes{"signed"}}}));
    ASSERT_TRUE(request) << request.error().text();
    request->body = "forged";

    const auto answer = http_->send_and_wait(*request);

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_NE(answer->body.find("XAmzContentSHA256Mismatch"), std::string::npos) << answer->body;
}

TEST_F(S3Signing, TemporaryCredentialsAreSignedWithTheirToken) {
    const Credentials root{MinioProcess::user, MinioProcess::password};
    const auto assumed = assume_role({.role_arn = "arn:aws:iam::123456789012:role/any", .session_name = "test"}, &root,
                                     {.url = minio_->url(), .scope = {"us-east-1", "sts"}}, *http_, real_clock(), KnownSecrets{});
    ASSERT_TRUE(assumed) << assumed.error().text();
    EXPECT_FALSE(assumed->session_token().empty());
    EXPECT_TRUE(assumed->expires());

    const auto with_token = client(*assumed);
    const auto put = with_token->call_and_wait(s3("PutObject", {{"Bucket", bucket}, {"Key", "temporary"}, {"Body", Bytes{"t"}}}));
    const auto without_token = client(Credentials{assumed->access_key(), assumed->secret_key()});
    const auto refused = without_token->call_and_wait(s3("ListObjectsV2", {{"Bucket", bucket}}));

    EXPECT_TRUE(put) << put.error().text();
    EXPECT_FALSE(refused);
}

TEST_F(S3Signing, APresignedAddressReadsWithoutCredentials) {
    ASSERT_TRUE(call("PutObject", {{"Bucket", bucket}, {"Key", "a b+c/ü%2F"}, {"Body", Bytes{"shared"}}}));
    const auto url = client_->presign(s3("GetObject", {{"Bucket", bucket}, {"Key", "a b+c/ü%2F"}, {"ResponseContentType", "text/x y"}}),
                                      std::chrono::seconds{60});
    ASSERT_TRUE(url) << url.error().text();

    const auto answer = http_->send_and_wait({.url = *url});
    auto forged = *url;
    forged.replace(forged.find("X-Amz-Expires=60"), 16, "X-Amz-Expires=99");
    const auto refused = http_->send_and_wait({.url = forged});

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << answer->body;
    EXPECT_EQ(answer->body, "shared");
    EXPECT_EQ(*answer->headers.find("content-type"), "text/x y");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
}

TEST_F(S3Signing, APresignedAddressWritesWithoutCredentials) {
    const auto url =
        client_->presign(s3("PutObject", {{"Bucket", bucket}, {"Key", "put here"}, {"Metadata", ValueMap{{"owner", "data team"}}}}),
                         std::chrono::seconds{60});
    ASSERT_TRUE(url) << url.error().text();

    const auto put =
        http_->send_and_wait({.method = "PUT", .url = *url, .headers = {{"x-amz-meta-owner", "data team"}}, .body = "whatever"});
    const auto without_signed_header = http_->send_and_wait({.method = "PUT", .url = *url, .body = "whatever"});

    ASSERT_TRUE(put);
    EXPECT_EQ(put->status, 200) << put->body;
    EXPECT_EQ(body_of(call("GetObject", {{"Bucket", bucket}, {"Key", "put here"}})), "whatever");
    ASSERT_TRUE(without_signed_header);
    EXPECT_EQ(without_signed_header->status, 400) << without_signed_header->body;
    EXPECT_NE(without_signed_header->body.find("headers present in the request which were not signed"), std::string::npos);
}

TEST_F(S3Signing, AWrongSecretGivesOneClearErrorAndNoRetry) {
    const auto wrong = client(Credentials{MinioProcess::user, "not-the-password"});
    const auto answer = wrong->call_and_wait(s3("ListObjectsV2", {{"Bucket", bucket}}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::credentials) << answer.error().text();
    EXPECT_EQ(answer.error().code, "SignatureDoesNotMatch");
    EXPECT_EQ(wrong->counters().calls, 1U);
    EXPECT_EQ(answer.error().text().find("not-the-password"), std::string::npos);
}

TEST_F(S3Signing, AnUnknownKeyGivesOneClearErrorAndNoRetry) {
    const auto wrong = client(Credentials{"NOBODY", "nothing"});
    const auto answer = wrong->call_and_wait(s3("ListObjectsV2", {{"Bucket", bucket}}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::credentials) << answer.error().text();
    EXPECT_EQ(answer.error().code, "InvalidAccessKeyId");
    EXPECT_EQ(wrong->counters().calls, 1U);
}

}  // namespace
}  // namespace strata::aws
