#include <algorithm>

#include "engine/wire/http.hpp"
#include "tests/engine/wire/tiny_server.hpp"
#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class SecretTest : public TypeTest {};

TEST_F(SecretTest, HoldsBytes) {
    ValueMap wanted{{"Name", Value{"key"}}, {"SecretBinary", Value{Bytes{std::string{"\x00\x01\xff", 3}}}}};
    const auto secret = make("aws.secretsmanager.Secret", wanted);

    const auto& provider = aws().provider();
    EXPECT_EQ(differences(secret), no_difference);
    EXPECT_EQ(provider.planned_id(*secret.type, wanted), "key");
}

TEST_F(SecretTest, TellsHowToGetANameBackThatIsBeingForgotten) {
    // The error's words are AWS's own.
    wire::TinyServer server{wire::TinyServer::answering([](const wire::SeenRequest&) {
        return wire::plain_answer(
            R"({"__type": "InvalidRequestException", "message": "You can't create this secret because a secret with this name is already scheduled for deletion."})",
            400);
    })};
    auto http = std::move(wire::Http::start({})).value();
    AwsProvider provider{Client::create({.region = "ca-central-1", .endpoint = server.url()}, *http, real_clock()), real_clock()};

    const auto again = Life{provider}.create(*find_resource_type("aws.secretsmanager.Secret"), "again", {{"Name", Value{"warehouse"}}});

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().remedy,
              "A deleted secret keeps its name until its recovery window ends. To have it back:\n"
              "    aws secretsmanager restore-secret --secret-id warehouse\n"
              "and import it under this address; else give the secret another name.");
}

TEST_F(SecretTest, IsAbsentWhileItIsBeingForgotten) {
    const auto secret = make("aws.secretsmanager.Secret", {{"Name", Value{"warehouse"}}, {"SecretString", Value{"one"}}});
    ASSERT_TRUE(life_.remove(secret));
    EXPECT_TRUE(life_.is_absent(secret));
}

TEST_F(SecretTest, IsGoneHoweverOftenItIsDeleted) {
    const auto secret = make("aws.secretsmanager.Secret", {{"Name", Value{"warehouse"}}, {"SecretString", Value{"one"}}});
    ASSERT_TRUE(life_.remove(secret));
    const auto again = life_.remove(secret);
    EXPECT_TRUE(again) << again.error().text();
}

TEST_F(SecretTest, CanBeMadeAgainAtOnceWhenItWasDeletedWithoutWindow) {
    const ValueMap wanted{{"Name", Value{"warehouse"}}, {"ForceDeleteWithoutRecovery", Value{true}}};
    const auto secret = make("aws.secretsmanager.Secret", wanted);
    ASSERT_TRUE(life_.remove(secret));

    const auto again = make("aws.secretsmanager.Secret", wanted);
    EXPECT_EQ(differences(again), no_difference);
}

TEST_F(SecretTest, IsListedTenNamesACallWithItsTags) {
    std::vector<Thing> secrets;
    for (int i = 0; i < 12; ++i) secrets.push_back(make("aws.secretsmanager.Secret", {{"Name", Value{"secret-" + std::to_string(i)}}}));
    EXPECT_EQ(calls_to_read(secrets), (Names{"secretsmanager ListSecrets", "secretsmanager ListSecrets"}));
}

TEST_F(SecretTest, SaysWhatDoesNotGoTogether) {
    const ValueMap wanted{{"ForceDeleteWithoutRecovery", Value{true}},
                          {"RecoveryWindowInDays", Value{3}},
                          {"SecretBinary", Value{Bytes{"a"}}},
                          {"SecretString", Value{"a"}}};
    EXPECT_EQ(mistakes("aws.secretsmanager.Secret", wanted),
              (Names{"SecretBinary: A secret holds a text or bytes, not both.",
                     "RecoveryWindowInDays: 3 days are no window that Secrets Manager takes.",
                     "ForceDeleteWithoutRecovery: Deleting at once leaves no recovery window."}));
}

}  // namespace

}  // namespace strata::aws
