#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/crypto.hpp"
#include "engine/state/object_store.hpp"

namespace strata {

/// An empty ObjectStore and what it stands on: a folder, or a bucket of a server.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    /// Why it cannot be tried on this machine, in one line; "" when it can.
    [[nodiscard]] virtual std::string missing() const { return ""; }
    /// The store of a further process: each call gives another object over the same place.
    [[nodiscard]] virtual std::unique_ptr<ObjectStore> open() = 0;
};

/// What every ObjectStore has to do, whatever it stands on. Beside an implementation:
///
///     INSTANTIATE_TEST_SUITE_P(Folder, ObjectStoreContract, testing::Values(&make_store_in_a_folder));
class ObjectStoreContract : public testing::TestWithParam<std::unique_ptr<StoreUnderTest> (*)()> {
protected:
    void SetUp() override {
        under_test_ = GetParam()();
        if (const auto why = under_test_->missing(); !why.empty()) GTEST_SKIP() << why;
        store_ = under_test_->open();
        ASSERT_NE(store_, nullptr);
    }

    ObjectStore& store() { return *store_; }
    std::unique_ptr<ObjectStore> another() { return under_test_->open(); }

    /// Makes an object that is not there yet; returns its version.
    std::string make(const std::string& name, std::string_view content) {
        const auto made = store().write(name, content, "");
        EXPECT_TRUE(made.ok()) << name << ": " << made.error().text();
        return made.ok() ? *made : "";
    }

    /// As many objects as `names`, several at a time.
    void make_many(const std::vector<std::string>& names) {
        std::atomic<std::size_t> next = 0;
        in_parallel(8, [&](int) {
            for (auto i = next++; i < names.size(); i = next++) {
                const auto made = store().write(names[i], "content of " + names[i], "");
                EXPECT_TRUE(made.ok()) << names[i] << ": " << made.error().text();
            }
        });
    }

    static void in_parallel(int count, const std::function<void(int)>& work) {
        std::vector<std::thread> threads;
        threads.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
        for (auto& thread : threads) thread.join();
    }

    static std::optional<ObjectStore::Object> object_in(ObjectStore& from, const std::string& name) {
        const std::vector<std::string> names{name};
        auto read = from.read(names);
        EXPECT_TRUE(read.ok()) << name << ": " << read.error().text();
        if (!read) return std::nullopt;
        EXPECT_EQ(read->size(), 1U);
        return read->at(0);
    }
    std::optional<ObjectStore::Object> object(const std::string& name) { return object_in(store(), name); }

    /// "(nothing)" where there is no such object.
    std::string content(const std::string& name) {
        const auto found = object(name);
        return found ? found->content : "(nothing)";
    }

    std::vector<std::string> listed(const std::string& folder, const std::string& after = "") {
        auto names = store().list(folder, after);
        EXPECT_TRUE(names.ok()) << names.error().text();
        return names.ok() ? *names : std::vector<std::string>{};
    }

    static std::string outcome(const Status& status) { return status.ok() ? "done" : std::string{name_of(status.error().kind)}; }
    static std::string outcome(const Result<std::string>& written) {
        return written.ok() ? "written" : std::string{name_of(written.error().kind)};
    }

private:
    std::unique_ptr<StoreUnderTest> under_test_;
    std::unique_ptr<ObjectStore> store_;
};

inline std::vector<std::string> numbered(std::string_view folder, int from, int to) {
    std::vector<std::string> names;
    for (int i = from; i <= to; ++i) names.push_back(fmt::format("{}/{:012}.json", folder, i));
    return names;
}

TEST_P(ObjectStoreContract, GivesBackWhatWasWrittenByteForByte) {
    const std::vector<std::string> contents = {"{\"serial\": 1}\n",
                                               "",
                                               " \r\n\t ",
                                               "grüße, ሴ, 日本, \U0001F600",
                                               std::string{"\0 nul \0", 7},
                                               "\xff\xfe not UTF-8 \x80",
                                               "<a>&amp;%2F+</a>",
                                               random_bytes(4096)};
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const auto name = fmt::format("lake/content-{}", i);
        const auto version = make(name, contents[i]);

        const auto found = object(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->content, contents[i]) << name;
        EXPECT_EQ(found->version, version) << name;
    }
}

