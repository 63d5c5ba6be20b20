#include "tests/cli/golden.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "engine/base/files.hpp"

namespace strata::cli {

void expect_golden(std::string_view name, const std::string& text) {
    const auto path = std::filesystem::path{STRATA_SOURCE_DIR} / "tests/golden/cli" / name;
    const auto* accept = std::getenv("STRATA_ACCEPT");
    if (accept != nullptr && std::string_view{accept} == "1") {
        const auto written = real_files().replace(path, text, 0644);
        ASSERT_TRUE(written.ok()) << written.error().text();
        return;
    }
    const auto expected = real_files().read(path);
    ASSERT_TRUE(expected.ok()) << expected.error().text() << "\nWrite it with STRATA_ACCEPT=1, then look at it.";
    EXPECT_EQ(text, *expected);
}

}  // namespace strata::cli
