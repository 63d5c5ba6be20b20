#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

class StateVerbs : public testing::Test, public Cli {
protected:
    StateVerbs() {
        stacks.front().second = [](Stack& stack) {
            const fake::Box one{stack, "lake/one", {.content = secret("open sesame"), .name = "box-1"}, {.protect = true}};
            const fake::Box two{stack, "lake/two", {.content = one.arn(), .name = "box-2", .rules = {"a", "b"}}};
            stack.output("arn", two.arn());
            stack.output("word", Value::secret("open sesame"));
        };
        stacks.emplace_back("cellar", [](Stack& stack) { fake::Box{stack, "crate", {.name = "box-3"}}; });
        run("up --all --yes");
    }
};

TEST_F(StateVerbs, ListShowsEveryStack) {
    EXPECT_EQ(run("state list"), 0) << err();
    expect_golden("state_list.txt", out());
    run("state list cellar");
    EXPECT_EQ(out().find("lake/one"), std::string::npos);
    EXPECT_EQ(run("state list celar"), 1);
    EXPECT_NE(err().find("Did you mean \"cellar\"?"), std::string::npos);
}

TEST_F(StateVerbs, ShowFindsTheStackByItself) {
    EXPECT_EQ(run("state show lake/two"), 0) << err();
    expect_golden("state_show.txt", out());
    EXPECT_EQ(run("state show lake"), 0);
    EXPECT_EQ(out().find("sesame"), std::string::npos);
    EXPECT_EQ(run("state show lake/tow"), 1);
    EXPECT_NE(err().find("Did you mean \"lake/two\"?"), std::string::npos) << err();
}

TEST_F(StateVerbs, ExportIsJsonWithSecretsSealed) {
    EXPECT_EQ(run("state export shelf"), 0);
    const auto document = parse_json(out(), "export");
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->find("stack")->text_or(""), "shelf");
    EXPECT_EQ(out().find("sesame"), std::string::npos);
}

TEST_F(StateVerbs, MvRenamesAResourceAndWhatNeedsItFollows) {
    EXPECT_EQ(run("state mv lake/one lake/first"), 0) << err();
    EXPECT_EQ(out(), "shelf lake/one → lake/first\n");
    run("state show lake/two --json");
    EXPECT_NE(out().find("lake/first"), std::string::npos) << out();
    EXPECT_EQ(run("state mv lake/first lake/two"), 1);
    EXPECT_NE(err().find("The address is taken"), std::string::npos);
}

TEST_F(StateVerbs, MvTakesAWholeComponentToAnotherStack) {
    EXPECT_EQ(run("state mv lake pond --to-stack cellar"), 0) << err();
    run("state list");
    expect_golden("state_moved.txt", out());
    run("state show pond/one");
    EXPECT_NE(out().find("content  (secret)"), std::string::npos) << out();
}

TEST_F(StateVerbs, AMovedResourceIsTheSameOneToItsNewStack) {
    run("state mv crate --to-stack shelf");
    stacks.front().second = [declare = stacks.front().second](Stack& stack) {
        declare(stack);
        fake::Box{stack, "crate", {.name = "box-3"}};
    };
    cloud.calls.clear();
    EXPECT_EQ(run("up shelf --yes"), 0) << err();
    for (const auto& call : cloud.calls) EXPECT_EQ(call.find("create"), std::string::npos) << call;
}

TEST_F(StateVerbs, RmForgetsAndTheServiceKeeps) {
    EXPECT_EQ(run("state rm crate"), 0);
    EXPECT_EQ(out(), "cellar forgot crate; the service keeps box-3. To take it back:\n  strata import crate box-3\n");
    EXPECT_TRUE(cloud.objects.contains("box-3"));
    EXPECT_EQ(run("state rm crate"), 1);
    EXPECT_EQ(run("import crate box-3 --yes"), 0) << err();
}

TEST_F(StateVerbs, ProtectionGoesOnAndOff) {
    EXPECT_EQ(run("state protect crate"), 0);
    EXPECT_EQ(run("destroy cellar --yes"), 1);
    EXPECT_EQ(run("state unprotect crate"), 0);
    EXPECT_EQ(run("destroy cellar --yes"), 0) << err();
}

