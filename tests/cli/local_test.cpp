#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/child_process.hpp"
#include "cli/emulator_restart.hpp"
#include "cli/state_access.hpp"
#include "tests/cli/harness.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::cli {
namespace {

/// A port of this machine that nobody listens on at the moment.
int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0) return 0;
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(probe);
    return ntohs(address.sin_port);
}

class Local : public testing::Test, public Cli {
protected:
    Local() {
        write_config("local", fmt::format("account: 123456789012\nregion: ca-central-1\nendpoint: http://127.0.0.1:{}\n", free_port()));
    }
    ~Local() override { run("local down"); }
};

TEST_F(Local, SaysWhatToRunWhenPythonIsMissing) {
    EXPECT_EQ(run("local up"), 1);
    EXPECT_EQ(err(), "error: The emulator's Python is missing\n  <folder>/.venv/bin/python is not there.\n  Make it:\n    make setup\n");
}

TEST_F(Local, RefusesAnEnvironmentOfAnotherMachine) {
    write_config("local", "account: 123456789012\nregion: ca-central-1\n");
    EXPECT_EQ(run("local up"), 1);
    EXPECT_NE(err().find("has no endpoint like http://127.0.0.1:4566"), std::string::npos) << err();
}

TEST_F(Local, ShowsTheLogOfAnEmulatorThatDoesNotStart) {
    std::filesystem::create_directories(folder / ".venv/bin");
    ASSERT_TRUE(
        real_files().replace(folder / ".venv/bin/python", "#!/bin/sh\necho no module named strata_emulator >&2\nexit 1\n", 0755).ok());
    EXPECT_EQ(run("local up"), 1);
    EXPECT_NE(
        err().find(
            "The emulator ended while it started\n  The end of <folder>/.strata/local/emulator.log:\n  no module named strata_emulator"),
        std::string::npos)
        << err();
}

TEST_F(Local, ARunThatNeedsTheEmulatorSaysHowToStartIt) {
    EXPECT_EQ(run("local status"), 0);
    EXPECT_NE(out().find("The emulator does not run"), std::string::npos);
}

TEST_F(Local, StartsOnceAndStops) {
    const auto python = std::filesystem::path{STRATA_SOURCE_DIR} / ".venv/bin/python";
    if (!std::filesystem::exists(python)) GTEST_SKIP() << "needs the project's .venv: make setup";
    std::filesystem::create_directories(folder / ".venv/bin");
    std::filesystem::create_directories(folder / "providers/aws");
    // The interpreter finds its packages by the name that it was called with.
    const auto wrapper = fmt::format("#!/bin/sh\nexec {} \"$@\"\n", python.string());
    ASSERT_TRUE(real_files().replace(folder / ".venv/bin/python", wrapper, 0755).ok());
    std::filesystem::create_directory_symlink(std::filesystem::path{STRATA_SOURCE_DIR} / "providers/aws/emulator",
                                              folder / "providers/aws/emulator");

    EXPECT_EQ(run("local up --latency-ms 1"), 0) << err();
    const auto first = out();
    EXPECT_NE(first.find("The emulator runs at http://127.0.0.1:"), std::string::npos);
    EXPECT_EQ(run("local up"), 0) << err();
    EXPECT_EQ(out(), first);
    EXPECT_EQ(run("local up --throttle"), 1);
    EXPECT_NE(err().find("runs already"), std::string::npos);
    EXPECT_EQ(run("local down"), 0) << err();
    EXPECT_NE(out().find("is stopped; it forgets what was deployed to it"), std::string::npos) << out();
    EXPECT_EQ(run("local down"), 0);
    EXPECT_NE(out().find("does not run"), std::string::npos) << out();
}

class Restart : public testing::Test, public Cli {
protected:
    /// Puts into state which life of the emulator it belongs to.
    static void mark(Workspace& workspace, const std::string& life) {
        auto open = open_state(workspace, "shelf", "test");
        ASSERT_TRUE(open.ok());
        ASSERT_TRUE(open->session
                        ->record({{.kind = Mutation::Kind::provider,
                                   .key = "aws",
                                   .provider = ProviderState{.kind = "aws", .account = "1", .region = "r", .instance = life}}})
                        .ok());
        ASSERT_TRUE(open->session->save().ok());
    }
};

TEST_F(Restart, PutsStateOfAnEarlierLifeAsideAndSaysSo) {
    run("up --yes");
    with_command([&](Command& command) {
        auto workspace = Workspace::open(command);
        ASSERT_TRUE(workspace.ok());
        mark(**workspace, "first-life");
        console.written.clear();

        EXPECT_TRUE(archive_forgotten_state(**workspace, "aws", {.instance = "first-life"}, command.report).ok());
        EXPECT_EQ(out(), "");
        EXPECT_TRUE(archive_forgotten_state(**workspace, "aws", {.instance = "second-life"}, command.report).ok());
    });
    EXPECT_EQ(out(),
              "The emulator has restarted and forgotten what was deployed to it: local state of shelf was put aside "
              "(file <folder>/.strata/state/local/*.emulator-*).\n");
    EXPECT_TRUE(std::filesystem::exists(folder / ".strata/state/local/shelf.emulator-first-life/snapshot.json"));
    run("stack ls");
    EXPECT_NE(out().find("not deployed"), std::string::npos) << out();
}

TEST(ChildProcess, OutlivesUsWithoutInputAndWritesItsLog) {
    const ScratchFolder folder;
    const auto log = folder / "log";
    const auto child = start_in_background(
        {.command = {"/bin/sh", "-c", "cat; echo $GREETING; sleep 60"}, .variables = {{"GREETING", "hello"}}, .log = log});
    ASSERT_TRUE(child.ok());
    for (int i = 0; i < 200 && (!real_files().read(log).ok() || real_files().read(log)->empty()); ++i) ::usleep(10'000);
    EXPECT_EQ(*real_files().read(log), "hello\n");
    EXPECT_TRUE(is_running(*child));
    EXPECT_TRUE(was_started_with(*child, "GREETING"));
    EXPECT_FALSE(was_started_with(*child, "strata_emulator"));
    EXPECT_EQ(::getsid(*child), *child);
    ::kill(*child, SIGKILL);
    for (int i = 0; i < 200 && is_running(*child); ++i) ::usleep(10'000);
    EXPECT_FALSE(is_running(*child));
}

}  // namespace
}  // namespace strata::cli