TEST_P(ObjectStoreContract, TakesEveryNameThatIsAllowed) {
    const std::vector<std::string> names = {"lock", "Lake-1/snapshot.json", "lake/journal/000000000012.json", "a_b/c-d/e.f/..g/.h",
                                            "0/-/_"};
    for (const auto& name : names) make(name, "in " + name);

    for (const auto& name : names) EXPECT_EQ(content(name), "in " + name);
}

TEST_P(ObjectStoreContract, CarriesTenMegabytes) {
    const auto large = random_bytes(10'000'000);
    const auto version = make("lake/snapshot.json", large);

    const auto found = object("lake/snapshot.json");
    ASSERT_TRUE(found);
    EXPECT_EQ(sha256_hex(found->content), sha256_hex(large));
    EXPECT_EQ(found->version, version);
    EXPECT_EQ(outcome(store().write("lake/snapshot.json", "small again", version)), "written");
    EXPECT_EQ(content("lake/snapshot.json"), "small again");
}

TEST_P(ObjectStoreContract, ReadsEmptyWhatIsNotThere) {
    make("lake/lock", "x");

    EXPECT_FALSE(object("lake/snapshot.json"));
    EXPECT_FALSE(object("nowhere/at/all"));
    EXPECT_FALSE(object("lake"));
    EXPECT_FALSE(object("lake/loc"));
    EXPECT_TRUE(store().read({})->empty());
}

TEST_P(ObjectStoreContract, ReadsManyInTheOrderOfTheirNames) {
    make_many(numbered("lake/journal", 1, 100));
    auto names = numbered("lake/journal", 1, 150);
    std::ranges::reverse(names);
    names.push_back(names.back());

    const auto read = store().read(names);

    ASSERT_TRUE(read.ok()) << read.error().text();
    ASSERT_EQ(read->size(), 151U);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& found = read->at(i);
        EXPECT_EQ(found ? found->content : "(nothing)", i < 50 ? "(nothing)" : "content of " + names[i]);
    }
}

TEST_P(ObjectStoreContract, MakesAnObjectOnlyOnce) {
    make("lake/journal/1.json", "the first");

    EXPECT_EQ(outcome(store().write("lake/journal/1.json", "the second", "")), "conflict");
    EXPECT_EQ(content("lake/journal/1.json"), "the first");
}

TEST_P(ObjectStoreContract, ReplacesOnlyTheVersionThatIsThere) {
    const auto first = make("lake/snapshot.json", "one");
    const auto second = store().write("lake/snapshot.json", "two", first);
    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_NE(*second, first);

    EXPECT_EQ(outcome(store().write("lake/snapshot.json", "three", first)), "conflict");
    EXPECT_EQ(content("lake/snapshot.json"), "two");
    EXPECT_EQ(outcome(store().write("lake/snapshot.json", "three", *second)), "written");
    EXPECT_EQ(content("lake/snapshot.json"), "three");
}

TEST_P(ObjectStoreContract, DoesNotReplaceWhatIsGone) {
    const auto version = make("lake/lock", "held");
    ASSERT_EQ(outcome(store().remove(std::vector<std::string>{"lake/lock"})), "done");

    EXPECT_EQ(outcome(store().write("lake/lock", "renewed", version)), "conflict");
    EXPECT_FALSE(object("lake/lock"));
    EXPECT_EQ(outcome(store().write("lake/lock", "taken", "")), "written");
}

TEST_P(ObjectStoreContract, AnotherProcessSeesAtOnceWhatWasWritten) {
    const auto other = another();
    const auto version = make("lake/lock", "one");

    EXPECT_EQ(object_in(*other, "lake/lock")->version, version);
    ASSERT_EQ(outcome(other->write("lake/lock", "two", version)), "written");
    EXPECT_EQ(content("lake/lock"), "two");
    EXPECT_EQ(outcome(store().write("lake/lock", "three", version)), "conflict");
    ASSERT_EQ(outcome(other->remove(std::vector<std::string>{"lake/lock"})), "done");
    EXPECT_FALSE(object("lake/lock"));
    EXPECT_EQ(listed("lake"), std::vector<std::string>{});
}

