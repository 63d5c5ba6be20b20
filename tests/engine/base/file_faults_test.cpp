#include <array>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "tests/engine/base/failing_calls.hpp"
#include "tests/engine/base/recorded_disk.hpp"
#include "tests/scratch_folder.hpp"

// Every system call of every operation on files fails once, for each reason and in each way, and power goes after each of them.

namespace strata {
namespace {

using How = CallFault::How;

constexpr std::array all_faults = {
    CallFault{.reason = ENOSPC}, CallFault{.reason = ENOSPC, .how = How::cut_short}, CallFault{.reason = ENOSPC, .for_good = true},
    CallFault{.reason = EIO},    CallFault{.reason = EIO, .how = How::reported},     CallFault{.reason = EIO, .for_good = true},
    CallFault{.reason = EROFS},  CallFault{.reason = EDQUOT, .how = How::cut_short},
};

class FailingDisk : public testing::Test {
protected:
    using Act = std::function<Status()>;
    using Check = std::function<void(const Status&, const std::string& when)>;

    /// Does `act` on a disk that `prepare` has made ready, with each of its calls failing in turn; `check` looks at what is there then.
    void fail_each_call(const std::function<void()>& prepare, const Act& act, const Check& check) {
        std::size_t failures = 0;
        for (const auto& fault : all_faults)
            for (std::size_t nth = 1;; ++nth) {
                std::filesystem::remove_all(folder.path);
                std::filesystem::create_directories(folder.path);
                calls.heal();
                prepare();
                calls.fail(nth, fault);
                const auto done = act();
                const auto failed = calls.failed();
                calls.heal();
                if (failed.empty()) {
                    EXPECT_TRUE(done.ok()) << done.error().text();
                    break;
                }
                ++failures;
                check(done, fmt::format("call {} ({}), {}, {}{}", nth, failed, std::strerror(fault.reason), static_cast<int>(fault.how),
                                        fault.for_good ? ", and every later one" : ""));
            }
        EXPECT_GT(failures, 0U);
    }
    std::string content(const std::string& name) {
        const auto read = files->read(folder / name);
        return read.ok() ? *read : std::string{name_of(read.error().kind)};
    }
    /// What an operation left that could not even clean up behind itself.
    bool left_nothing_else(const std::string& name) {
        const auto names = files->list(folder.path).value();
        return names.empty() || names == std::vector<std::string>{name};
    }

