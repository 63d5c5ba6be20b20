#include "engine/base/files.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/scratch_folder.hpp"

namespace strata {
namespace {

class FilesTest : public testing::Test {
protected:
    const ScratchFolder folder;
    Files& files = real_files();
};

TEST_F(FilesTest, ReplacesTheWholeContentAndLeavesNothingElseBehind) {
    ASSERT_TRUE(files.replace(folder / "state.json", "old").ok());
    ASSERT_TRUE(files.replace(folder / "state.json", "new").ok());

    EXPECT_EQ(*files.read(folder / "state.json"), "new");
    EXPECT_EQ(*files.list(folder.path), std::vector<std::string>{"state.json"});
}

TEST_F(FilesTest, CreatesOnlyWhatIsNotThere) {
    ASSERT_TRUE(files.create(folder / "1", "first").ok());
    const auto second = files.create(folder / "1", "second");

    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::conflict);
    EXPECT_EQ(*files.read(folder / "1"), "first");
    EXPECT_EQ(files.list(folder.path)->size(), 1U);
}

TEST_F(FilesTest, KeepsWhatItWritesFromOtherUsers) {
    ASSERT_TRUE(files.replace(folder / "key", "secret").ok());
    struct stat found{};
    ASSERT_EQ(::stat((folder / "key").c_str(), &found), 0);

    EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(FilesTest, TellsAMissingFileFromAnUnreadableOne) {
    EXPECT_EQ(files.read(folder / "none").error().kind, ErrorKind::not_found);
    EXPECT_EQ(files.read(folder.path).error().kind, ErrorKind::io);
}

TEST_F(FilesTest, ReadsNoMoreThanTheFrontThatIsAskedFor) {
    ASSERT_TRUE(files.replace(folder / "long", std::string(100'000, 'a')).ok());

    EXPECT_EQ(files.read_front(folder / "long", 70'000)->size(), 70'000U);
    EXPECT_EQ(files.read_front(folder / "long", 200'000)->size(), 100'000U);
    EXPECT_EQ(files.read_front("/dev/zero", 1000)->size(), 1000U);
    EXPECT_EQ(files.read_front(folder / "none", 10).error().kind, ErrorKind::not_found);
}

TEST_F(FilesTest, SaysWhereAndWhyItCannotWrite) {
    const auto failed = files.replace(folder / "no" / "state.json", "x");

    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().text(), "Cannot write file\n  " + (folder / "no" / "state.json").string() + ": No such file or directory.");
}

TEST_F(FilesTest, MakesEveryFolderOnTheWay) {
    ASSERT_TRUE(files.make_folder(folder / "a" / "b" / "c").ok());

    EXPECT_TRUE(std::filesystem::is_directory(folder / "a" / "b" / "c"));
    EXPECT_TRUE(files.list(folder / "a" / "none")->empty());
}

}  // namespace
}  // namespace strata