TEST_P(ObjectStoreContract, OneOfManyMakersWins) {
    constexpr int makers = 12;
    const auto other = another();
    for (int round = 0; round < 3; ++round) {
        const auto name = fmt::format("lake/journal/{}.json", round);
        std::vector<std::string> outcomes(makers);
        in_parallel(makers, [&](int i) {
            auto& mine = i % 2 == 0 ? store() : *other;
            outcomes[static_cast<std::size_t>(i)] = outcome(mine.write(name, fmt::format("by {}", i), ""));
        });

        EXPECT_EQ(std::ranges::count(outcomes, "written"), 1);
        EXPECT_EQ(std::ranges::count(outcomes, "conflict"), makers - 1);
        const auto winner = std::ranges::find(outcomes, "written") - outcomes.begin();
        EXPECT_EQ(content(name), fmt::format("by {}", winner));
    }
}

TEST_P(ObjectStoreContract, NoUpdateIsLostAmongManyWriters) {
    constexpr int writers = 6;
    constexpr int each = 5;
    const auto other = another();
    make("lake/counter", "0 by nobody");
    in_parallel(writers, [&](int i) {
        auto& mine = i % 2 == 0 ? store() : *other;
        for (int done = 0; done < each;) {
            const auto now = object_in(mine, "lake/counter");
            const auto next = fmt::format("{} by {}", std::stoi(now->content) + 1, i);
            const auto written = mine.write("lake/counter", next, now->version);
            if (!written) EXPECT_EQ(written.error().kind, ErrorKind::conflict) << written.error().text();
            if (written) ++done;
        }
    });

    EXPECT_EQ(std::stoi(content("lake/counter")), writers * each);
}

TEST_P(ObjectStoreContract, CopiesAndReplacesWithoutCondition) {
    const auto version = make("lake/snapshot.json", "one");
    make("lake/history/2.json", "something else");

    EXPECT_EQ(outcome(store().copy("lake/snapshot.json", "lake/history/1.json", "")), "done");
    EXPECT_EQ(outcome(store().copy("lake/snapshot.json", "lake/history/2.json", "")), "done");
    ASSERT_EQ(outcome(store().write("lake/snapshot.json", "two", version)), "written");

    EXPECT_EQ(content("lake/history/1.json"), "one");
    EXPECT_EQ(content("lake/history/2.json"), "one");
    EXPECT_EQ(content("lake/snapshot.json"), "two");
    EXPECT_EQ(outcome(store().copy("lake/history/1.json", "elsewhere/deep/down.json", "")), "done");
    EXPECT_EQ(content("elsewhere/deep/down.json"), "one");
}

TEST_P(ObjectStoreContract, CopiesOnlyTheVersionThatIsMeant) {
    const auto version = make("lake/snapshot.json", "one");
    EXPECT_EQ(outcome(store().copy("lake/snapshot.json", "lake/history/1.json", version)), "done");
    ASSERT_EQ(outcome(store().write("lake/snapshot.json", "two", version)), "written");

    EXPECT_EQ(outcome(store().copy("lake/snapshot.json", "lake/history/2.json", version)), "conflict");
    EXPECT_FALSE(object("lake/history/2.json"));
    EXPECT_EQ(content("lake/history/1.json"), "one");
}

TEST_P(ObjectStoreContract, ACopyCanBeReplacedByItsVersion) {
    make("lake/snapshot.json", "one");
    ASSERT_EQ(outcome(store().copy("lake/snapshot.json", "lake/backup.json", "")), "done");
    const auto copy = object("lake/backup.json");
    ASSERT_TRUE(copy);

    EXPECT_EQ(outcome(store().write("lake/backup.json", "changed", copy->version)), "written");
    EXPECT_EQ(content("lake/backup.json"), "changed");
}

TEST_P(ObjectStoreContract, DoesNotCopyWhatIsNotThere) {
    make("lake/history/1.json", "kept");

    EXPECT_EQ(outcome(store().copy("lake/snapshot.json", "lake/history/1.json", "")), "not_found");
    EXPECT_EQ(content("lake/history/1.json"), "kept");
}

