#include "providers/aws/auth/profile_file.hpp"

#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/bounded.hpp"

namespace strata::aws {
namespace {

Profiles read(std::string_view text, ProfileFileKind kind = ProfileFileKind::config) {
    Profiles profiles;
    const auto status = read_profiles(text, "f", kind, profiles);
    EXPECT_TRUE(status) << status.error().text();
    return profiles;
}

std::string mistakes(std::string_view text, ProfileFileKind kind = ProfileFileKind::config) {
    Profiles profiles;
    const auto status = read_profiles(text, "~/.aws/config", kind, profiles);
    return status ? std::string{} : status.error().cause;
}

TEST(ProfileFile, ConfigurationNamesProfilesByTheWordProfile) {
    const auto profiles = read(
        "[default]\nregion = ca-central-1\n[profile dev]\nregion=us-east-1\n[profile \"two words\"]\nregion = eu-west-1\n[other]\nregion = "
        "x\n");

    EXPECT_EQ(profiles.find("default")->at("region"), "ca-central-1");
    EXPECT_EQ(profiles.find("dev")->at("region"), "us-east-1");
    EXPECT_EQ(profiles.find("two words")->at("region"), "eu-west-1");
    EXPECT_EQ(profiles.find("other"), nullptr);
}

TEST(ProfileFile, CredentialsFileNamesProfilesPlainly) {
    const auto profiles = read("[dev]\naws_access_key_id = A\naws_secret_access_key = s/e+c=r#et ; a note\n", ProfileFileKind::credentials);

    EXPECT_EQ(profiles.find("dev")->at("aws_access_key_id"), "A");
    EXPECT_EQ(profiles.find("dev")->at("aws_secret_access_key"), "s/e+c=r#et");
}

TEST(ProfileFile, SkipsCommentsBlankLinesByteOrderMarkAndCarriageReturns) {
    const auto profiles =
        read("\xEF\xBB\xBF# top\r\n\r\n[default]\r\n; note\r\n  # indented note\r\nREGION =  ca-central-1  # here\r\noutput =\r\n");

    EXPECT_EQ(*profiles.find("default"), (Settings{{"region", "ca-central-1"}, {"output", ""}}));
}

TEST(ProfileFile, ReadsNestedSettingsAndFoldedValues) {
    const auto profiles = read(
        "[default]\ns3 =\n  addressing_style = path\n  max_queue_size = 3\nca_bundle = a\n  b\n[services mine]\ndynamodb =\n  endpoint_url "
        "= http://x\n"
        "[sso-session corp]\nsso_region = us-east-1\n");

    EXPECT_EQ(*profiles.find("default"),
              (Settings{{"s3", ""}, {"s3.addressing_style", "path"}, {"s3.max_queue_size", "3"}, {"ca_bundle", "a\nb"}}));
    EXPECT_EQ(profiles.services.at("mine").at("dynamodb.endpoint_url"), "http://x");
    EXPECT_EQ(profiles.sso_sessions.at("corp").at("sso_region"), "us-east-1");
}

TEST(ProfileFile, LaterLinesAndFilesReplaceEarlierOnes) {
    Profiles profiles;
    ASSERT_TRUE(read_profiles("[default]\na = 1\nb = 1\n[default]\nb = 2\n", "config", ProfileFileKind::config, profiles));
    ASSERT_TRUE(read_profiles("[default]\na = 3\n", "credentials", ProfileFileKind::credentials, profiles));

    EXPECT_EQ(*profiles.find("default"), (Settings{{"a", "3"}, {"b", "2"}}));
}

TEST(ProfileFile, NamesEveryLineThatItCannotRead) {
    EXPECT_EQ(mistakes("region = x\n[default\n[default] x\n[]\n[default]\njust words\n= value\n  s = 1\n"),
              "~/.aws/config:1: a setting stands before the first section.\n"
              "~/.aws/config:2: the section's name has no closing bracket.\n"
              "~/.aws/config:3: something stands after the section's closing bracket.\n"
              "~/.aws/config:4: the section has no name.\n"
              "~/.aws/config:6: a line is neither \"name = value\" nor a [section].\n"
              "~/.aws/config:7: a setting has no name.\n"
              "~/.aws/config:8: an indented setting stands below no other.");
}

TEST(ProfileFile, NeverShowsALinesText) {
    const auto said = mistakes("[default]\nAKIASECRETSECRET wJalrXUtnFEMI\n", ProfileFileKind::credentials);

    EXPECT_EQ(said, "~/.aws/config:2: a line is neither \"name = value\" nor a [section].");
}

TEST(ProfileFile, CountsMistakesBeyondTwenty) {
    std::string text = "[default]\n";
    for (int i = 0; i < 25; ++i) text += "word\n";

    const auto said = mistakes(text);

    EXPECT_NE(said.find("~/.aws/config:21:"), std::string::npos);
    EXPECT_EQ(said.find("~/.aws/config:22:"), std::string::npos);
    EXPECT_TRUE(said.ends_with("... and 5 more."));
}

TEST(ProfileFile, SurvivesAnyInput) {
    // One seed, so that a failure can be repeated; pieces that mean something are more telling than noise.
    std::mt19937 random{20261121};
    static constexpr std::array<std::string_view, 18> pieces = {
        "[",        "]", "profile ", "services ", "=", "\n", "\r\n", " ", "\t", "#", ";", "a", "default", "\"", std::string_view{"\0", 1},
        "\xFF\xFE", "ü", "\n  b = c"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto length = random() % 30; length > 0; --length) text += pieces[random() % pieces.size()];
        Profiles profiles;
        const auto kind = round % 2 == 0 ? ProfileFileKind::config : ProfileFileKind::credentials;
        const auto status = read_profiles(text, "f", kind, profiles);
        if (!status) {
            ASSERT_TRUE(status.error().cause.starts_with("f:")) << status.error().cause;
        }
        for (const auto& [name, settings] : profiles.profiles) ASSERT_FALSE(name.empty());
    }
}

/// What a reader says that may take 64 MB.
std::string in_bounds(const std::string& text) {
    return bounded([&] {
               Profiles profiles;
               const auto status = read_profiles(text, "~/.aws/config", ProfileFileKind::config, profiles);
               return status ? std::string{"read"} : status.error().text();
           })
        .said;
}

TEST(ProfileFile, EndsAHugeFileWithOneError) {
    EXPECT_EQ(in_bounds(repeated("[default]\n", 6'500'000)),
              "AWS profile file cannot be read\n  ~/.aws/config: more than 1048576 bytes.\n  Check that this is a profile file.");
}

TEST(ProfileFile, EndsNamesThatWouldBeRepeatedEndlesslyWithOneError) {
    constexpr auto head =
        "AWS profile file cannot be read\n  ~/.aws/config:2: a setting's name is longer than 128 bytes.\n"
        "  ~/.aws/config:3: an indented setting stands below no other.\n";
    const auto found = in_bounds("[default]\n" + std::string(500'000, 'g') + " =\n" + repeated(" n = 1\n", 75'000));

    EXPECT_EQ(found.substr(0, std::string_view{head}.size()), head);
    EXPECT_TRUE(
        found.ends_with("... and 74981 more.\n  Correct these lines; each setting is `name = value`, in a section such as [default]."));
}

TEST(ProfileFile, ReadsTheMostThatItTakesWithinTheMemoryOfAReader) {
    std::string settings = "[default]\n" + std::string(120, 'g') + " =\n";
    for (int i = 0; settings.size() < longest_profile_file - 20; ++i) settings += fmt::format(" {}=\n", i);

    EXPECT_EQ(in_bounds(settings), "read");
    EXPECT_EQ(in_bounds("[default]\na = 1\n" + repeated(" b\n", 340'000)), "read");
}

}  // namespace
}  // namespace strata::aws
