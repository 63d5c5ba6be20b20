#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/base/files.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_emit.hpp"

// strata_types: turns providers/aws/types/*/*.yaml into C++ and reference pages.

namespace {

using namespace strata;
using namespace strata::codegen;

/// Where the project's root is, so that paths in messages and pages are relative to it.
struct Paths {
    std::filesystem::path root;
    [[nodiscard]] std::string models() const { return (root / "providers/aws/models").string(); }
};

std::vector<ResolvedType> read_types(const Paths& paths, std::span<const std::string> files, Models& models, Problems& problems) {
    std::vector<ResolvedType> types;
    for (const auto& file : files) {
        const auto text = real_files().read(paths.root / file);
        if (!text) {
            problems.add({file, 0}, text.error().text());
            continue;
        }
        Problems mistakes;
        auto declaration = read_type(file, *text, mistakes);
        if (!mistakes.empty()) {
            problems.add_all(mistakes);
            continue;
        }
        types.push_back(resolve(std::move(declaration), models, problems));
    }
    std::ranges::sort(types, {}, [](const ResolvedType& type) { return type.decl.name; });
    return types;
}

int fail(const std::string& text) {
    std::fputs((text + "\n").c_str(), stderr);
    return 1;
}

/// A file that says the same already is left alone, so that what includes it is not compiled anew.
int write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    if (const auto present = real_files().read(path); present && *present == text) return 0;
    const auto done = real_files().replace(path, text, 0644);
    return done ? 0 : fail(done.error().text());
}

/// service ROOT SERVICE OUT.hpp OUT.cpp FILE.yaml...
int write_service(std::span<const std::string> arguments) {
    if (arguments.size() < 5) return fail("strata_types service ROOT SERVICE OUT.hpp OUT.cpp FILE.yaml...");
    const Paths paths{arguments[0]};
    Models models{paths.models()};
    Problems problems;
    const auto types = read_types(paths, arguments.subspan(4), models, problems);
    if (!problems.empty()) return fail(problems.text());
    const Names names{types, problems};
    const auto header = service_header(arguments[1], types, names);
    const auto source = service_source(arguments[1], types, names);
    if (!problems.empty()) return fail(problems.text());
    return write(arguments[2], header) + write(arguments[3], source);
}

/// registry OUT.cpp SERVICE...
int write_registry(std::span<const std::string> arguments) {
    if (arguments.empty()) return fail("strata_types registry OUT.cpp SERVICE...");
    return write(arguments[0], types_registry(arguments.subspan(1)));
}

/// reference ROOT OUT_FOLDER FILE.yaml...
int write_reference(std::span<const std::string> arguments) {
    if (arguments.size() < 3) return fail("strata_types reference ROOT OUT_FOLDER FILE.yaml...");
    const Paths paths{arguments[0]};
    const std::filesystem::path folder = arguments[1];
    Models models{paths.models()};
    Problems problems;
    auto types = read_types(paths, arguments.subspan(2), models, problems);
    if (!problems.empty()) return fail(problems.text());
    std::map<std::string, std::vector<ResolvedType>> by_service;
    int failures = write(folder / "index.md", reference_index(types));
    for (auto& type : types) by_service[type.decl.service].push_back(std::move(type));
    for (const auto& [service, group] : by_service) {
        const Names names{group, problems};
        for (const auto& type : group)
            failures += write(folder / service / (snake_case(type.decl.class_name()) + ".md"), reference_page(type, names));
    }
    return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    const std::span<const std::string> rest = std::span{arguments}.subspan(arguments.empty() ? 0 : 1);
    if (!arguments.empty() && arguments[0] == "service") return write_service(rest);
    if (!arguments.empty() && arguments[0] == "registry") return write_registry(rest);
    if (!arguments.empty() && arguments[0] == "reference") return write_reference(rest);
    return fail("strata_types service|registry|reference ...");
}
