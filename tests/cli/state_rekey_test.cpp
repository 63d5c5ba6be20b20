#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/workspace.hpp"
#include "config/sealed_settings.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto header = "account: 123456789012\nregion: ca-central-1\n";

/// Two deployed stacks with secrets in state and states of before, and a secret in the configuration.
class Rekey : public testing::Test, public Cli {
protected:
    Rekey() {
        stacks.front().second = with_word("open sesame");
        stacks.emplace_back("cellar", one_box());
        settings = [](ConfigReader& reader) { reader.optional<SecretText>("token", {}); };
    }
    static Cli::Declare with_word(const std::string& word) {
        return [word](Stack& stack) {
            const fake::Box box{stack, "box", {.content = secret(word), .name = "box-w"}};
            stack.output("word", Value::secret(word));
        };
    }
    void deploy(const std::string& encryption) {
        write_config("local", header + encryption);
        ASSERT_EQ(run("up shelf --yes"), 0) << err();
        stacks.front().second = with_word("open again");
        ASSERT_EQ(run("up --all --yes"), 0) << err();
        console.answers = {"s3cret"};
        ASSERT_EQ(run("config set settings.token --secret"), 0) << err();
    }
    std::string config() { return *real_files().read(folder / "config/local.yaml"); }

    /// Every secret that there is, opened: of the configuration, of both states now, and of the first one of before. Else why not.
    std::string secrets() {
        std::string out;
        with_command([&](Command& command) {
            auto workspace = Workspace::open(command);
            if (!workspace) return void(out = workspace.error().text());
            SecretBox box{(*workspace)->environment_keys()};
            const auto sealed = sealed_settings(*parse_yaml(config(), "local.yaml"));
            for (const auto& one : sealed) {
                const auto plain = box.open(one.text, one.setting);
                out += plain ? *plain + "\n" : plain.error().text() + "\n";
            }
            for (const std::string stack : {"shelf", "cellar"}) out += word_of(**workspace, stack) + "\n";
        });
        return out;
    }
    static constexpr auto all_secrets = "s3cret\nopen again (open sesame)\n-\n";

