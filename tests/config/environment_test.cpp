#include "config/environment.hpp"

#include <gtest/gtest.h>

#include "tests/config/fake_files.hpp"

namespace strata {
namespace {

struct Loaded {
    std::optional<LoadedEnvironment> environment;
    std::string mistakes;
};

Loaded load(const std::string& text, const std::string& name = "dev") {
    FakeFiles files{{{"config/" + name + ".yaml", text}}};
    Diagnostics found;
    Loaded out{load_environment(files, "config", name, found), ""};
    for (const auto& error : found.errors()) out.mistakes += error.text() + "\n";
    return out;
}

constexpr auto full = R"(name: dev
account: 012345678901
region: ca-central-1
zones: [ca-central-1a, ca-central-1b]
endpoint: http://127.0.0.1:4566
endpoints:
  s3: https://s3.example.com/base
state: state/here
encryption:
  key: passphrase
  salt: MDEyMzQ1Njc4OWFiY2RlZg==
providers:
  aws:
    profile: work
    assume_role: arn:aws:iam::012345678901:role/strata-deploy
    external_id: findata
    default_tags: {owner: data}
    ignore_tags: ["aws:*"]
  aws.audit:
    region: us-east-1
settings:
  network: {zones: 2}
)";

TEST(LoadEnvironment, ReadsTheWholeHeader) {
    const auto [loaded, mistakes] = load(full);

    ASSERT_EQ(mistakes, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->environment.name, "dev");
    EXPECT_EQ(loaded->environment.account, "012345678901");
    EXPECT_EQ(loaded->environment.region, "ca-central-1");
    EXPECT_EQ(loaded->environment.partition, "aws");
    EXPECT_EQ(loaded->environment.zones, (std::vector<std::string>{"ca-central-1a", "ca-central-1b"}));
    EXPECT_EQ(loaded->file, "config/dev.yaml");
    EXPECT_EQ(loaded->endpoint, "http://127.0.0.1:4566");
    EXPECT_EQ(loaded->endpoints, (std::map<std::string, std::string>{{"s3", "https://s3.example.com/base"}}));
    EXPECT_EQ(loaded->state, (StateLocation{.folder = "state/here"}));
    EXPECT_EQ(loaded->encryption.key.kind, KeySource::Kind::passphrase);
    EXPECT_EQ(loaded->encryption.key.salt, "0123456789abcdef");
    EXPECT_EQ(loaded->settings.find("network")->place.line, 22U);
}

TEST(LoadEnvironment, ReadsProviderInstances) {
    const auto [loaded, mistakes] = load(full);

    ASSERT_TRUE(loaded);
    ASSERT_EQ(loaded->providers.size(), 2U);
    const auto& aws = loaded->providers[0];
    EXPECT_EQ(aws.name, "aws");
    EXPECT_EQ(aws.region, "ca-central-1");
    EXPECT_EQ(aws.profile, "work");
    EXPECT_EQ(aws.assume_role, "arn:aws:iam::012345678901:role/strata-deploy");
    EXPECT_EQ(aws.external_id, "findata");
    EXPECT_EQ(aws.default_tags, (std::map<std::string, std::string>{{"owner", "data"}}));
    EXPECT_EQ(aws.ignore_tags, std::vector<std::string>{"aws:*"});
    const auto& audit = loaded->providers[1];
    EXPECT_EQ(audit.name, "aws.audit");
    EXPECT_EQ(audit.kind, "aws");
    EXPECT_EQ(audit.region, "us-east-1");
}

TEST(LoadEnvironment, FillsInWhatIsNotSaid) {
    const auto [loaded, mistakes] = load("account: \"000000000001\"\nregion: cn-north-1\n", "local");

    ASSERT_EQ(mistakes, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->environment.name, "local");
    EXPECT_EQ(loaded->environment.account, "000000000001");
    EXPECT_EQ(loaded->environment.partition, "aws-cn");
    EXPECT_EQ(loaded->endpoint, std::nullopt);
    EXPECT_EQ(loaded->state, (StateLocation{.folder = ".strata/state"}));
    EXPECT_EQ(loaded->encryption.key.kind, KeySource::Kind::file);
    EXPECT_EQ(loaded->encryption.key.file, ".strata/key");
    ASSERT_EQ(loaded->providers.size(), 1U);
    EXPECT_EQ(loaded->providers[0].name, "aws");
    EXPECT_EQ(loaded->providers[0].region, "cn-north-1");
    EXPECT_EQ(loaded->settings.kind, ConfigNode::Kind::null);
}

TEST(LoadEnvironment, CountsRelativePathsFromTheProjectsFolder) {
    FakeFiles files{{{"/home/me/project/config/local.yaml", "account: 123456789012\nregion: ca-central-1\n"}}};
    Diagnostics found;
    const auto loaded = load_environment(files, "/home/me/project/config", "local", found);

    ASSERT_TRUE(loaded && found.ok());
    EXPECT_EQ(loaded->state.folder, "/home/me/project/.strata/state");
    EXPECT_EQ(loaded->encryption.key.file, "/home/me/project/.strata/key");
}

TEST(LoadEnvironment, ReportsEveryMistakeInOneRun) {
    const auto [loaded, mistakes] = load(R"(name: prod
account: 12345678901
regoin: ca-central-1
zones: [ca-central-1a]
endpoint: localhost
endpoints: {s3: 4566}
state: ftp://x
encryption:
  salt: c2hvcnQ=
providers:
  aws:
    region: canada
    assume_role: strata-deploy
  aws.audit:
    external_id: x
  azure: {}
)");

    EXPECT_TRUE(loaded);
    EXPECT_EQ(
        mistakes.substr(0, mistakes.find("Invalid setting\n  config/dev.yaml:9")),
        "Invalid setting\n  config/dev.yaml:1: name must be \"dev\" as the file is called, but is \"prod\".\n  Remove the line.\n"
        "Invalid setting\n  config/dev.yaml:2: account must be an account id of twelve digits, but is \"12345678901\".\n"
        "Missing setting\n  config/dev.yaml:1: the environment does not set \"region\", which is required.\n  Give \"region\" a value.\n"
        "Invalid setting\n  config/dev.yaml:5: endpoint must be an address like \"http://127.0.0.1:4566\", but is \"localhost\".\n"
        "Setting of the wrong type\n  config/dev.yaml:6: endpoints.s3 must be text, but is a whole number (4566).\n  Put it in quotes: "
        "\"4566\".\n"
        "Invalid setting\n  config/dev.yaml:7: state must be a folder or s3://bucket/prefix, but is \"ftp://x\".\n  Write it like "
        ".strata/state.\n");
    EXPECT_EQ(mistakes.substr(mistakes.find("Invalid setting\n  config/dev.yaml:12")),
              "Invalid setting\n  config/dev.yaml:12: providers.aws.region must be a region like \"ca-central-1\", but is \"canada\".\n"
              "Invalid setting\n  config/dev.yaml:13: providers.aws.assume_role must be the ARN of a role, but is \"strata-deploy\".\n"
              "Invalid setting\n  config/dev.yaml:15: providers.aws.audit.external_id has no use without \"assume_role\".\n"
              "  Name the role, or remove the line.\n"
              "Invalid setting\n  config/dev.yaml:16: providers.azure is no provider of this version.\n"
              "  Call it \"aws\", or for a further instance \"aws.NAME\".\n"
              "Unknown setting\n  config/dev.yaml:3: the environment has no setting \"regoin\".\n  Did you mean \"region\"?\n");
    EXPECT_NE(mistakes.find("Invalid setting\n  config/dev.yaml:9: encryption.salt must be base64 of 16 to 1024 bytes.\n  Write it like "),
              std::string::npos);
}

TEST(LoadEnvironment, RefusesZonesOfAnotherRegion) {
    EXPECT_EQ(load("account: 123456789012\nregion: ca-central-1\nzones: [ca-central-1a, us-east-1b, ca-central-1]\n").mistakes,
              "Invalid setting\n  config/dev.yaml:3: zones[1] must be a zone of ca-central-1, but is \"us-east-1b\".\n"
              "Invalid setting\n  config/dev.yaml:3: zones[2] must be a zone of ca-central-1, but is \"ca-central-1\".\n");
}

TEST(LoadEnvironment, RefusesAFileThatIsNoMap) {
    EXPECT_EQ(load("- a\n").mistakes,
              "Setting of the wrong type\n  config/dev.yaml:1: the environment must be a section, but is a list.\n"
              "  Write its settings on the lines below it, indented.\n");
}

TEST(LoadEnvironment, NamesTheEnvironmentsThatThereAre) {
    FakeFiles files{
        {{"config/dev.yaml", "a: 1"}, {"config/local.yaml", "a: 1"}, {"config/staging.yaml", "a: 1"}, {"config/README.md", ""}}};
    const auto said = [&](std::string_view name) {
        Diagnostics found;
        EXPECT_FALSE(load_environment(files, "config", name, found));
        return found.errors().at(0).text();
    };

    EXPECT_EQ(said("stagin"),
              "Unknown environment\n  config has no file \"stagin.yaml\"; there are dev, local, staging.\n  Did you mean \"staging\"?");
    EXPECT_EQ(said("qa"), "Unknown environment\n  config has no file \"qa.yaml\"; there are dev, local, staging.");
    EXPECT_EQ(said("../config/dev"), "Unknown environment\n  config has no file \"../config/dev.yaml\"; there are dev, local, staging.");
    EXPECT_EQ(*list_environments(files, "config"), (std::vector<std::string>{"dev", "local", "staging"}));
}

TEST(LoadEnvironment, SaysWhenThereAreNoEnvironmentsAtAll) {
    FakeFiles files;
    Diagnostics found;

    EXPECT_FALSE(load_environment(files, "config", "dev", found));
    EXPECT_EQ(found.errors().at(0).text(),
              "Unknown environment\n  config holds no environment's file.\n  Write config/local.yaml, or run the command in the project's "
              "folder.");
}

TEST(LoadEnvironment, PassesOnWhatTheFileSaysWrongly) {
    EXPECT_EQ(load("a: 1\na: 2\n").mistakes,
              "Setting given twice\n  config/dev.yaml:2: \"a\" is set in line 1 already.\n  Remove one of the two.\n");
    EXPECT_FALSE(load("a: 1\na: 2\n").environment);
}

TEST(Partition, FollowsFromTheRegion) {
    EXPECT_EQ(partition_of("ca-central-1"), "aws");
    EXPECT_EQ(partition_of("cn-north-1"), "aws-cn");
    EXPECT_EQ(partition_of("us-gov-west-1"), "aws-us-gov");
}

TEST(OnThisMachine, IsSaidOfLoopbackOnly) {
    for (const std::string_view url :
         {"http://127.0.0.1:4566", "https://127.9.0.1", "http://localhost", "http://localhost:9000", "http://[::1]:80/x"})
        EXPECT_TRUE(is_on_this_machine(url)) << url;
    for (const std::string_view url :
         {"https://s3.amazonaws.com", "http://localhost.example.com", "http://10.0.0.1", "http://h/?x=//127.0.0.1", "127.0.0.1", ""})
        EXPECT_FALSE(is_on_this_machine(url)) << url;
}

}  // namespace
}  // namespace strata
