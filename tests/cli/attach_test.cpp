// `cancel` and `attach`, beside a run that is played by hand.
#include <unistd.h>
#include <atomic>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"
#include "engine/state/folder_objects.hpp"
#include "engine/state/session.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

/// A stack of one box, deployed once; then another run, elsewhere, works on it.
class AnotherRun : public testing::Test, public Cli {
protected:
    AnotherRun() { run("up shelf --yes"); }

    /// Takes the lock.
    void begins() {
        LockRequest request{
            .owner = {.run = "r-2", .user = "ada", .host = "far", .process = 9, .purpose = "up", .since = "today"},
            .terms = {.renew_every = Milliseconds{10'000}, .look_every = Milliseconds{5}},
            .asked_to_stop =
                [this](const StopRequest& asked) {
                    request_heard_ = asked;
                    heard_ = true;
                },
        };
        session_ = *StateSession::open(store_, key(), {.stack = "shelf", .environment = "local"}, {.lock = request, .clock = &clock});
    }
    void ends() { session_.reset(); }
    /// Another run takes the stack over, and settles what was begun.
    int run_elsewhere(const std::string& id) {
        LockRequest request{.owner = {.run = id, .user = "eve", .host = "far", .process = 10, .purpose = "up", .since = "later"}};
        auto next = StateSession::open(store_, key(), {.stack = "shelf", .environment = "local"}, {.lock = request, .clock = &clock});
        if (!next) return 1;
        return (*next)->record({{.kind = Mutation::Kind::end, .key = "step box-b"}}).ok() ? 0 : 1;
    }
    void records(std::vector<Mutation> mutations) { ASSERT_TRUE(session_->record(std::move(mutations)).ok()); }
    void begins_step(const std::string& address) {
        records({{.kind = Mutation::Kind::begin,
                  .open = OpenStep{.step = "step " + address,
                                   .action = "create",
                                   .address = address,
                                   .type = "fake.Box",
                                   .provider = "fake",
                                   .id = address + "-id",
                                   .token = random_token()}}});
    }
    void ends_step(const std::string& address, Value failure = {}) {
        records({{.kind = Mutation::Kind::end, .key = "step " + address, .value = std::move(failure)}});
    }
    /// Runs a command beside it, and `meanwhile` once the command has written `text`.
    int beside(const std::string& command_line, const std::string& text, const std::function<void()>& meanwhile) {
        int code = -1;
        console.forget();
        std::thread terminal{[&] { code = run(command_line); }};
        for (int i = 0; i < 1000 && written().find(text) == std::string::npos; ++i) ::usleep(10'000);
        EXPECT_NE(written().find(text), std::string::npos) << written();
        meanwhile();
        terminal.join();
        return code;
    }
    std::string written() { return console.text(); }
    bool was_asked() {
        for (int i = 0; i < 500 && !heard_; ++i) ::usleep(10'000);
        return heard_;
    }
    StateSession& session() { return *session_; }
    static std::string session_host() {
        char name[256] = {};
        return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
    }
    std::optional<StopRequest> request_heard_;  ///< to be read once was_asked()
    const std::unique_ptr<ObjectStore> objects_ = folder_objects(folder / ".strata/state/local", real_files());

private:
    std::atomic<bool> heard_ = false;
    [[nodiscard]] SealKey key() const {
        const auto text = *real_files().read(folder / ".strata/key");
        return SealKey{*hex_decode(text.substr(0, 64))};
    }
    StateStore store_{*objects_, "shelf"};
    std::unique_ptr<StateSession> session_;
};

constexpr std::string_view following = "shelf: following the run for \"up\" by ada@far (process 9) since today.\n";

TEST_F(AnotherRun, CanBeFollowedFromItsBeginningToItsEnd) {
    begins();
    session().begin_update(3);
    begins_step("box-b");
    ends_step("box-b");
    begins_step("box-c");

    const auto code = beside("attach shelf", "box-b", [&] {
        ends_step("box-c");
        ASSERT_TRUE(session().finish({.seconds = 2, .done = 2}).ok());
        ends();
    });

    EXPECT_EQ(code, 0) << err();
    EXPECT_EQ(out(), std::string{following} + R"(
  + box-b  created  box-b-id  0.0 s
  + box-c  created  box-c-id  0.0 s
shelf: 2 done in 2.0 s

outputs of shelf
  box_arn = "arn:fake:box-a"
)");
}

TEST_F(AnotherRun, AnswersAsTheRunDoes) {
    begins();
    session().begin_update(2);
    begins_step("box-b");
    const auto failed = beside("attach shelf", "following", [&] {
        ends_step(
            "box-b",
            Value::map(
                {{"failure",
                  Value::map({{"kind", "access_denied"}, {"summary", "Access denied"}, {"cause", "You may not."}, {"remedy", "Ask."}})}}));
        ASSERT_TRUE(session().finish({.result = "failed", .seconds = 1, .skipped = 1}).ok());
        ends();
    });
    EXPECT_EQ(failed, 3);
    EXPECT_NE(out().find("  ! box-b  FAILED after 0.0 s: Access denied\nshelf: 0 done, 1 failed, 1 not begun in 1.0 s\n"),
              std::string::npos)
        << out();
    EXPECT_EQ(err(), "error: Access denied\n  box-b (create): You may not.\n  Ask.\n");

    begins();
    session().begin_update(1);
    begins_step("box-b");
    const auto interrupted = beside("attach shelf", "following", [&] {
        ASSERT_TRUE(session().finish({.result = "interrupted", .seconds = 1, .skipped = 1}).ok());
        ends();
    });
    EXPECT_EQ(interrupted, 130);
    EXPECT_NE(out().find("box-b  skipped: not seen to its end"), std::string::npos) << out();
}

TEST_F(AnotherRun, IsWaitedForUntilItChangesSomething) {
    begins();
    EXPECT_EQ(beside("attach shelf", "It has not begun to change anything", [&] { ends(); }), 0);
    EXPECT_EQ(out(), std::string{following} + "It has not begun to change anything: it plans, or waits for an answer.\n" +
                         "shelf: the run has ended; it had changed nothing.\n");
}

TEST_F(AnotherRun, ThatFoldsItsJournalIsFollowedNevertheless) {
    begins();
    session().begin_update(2);
    begins_step("box-b");
    const auto code = beside("attach shelf", "following", [&] {
        ends_step("box-b");
        ASSERT_TRUE(session().save_whole().ok());
        ASSERT_TRUE(session().finish({.seconds = 1, .done = 1}).ok());
        ASSERT_TRUE(session().save_whole().ok());
        ends();
    });
    EXPECT_EQ(code, 0) << err();
    EXPECT_NE(out().find("  + box-b  created  box-b-id"), std::string::npos) << out();
}

TEST_F(AnotherRun, ThatIsGoneIsSaidToBeGone) {
    begins();
    session().begin_update(1);
    begins_step("box-b");
    const auto name = folder / ".strata/state/local/shelf/lock";
    auto lock = *real_files().read(name);
    const auto until = lock.find("\"until\":\"2026") + 9;
    lock.replace(until, 4, "2025");
    const auto code = beside("attach shelf", "following", [&] { ASSERT_TRUE(real_files().replace(name, lock).ok()); });
    EXPECT_EQ(code, 9);
    EXPECT_EQ(err(), R"(error: The run is gone
  shelf: the run for "up" by ada@far (process 9) since today was killed or cut off: its lease ran out (it was good until 2025-11-21T03:41:55Z) and was not given back.
  The next run finds out what became of what was in flight.
    strata up shelf
)");
    EXPECT_EQ(run("attach shelf"), 9) << "also when it is looked for only then";
}

TEST_F(AnotherRun, ThatWasTakenOverFromIsSaidToBeGone) {
    begins();
    session().begin_update(1);
    begins_step("box-b");
    const auto code = beside("attach shelf", "following", [&] {
        ASSERT_TRUE(remove_lock(*objects_, "shelf/lock").ok());
        ASSERT_EQ(run_elsewhere("r-3"), 0);
    });
    EXPECT_EQ(code, 9) << out();
    EXPECT_EQ(out().find("created"), std::string::npos) << "what the other run does is not the followed one's: " << out();
    EXPECT_NE(err().find("The run is gone"), std::string::npos) << err();
}

TEST_F(AnotherRun, ThatThereIsNoneIsSaidWithTheLastUpdate) {
    EXPECT_EQ(run("attach shelf"), 0) << err();
    EXPECT_EQ(out(), R"(Nobody works on shelf in local.
The last update:
UPDATE  TIME                  VERB  RESULT     CREATED  UPDATED  REPLACED  DELETED  FAILED   TOOK  BY
     1  2026-11-21T03:40:55Z  up    succeeded        1        0         0        0       0  0.0 s  tester@)" +
                         session_host() + "\n");
}

TEST_F(AnotherRun, IsAskedToStopAndWaitedFor) {
    begins();
    session().begin_update(1);
    begins_step("box-b");
    const auto code = beside("cancel shelf", "asked", [&] {
        EXPECT_TRUE(was_asked());
        ASSERT_TRUE(session().finish({.result = "interrupted", .seconds = 3}).ok());
        ends();
    });
    EXPECT_EQ(code, 0) << err();
    EXPECT_EQ(out(),
              "shelf: asked the run for \"up\" by ada@far (process 9) since today to stop when what is in flight is finished.\n"
              "shelf: the run has ended: update 2 interrupted, after 3.0 s.\n");
    EXPECT_EQ(request_heard_->by, "tester@" + session_host());
    EXPECT_FALSE(request_heard_->now);
    EXPECT_FALSE(std::filesystem::exists(folder / ".strata/state/local/shelf/request"));
}

TEST_F(AnotherRun, IsAskedToStopNowWithoutBeingWaitedFor) {
    begins();
    EXPECT_EQ(run("cancel --all --now --no-wait"), 0) << err();
    EXPECT_EQ(out(), "shelf: asked the run for \"up\" by ada@far (process 9) since today to stop now.\n");
    EXPECT_TRUE(was_asked());
    EXPECT_TRUE(request_heard_->now);
}

TEST_F(AnotherRun, ThatThereIsNoneToCancelIsAnError) {
    EXPECT_EQ(run("cancel shelf"), 1);
    EXPECT_EQ(err(), "error: Nothing to cancel\n  Nobody works on shelf in local.\n");
    EXPECT_EQ(run("cancel --all"), 1);
}

}  // namespace
}  // namespace strata::cli
