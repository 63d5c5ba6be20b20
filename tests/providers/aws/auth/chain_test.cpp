#include "providers/aws/auth/chain.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"
#include "tests/engine/wire/tiny_server.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::aws {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string, std::less<>>;

constexpr const char* sts_answer =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{0}</AccessKeyId><SecretAccessKey>s&amp;{0}</SecretAccessKey>"
    "<SessionToken>t{0}</SessionToken><Expiration>2026-11-21T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

/// The sources of credentials on this machine: files in a folder of their own, and one server that plays
/// STS, container agent and metadata service.
class Chain : public testing::Test {
protected:
    Chain() : http_{*wire::Http::start({})} {}

    std::string write(const std::string& name, const std::string& content) {
        const auto path = folder_ / name;
        EXPECT_TRUE(real_files().replace(path, content));
        return path.string();
    }

    /// Every test runs without the instance metadata service, unless it says otherwise.
    Result<Credentials> find(Variables variables, const CredentialsQuery& query = {}) {
        variables.try_emplace("HOME", folder_.path.string());
        variables.try_emplace("AWS_EC2_METADATA_DISABLED", "true");
        const CredentialsSources sources{
            .environment = fixed_environment(std::move(variables)),
            .files = real_files(),
            .http = *http_,
            .clock = real_clock(),
            .secrets = secrets_,
            .sts = [this]() -> Result<StsEndpoint> { return StsEndpoint{server_.url(), {"ca-central-1", "sts"}}; }};
        return find_credentials(query, sources);
    }

    std::string config(const std::string& text) { return write("config", text); }

    /// Access key, secret key and token of what was found, or the error's summary and cause.
    static std::string shown(const Result<Credentials>& found) {
        if (!found) return fmt::format("{}: {}", found.error().summary, found.error().cause);
        return fmt::format("{} {} {}", found->access_key(), found->secret_key(), found->session_token());
    }

    wire::TinyServer server_{wire::TinyServer::answering([this](const wire::SeenRequest& request) { return answer(request); })};
    std::function<std::string(const wire::SeenRequest&)> answer = [](const wire::SeenRequest&) { return wire::plain_answer("", 404); };
    std::unique_ptr<wire::Http> http_;
    KnownSecrets secrets_;
    ScratchFolder folder_;
};

TEST_F(Chain, TakesTheEnvironmentFirst) {
    config("[default]\naws_access_key_id = F\naws_secret_access_key = f\n");

    EXPECT_EQ(shown(find({{"AWS_ACCESS_KEY_ID", "E"},
                          {"AWS_SECRET_ACCESS_KEY", "e"},
                          {"AWS_SESSION_TOKEN", "t"},
                          {"AWS_CONFIG_FILE", folder_ / "config"}})),
              "E e t");
}

TEST_F(Chain, HalfAKeyPairIsAnError) {
    EXPECT_EQ(shown(find({{"AWS_ACCESS_KEY_ID", "E"}})),
              "Credentials cannot be used: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.");
    EXPECT_EQ(shown(find({{"AWS_CONFIG_FILE", config("[default]\naws_secret_access_key = f\n")}})),
              "Credentials cannot be used: Profile \"default\" has only one of aws_access_key_id and aws_secret_access_key.");
}

TEST_F(Chain, ReadsBothFilesOfTheHomeFolder) {
    fs::create_directory(folder_ / ".aws");
    write(".aws/config", "[profile dev]\nregion = ca-central-1\naws_access_key_id = CONFIG\n");
    write(".aws/credentials", "[dev]\naws_access_key_id = D\naws_secret_access_key = d\n");

    EXPECT_EQ(shown(find({{"AWS_PROFILE", "dev"}})), "D d ");
}

TEST_F(Chain, AProfileThatTheProgramAskedForIsStrongerThanTheEnvironment) {
    const Variables variables = {{"AWS_ACCESS_KEY_ID", "E"},
                                 {"AWS_SECRET_ACCESS_KEY", "e"},
                                 {"AWS_CONFIG_FILE", config("[profile dev]\naws_access_key_id = D\naws_secret_access_key = d\n")}};

    EXPECT_EQ(shown(find(variables, {.profile = "dev"})), "D d ");
}

TEST_F(Chain, AnUnknownProfileNamesTheNearestOne) {
    const auto found = find({{"AWS_PROFILE", "stagin"}, {"AWS_CONFIG_FILE", config("[profile staging]\nregion = x\n")}});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().summary, "No such AWS profile");
    EXPECT_EQ(found.error().remedy, "Did you mean \"staging\"?");
}

