#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "config/environment.hpp"
#include "engine/graph/closed_graph.hpp"
#include "providers/aws/resource/check.hpp"
#include "stacks/data_lake.hpp"
#include "stacks/foundation.hpp"
#include "stacks/orchestration.hpp"

// Every stack of every environment can be declared: none of its settings leads to a mistake that only `up` would show.

namespace stacks {
namespace {

struct Case {
    const char* environment;
    const char* stack;
    void (*declare)(strata::Stack& stack, const Settings& settings);
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.environment << ' ' << row.stack; }

class Declaring : public testing::TestWithParam<Case> {};

TEST_P(Declaring, LeavesNothingToComplainOf) {
    strata::Diagnostics found;
    const auto header =
        strata::load_environment(strata::real_files(), std::filesystem::path{STRATA_SOURCE_DIR} / "config", GetParam().environment, found);
    ASSERT_TRUE(header);
    Settings settings;
    {
        strata::ConfigReader reader{header->settings, "settings", found};
        settings = load_settings(reader);
    }
    strata::Stack stack{GetParam().stack, header->environment};
    GetParam().declare(stack, settings);
    strata::close(stack.graph(), found);
    for (const auto& resource : stack.graph().resources())
        strata::aws::check_properties(*resource.type, resource.properties,
                                      [&](std::string_view path, const std::string& message, const std::string&) {
                                          ADD_FAILURE() << resource.address << " " << path << ": " << message;
                                      });
    for (const auto& error : found.errors()) ADD_FAILURE() << error.text();
    for (const auto& warning : found.warnings()) ADD_FAILURE() << warning.text();
    EXPECT_GT(stack.graph().resources().size(), 10U);
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const auto* environment : {"local", "dev", "staging", "prod"})
        for (const auto& [name, declare] :
             {std::pair{"foundation", &foundation}, std::pair{"data-lake", &data_lake}, std::pair{"orchestration", &orchestration}})
            all.push_back({environment, name, declare});
    return all;
}

INSTANTIATE_TEST_SUITE_P(Stacks, Declaring, testing::ValuesIn(cases()), [](const auto& row) {
    auto name = std::string{row.param.environment} + "_" + row.param.stack;
    std::ranges::replace(name, '-', '_');
    return name;
});

}  // namespace
}  // namespace stacks
