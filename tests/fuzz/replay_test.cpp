// Feeds every committed input to its target: what the fuzzer starts from, and what it once found.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path{STRATA_SOURCE_DIR} / "tests/fuzz/corpus";

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<fs::path> inputs_of(std::string_view target) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{corpus / target}) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, EveryInputKeepsWhatMustHold) {
    const auto [name, run] = GetParam();
    for (const auto& file : inputs_of(name)) {
        SCOPED_TRACE(fs::relative(file, corpus).string());
        EXPECT_NO_THROW(run(content_of(file)));
    }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& target) { return std::string{target.param.name}; });

TEST(FuzzTargets, EachHasAFolderOfInputsAndNoFolderIsWithoutOne) {
    std::set<std::string> folders;
    for (const auto& entry : fs::directory_iterator{corpus}) folders.insert(entry.path().filename().string());
    std::set<std::string> names;
    for (const auto& target : targets()) names.emplace(target.name);

    EXPECT_EQ(folders, names);
    for (const auto& name : folders) EXPECT_FALSE(inputs_of(name).empty()) << name;
}

}  // namespace
}  // namespace strata::fuzz