TEST_F(Chain, AssumesRolesAlongAChainOfProfiles) {
    std::vector<std::string> bodies;
    std::vector<std::string> signers;
    answer = [&](const wire::SeenRequest& request) {
        bodies.push_back(request.body);
        const auto& field = *request.headers.find("Authorization");
        const auto begin = field.find("Credential=") + 11;
        signers.push_back(field.substr(begin, field.find('/') - begin));
        return wire::plain_answer(fmt::format(fmt::runtime(sts_answer), bodies.size()));
    };
    const auto file = config(
        "[profile a]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\nrole_session_name = me@work\nexternal_id = x "
        "y\nduration_seconds = 900\n"
        "[profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = c\nrole_session_name = bee\n"
        "[profile c]\naws_access_key_id = C\naws_secret_access_key = c\n");

    const auto found = find({{"AWS_PROFILE", "a"}, {"AWS_CONFIG_FILE", file}});

    EXPECT_EQ(shown(found), "ASIA2 s&2 t2");
    EXPECT_EQ(found->expires(), parse_iso8601("2026-11-21T13:00:00Z"));
    EXPECT_EQ(signers, (std::vector<std::string>{"C", "ASIA1"}));
    EXPECT_EQ(bodies, (std::vector<std::string>{
                          "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fb&RoleSessionName=bee",
                          "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa&RoleSessionName=me%40work&"
                          "ExternalId=x%20y&DurationSeconds=900"}));
}

TEST_F(Chain, AProfileMayBeItsOwnSource) {
    answer = [](const wire::SeenRequest&) { return wire::plain_answer(fmt::format(fmt::runtime(sts_answer), 1)); };

    EXPECT_EQ(
        shown(find({{"AWS_CONFIG_FILE",
                     config("[default]\nrole_arn = r\nsource_profile = default\naws_access_key_id = D\naws_secret_access_key = d\n")}})),
        "ASIA1 s&1 t1");
}

TEST_F(Chain, ProfilesThatUseEachOtherAreNamed) {
    const auto file = config(
        "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = c\n[profile c]\nrole_arn = "
        "r\nsource_profile = a\n");

    EXPECT_EQ(shown(find({{"AWS_PROFILE", "a"}, {"AWS_CONFIG_FILE", file}})),
              "Credentials cannot be used: Profiles use each other as source: a -> b -> c -> a.");
}

TEST_F(Chain, ARoleWithoutAUsableSourceIsAnError) {
    const auto cause = [&](const std::string& settings) {
        return shown(find({{"AWS_CONFIG_FILE", config("[default]\nrole_arn = r\n" + settings)}}));
    };

    EXPECT_EQ(cause(""), "Credentials cannot be used: Profile \"default\" has a role_arn, but its source has no credentials.");
    EXPECT_EQ(cause("credential_source = Moon\n"),
              "Credentials cannot be used: Profile \"default\": credential_source \"Moon\" is not known.");
    EXPECT_EQ(cause("credential_source = Environment\nsource_profile = x\n"),
              "Credentials cannot be used: Profile \"default\" has both source_profile and credential_source.");
    EXPECT_EQ(cause("source_profile = x\nduration_seconds = soon\n"),
              "Credentials cannot be used: Profile \"default\": duration_seconds is no whole number.");
    EXPECT_TRUE(cause("source_profile = x\n").starts_with("No such AWS profile")) << cause("source_profile = x\n");
    EXPECT_NE(cause("mfa_serial = arn\nsource_profile = x\n").find("(mfa_serial), which is not supported"), std::string::npos);
}

TEST_F(Chain, TheSourceOfARoleMayBeTheEnvironment) {
    answer = [](const wire::SeenRequest& request) {
        EXPECT_NE(request.headers.find("Authorization")->find("Credential=E/"), std::string::npos);
        return wire::plain_answer(fmt::format(fmt::runtime(sts_answer), 1));
    };
    const auto file = config("[profile a]\nrole_arn = r\ncredential_source = Environment\n");

    EXPECT_EQ(shown(find({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}, {"AWS_CONFIG_FILE", file}}, {.profile = "a"})),
              "ASIA1 s&1 t1");
}

