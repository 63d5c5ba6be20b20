#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "tests/providers/aws/protocol/conformance/suite.hpp"

// aws_conformance DIR: runs every case of DIR/input/*.json and DIR/output/*.json (the form of botocore's
// tests/unit/protocols) and prints passed, failed and the failing ids. Exit code 0 only if none failed.
// Without DIR: $STRATA_CONFORMANCE/aws-protocol-tests, or the folder beside the repository; 77 when there is none.

namespace {

using namespace strata;
using conformance::Direction;

constexpr int skipped = 77;

conformance::IgnoreList ignore_list(const std::filesystem::path& folder) {
    const auto text = real_files().read(folder / "protocol-tests-ignore-list.json");
    if (!text) return {};
    auto document = parse_json(*text, "the ignore list");
    return document ? conformance::IgnoreList{*std::move(document)} : conformance::IgnoreList{};
}

void print(const conformance::Tally& tally) {
    fmt::print("{:24} {:4} passed {:4} failed {:4} ignored\n", tally.file, tally.passed, tally.failed.size(),
               tally.ignored_passing + tally.ignored_failing.size());
    if (tally.other_protocol > 0)
        fmt::print("  {} not run: a protocol that Strata does not speak\n", counted(tally.other_protocol, "case"));
    for (const auto& failure : tally.failed) fmt::print("  FAILED {}: {}\n", failure.id, failure.reason);
    for (const auto& failure : tally.ignored_failing)
        fmt::print("  ignored by botocore, differs here: {}: {}\n", failure.id, failure.reason);
}

struct Totals {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t ignored = 0;
    std::size_t ignored_passing = 0;
};

/// @return false when a file could not be read
bool run_folder(const std::filesystem::path& folder, Direction direction, const conformance::IgnoreList& ignored, Totals& totals) {
    const auto names = real_files().list(folder);
    if (!names) return false;
    for (const auto& name : *names) {
        if (!name.ends_with(".json")) continue;
        const auto tally = conformance::run_file(folder / name, direction, ignored);
        if (!tally) {
            fmt::print("{}\n", tally.error().text());
            return false;
        }
        print(*tally);
        totals.passed += tally->passed;
        totals.failed += tally->failed.size();
        totals.ignored += tally->ignored_passing + tally->ignored_failing.size();
        totals.ignored_passing += tally->ignored_passing;
    }
    return true;
}

std::filesystem::path folder_from_environment() {
    const auto* const root = std::getenv("STRATA_CONFORMANCE");
    const std::filesystem::path shared = root ? root : STRATA_SOURCE_DIR "/../shared/conformance";
    return shared / "aws-protocol-tests";
}

}  // namespace

int main(int argc, char** argv) {
    const auto folder = argc > 1 ? std::filesystem::path{argv[1]} : folder_from_environment();
    if (!std::filesystem::is_directory(folder)) {
        fmt::print("skipped: no protocol cases at {} (set STRATA_CONFORMANCE)\n", folder.string());
        return argc > 1 ? 1 : skipped;
    }
    const auto ignored = ignore_list(folder);
    Totals totals;
    const bool read = run_folder(folder / "input", Direction::input, ignored, totals) &&
                      run_folder(folder / "output", Direction::output, ignored, totals);
    fmt::print("{} passed, {} failed; of {} that botocore ignores {} pass too\n", totals.passed, totals.failed, totals.ignored,
               totals.ignored_passing);
    return read && totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}
