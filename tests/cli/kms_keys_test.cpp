#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/aws_kind.hpp"
#include "cli/connections.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/model/registry.hpp"
#include "tests/cli/harness.hpp"
#include "tests/providers/aws/servers/emulator_process.hpp"

namespace strata::cli {
namespace {

/// An environment whose key is kept by the emulator's KMS.
class KmsKey : public testing::Test, public Cli {
protected:
    explicit KmsKey(const std::vector<std::string>& options = {}) : emulator{options} {
        variables["AWS_ACCESS_KEY_ID"] = "test";
        variables["AWS_SECRET_ACCESS_KEY"] = "test";
        variables["AWS_EC2_METADATA_DISABLED"] = "true";
        stacks.front().second = [](Stack& stack) {
            const fake::Box box{stack, "box", {.content = secret("open sesame"), .name = "box-a"}};
        };
    }
    void SetUp() override {
        settings = [](ConfigReader& reader) { reader.optional<SecretText>("token", {}); };
        ASSERT_EQ(emulator.why(), "");
        key_id = text_in(call("CreateKey", {}), "KeyMetadata", "KeyId");
        call("CreateAlias", {{"AliasName", "alias/strata"}, {"TargetKeyId", key_id}});
        configure("  key: kms\n  kms_key: alias/strata\n  endpoint: " + emulator.url() + "\n");
    }
    void configure(const std::string& encryption, const std::string& environment = "local") {
        write_config(environment, "account: 123456789012\nregion: ca-central-1\nencryption:\n" + encryption);
    }
    std::string config() { return *real_files().read(folder / "config/local.yaml"); }
    std::string data_key() {
        const auto text = config();
        const auto at = text.find("data_key: \"") + 11;
        return text.substr(at, text.find('"', at) - at);
    }

    Value call(std::string_view operation, ValueMap params) {
        Connections connections{real_clock(), [](std::string_view) { return std::optional<std::string>{}; }, {}};
        const auto client =
            aws::Client::create(aws_options({{"region", "ca-central-1"}, {"endpoint", emulator.url()}, {"emulator", true}}, connections),
                                **connections.http(), real_clock());
        const auto* service = aws::find_service("kms");
        auto answer = client->call_and_wait({.service = service, .operation = service->operation(operation), .params = std::move(params)});
        EXPECT_TRUE(answer.ok()) << answer.error().text();
        return answer ? *std::move(answer) : Value{};
    }
    static std::string text_in(const Value& answer, std::string_view section, std::string_view member) {
        const auto* found = answer.find(section);
        found = found != nullptr ? found->find(member) : nullptr;
        return std::string{found != nullptr ? found->text_or("") : ""};
    }
    static std::size_t count(const std::string& text, std::string_view what) {
        std::size_t found = 0;
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
        return found;
    }
    /// Exit code and errors of a run that must write nothing, ids replaced by words.
    std::string refused(const std::string& command_line) {
        const auto before = content();
        const auto code = run(command_line);
        EXPECT_EQ(content(), before);
        auto said = fmt::format("{}\n{}", code, err());
        for (auto at = said.find(", request "); at != std::string::npos; at = said.find(", request ", at + 1))
            said.erase(at, said.find(')', at) - at);
        for (auto at = said.find(key_id); at != std::string::npos; at = said.find(key_id)) said.replace(at, key_id.size(), "KEY");
        return said;
    }
    std::map<std::string, std::string> content() {
        std::map<std::string, std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
            if (entry.is_regular_file() && entry.path().filename() != "lock")
                found[entry.path().string()] = *real_files().read(entry.path());
        return found;
    }