TEST_F(Chain, ARoleOfTheProgramIsTakenOnWithWhatWasFound) {
    std::string body;
    answer = [&](const wire::SeenRequest& request) {
        body = request.body;
        return wire::plain_answer(fmt::format(fmt::runtime(sts_answer), 1));
    };

    const auto found =
        find({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}}, {.assume_role = "arn:deploy", .external_id = "42"});

    EXPECT_EQ(shown(found), "ASIA1 s&1 t1");
    EXPECT_NE(body.find("RoleArn=arn%3Adeploy&RoleSessionName=strata-"), std::string::npos) << body;
    EXPECT_NE(body.find("&ExternalId=42"), std::string::npos) << body;
}

TEST_F(Chain, ARefusedRoleShowsNoKeyThatTheServiceRepeats) {
    answer = [](const wire::SeenRequest&) {
        return wire::plain_answer(
            "<ErrorResponse><Error><Code>Denied</Code><Message>the-secret-key, the-session&lt;-token and more</Message></Error>"
            "<RequestId>r-1</RequestId></ErrorResponse>",
            403);
    };

    const auto found =
        find({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "the-secret-key"}, {"AWS_SESSION_TOKEN", "the-session<-token"}},
             {.assume_role = "arn:deploy"});

    EXPECT_EQ(shown(found), "Role cannot be assumed: arn:deploy: Denied (request r-1): (secret), (secret) and more");
}

TEST_F(Chain, ARefusedRoleSaysWhoRefusedAndWhy) {
    answer = [](const wire::SeenRequest&) {
        return wire::plain_answer(
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: "
            "sts:AssumeRole</Message></Error><RequestId>r-1</RequestId></ErrorResponse>",
            403);
    };

    const auto found = find({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}}, {.assume_role = "arn:deploy"});

    EXPECT_EQ(shown(found), "Role cannot be assumed: arn:deploy: AccessDenied (request r-1): not authorized to perform: sts:AssumeRole");
    EXPECT_EQ(found.error().kind, ErrorKind::credentials);
}

TEST_F(Chain, StsIsAskedAgainWhenItStumbles) {
    int asked = 0;
    answer = [&](const wire::SeenRequest&) {
        return ++asked < 3 ? wire::plain_answer("<html>", 503) : wire::plain_answer(fmt::format(fmt::runtime(sts_answer), 1));
    };

    EXPECT_EQ(shown(find({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}}, {.assume_role = "r"})), "ASIA1 s&1 t1");
    EXPECT_EQ(asked, 3);
}

TEST_F(Chain, AWebIdentityNeedsNoOtherCredentials) {
    wire::SeenRequest seen;
    answer = [&](const wire::SeenRequest& request) {
        seen = request;
        return wire::plain_answer(fmt::format(fmt::runtime(sts_answer), 1));
    };
    const auto token = write("token", "eyJ.web.token\n");

    const auto by_environment = find({{"AWS_WEB_IDENTITY_TOKEN_FILE", token}, {"AWS_ROLE_ARN", "arn:r"}, {"AWS_ROLE_SESSION_NAME", "ci"}});
    const auto body = seen.body;
    const auto by_profile =
        find({{"AWS_CONFIG_FILE", config("[default]\nrole_arn = arn:p\nrole_session_name = p\nweb_identity_token_file = " + token)}});
    const auto half = find({{"AWS_WEB_IDENTITY_TOKEN_FILE", token}});

    EXPECT_EQ(shown(by_environment), "ASIA1 s&1 t1");
    EXPECT_EQ(body,
              "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=ci&WebIdentityToken=eyJ.web.token");
    EXPECT_EQ(seen.headers.find("Authorization"), nullptr);
    EXPECT_EQ(shown(by_profile), "ASIA1 s&1 t1");
    EXPECT_NE(shown(half).find("AWS_ROLE_ARN is not"), std::string::npos);
}

TEST_F(Chain, AProcessMayHandOutCredentials) {
    const auto run = [&](const std::string& command) {
        return shown(find({{"AWS_CONFIG_FILE", config("[default]\ncredential_process = " + command + "\n")}}));
    };

    EXPECT_EQ(
        run(R"(echo '{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "p", "SessionToken": "t", "Expiration": "2026-11-21T13:00:00Z"}')"),
        "P p t");
    EXPECT_EQ(run("exit 3"), "Credential process failed: The command in the profile's credential_process ended with code 3.");
    EXPECT_EQ(run("echo SECRET"),
              "Credentials cannot be fetched: the credential_process of profile \"default\": the answer is not a JSON object.");
    EXPECT_EQ(run("echo '{}'"),
              "Credentials cannot be fetched: the credential_process of profile \"default\": the answer has no AccessKeyId and "
              "SecretAccessKey.");
    EXPECT_TRUE(run("yes").starts_with("Credential process failed: The command in the profile's credential_process did not end within"))
        << run("yes");
}