TEST_F(StateVerbs, StackLsShowsDeployedAndOther) {
    stacks.emplace_back("attic", [](Stack&) {});
    EXPECT_EQ(run("stack ls"), 0);
    expect_golden("stack_ls.txt", out());
}

TEST_F(StateVerbs, StackOutputsHidesSecrets) {
    EXPECT_EQ(run("stack outputs shelf"), 0);
    EXPECT_EQ(out(), "outputs of shelf\n  arn  = \"arn:fake:box-2\"\n  word = (secret)\n");
    EXPECT_EQ(run("stack outputs shelf arn"), 0);
    EXPECT_EQ(out(), "arn:fake:box-2\n");
    EXPECT_EQ(run("stack outputs shelf nothing"), 1);
}

TEST_F(StateVerbs, StackHistoryKeepsUpdatesNewestFirst) {
    run("up --all --yes");
    run("state unprotect lake/one");
    stacks.front().second = [](Stack&) {};
    run("up shelf --yes");
    EXPECT_EQ(run("stack history shelf"), 0);
    auto text = out();
    // Who ran it is the machine's name.
    for (auto from = text.find("tester@"); from != std::string::npos; from = text.find("tester@", from + 1))
        text.erase(from + 7, text.find('\n', from) - from - 7);
    expect_golden("stack_history.txt", text);
}

TEST_F(StateVerbs, StackGraphWritesThreeForms) {
    EXPECT_EQ(run("stack graph shelf"), 0) << err();
    expect_golden("stack_graph.dot", out());
    EXPECT_EQ(run("stack graph shelf --format svg"), 0);
    EXPECT_TRUE(out().starts_with("<svg"));
    EXPECT_EQ(run("stack graph shelf --format png"), 1);
}

TEST_F(StateVerbs, AProgramThatThrowsIsNamedByEveryVerbThatRunsIt) {
    stacks = {{"shelf", [](Stack&) { throw std::runtime_error{"no boxes left"}; }}};
    for (const auto* command_line : {"stack graph", "preview", "import box id --yes"}) {
        EXPECT_EQ(run(command_line), 1);
        EXPECT_NE(err().find("error: The program failed\n  Stack shelf threw: no boxes left"), std::string::npos) << err();
    }
}

TEST_F(StateVerbs, ConfigListsGetsAndSetsOneLine) {
    write_config("local", "account: 123456789012   # ours\nregion: ca-central-1\nsettings:\n  size: 3\n");
    EXPECT_EQ(run("config ls"), 0);
    expect_golden("config_ls.txt", out());
    EXPECT_EQ(run("config get settings.size"), 0);
    EXPECT_EQ(out(), "3\n");
    EXPECT_EQ(run("config set settings.size 7"), 0) << err();
    EXPECT_EQ(*real_files().read(folder / "config/local.yaml"),
              "account: 123456789012   # ours\nregion: ca-central-1\nsettings:\n  size: 7\n");
    console.answers = {"open sesame"};
    EXPECT_EQ(run("config set settings.word --secret"), 0) << err();
    EXPECT_EQ(real_files().read(folder / "config/local.yaml")->find("sesame"), std::string::npos);
    EXPECT_EQ(run("config get settings.word"), 0);
    EXPECT_EQ(out(), "(secret)\n");
    EXPECT_EQ(run("config set settings.size"), 1);
}

TEST_F(StateVerbs, CompletionIsAScriptThatKnowsVerbsFlagsAndStacks) {
    EXPECT_EQ(run("completion bash"), 0);
    const auto script = (folder / "completion.bash").string();
    ASSERT_TRUE(real_files().replace(script, out()).ok());
    const auto offered = [&](const std::string& words, int index) {
        const auto shell = "bash -c 'source " + script + "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(index) +
                           "; _strata; echo ${COMPREPLY[*]}' > " + script + ".out";
        EXPECT_EQ(std::system(shell.c_str()), 0);
        return *real_files().read(script + ".out");
    };
    EXPECT_EQ(offered("strata pre", 1), "preview\n");
    EXPECT_EQ(offered("strata state m", 2), "mv\n");
    EXPECT_EQ(offered("strata up sh", 2), "shelf\n");
    EXPECT_EQ(offered("strata up --pa", 2), "--parallel\n");
    EXPECT_EQ(offered("strata stack graph --format s", 4), "svg\n");
}

}  // namespace
}  // namespace strata::cli