TEST_P(ObjectStoreContract, RemovesWhatIsThereAndPassesOverWhatIsNot) {
    const auto names = numbered("lake/journal", 1, 20);
    make_many(names);
    make("lake/snapshot.json", "kept");
    const std::vector<std::string> doomed = {names[3], "lake/never.json", names[7], names[7], "nowhere/x"};

    EXPECT_EQ(outcome(store().remove(doomed)), "done");
    EXPECT_EQ(outcome(store().remove(doomed)), "done");
    EXPECT_EQ(outcome(store().remove({})), "done");

    EXPECT_FALSE(object(names[3]));
    EXPECT_FALSE(object(names[7]));
    EXPECT_EQ(listed("lake/journal").size(), 18U);
    EXPECT_EQ(content("lake/snapshot.json"), "kept");
}

TEST_P(ObjectStoreContract, ListsWhatLiesDirectlyInAFolder) {
    for (const auto* name : {"lake/journal/2.json", "lake/journal/10.json", "lake/journal/1.json", "lake/journal/old/0.json",
                             "lake/journal.json", "lake/journal-2/1.json", "lake/snapshot.json", "pond/journal/9.json",
                             "lake/journal/B.json", "lake/journal/a.json", "lake/journal/_.json", "lake/journal/-.json"})
        make(name, "x");

    EXPECT_EQ(listed("lake/journal"),
              (std::vector<std::string>{"lake/journal/-.json", "lake/journal/1.json", "lake/journal/10.json", "lake/journal/2.json",
                                        "lake/journal/B.json", "lake/journal/_.json", "lake/journal/a.json"}));
    EXPECT_EQ(listed("lake"), (std::vector<std::string>{"lake/journal.json", "lake/snapshot.json"}));
    EXPECT_EQ(listed("lake/jour"), std::vector<std::string>{});
    EXPECT_EQ(listed("nowhere"), std::vector<std::string>{});
}

TEST_P(ObjectStoreContract, ListsAboveAName) {
    make_many(numbered("lake/journal", 1, 12));

    EXPECT_EQ(listed("lake/journal", "lake/journal/000000000009.json"), numbered("lake/journal", 10, 12));
    EXPECT_EQ(listed("lake/journal", "lake/journal/000000000009"), numbered("lake/journal", 9, 12));
    EXPECT_EQ(listed("lake/journal", "lake/journal/000000000010.jsoo"), numbered("lake/journal", 11, 12));
    EXPECT_EQ(listed("lake/journal", "lake/journal/000000000012.json"), std::vector<std::string>{});
    EXPECT_EQ(listed("lake/journal", "lake"), numbered("lake/journal", 1, 12));
    EXPECT_EQ(listed("lake/journal", "pond"), std::vector<std::string>{});
}

TEST_P(ObjectStoreContract, ListsAndRemovesMoreThanAThousand) {
    const auto names = numbered("lake/journal", 1, 1'105);
    make_many(names);
    make("lake/journal/deeper/1.json", "x");
    make("lake/snapshot.json", "kept");

    EXPECT_EQ(listed("lake/journal"), names);
    EXPECT_EQ(listed("lake/journal", names[49]).size(), 1'055U);
    EXPECT_EQ(outcome(store().remove(names)), "done");
    EXPECT_EQ(listed("lake/journal"), std::vector<std::string>{});
    EXPECT_EQ(listed("lake"), std::vector<std::string>{"lake/snapshot.json"});
}

TEST_P(ObjectStoreContract, TellsTheFoldersAtTheTopThatHoldAnything) {
    EXPECT_EQ(*store().folders(), std::vector<std::string>{});
    for (const auto* name : {"lake/snapshot.json", "foundation/journal/1.json", "foundation-2/deep/down.json", "Zoo/x", "lock"})
        make(name, "x");

    EXPECT_EQ(*store().folders(), (std::vector<std::string>{"Zoo", "foundation", "foundation-2", "lake"}));
    ASSERT_EQ(outcome(store().remove(std::vector<std::string>{"foundation-2/deep/down.json", "Zoo/x"})), "done");
    EXPECT_EQ(*store().folders(), (std::vector<std::string>{"foundation", "lake"}));
}

TEST_P(ObjectStoreContract, SaysWhereAnObjectLies) {
    EXPECT_TRUE(store().location("lake/lock").ends_with("/lake/lock")) << store().location("lake/lock");
}

}  // namespace strata