    aws::EmulatorProcess emulator;
    std::string key_id;
};

TEST_F(KmsKey, IsMadeWhenSomethingIsFirstSealedAndOpenedOnceInACommand) {
    EXPECT_EQ(run("preview --all"), 0) << err();
    EXPECT_EQ(config().find("data_key"), std::string::npos);
    EXPECT_EQ(run("up --all --yes --verbose"), 0) << err();
    EXPECT_NE(out().find("what the new key needs was added under \"encryption\""), std::string::npos) << out();
    EXPECT_EQ(count(err(), "-> kms GenerateDataKey"), 1U) << err();
    EXPECT_EQ(count(err(), "-> kms Decrypt"), 1U) << "to see that it opens again";
    auto trace = err() + out();

    console.answers = {"s3cret"};
    EXPECT_EQ(run("config set settings.token --secret --verbose"), 0) << err();
    EXPECT_EQ(count(err(), "-> kms GenerateDataKey"), 0U);
    EXPECT_EQ(count(err(), "-> kms Decrypt"), 1U);
    trace += err() + out();
    EXPECT_EQ(run("up --all --yes --verbose"), 0) << err();
    EXPECT_EQ(count(err(), "-> kms Decrypt"), 1U);
    trace += err() + out();

    const auto answer = call("Decrypt", {{"CiphertextBlob", Bytes{*base64_decode(data_key())}},
                                         {"EncryptionContext", Value::map({{"strata:environment", "local"}})}});
    const auto plain = answer.find("Plaintext")->bytes()->data;
    for (const auto& [file, text] : content())
        for (const auto& form : {plain, hex_encode(plain), base64_encode(plain)}) EXPECT_EQ(text.find(form), std::string::npos) << file;
    for (const auto& form : {plain, hex_encode(plain), base64_encode(plain)}) EXPECT_EQ(trace.find(form), std::string::npos);
}

TEST_F(KmsKey, ThatIsDisabledOrGoneIsNamedAndNothingIsWritten) {
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    call("DisableKey", {{"KeyId", key_id}});
    EXPECT_EQ(refused("up --all --yes"),
              "5\nerror: KMS key is disabled\n"
              "  <folder>/config/local.yaml:3: Opening the data key with alias/strata: "
              "kms Decrypt: arn:aws:kms:ca-central-1:123456789012:key/KEY is disabled. (DisabledException, status 400)\n"
              "  Nothing was written. Enable it:\n    aws kms enable-key --key-id alias/strata --region ca-central-1\n");
    call("ScheduleKeyDeletion", {{"KeyId", key_id}});
    EXPECT_TRUE(refused("state list").starts_with("5\nerror: KMS key cannot be used\n")) << err();
    call("DeleteAlias", {{"AliasName", "alias/strata"}});
    EXPECT_TRUE(refused("preview --all").starts_with("5\nerror: KMS key is not there\n")) << err();
    const auto other = text_in(call("CreateKey", {}), "KeyMetadata", "KeyId");
    call("CreateAlias", {{"AliasName", "alias/strata"}, {"TargetKeyId", other}});
    EXPECT_TRUE(refused("up --all --yes").starts_with("5\nerror: Data key is of another KMS key\n")) << err();
}

TEST_F(KmsKey, WhoseDataKeyWasChangedOrIsOfAnotherEnvironmentIsNotOpened) {
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    const auto sound = config();
    auto bytes = *base64_decode(data_key());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    configure("  key: kms\n  kms_key: alias/strata\n  endpoint: " + emulator.url() + "\n  data_key: \"" + base64_encode(bytes) + "\"\n");
    EXPECT_TRUE(refused("up --all --yes").starts_with("5\nerror: Data key cannot be opened\n")) << err();

    ASSERT_TRUE(real_files().replace(folder / "config/prod.yaml", sound).ok());
    std::filesystem::copy(folder / ".strata/state/local", folder / ".strata/state/prod", std::filesystem::copy_options::recursive);
    const auto said = refused("state list --env prod");
    EXPECT_TRUE(said.starts_with("5\nerror: Data key cannot be opened\n  <folder>/config/prod.yaml:3: ")) << said;
    EXPECT_NE(said.find("  Nothing was written. \"data_key\" was changed, or was made for another environment than \"prod\"."),
              std::string::npos)
        << said;
}

TEST_F(KmsKey, ThatIsMissingIsNotMadeWhereSomethingIsSealed) {
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    configure("  key: kms\n  kms_key: alias/strata\n  endpoint: " + emulator.url() + "\n");
    EXPECT_EQ(refused("up --all --yes"),
              "1\nerror: Data key is missing\n"
              "  <folder>/config/local.yaml:3: secrets are sealed with a data key of KMS, and encryption has no \"data_key\".\n"
              "  Put back the data key with which they were sealed; the file's history has it.\n");
}

TEST_F(KmsKey, IsNotAskedForWithoutCredentials) {
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    variables.erase("AWS_ACCESS_KEY_ID");
    variables["HOME"] = folder.string();
    EXPECT_TRUE(refused("up --all --yes").starts_with("1\nerror: ")) << err();
}

TEST_F(KmsKey, ComesAndGoesByRekey) {
    configure("  key: file\n");
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    console.answers = {"s3cret"};
    ASSERT_EQ(run("config set settings.token --secret"), 0) << err();
    // What no flag says is written by hand.
    auto text = config();
    text.replace(text.find("  key: file\n"), 12,
                 "  key: file\n  next:\n    key: kms\n    kms_key: alias/strata\n    endpoint: " + emulator.url() + "\n");
    write_config("local", text);
    EXPECT_EQ(run("state rekey"), 0) << err();
    EXPECT_TRUE(matches_glob("*encryption:\n  key: kms\n  kms_key: alias/strata\n  endpoint: *\n  data_key: \"*\"\nsettings:\n*", config()))
        << config();
    EXPECT_EQ(run("preview --all"), 0) << err();
    std::filesystem::remove(folder / ".strata/key");
    const auto first = data_key();

    EXPECT_EQ(run("state rekey --kms-key " + key_id), 0) << err();
    EXPECT_NE(data_key(), first);
    EXPECT_EQ(run("up --all --yes"), 0) << err();
    EXPECT_EQ(out().substr(0, 13), "Nothing to do") << out();

    EXPECT_EQ(run("state rekey --to file"), 0) << err();
    EXPECT_EQ(config().find("data_key"), std::string::npos);
    call("DisableKey", {{"KeyId", key_id}});
    EXPECT_EQ(run("preview --all"), 0) << err();
}

TEST_F(KmsKey, ChangesForStateInABucketToo) {
    const auto* s3 = aws::find_service("s3");
    Connections connections{real_clock(), [](std::string_view) { return std::optional<std::string>{}; }, {}};
    const auto client =
        aws::Client::create(aws_options({{"region", "us-east-1"}, {"endpoint", emulator.url()}, {"emulator", true}}, connections),
                            **connections.http(), real_clock());
    ASSERT_TRUE(
        client->call_and_wait({.service = s3, .operation = s3->operation("CreateBucket"), .params = Value::map({{"Bucket", "state"}})})
            .ok());
    write_config("local", fmt::format("account: 123456789012\nregion: us-east-1\nstate: {{url: s3://state/x, endpoint: {0}}}\n"
                                      "encryption:\n  key: kms\n  kms_key: alias/strata\n  region: ca-central-1\n  endpoint: {0}\n",
                                      emulator.url()));
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    stacks.emplace_back("cellar", [](Stack& stack) { fake::Box{stack, "crate", {.name = "box-3"}}; });
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    ASSERT_EQ(run("state rm crate"), 0) << err();
    const auto first = data_key();

    EXPECT_EQ(run("state rekey"), 0) << err();
    EXPECT_NE(out().find("cellar: state and 3 documents of before sealed with the new key.\n"), std::string::npos) << out();
    EXPECT_NE(data_key(), first);
    EXPECT_EQ(run("state list"), 0) << err();
    EXPECT_EQ(run("preview shelf"), 0) << err();
    EXPECT_EQ(out().substr(0, 13), "Nothing to do") << out();
    auto text = config();
    text.replace(text.find(data_key()), data_key().size(), first);
    write_config("local", text);
    EXPECT_EQ(run("state list"), 5) << "nothing is under the first data key any more";
}

class DeniedKmsKey : public KmsKey {
protected:
    DeniedKmsKey() : KmsKey{{"--fault", "kms:Decrypt#2-=error:400:AccessDeniedException"}} {}
};

TEST_F(DeniedKmsKey, IsNamedAndNothingIsWritten) {
    ASSERT_EQ(run("up --all --yes"), 0) << err();
    for (const auto* command_line : {"up --all --yes", "state list", "state rekey"}) {
        const auto said = refused(command_line);
        EXPECT_TRUE(said.starts_with("5\nerror: KMS key may not be used\n  <folder>/config/local.yaml:3: ")) << said;
        EXPECT_NE(said.find("  Nothing was written. The credentials need kms:Decrypt, and to make a data key kms:GenerateDataKey, on "
                            "alias/strata, with the encryption context strata:environment=local.\n"),
                  std::string::npos)
            << said;
    }
}

class UndecryptableKmsKey : public KmsKey {
protected:
    UndecryptableKmsKey() : KmsKey{{"--fault", "kms:Decrypt=error:400:AccessDeniedException"}} {}
};

TEST_F(UndecryptableKmsKey, IsNotTakenIntoUse) {
    EXPECT_TRUE(refused("up --all --yes").starts_with("5\nerror: KMS key may not be used\n")) << err();
}

}  // namespace
}  // namespace strata::cli
