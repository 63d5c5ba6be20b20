#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "providers/aws/model/loaded_model.hpp"

namespace strata::conformance {

enum class Direction : std::uint8_t { input, output };

/// What botocore itself skips (protocol-tests-ignore-list.json).
class IgnoreList {
public:
    IgnoreList() = default;
    explicit IgnoreList(Value document) : document_{std::move(document)} {}
    [[nodiscard]] bool has(Direction direction, std::string_view protocol, std::string_view suite, std::string_view id) const;

private:
    Value document_;
};

struct Failure {
    std::string id;
    std::string reason;
};

/// What became of the cases of one file.
struct Tally {
    std::string file;
    std::size_t passed = 0;
    std::vector<Failure> failed;
    std::vector<Failure> ignored_failing;  ///< skipped by botocore; run for information
    std::size_t ignored_passing = 0;
    std::size_t other_protocol = 0;  ///< cases of a protocol that Strata does not speak
};

/// The model of one case: the suite's shapes with the case's one operation.
Result<std::unique_ptr<aws::LoadedModel>> model_of(const Value& suite, const Value& test_case);

/// Empty when the case passes, else what differs.
std::string run_input_case(const aws::LoadedModel& model, const Value& suite, const Value& test_case);
std::string run_output_case(const aws::LoadedModel& model, const Value& test_case);

/// Runs every case of a file.
Result<Tally> run_file(const std::filesystem::path& file, Direction direction, const IgnoreList& ignored);

}  // namespace strata::conformance
