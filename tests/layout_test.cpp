// Holds the source tree to the rules of docs/architecture.md: who may include whom, and through which one door each
// third-party library comes in.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path root = STRATA_SOURCE_DIR;

struct Include {
    std::string file;  ///< relative to the root
    std::size_t line;
    std::string target;  ///< as written between the quotes or brackets
    bool quoted;
};

std::vector<fs::path> sources() {
    std::vector<fs::path> found;
    for (const auto* folder : {"engine", "providers", "components", "policies", "config", "cli", "stacks", "pipeline", "bench"}) {
        if (!fs::exists(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator{root / folder})
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

std::vector<Include> includes() {
    static const std::regex pattern{R"(^\s*#include\s+(["<])([^">]+)[">])"};
    std::vector<Include> found;
    for (const auto& path : sources()) {
        std::ifstream in{path};
        std::string line;
        for (std::size_t number = 1; std::getline(in, line); ++number) {
            std::smatch match;
            if (std::regex_search(line, match, pattern))
                found.push_back({fs::relative(path, root).string(), number, match[2], match[1] == "\""});
        }
    }
    return found;
}

/// Layers from the ground up; a file may include its own layer and those it stands on.
const std::map<std::string, std::set<std::string>> may_include = {
    {"engine/base", {}},
    {"engine/model", {"engine/base"}},
    {"engine/graph", {"engine/base", "engine/model"}},
    {"engine/state", {"engine/base", "engine/model"}},
    {"engine/plan", {"engine/base", "engine/model", "engine/graph", "engine/state"}},
    {"engine/deploy", {"engine/base", "engine/model", "engine/graph", "engine/state", "engine/plan"}},
    {"engine/wire", {"engine/base"}},
    {"config", {"engine/base", "engine/model"}},
    {"providers", {"engine/base", "engine/model", "engine/wire"}},
    {"providers/aws/state", {"engine/base", "engine/model", "engine/state", "engine/wire", "providers"}},
    {"components", {"engine/base", "engine/model", "config", "providers"}},
    {"policies", {"engine", "config", "providers"}},
    {"cli", {"engine", "config", "providers"}},
    {"stacks", {"engine", "config", "providers", "components", "policies", "cli"}},
    {"bench", {"engine", "config", "providers", "components", "cli", "stacks", "tests/engine"}},
};

std::string layer_of(std::string_view path) {
    std::string best;
    for (const auto& [layer, below] : may_include)
        if (path.starts_with(layer + "/") && layer.size() > best.size()) best = layer;
    return best;
}

std::string place(const Include& include) { return include.file + ":" + std::to_string(include.line) + " includes " + include.target; }

TEST(Layout, NoIncludePointsUpward) {
    for (const auto& include : includes()) {
        if (!include.quoted) continue;
        const auto from = layer_of(include.file);
        ASSERT_FALSE(from.empty()) << include.file << " stands in no layer";
        const auto& below = may_include.at(from);
        const bool own = include.target.starts_with(from + "/");
        const bool allowed = std::ranges::any_of(below, [&](const std::string& layer) { return include.target.starts_with(layer + "/"); });
        EXPECT_TRUE(own || allowed) << place(include) << ", but " << from << " may not";
    }
}

TEST(Layout, EveryIncludeNamesTheFullPathFromTheRoot) {
    for (const auto& include : includes())
        if (include.quoted) EXPECT_NE(include.target.find('/'), std::string::npos) << place(include);
}

/// Library header prefix -> the files that may include it.
const std::map<std::string, std::vector<std::string>> doors = {
    {"nlohmann/", {"engine/base/json.cpp"}},
    {"openssl/", {"engine/base/crypto.cpp"}},
    {"curl/", {"engine/wire/"}},
    {"git2", {"engine/wire/"}},
    {"yaml-cpp/", {"config/yaml.cpp", "providers/aws/codegen/"}},
    {"pugixml", {"providers/aws/protocol/xml.cpp"}},
    {"CLI/", {"cli/"}},
    {"zip.h", {"engine/base/zip.cpp"}},
};

TEST(Layout, EachLibraryComesInThroughOneDoor) {
    std::map<std::string, std::set<std::string>> users;
    for (const auto& include : includes())
        for (const auto& [prefix, allowed] : doors) {
            if (include.quoted || !include.target.starts_with(prefix)) continue;
            const bool at_door = std::ranges::any_of(allowed, [&](const std::string& door) { return include.file.starts_with(door); });
            EXPECT_TRUE(at_door) << place(include);
            users[prefix].insert(include.file);
        }
    for (const auto* library : {"CLI/", "openssl/", "nlohmann/", "pugixml", "zip.h"})
        EXPECT_LE(users[library].size(), 1U) << library << " has more than one door";
}

TEST(Layout, NoSourceFileHasGrownIntoADrawer) {
    for (const auto& path : sources()) {
        std::ifstream in{path};
        const auto lines = std::count(std::istreambuf_iterator<char>{in}, {}, '\n');
        EXPECT_LE(lines, 650) << fs::relative(path, root).string();
    }
}

}  // namespace
