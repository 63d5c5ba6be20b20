#include "tests/providers/aws/protocol/conformance/suite.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"

namespace strata::conformance {

namespace {

bool lists(const Value* list, std::string_view text) {
    const auto* items = list ? list->list() : nullptr;
    return items && std::ranges::any_of(*items, [&](const Value& item) { return item.text_or({}) == text; });
}

const Value* at(const Value* value, std::string_view key) { return value ? value->find(key) : nullptr; }

std::string_view text_at(const Value* value, std::string_view key) {
    const auto* found = at(value, key);
    return found ? found->text_or({}) : std::string_view{};
}

/// Older suites have no ids; their cases are then named by suite and number.
std::string id_of(const Value& suite, const Value& test_case, std::size_t number) {
    const auto id = text_at(&test_case, "id");
    return id.empty() ? fmt::format("{} #{}", text_at(&suite, "description"), number) : std::string{id};
}

bool is_spoken(const Value& suite) {
    static constexpr std::array<std::string_view, 5> spoken = {"ec2", "query", "json", "rest-json", "rest-xml"};
    return std::ranges::find(spoken, text_at(suite.find("metadata"), "protocol")) != spoken.end();
}

void run_case(const Value& suite, const Value& test_case, Direction direction, bool ignored, std::string id, Tally& tally) {
    const auto model = model_of(suite, test_case);
    std::string reason;
    if (!model) reason = model.error().cause;
    else reason = direction == Direction::input ? run_input_case(**model, suite, test_case) : run_output_case(**model, test_case);

    const Failure failure{std::move(id), reason};
    if (ignored && !reason.empty()) tally.ignored_failing.push_back(failure);
    else if (ignored) ++tally.ignored_passing;
    else if (!reason.empty()) tally.failed.push_back(failure);
    else ++tally.passed;
}

}  // namespace

bool IgnoreList::has(Direction direction, std::string_view protocol, std::string_view suite, std::string_view id) const {
    const auto* side = direction == Direction::input ? "input" : "output";
    const auto* general = at(document_.find("general"), side);
    const auto* own = at(at(document_.find("protocols"), protocol), side);
    return lists(at(general, "suites"), suite) || lists(at(own, "suites"), suite) || lists(at(own, "cases"), id);
}

Result<std::unique_ptr<aws::LoadedModel>> model_of(const Value& suite, const Value& test_case) {
    const Value nothing;
    const auto* given = test_case.find("given");
    const auto& operation = given ? *given : nothing;
    const auto* name = operation.find("name");
    ValueMap operations;
    operations.set(name ? name->text_or("Operation") : "Operation", operation);
    const auto part = [&](std::string_view key) { return suite.find(key) ? *suite.find(key) : Value{ValueMap{}}; };
    return aws::LoadedModel::load(Value::map({{"metadata", part("metadata")}, {"shapes", part("shapes")}, {"operations", operations}}),
                                  "conformance");
}

Result<Tally> run_file(const std::filesystem::path& file, Direction direction, const IgnoreList& ignored) {
    const auto text = real_files().read(file);
    if (!text) return text.error();
    const auto suites = parse_json(*text, file.string());
    if (!suites) return suites.error();
    if (!suites->list())
        return Error{.kind = ErrorKind::protocol, .summary = "Not a file of test suites", .cause = file.string(), .remedy = {}};

    Tally tally{.file = file.parent_path().filename() / file.filename()};
    for (const auto& suite : *suites->list()) {
        const auto* cases = suite.find("cases");
        if (!cases || !cases->list()) continue;
        if (!is_spoken(suite)) {
            tally.other_protocol += cases->list()->size();
            continue;
        }
        std::size_t number = 0;
        for (const auto& test_case : *cases->list()) {
            auto id = id_of(suite, test_case, number++);
            const bool skip = ignored.has(direction, file.stem().string(), text_at(&suite, "description"), id);
            run_case(suite, test_case, direction, skip, std::move(id), tally);
        }
    }
    return tally;
}

}  // namespace strata::conformance
