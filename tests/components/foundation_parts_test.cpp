#include <gtest/gtest.h>

#include "components/identity.hpp"
#include "components/secrets.hpp"
#include "components/security.hpp"
#include "tests/components/declared_stack.hpp"

// Keys, secrets, and who may do what.

namespace components {
namespace {

using Texts = std::vector<std::string>;

// --- Security ---

TEST(Security, DeclaresAKeyAndAnAliasForEachPurpose) {
    DeclaredStack declared;
    const Security security{declared.stack, "security", {.prefix = "findata-dev"}};

    EXPECT_EQ(declared.mistakes(), Texts{});
    EXPECT_EQ(declared.resources(),
              (Texts{"security/lake-key: aws.kms.Key", "security/lake-alias: aws.kms.Alias", "security/database-key: aws.kms.Key",
                     "security/database-alias: aws.kms.Alias", "security/secrets-key: aws.kms.Key", "security/secrets-alias: aws.kms.Alias",
                     "security/logs-key: aws.kms.Key", "security/logs-alias: aws.kms.Alias", "security/registry-key: aws.kms.Key",
                     "security/registry-alias: aws.kms.Alias"}));
    EXPECT_EQ(declared.properties("security/lake-alias"),
              R"({"AliasName":"alias/findata-dev-lake","TargetKeyId":"${security/lake-key.Id}"})");
    EXPECT_EQ(declared.property("security/lake-key", "Rotation"), R"({"KeyRotationEnabled":true})");
    EXPECT_EQ(declared.property("security/lake-key", "DeletionWindowInDays"), "30");
    EXPECT_EQ(
        declared.property("security/lake-key", "Policy"),
        R"({"Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Resource":["*"],"Sid":"Account"}],)"
        R"("Version":"2012-10-17"})");
}

TEST(Security, LetsCloudWatchLogsUseTheKeyOfLogsAlone) {
    DeclaredStack declared;
    const Security security{declared.stack, "security", {.prefix = "x"}};

    for (const auto* key : {"lake", "database", "secrets", "registry"})
        EXPECT_EQ(declared.property("security/" + std::string{key} + "-key", "Policy").find("logs."), std::string::npos) << key;
    EXPECT_NE(declared.property("security/logs-key", "Policy").find(R"("Service":["logs.ca-central-1.amazonaws.com"])"), std::string::npos);
    EXPECT_NE(declared.property("security/logs-key", "Policy")
                  .find(R"("kms:EncryptionContext:aws:logs:arn":["arn:aws:logs:ca-central-1:123456789012:*"])"),
              std::string::npos);
}

TEST(Security, TakesItsArgumentsToEveryKey) {
    DeclaredStack declared;
    const Security security{declared.stack, "security", {.prefix = "x", .rotation = false, .deletion_days = 7}};

    EXPECT_EQ(declared.property("security/registry-key", "Rotation"), R"({"KeyRotationEnabled":false})");
    EXPECT_EQ(declared.property("security/registry-key", "DeletionWindowInDays"), "7");
}

TEST(Security, RefusesAWaitThatKmsDoesNotOffer) {
    DeclaredStack declared;
    const Security security{declared.stack, "security", {.prefix = "x", .deletion_days = 3}};

    EXPECT_EQ(declared.mistakes().size(), 5U);
    EXPECT_NE(declared.mistakes().front().find("security/lake-key DeletionWindowInDays"), std::string::npos);
}

// --- Secrets ---

TEST(Secrets, DeclaresEachSecretUnderThePrefix) {
    DeclaredStack declared;
    const Secrets secrets{declared.stack,
                          "secrets",
                          {.entries = {{.path = "mongodb/connection", .about = "Source", .value = strata::secret("mongodb://canary")},
                                       {.path = "dbt/profiles", .about = "dbt"}},
                           .kms_key = "arn:aws:kms:ca-central-1:123456789012:key/1",
                           .prefix = "/findata-dev"}};

    EXPECT_EQ(declared.mistakes(), Texts{});
    EXPECT_EQ(
        declared.properties("secrets/mongodb-connection"),
        R"({"Description":"Source","KmsKeyId":"arn:aws:kms:ca-central-1:123456789012:key/1","Name":"/findata-dev/mongodb/connection",)"
        R"x("RecoveryWindowInDays":30,"SecretString":"(secret)"})x");
}

TEST(Secrets, RefusesRecoveryThatTheServiceDoesNotOffer) {
    DeclaredStack declared;
    const Secrets secrets{declared.stack, "secrets", {.entries = {{.path = "a", .about = "x"}}, .prefix = "/p", .recovery_days = 3}};

    EXPECT_EQ(declared.mistakes().size(), 1U);
}

// --- Identity ---

IdentityArgs identity_args() { return {.github_environment = "dev", .github_repository = "owner/name", .prefix = "findata-dev"}; }

TEST(Identity, DeclaresPasswordsPeopleBoundaryAndGithub) {
    DeclaredStack declared;
    const Identity identity{declared.stack, "identity", identity_args()};

    EXPECT_EQ(declared.mistakes(), Texts{});
    EXPECT_EQ(declared.resources(),
              (Texts{"identity/boundary: aws.iam.Policy", "identity/github: aws.iam.OidcProvider", "identity/github-role: aws.iam.Role",
                     "identity/password-policy: aws.iam.AccountPasswordPolicy", "identity/people: aws.iam.Group"}));
    EXPECT_EQ(declared.properties("identity/password-policy"),
              R"({"AllowUsersToChangePassword":true,"MaxPasswordAge":90,"MinimumPasswordLength":14,"PasswordReusePrevention":24,)"
              R"("RequireLowercaseCharacters":true,"RequireNumbers":true,"RequireSymbols":true,"RequireUppercaseCharacters":true})");
}

TEST(Identity, LetsInOnlyOneRepositoryAndEnvironmentOfGithub) {
    DeclaredStack declared;
    const Identity identity{declared.stack, "identity", identity_args()};

    EXPECT_EQ(declared.property("identity/github-role", "AssumeRolePolicyDocument"),
              R"({"Statement":[{"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":)"
              R"({"token.actions.githubusercontent.com:aud":["sts.amazonaws.com"],)"
              R"("token.actions.githubusercontent.com:sub":["repo:owner/name:environment:dev"]}},"Effect":"Allow",)"
              R"("Principal":{"Federated":["${identity/github.Arn}"]}}],"Version":"2012-10-17"})");
    EXPECT_EQ(declared.property("identity/github-role", "PermissionsBoundary"), R"("${identity/boundary.Arn}")");
    EXPECT_EQ(declared.property("identity/github-role", "MaxSessionDuration"), "3600");
}

TEST(Identity, DeniesEverythingToPeopleWithoutASecondFactor) {
    DeclaredStack declared;
    const Identity identity{declared.stack, "identity", identity_args()};
    auto without = identity_args();
    without.require_mfa = false;
    DeclaredStack other;
    const Identity open{other.stack, "identity", without};

    EXPECT_NE(declared.property("identity/people", "Policies").find("aws:MultiFactorAuthPresent"), std::string::npos);
    EXPECT_EQ(other.property("identity/people", "Policies"), "");
}

TEST(Identity, LetsOtherAccountsDeployWithTheirExternalIdOnly) {
    auto args = identity_args();
    args.permission_boundary = false;
    args.trusted_accounts = {{.account = "210987654321", .external_id = "shared-word"}};
    DeclaredStack declared;
    const Identity identity{declared.stack, "identity", args};

    EXPECT_EQ(
        declared.property("identity/deploy-210987654321", "AssumeRolePolicyDocument"),
        R"({"Statement":[{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":["shared-word"]}},"Effect":"Allow",)"
        R"("Principal":{"AWS":["arn:aws:iam::210987654321:root"]}}],"Version":"2012-10-17"})");
    EXPECT_EQ(declared.property("identity/deploy-210987654321", "RoleName"), R"("findata-dev-deploy-210987654321")");
    EXPECT_EQ(declared.property("identity/deploy-210987654321", "PermissionsBoundary"), "");
}

TEST(Identity, RefusesWhatWouldLetInMoreThanWasMeant) {
    const auto mistakes = [](const IdentityArgs& args) {
        DeclaredStack declared;
        const Identity identity{declared.stack, "identity", args};
        return declared.mistakes();
    };
    auto args = identity_args();
    for (const auto* repository : {"", "owner", "owner/", "owner/*", "a/b/c"}) {
        args.github_repository = repository;
        EXPECT_EQ(mistakes(args), Texts{"identity: github_repository \"" + std::string{repository} + "\" does not name one repository."});
    }
    args = identity_args();
    args.github_environment = "";
    EXPECT_EQ(mistakes(args), Texts{"identity: \"github_environment\" is empty."});
    args = identity_args();
    args.trusted_accounts = {{.account = "21098765432", .external_id = ""}};
    EXPECT_EQ(mistakes(args), (Texts{"identity: trusted account \"21098765432\" is no account id.",
                                     "identity: trusted account 21098765432 has no external id."}));
}

}  // namespace
}  // namespace components
