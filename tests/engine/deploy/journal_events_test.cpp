#include "engine/deploy/journal_events.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

/// Who reads the journal is told what the run itself told.
class JournalEventsTest : public testing::Test, public Harness {
protected:
    using Lines = std::vector<std::string>;

    static std::string line(const Event& event) {
        switch (event.kind) {
            case Event::Kind::step_started:
                return fmt::format("{} {} {} begins{}", name_of(*event.step), event.address, event.facet, event.old ? " (old)" : "");
            case Event::Kind::step_progress: return fmt::format("{} {}: {}", event.address, event.facet, event.text);
            case Event::Kind::step_finished: return fmt::format("{} {} done {}", event.address, event.facet, event.id);
            case Event::Kind::step_failed: return fmt::format("{} {} failed: {}", event.address, event.facet, event.error->text());
            case Event::Kind::step_skipped: return event.text.starts_with("not seen") ? fmt::format("{} left", event.address) : "";
            case Event::Kind::pass:
            case Event::Kind::recovered:
            case Event::Kind::draining:
            case Event::Kind::warning: return "";
        }
        return "";
    }
    static Lines lines(const std::vector<Event>& events) {
        Lines out;
        for (const auto& event : events)
            if (auto text = line(event); !text.empty()) out.push_back(std::move(text));
        return out;
    }
    /// The last update, from the journal alone, long after it has ended.
    JournalEvents read_back() {
        const auto where = store();
        const auto session = *StateSession::open(*where, seal_key, {.stack = "test", .environment = "dev"});
        const auto before = session->state().updates.back().before;
        JournalEvents journal{before > 0 ? *session->state_at(before) : State{.stack = "test"}};
        const auto segments = session->journal(before);
        EXPECT_TRUE(segments.ok());
        for (const auto& segment : *segments)
            for (auto& event : journal.take(segment, segment.at + Milliseconds{1'500})) seen.push_back(std::move(event));
        return journal;
    }
    void expect_the_same_story() {
        seen.clear();
        const auto journal = read_back();
        EXPECT_EQ(lines(seen), lines(events));
        events.clear();
    }

    std::vector<Event> seen;
};

void chain(Stack& stack) {
    const Box one{stack, "one", {.content = "a", .lock = true, .name = "box-1"}};
    const Key key{stack, "key", {.algorithm = "rsa", .box = one.etag()}, {.depends_on = {one}}};
    const Box two{stack, "two", {.content = key.id(), .name = "box-2"}};
}

TEST_F(JournalEventsTest, TellCreatesUpdatesAndDeletes) {
    options.parallel = 1;
    ASSERT_TRUE(up(&chain).ok());
    expect_the_same_story();
    ASSERT_TRUE(up([](Stack& stack) {
                    const Box one{stack, "one", {.content = "b", .lock = true, .name = "box-1"}};
                    const Key key{stack, "key", {.algorithm = "ed25519"}};
                }).ok());
    expect_the_same_story();
    ASSERT_TRUE(destroy().ok());
    expect_the_same_story();
}

TEST_F(JournalEventsTest, TellWhatTheServiceSaysMeanwhile) {
    cloud.polls_needed = 3;
    ASSERT_TRUE(up(one_box).ok());
    read_back();
    EXPECT_EQ(lines(seen), (Lines{"create box  begins", "box : waiting", "box  done box-a"}));
}

TEST_F(JournalEventsTest, TellWhyAStepFailedAndThatAnAnswerWasLost) {
    cloud.refuse = [](const Step& step) -> std::optional<Error> {
        if (step.address != "one") return std::nullopt;
        return Error{
            .kind = ErrorKind::access_denied, .summary = "Access denied", .cause = "You may not.", .remedy = "Ask.", .code = "Denied"};
    };
    cloud.lose_answer = [](const Step& step) { return step.address == "key"; };
    up([](Stack& stack) {
        const Box one{stack, "one", {.content = "a", .name = "box-1"}};
        const Key key{stack, "key", {.algorithm = "rsa"}};
    });
    const auto journal = read_back();
    ASSERT_EQ(journal.outcome().outcome.failures.size(), 2U);
    for (const auto& failure : journal.outcome().outcome.failures)
        EXPECT_EQ(failure.error.kind, failure.address == "one" ? ErrorKind::access_denied : ErrorKind::outcome_unknown);
    EXPECT_FALSE(journal.outcome().outcome.ok());
    EXPECT_TRUE(journal.ended());
}

TEST_F(JournalEventsTest, TellWhatAnInterruptLeftAndThatTheNextRunGoesOnWithIt) {
    cloud.polls_needed = 1'000'000;
    cloud.refuse = [this](const Step&) -> std::optional<Error> {
        interrupt.ask(2);
        return std::nullopt;
    };
    up(one_box);
    auto journal = read_back();
    EXPECT_TRUE(journal.outcome().outcome.interrupted);
    EXPECT_EQ(lines(seen), (Lines{"create box  begins", "box : waiting", "box left"}));

    forget_interrupt();
    cloud.refuse = {};
    cloud.ready = true;
    ASSERT_TRUE(up(one_box).ok());
    seen.clear();
    journal = read_back();
    EXPECT_EQ(lines(seen), (Lines{"create box  begins", "box : still being created", "box  done box-a"}));
    EXPECT_EQ(journal.outcome().outcome.done, 1U);
}

TEST_F(JournalEventsTest, EndWhereAnotherRunTookTheStackOver) {
    JournalEvents journal{State{.stack = "test"}};
    const Journaled mine{.serial = 1,
                         .records = {{.kind = Mutation::Kind::update_begin, .key = "r1", .value = Value::map({{"steps", 1}})},
                                     {.kind = Mutation::Kind::begin, .open = OpenStep{.step = "s", .action = "create", .address = "box"}}}};
    const Journaled theirs{.serial = 2,
                           .records = {{.kind = Mutation::Kind::takeover, .key = "r2"}, {.kind = Mutation::Kind::end, .key = "s"}}};
    EXPECT_EQ(lines(journal.take(mine, {})), Lines{"create box  begins"});
    EXPECT_EQ(lines(journal.take(theirs, {})), Lines{});
    EXPECT_TRUE(journal.taken_over());
    EXPECT_FALSE(journal.ended());
}

TEST_F(JournalEventsTest, TellSinceWhenAStepIsUnderWay) {
    ASSERT_TRUE(up(one_box).ok());
    const auto journal = read_back();
    EXPECT_EQ(journal.steps(), 1U);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.front().seconds, 1.5);
}

}  // namespace
}  // namespace strata::fake