    /// Runs the command in a process of its own that ends before its N-th change of the disk; its exit code, 77 when it was so ended.
    int run_until_change(int number, const std::string& command_line) {
        const auto child = ::fork();
        if (child == 0) {
            int changes = 0;
            files.before_change = [&](const fs::path&) {
                if (++changes == number) ::_exit(77);
                return true;
            };
            ::_exit(run(command_line));
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    /// A lock that could not be given back is this process's, which goes on here; a command's process ends.
    void forget_locks() {
        for (const std::string stack : {"shelf", "cellar"}) fs::remove(folder / ".strata/state/local" / stack / "lock");
    }
    void keep() { fs::copy(folder, kept.path / "all", fs::copy_options::recursive); }
    void put_back() {
        for (const auto& entry : fs::directory_iterator{folder}) fs::remove_all(entry.path());
        fs::copy(kept.path / "all", folder, fs::copy_options::recursive);
    }
    /// Every file of state and key but locks, to see that nothing was written.
    std::map<std::string, std::string> content() {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator{folder})
            if (entry.is_regular_file() && entry.path().filename() != "lock")
                found[entry.path().string()] = *real_files().read(entry.path());
        return found;
    }

    const ScratchFolder kept;

private:
    static std::string word_of(Workspace& workspace, const std::string& stack) {
        const auto store = workspace.store(stack);
        const auto session = workspace.session(*store, stack);
        if (!session) return session.error().text();
        const auto state = (*session)->state();
        const auto word = state.outputs.find("word");
        if (word == state.outputs.end()) return "-";
        const auto before = (*session)->state_at(state.updates.back().before);
        if (!before) return before.error().text();
        return fmt::format("{} ({})", word->second.revealed().text_or(""), before->outputs.at("word").revealed().text_or(""));
    }
};

TEST_F(Rekey, PutsANewKeyFileInThePlaceOfTheOldOne) {
    deploy("");
    ASSERT_EQ(secrets(), all_secrets);
    const auto old_key = *real_files().read(folder / ".strata/key");

    EXPECT_EQ(run("state rekey"), 0) << err();

    expect_golden("state_rekey_file.txt", out());
    EXPECT_EQ(secrets(), all_secrets);
    EXPECT_NE(*real_files().read(folder / ".strata/key"), old_key);
    EXPECT_FALSE(fs::exists(folder / ".strata/key.next"));
    EXPECT_EQ(run("preview --all"), 0) << err();
    EXPECT_NE(out().find("Nothing to do"), std::string::npos) << out() << "write-only properties compare as before";
    ASSERT_TRUE(real_files().replace(folder / ".strata/key", old_key).ok());
    EXPECT_EQ(run("state list"), 5);
}

TEST_F(Rekey, LeadsFromAFileToAPassphraseAndToAnother) {
    deploy("");
    variables["STRATA_NEW_PASSPHRASE"] = "new horse battery";
    EXPECT_EQ(run("state rekey --to passphrase"), 0) << err();
    expect_golden("state_rekey_passphrase.txt", out());
    variables = {{"USER", "tester"}, {"STRATA_PASSPHRASE", "new horse battery"}};
    EXPECT_EQ(secrets(), all_secrets);

    variables["STRATA_NEW_PASSPHRASE"] = "newer horse battery";
    EXPECT_EQ(run("state rekey --json"), 0) << out();
    EXPECT_NE(out().find("\"event\":\"note\""), std::string::npos) << out();
    variables = {{"USER", "tester"}, {"STRATA_PASSPHRASE", "newer horse battery"}};
    EXPECT_EQ(secrets(), all_secrets);
    variables["STRATA_PASSPHRASE"] = "new horse battery";
    EXPECT_EQ(run("up --all --yes"), 5) << err();
}

TEST_F(Rekey, RefusesABadNewPassphraseWithNothingWritten) {
    deploy("");
    const auto before = content();
    EXPECT_EQ(run("state rekey --to passphrase"), 1);
    EXPECT_EQ(err(),
              "error: New passphrase is missing\n  The new key is made from a passphrase, and STRATA_NEW_PASSPHRASE is not set.\n"
              "  Set it:\n    export STRATA_NEW_PASSPHRASE=...\n");
    variables["STRATA_NEW_PASSPHRASE"] = "short";
    EXPECT_EQ(run("state rekey --to passphrase"), 1);
    EXPECT_EQ(err(),
              "error: New passphrase is too short\n  STRATA_NEW_PASSPHRASE has fewer than 12 characters.\n"
              "  Take a longer one; nothing was changed.\n");
    EXPECT_EQ(run("state rekey --to password"), 1);
    EXPECT_EQ(content(), before);
}

TEST_F(Rekey, RefusesWhenAStateDoesNotOpen) {
    deploy("");
    ASSERT_TRUE(real_files().replace(folder / ".strata/state/local/cellar/snapshot.json", "{}").ok());
    const auto before = content();
    EXPECT_EQ(run("state rekey"), 5);
    EXPECT_EQ(content(), before);
}

TEST_F(Rekey, WaitsForNobodyWhoHoldsALock) {
    deploy("");
    with_command([&](Command& command) {
        auto workspace = Workspace::open(command);
        const auto store = (*workspace)->store("cellar");
        const auto held = (*workspace)->session(*store, "cellar", "up");
        ASSERT_TRUE(held.ok());
        const auto before = content();
        EXPECT_EQ(run("state rekey"), 4) << err();
        EXPECT_EQ(content(), before);
    });
}

TEST_F(Rekey, NeedsAKeyThatThereIs) {
    EXPECT_EQ(run("state rekey"), 1);
    EXPECT_EQ(err(),
              "error: There is no key yet\n  Nothing is sealed in local; its key is made when something is.\n"
              "  Say under \"encryption\" in <folder>/config/local.yaml which kind of key it should be.\n");
}

TEST_F(Rekey, LeavesWhatNoKeyOpensAndSaysSo) {
    deploy("");
    const auto history = folder / ".strata/state/local/shelf/history";
    const auto kept_one = history / real_files().list(history)->front();
    ASSERT_TRUE(real_files().replace(kept_one, "{}").ok());
    EXPECT_EQ(run("state rekey"), 0) << err();
    EXPECT_NE(err().find("warning: A state of before was left as it is\n  file <folder>/.strata/state/local/shelf/history/"),
              std::string::npos)
        << err();
}

// --- cut off ---

TEST_F(Rekey, KilledBeforeAnyWriteLeavesEverythingReadableAndIsFinishedByTheNext) {
    deploy("");
    keep();
    int number = 1;
    for (int ended = 77; ended == 77; ++number) {
        SCOPED_TRACE(number);
        put_back();
        ended = run_until_change(number, "state rekey");
        ASSERT_TRUE(ended == 77 || ended == 0) << ended;
        ASSERT_EQ(secrets(), all_secrets);
        if (number % 3 == 0) ASSERT_EQ(run("up --all --yes"), 0) << err();  // with whichever of the keys
        ASSERT_EQ(run("state list"), 0) << err();
        ASSERT_EQ(run("state rekey"), 0) << err();
        ASSERT_EQ(secrets(), all_secrets);
        ASSERT_FALSE(fs::exists(folder / ".strata/key.next"));
    }
    EXPECT_GT(number, 15) << "there are so many writes at least";
}

TEST_F(Rekey, KilledTwiceIsFinishedToo) {
    deploy("");
    keep();
    for (const int first : {7, 11, 15, 19})
        for (int second = 1; second < 30; second += 4) {
            SCOPED_TRACE(std::to_string(first) + " " + std::to_string(second));
            put_back();
            run_until_change(first, "state rekey --to file --key-file .strata/other");
            run_until_change(second, "state rekey");
            ASSERT_EQ(secrets(), all_secrets);
            ASSERT_EQ(run("state rekey"), 0) << err();
            ASSERT_EQ(secrets(), all_secrets);
        }
}

TEST_F(Rekey, WhoseNthWriteFailsLeavesEverythingReadableAndIsFinishedByTheNext) {
    deploy("");
    keep();
    for (int number = 1, ended = 1; ended != 0; ++number) {
        SCOPED_TRACE(number);
        put_back();
        int changes = 0;
        files.before_change = [&](const fs::path&) { return ++changes != number; };
        ended = run("state rekey --to file --key-file .strata/other");
        const auto said = err();
        files.before_change = {};
        if (changes < number) break;
        forget_locks();
        ASSERT_EQ(secrets(), all_secrets) << said;
        ASSERT_TRUE(ended == 0 || ended == 1 || ended == 6) << ended << said;
        ended = 1;
        ASSERT_EQ(run("state rekey"), 0) << err();
        ASSERT_EQ(secrets(), all_secrets);
    }
}

TEST_F(Rekey, OfAPassphraseThatWasKilledWorksWithTheOldTheNewAndBoth) {
    variables["STRATA_PASSPHRASE"] = "old horse battery";
    deploy("encryption:\n  key: passphrase\n");
    keep();
    const auto only = [&](const std::string& passphrase) { variables = {{"USER", "tester"}, {"STRATA_PASSPHRASE", passphrase}}; };
    const auto both = [&] {
        only("old horse battery");
        variables["STRATA_NEW_PASSPHRASE"] = "new horse battery";
    };
    const auto opens_or_says_what_is_wanted = [&](const std::string& who) {
        const auto code = run("state list");
        if (code == 0) return;
        EXPECT_EQ(code, 5) << who << err();
        EXPECT_NE(err().find("export STRATA_PASSPHRASE=...      # the one of before\n    export STRATA_NEW_PASSPHRASE=...  # the new one"),
                  std::string::npos)
            << who << err();
    };
    int number = 1;
    for (int ended = 77; ended == 77; number += 2) {
        SCOPED_TRACE(number);
        put_back();
        both();
        ended = run_until_change(number, "state rekey");
        if (config().find("next:") != std::string::npos) {
            only("old horse battery");
            opens_or_says_what_is_wanted("old");
            only("new horse battery");
            opens_or_says_what_is_wanted("new");
            both();
            ASSERT_EQ(secrets(), all_secrets);
            ASSERT_EQ(run("state rekey"), 0) << err();
            only("new horse battery");
            ASSERT_EQ(secrets(), all_secrets);
        }
    }
    EXPECT_GT(number, 15);
}

TEST_F(Rekey, ThatWasCutOffSaysWhichPassphraseIsWanted) {
    variables["STRATA_PASSPHRASE"] = "old horse battery";
    deploy("encryption:\n  key: passphrase\n");
    variables["STRATA_NEW_PASSPHRASE"] = "new horse battery";
    // One state is sealed anew, the other is not.
    int changes_of_state = 0;
    files.before_change = [&](const fs::path& path) { return path.filename() != "snapshot.json" || ++changes_of_state < 2; };
    EXPECT_EQ(run("state rekey"), 6);
    EXPECT_NE(err().find("The change of keys is not finished: two keys are in use, and everything opens with one of them. Go on with it:\n"
                         "    strata state rekey --env local\n"),
              std::string::npos)
        << err();
    files.before_change = {};
    EXPECT_EQ(secrets(), all_secrets);

    variables.erase("STRATA_NEW_PASSPHRASE");
    EXPECT_EQ(run("state list shelf"), 5);
    auto said = err();
    for (auto at = said.find("local.yaml:"); at != std::string::npos; at = said.find("local.yaml:", at + 1)) said.replace(at + 11, 1, "N");
    EXPECT_EQ(said,
              "error: State cannot be opened\n"
              "  file <folder>/.strata/state/local/shelf, snapshot: the key that it was written with is not here, or it was changed.\n"
              "  <folder>/config/local.yaml:N: the passphrase is being changed, and STRATA_NEW_PASSPHRASE is not set.\n"
              "  Nothing was written. Until `strata state rekey` has finished, set both:\n"
              "    export STRATA_PASSPHRASE=...      # the one of before\n"
              "    export STRATA_NEW_PASSPHRASE=...  # the new one\n");
    EXPECT_EQ(run("up cellar --yes"), 0) << err() << "sealed with the old key still";
    EXPECT_EQ(
        err(),
        "warning: A change of keys is not finished\n  Two keys are in use in local.\n  Finish it:\n    strata state rekey --env local\n");
    EXPECT_EQ(run("state rekey"), 5);

    variables["STRATA_NEW_PASSPHRASE"] = "new horse battery";
    EXPECT_EQ(run("state rekey --to file"), 1) << "another change must wait";
    EXPECT_EQ(run("state rekey"), 0) << err();
    EXPECT_EQ(out().substr(0, out().find('\n')), "An earlier change of the key of local goes on, to a passphrase.");
    variables["STRATA_PASSPHRASE"] = "new horse battery";
    variables.erase("STRATA_NEW_PASSPHRASE");
    EXPECT_EQ(secrets(), all_secrets);
}

TEST_F(Rekey, KeysOfFirstUseAreNotedInTheConfiguration) {
    variables["STRATA_PASSPHRASE"] = "horse";
    write_config("local", std::string{header} + "encryption:\n  key: passphrase\n");
    EXPECT_EQ(run("preview --all"), 0) << err() << "nothing is sealed yet";
    EXPECT_EQ(config(), std::string{header} + "encryption:\n  key: passphrase\n");
    EXPECT_EQ(run("up --all --yes"), 0) << err();
    EXPECT_NE(out().find("<folder>/config/local.yaml: what the new key needs was added under \"encryption\". Commit the file: without it "
                         "nobody opens the state that is written now.\n"),
              std::string::npos)
        << out();
    EXPECT_TRUE(matches_glob("*encryption:\n  key: passphrase\n  salt: \"*\"\n  check: \"*\"\n", config())) << config();
    const auto noted = config();
    variables["STRATA_PASSPHRASE"] = "house";
    EXPECT_EQ(run("up --all --yes"), 5) << "a wrong passphrase seals nothing, not even a new stack";
    EXPECT_EQ(config(), noted);
    write_config("local", std::string{header} + "encryption:\n  key: passphrase\n");
    EXPECT_EQ(run("up --all --yes"), 1);
    EXPECT_NE(err().find("Salt is missing"), std::string::npos) << err();
    EXPECT_EQ(config(), std::string{header} + "encryption:\n  key: passphrase\n") << "no other one is made";
}

}  // namespace
}  // namespace strata::cli
