#include "cli/state_objects.hpp"

#include <gtest/gtest.h>

#include "cli/connections.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/files.hpp"
#include "engine/base/text.hpp"
#include "tests/providers/aws/servers/fake_s3.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::cli {
namespace {

/// State in a fake S3, for an environment whose own services are elsewhere unless a test says otherwise.
class StateObjects : public testing::Test {
protected:
    void SetUp() override {
        loaded.environment.name = "dev";
        loaded.environment.region = "ca-central-1";
        location.endpoint = server.url();
    }

    std::unique_ptr<ObjectStore> open() {
        auto made = s3_state_objects(location, loaded, connections);
        EXPECT_TRUE(made.ok()) << made.error().text();
        return made.ok() ? *std::move(made) : nullptr;
    }
    static std::string outcome(const Result<std::string>& written) {
        return written.ok() ? "written" : std::string{name_of(written.error().kind)};
    }
    /// "key/region" of whoever signed the last request.
    std::string signer() const {
        const auto request = server.last_request();
        if (!request || request->headers.find("authorization") == nullptr) return "nobody";
        const auto& field = *request->headers.find("authorization");
        const auto parts = split(field.substr(field.find("Credential=") + 11), '/');  // key, date, region, service
        return parts.at(0) + "/" + parts.at(2);
    }

    ScratchFolder home;
    aws::FakeS3 server;
    std::map<std::string, std::string, std::less<>> variables{{"HOME", home.path.string()},
                                                              {"AWS_EC2_METADATA_DISABLED", "true"},
                                                              {"AWS_ACCESS_KEY_ID", "AKIAOFPEOPLE"},
                                                              {"AWS_SECRET_ACCESS_KEY", "secret"}};
    Connections connections{real_clock(), [this](std::string_view name) { return fixed_environment(variables)(name); }, {}};
    StateLocation location{.kind = StateLocation::Kind::s3, .bucket = aws::FakeS3::bucket, .prefix = "platform", .region = "eu-west-1"};
    LoadedEnvironment loaded;
};

TEST_F(StateObjects, LieBelowThePrefixInAFolderNamedAfterTheEnvironment) {
    const auto store = open();

    EXPECT_EQ(outcome(store->write("lake/lock", "x", "")), "written");
    EXPECT_EQ(server.content("platform/dev/lake/lock"), "x");
    EXPECT_EQ(store->location("lake/lock"), "s3://state/platform/dev/lake/lock");
}

TEST_F(StateObjects, NeedNoPrefix) {
    location.prefix = "";

    EXPECT_EQ(open()->location("lake/lock"), "s3://state/dev/lake/lock");
}

TEST_F(StateObjects, AreAskedForInTheirOwnRegionWithThePersonsCredentials) {
    EXPECT_EQ(outcome(open()->write("lake/lock", "x", "")), "written");

    EXPECT_EQ(signer(), "AKIAOFPEOPLE/eu-west-1");
}

TEST_F(StateObjects, AreAskedForWithTheirOwnProfile) {
    const auto file = home / "credentials";
    ASSERT_TRUE(real_files().replace(file, "[state]\naws_access_key_id = AKIAOFSTATE\naws_secret_access_key = s\n", 0600));
    variables["AWS_SHARED_CREDENTIALS_FILE"] = file.string();
    location.profile = "state";

    EXPECT_EQ(outcome(open()->write("lake/lock", "x", "")), "written");
    EXPECT_EQ(signer(), "AKIAOFSTATE/eu-west-1");
}

TEST_F(StateObjects, OfTheEmulatorAreAskedForWithTheEmulatorsCredentials) {
    loaded.endpoint = server.url() + "/";
    variables.erase("AWS_ACCESS_KEY_ID");
    variables.erase("AWS_SECRET_ACCESS_KEY");

    EXPECT_EQ(outcome(open()->write("lake/lock", "x", "")), "written");
    EXPECT_EQ(signer(), "emulator/eu-west-1");
}

TEST_F(StateObjects, OfTheEmulatorAreNotAskedForWithThePersonsCredentials) {
    loaded.endpoint = server.url();

    EXPECT_EQ(outcome(open()->write("lake/lock", "x", "")), "written");
    EXPECT_EQ(signer(), "emulator/eu-west-1");
}

TEST_F(StateObjects, OfAnotherServerOnThisMachineNeedRealCredentials) {
    loaded.endpoint = "http://127.0.0.1:1";

    EXPECT_EQ(outcome(open()->write("lake/lock", "x", "")), "written");
    EXPECT_EQ(signer(), "AKIAOFPEOPLE/eu-west-1");

    variables.erase("AWS_ACCESS_KEY_ID");
    variables.erase("AWS_SECRET_ACCESS_KEY");
    EXPECT_EQ(outcome(open()->write("lake/other", "x", "")), "credentials");
}

TEST_F(StateObjects, AreStillWrittenWhenWhatIsOnTheWireIsBrokenOff) {
    const auto store = open();
    connections.stop();

    EXPECT_EQ(outcome(store->write("lake/journal/1.json", "what was done", "")), "written");
    EXPECT_EQ(outcome(open()->write("lake/journal/2.json", "and more", "")), "written");
}

}  // namespace
}  // namespace strata::cli
