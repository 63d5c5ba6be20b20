#include "engine/model/asset.hpp"

#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/scratch_folder.hpp"

namespace strata {
namespace {

namespace fs = std::filesystem;

/// Runs each test in an empty folder of its own.
class AssetTest : public testing::Test {
protected:
    AssetTest() { fs::current_path(folder); }
    ~AssetTest() override { fs::current_path(before); }

    static void write(const fs::path& file, std::string_view content) {
        if (file.has_parent_path()) fs::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << content;
    }
    std::string mistake() const { return stack.graph().diagnostics().errors().at(0).text(); }

    const fs::path before = fs::current_path();
    const ScratchFolder scratch;
    const fs::path& folder = scratch.path;
    Stack stack{"test", {}};
};

/// "name mode content" of each entry, as another implementation of zip reads it.
std::string unpacked(const Asset& archive) {
    const auto script =
        "import sys, zipfile\n"
        "for entry in zipfile.ZipFile(sys.argv[1]).infolist():\n"
        "    print(entry.filename, oct(entry.external_attr >> 16), zipfile.ZipFile(sys.argv[1]).read(entry).decode())\n";
    const auto command = "python3 -c '" + std::string{script} + "' " + archive.path;
    std::string out;
    auto* pipe = ::popen(command.c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
    ::pclose(pipe);
    return out;
}

TEST_F(AssetTest, OfAFileHoldsItsHashAndSize) {
    write("jobs/clean.py", "print(1)\n");

    const auto asset = file_asset(stack, "jobs/clean.py");

    EXPECT_EQ(asset.path, "jobs/clean.py");
    EXPECT_EQ(asset.sha256, sha256_hex("print(1)\n"));
    EXPECT_EQ(asset.size, 9U);
    EXPECT_TRUE(stack.graph().diagnostics().ok());
}

TEST_F(AssetTest, OfAFileThatIsNotThereIsAMistakeOfTheProgram) {
    const auto line = std::to_string(__LINE__ + 1);
    const auto asset = file_asset(stack, "jobs/cleen.py");

    EXPECT_TRUE(asset.path.empty());
    EXPECT_EQ(mistake(),
              "Asset cannot be read\n"
              "  tests/engine/model/asset_test.cpp:" +
                  line +
                  ": \"jobs/cleen.py\": No such file or directory.\n"
                  "  Paths are taken from the folder in which strata runs.");
}

TEST_F(AssetTest, OfAFolderAreAllFilesBelowItByTheirPathInIt) {
    write("site/index.html", "a");
    write("site/css/main.css", "b");

    const auto assets = folder_assets(stack, "site");

    ASSERT_EQ(assets.size(), 2U);
    EXPECT_EQ(assets.at("css/main.css").sha256, sha256_hex("b"));
    EXPECT_EQ(assets.at("index.html").path, "site/index.html");
}

TEST_F(AssetTest, OfAFolderThatIsNotThereIsAMistakeOfTheProgram) {
    EXPECT_TRUE(folder_assets(stack, "site").empty());
    EXPECT_NE(mistake().find("\"site\": No such file or directory."), std::string::npos) << mistake();
}

TEST_F(AssetTest, AZipHoldsEveryFileOfTheFolder) {
    write("function/main.py", "run()");
    write("function/bin/tool", "elf");
    fs::permissions("function/bin/tool", fs::perms::owner_all);

    const auto asset = zip_asset(stack, "function");

    ASSERT_TRUE(stack.graph().diagnostics().ok()) << mistake();
    EXPECT_EQ(asset.path, ".strata/assets/" + asset.sha256 + ".zip");
    EXPECT_EQ(asset.size, fs::file_size(asset.path));
    EXPECT_EQ(unpacked(asset), "bin/tool 0o100755 elf\nmain.py 0o100644 run()\n");
}

TEST_F(AssetTest, AZipIsTheSameForTheSameContentWheneverAndWhereverItIsMade) {
    write("one/main.py", "run()");
    write("two/main.py", "run()");
    fs::last_write_time("two/main.py", fs::last_write_time("one/main.py") + std::chrono::hours{24});

    const auto one = zip_asset(stack, "one");
    const auto bytes = sha256_hex((std::ostringstream{} << std::ifstream{one.path}.rdbuf()).str());
    fs::remove(one.path);
    const auto two = zip_asset(stack, "two");

    EXPECT_EQ(one.sha256, two.sha256);
    EXPECT_EQ(bytes, sha256_hex((std::ostringstream{} << std::ifstream{two.path}.rdbuf()).str()));
}

TEST_F(AssetTest, AZipIsAnotherOneWhenAContentANameOrAModeIsAnother) {
    write("function/main.py", "run()");
    const auto first = zip_asset(stack, "function").sha256;
    write("function/main.py", "run(2)");
    const auto changed = zip_asset(stack, "function").sha256;
    fs::rename("function/main.py", "function/app.py");
    const auto renamed = zip_asset(stack, "function").sha256;
    fs::permissions("function/app.py", fs::perms::owner_all);
    const auto executable = zip_asset(stack, "function").sha256;

    EXPECT_EQ((std::set<std::string>{first, changed, renamed, executable}.size()), 4U);
}

TEST_F(AssetTest, AZipOfAnEmptyFolderIsAMistakeOfTheProgram) {
    fs::create_directories("function");

    EXPECT_TRUE(zip_asset(stack, "function").path.empty());
    EXPECT_NE(mistake().find("\"function\": the folder holds no file."), std::string::npos) << mistake();
}

TEST_F(AssetTest, AFolderThatCannotBeWrittenToIsToldInItsOwnWords) {
    write("function/main.py", "run()");
    write(".strata/assets", "a file where the folder should be");

    EXPECT_TRUE(zip_asset(stack, "function").path.empty());
    EXPECT_NE(mistake().find("Cannot write an archive"), std::string::npos) << mistake();
}

}  // namespace
}  // namespace strata