TEST_F(Chain, SingleSignOnIsRefusedWithAWayOut) {
    const auto found = find({{"AWS_PROFILE", "corp"}, {"AWS_CONFIG_FILE", config("[profile corp]\nsso_session = s\n")}});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().text(),
              "Credentials cannot be used\n  Profile \"corp\" signs in by SSO, which is not supported.\n"
              "  Sign in with the AWS command line and let it hand the keys over, in a profile with:\n"
              "    credential_process = aws configure export-credentials --profile corp");
}

TEST_F(Chain, AContainerAgentIsAskedWithItsToken) {
    wire::SeenRequest seen;
    answer = [&](const wire::SeenRequest& request) {
        seen = request;
        return wire::plain_answer(R"({"AccessKeyId":"K","SecretAccessKey":"k","Token":"kt","Expiration":"2026-11-21T13:00:00Z"})");
    };
    const auto full = server_.url() + "/creds";

    EXPECT_EQ(shown(find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", full}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "word"}})), "K k kt");
    EXPECT_EQ(*seen.headers.find("Authorization"), "word");
    EXPECT_EQ(
        shown(find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", full}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", write("t", "of file\n")}})),
        "K k kt");
    EXPECT_EQ(*seen.headers.find("Authorization"), "of file");
}

TEST_F(Chain, AContainersTokenGoesToNoOtherHost) {
    const auto refused = [&](const std::string& url) { return shown(find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}})); };

    for (const auto* url : {"http://192.168.1.1/c", "http://example.com/c", "http://127.0.0.1.example.com/c",
                            "http://localhost.example.com/", "http://169.254.170.2@example.com/"})
        EXPECT_TRUE(refused(url).starts_with(
            "Credentials cannot be fetched: the container's credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI names"))
            << url;
    EXPECT_EQ(shown(find({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url()}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nHost: b"}})),
              "Credentials cannot be fetched: the container's credentials: the authorization token holds a line break.");
}

TEST_F(Chain, AnInstanceIsAskedByItsSecondProtocol) {
    std::string log;
    answer = [&](const wire::SeenRequest& request) {
        const auto* const token = request.headers.find("X-aws-ec2-metadata-token");
        log += fmt::format("{} {} {}\n", request.method, request.target, token ? *token : "-");
        if (request.target == "/latest/api/token") return wire::plain_answer("TOKEN");
        if (request.target.ends_with("/security-credentials/")) return wire::plain_answer("my-role\n");
        return wire::plain_answer(
            R"({"Code":"Success","AccessKeyId":"I","SecretAccessKey":"i","Token":"it","Expiration":"2026-11-21T13:00:00Z"})");
    };

    EXPECT_EQ(shown(find({{"AWS_EC2_METADATA_DISABLED", "false"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url() + "/"}})), "I i it");
    EXPECT_EQ(log,
              "PUT /latest/api/token -\nGET /latest/meta-data/iam/security-credentials/ TOKEN\nGET "
              "/latest/meta-data/iam/security-credentials/my-role TOKEN\n");
}

TEST_F(Chain, WhereThereIsNothingEverythingTriedIsNamed) {
    const auto found = find({{"HOME", "/home/nobody-here"}});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().text(),
              "No AWS credentials found\n"
              "  Tried, in this order:\n"
              "  - environment: AWS_ACCESS_KEY_ID is not set\n"
              "  - shared files: no profile \"default\" in /home/nobody-here/.aws/config or /home/nobody-here/.aws/credentials\n"
              "  - web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set\n"
              "  - container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set\n"
              "  - instance metadata: turned off by AWS_EC2_METADATA_DISABLED\n"
              "  Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile with credentials.");
}

TEST_F(Chain, ABrokenProfileFileIsNamedByLine) {
    const auto found = find({{"AWS_CONFIG_FILE", config("[default]\nnonsense\n")}});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::invalid_config);
    EXPECT_NE(found.error().cause.find("config:2:"), std::string::npos);
}

}  // namespace
}  // namespace strata::aws