    const ScratchFolder folder{ScratchFolder::in_memory()};
    RecordedDisk disk{folder.path};
    FailingCalls calls{disk};
    const std::unique_ptr<Files> files = files_through(calls);
};

TEST_F(FailingDisk, WhatIsReplacedIsTheOldOrTheNewWhole) {
    fail_each_call([&] { ASSERT_TRUE(files->replace(folder / "state", "the old content").ok()); },
                   [&] { return files->replace(folder / "state", "the new content, longer"); },
                   [&](const Status& done, const std::string& when) {
                       const auto found = content("state");
                       EXPECT_TRUE(found == "the old content" || found == "the new content, longer") << when << ": " << found;
                       if (done.ok()) EXPECT_EQ(found, "the new content, longer") << when;
                       else EXPECT_EQ(done.error().kind, ErrorKind::io) << when << ": " << done.error().text();
                   });
}

TEST_F(FailingDisk, WhatIsCreatedIsThereWholeOrNotAtAll) {
    fail_each_call([] {}, [&] { return files->create(folder / "1.json", "the first content"); },
                   [&](const Status& done, const std::string& when) {
                       const auto found = content("1.json");
                       EXPECT_TRUE(found == "not_found" || found == "the first content") << when << ": " << found;
                       if (done.ok()) EXPECT_EQ(found, "the first content") << when;
                       else EXPECT_EQ(done.error().kind, ErrorKind::io) << when << ": " << done.error().text();
                   });
}

TEST_F(FailingDisk, WhatIsThereAlreadyIsNeverCreatedOver) {
    fail_each_call([&] { ASSERT_TRUE(files->create(folder / "1.json", "of the first").ok()); },
                   [&]() -> Status {
                       const auto second = files->create(folder / "1.json", "of the second");
                       EXPECT_FALSE(second.ok());
                       const bool refused = !second && second.error().kind == ErrorKind::conflict;
                       return refused ? Status{} : second;
                   },
                   [&](const Status&, const std::string& when) { EXPECT_EQ(content("1.json"), "of the first") << when; });
}

TEST_F(FailingDisk, WhereTheKernelCannotRenameSoFilesAreCreatedAllTheSame) {
    const auto first_refusal = [&] {
        calls.fail(5, {.reason = ENOSYS});  // after the temporary file, its mode, its content and its sync
        const auto done = files->create(folder / "1.json", "made with a link");
        EXPECT_EQ(calls.failed(), "rename_if_absent");
        calls.heal();
        return done;
    };
    EXPECT_TRUE(first_refusal().ok());
    EXPECT_EQ(content("1.json"), "made with a link");
    EXPECT_TRUE(left_nothing_else("1.json"));
    EXPECT_EQ(first_refusal().error().kind, ErrorKind::conflict);
    EXPECT_TRUE(left_nothing_else("1.json"));
}

TEST_F(FailingDisk, AWriteThatFailsOnceLeavesNothingElseBehind) {
    for (const auto how : {How::refused, How::cut_short})
        for (std::size_t nth = 1; nth <= 4; ++nth) {  // a fifth call that fails is the rename, or comes after it
            calls.fail(nth, {.reason = ENOSPC, .how = how});
            EXPECT_FALSE(files->replace(folder / "state", "content").ok());
            EXPECT_NE(calls.failed(), "");
            calls.heal();
            EXPECT_EQ(*files->list(folder.path), std::vector<std::string>{}) << "call " << nth;
        }
}

TEST_F(FailingDisk, FoldersAreMadeAsFarAsItGoesAndTheRestTheNextTime) {
    fail_each_call([] {}, [&] { return files->make_folder(folder / "a/b/c"); },
                   [&](const Status& done, const std::string& when) {
                       if (done.ok()) EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c")) << when;
                       EXPECT_TRUE(files->make_folder(folder / "a/b/c").ok()) << when;
                       EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c")) << when;
                   });
}

TEST_F(FailingDisk, AReadThatFailsIsNeverTakenForAnEmptyOrAShorterFile) {
    fail_each_call([&] { ASSERT_TRUE(files->replace(folder / "state", std::string(100'000, 'x')).ok()); },
                   [&]() -> Status {
                       const auto read = files->read(folder / "state");
                       if (!read) return read.error();
                       EXPECT_EQ(read->size(), 100'000U);
                       return {};
                   },
                   [&](const Status& done, const std::string& when) { EXPECT_EQ(done.error().kind, ErrorKind::io) << when; });
}

TEST_F(FailingDisk, ASignalThatBreaksACallOffIsNoFailure) {
    const std::vector<Act> acts = {[&] { return files->replace(folder / "state", "content"); },
                                   [&]() -> Status {
                                       const auto read = files->read(folder / "state");
                                       return read.ok() ? Status{} : read.error();
                                   },
                                   [&] { return files->create(folder / "new", "content"); }};
    for (const auto& act : acts)
        for (std::size_t nth = 1;; ++nth) {
            ASSERT_TRUE(files->replace(folder / "state", "content").ok());
            std::filesystem::remove(folder / "new");
            calls.fail(nth, {.reason = EINTR});
            const auto done = act();
            const auto failed = calls.failed();
            calls.heal();
            if (failed.empty()) break;
            // A rename is not broken off: it is done, or not begun.
            if (!failed.starts_with("rename")) EXPECT_TRUE(done.ok()) << failed << ": " << done.error().text();
        }
}

// --- power ---

class PowerCut : public testing::Test {
protected:
    /// Every content that can be found under `name` after power went at any time from the call `from` on.
    std::set<std::string> left_of(const std::string& name, std::size_t from = 0) {
        std::set<std::string> found;
        for (auto calls = from; calls <= disk.now(); ++calls)
            for (const auto& image : disk.after_power_cut(calls)) {
                const auto at = image.find(name);
                found.insert(at != image.end() ? at->second : "(not there)");
            }
        return found;
    }
    using Contents = std::set<std::string>;

    const ScratchFolder folder{ScratchFolder::in_memory()};
    RecordedDisk disk{folder.path};
    const std::unique_ptr<Files> files = files_through(disk);
};

TEST_F(PowerCut, LeavesTheOldOrTheNewContentOfWhatIsReplaced) {
    ASSERT_TRUE(files->replace(folder / "state", "the first").ok());
    EXPECT_EQ(left_of("state"), (Contents{"(not there)", "the first"}));
    const auto first_done = disk.now();
    ASSERT_TRUE(files->replace(folder / "state", "the second").ok());
    EXPECT_EQ(left_of("state", first_done), (Contents{"the first", "the second"}));
    EXPECT_EQ(left_of("state", disk.now()), Contents{"the second"});
}

TEST_F(PowerCut, LeavesWhatWasCreatedWholeOrNotAtAll) {
    ASSERT_TRUE(files->create(folder / "1.json", "content").ok());
    EXPECT_EQ(left_of("1.json"), (Contents{"(not there)", "content"}));
    EXPECT_EQ(left_of("1.json", disk.now()), Contents{"content"});
}

TEST_F(PowerCut, LeavesWhatWasWrittenIntoAFolderThatHadToBeMadeFirst) {
    ASSERT_TRUE(files->make_folder(folder / "a/b/c").ok());
    ASSERT_TRUE(files->create(folder / "a/b/c/1.json", "content").ok());
    EXPECT_EQ(left_of("a/b/c/1.json", disk.now()), Contents{"content"});
}

// The disk of these tests is worth something only when it finds what it is there to find.
TEST_F(PowerCut, OfAFileThatIsWrittenInPlaceLeavesAnything) {
    ASSERT_TRUE(files->replace(folder / "state", "").ok());
    const auto descriptor = disk.open((folder / "state").c_str(), 2 /* O_RDWR */);
    ASSERT_EQ(disk.write(descriptor, "content!", 8), 8);
    EXPECT_EQ(left_of("state", disk.now()), (Contents{"", "cont", "content!", std::string(8, '\0')}));
    ASSERT_EQ(disk.sync(descriptor), 0);
    EXPECT_EQ(left_of("state", disk.now()), Contents{"content!"});
    disk.close(descriptor);
}

TEST_F(PowerCut, OfARenameWithoutSyncLeavesEitherName) {
    ASSERT_TRUE(files->create(folder / "a", "content").ok());
    ASSERT_EQ(disk.rename((folder / "a").c_str(), (folder / "b").c_str()), 0);
    EXPECT_EQ(left_of("a", disk.now()), (Contents{"(not there)", "content"}));
    EXPECT_EQ(left_of("b", disk.now()), (Contents{"(not there)", "content"}));
}

}  // namespace
}  // namespace strata
