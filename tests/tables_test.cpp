// Tables are explicit: what is not in its table is not there for anybody. These tests walk the folders and name each file
// that somebody added and forgot to put into its table.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "providers/aws/model/registry.hpp"
#include "providers/aws/resource/types.hpp"

namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

const fs::path root = STRATA_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    std::ifstream in{root / file};
    EXPECT_TRUE(in) << file << " cannot be read";
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Files below `folder` with that ending, relative to the root.
std::set<fs::path> files(const fs::path& folder, std::string_view ending) {
    std::set<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator{root / folder})
        if (entry.path().filename().string().ends_with(ending)) found.insert(fs::relative(entry.path(), root));
    return found;
}

/// What the group of `pattern` catches, all over `text`.
Names all_matches(const std::string& text, const std::string& pattern) {
    const std::regex expression{pattern};
    Names found;
    for (std::sregex_iterator at{text.begin(), text.end(), expression}, end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

TEST(Tables, EverySourceIsNamedInACMakeList) {
    std::set<fs::path> named;
    std::set<fs::path> found;
    for (const auto* folder : {"engine", "providers", "components", "config", "cli", "stacks", "bench", "tests"}) {
        found.merge(files(folder, ".cpp"));
        for (const auto& list : files(folder, "CMakeLists.txt")) {
            for (const auto& source : all_matches(text_of(list), R"(([\w./-]+\.cpp)\b)"))
                named.insert((list.parent_path() / source).lexically_normal());
            // A list that walks over its sources names them without the ending.
            for (const auto& items : all_matches(text_of(list), R"(foreach\(\w+ IN ITEMS ([\w\s]+)\))"))
                for (const auto& stem : all_matches(items, R"((\w+))")) named.insert(list.parent_path() / (stem + ".cpp"));
        }
    }
    for (const auto& source : found) EXPECT_TRUE(named.contains(source)) << source << " is in no CMakeLists.txt: it is never compiled";
}

TEST(Tables, EveryResourceTypeIsKnownHasItsPageAndATest) {
    Names known;
    for (const auto* type : strata::aws::resource_types()) known.insert(std::string{type->name});
    Names declared;
    const auto index = text_of("docs/reference/index.md");
    for (const auto& file : files("providers/aws/types", ".yaml")) {
        const auto name = all_matches(text_of(file), R"((?:^|\n)type: (\S+))");
        ASSERT_EQ(name.size(), 1U) << file;
        declared.insert(*name.begin());
        const auto place = file.lexically_relative("providers/aws/types").replace_extension();
        EXPECT_NE(index.find(place.string() + ".md"), std::string::npos) << *name.begin() << " is not in docs/reference/index.md";
        EXPECT_TRUE(fs::exists(root / "docs/reference" / place.string().append(".md"))) << *name.begin() << " has no reference page";
        EXPECT_TRUE(fs::exists(root / "tests/providers/aws/types" / place.string().append(".json"))) << *name.begin() << " has no test";
    }
    EXPECT_EQ(known, declared);
}

TEST(Tables, EveryServiceModelIsCompiledInAndSaysWhichOperationsItKeeps) {
    Names models;
    for (const auto& file : files("providers/aws/models", ".json")) models.insert(file.stem().string());
    const auto kept = all_matches(text_of("providers/aws/models/operations.txt"), R"(\n([a-z0-9]+) [A-Z]\w+)");

    EXPECT_EQ(models, kept);
    for (const auto& model : models) EXPECT_NE(strata::aws::find_service(model), nullptr) << model << " is not compiled in";
}

TEST(Tables, EveryVerbThatHasASourceIsInTheTableOfVerbsAndInTheReadme) {
    Names written;
    for (const auto& file : files("cli", ".cpp")) written.merge(all_matches(text_of(file), R"(\nResult<ExitCode> (run_\w+)\(Command&)"));
    const auto table = text_of("cli/verbs.cpp");

    EXPECT_EQ(all_matches(table, R"(\.run = &(run_\w+))"), written);

    const auto readme = text_of("README.md");
    for (const auto& verb : all_matches(table, R"re(Verb\{\.name = "([a-z ]+)")re")) {
        const auto space = verb.find(' ');
        const auto row = space == std::string::npos ? "strata " + verb + "\\b"
                                                    : "strata " + verb.substr(0, space) + "[^|]* ?\\b" + verb.substr(space + 1) + "\\b";
        EXPECT_TRUE(std::regex_search(readme, std::regex{row})) << "strata " << verb << " is not in the README's table of commands";
    }
}

TEST(Tables, EveryStackIsInTheProgram) {
    const auto program = text_of("stacks/main.cpp");
    for (const auto& header : files("stacks", ".hpp"))
        for (const auto& stack : all_matches(text_of(header), R"(\nvoid (\w+)\(strata::Stack& stack, const Settings& settings\))"))
            if (stack == header.stem())
                EXPECT_NE(program.find("stacks::" + stack + "}"), std::string::npos) << header << " is no stack of the program";
}

TEST(Tables, EveryComponentHasATest) {
    std::string tests;
    for (const auto& test : files("tests/components", "_test.cpp")) tests += text_of(test);
    for (const auto& header : files("components", ".hpp")) {
        if (header.filename() == "mistake.hpp") continue;  // what components tell goes through it in every one of those tests
        EXPECT_NE(tests.find("#include \"" + header.string() + '"'), std::string::npos) << header << " is in no test";
    }
}

TEST(Tables, EveryMendOfTheEmulatorIsInItsTable) {
    const fs::path folder = "providers/aws/emulator/strata_emulator/mends";
    Names written;
    for (const auto& file : files(folder, ".py"))
        if (file.stem() != "__init__" && text_of(file).find("\n@") != std::string::npos) written.insert(file.stem().string());
    const auto init = text_of(folder / "__init__.py");
    const auto table = init.substr(init.find("MODULES"), init.find("}\n", init.find("MODULES")) - init.find("MODULES"));
    const auto named = all_matches(table, R"re([\[ ]"(\w+)"[,\]])re");
    for (const auto& module : written) EXPECT_TRUE(named.contains(module)) << folder / module << ".py is never loaded";
}

}  // namespace
