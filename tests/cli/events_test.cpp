// Every event that a command emits has the form that docs/events.schema.json promises.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "cli/render/events_json.hpp"
#include "cli/render/json_reporter.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/sample_plan.hpp"

namespace strata::cli {
namespace {

/// As much of JSON Schema as the file uses: $ref, type, const, enum, required, properties, additionalProperties, items.
class Schema {
public:
    Schema() {
        const auto text = real_files().read(std::filesystem::path{STRATA_SOURCE_DIR} / "docs/events.schema.json");
        if (text) document_ = *parse_json(*text, "the schema");
    }

    /// The first breach, in words; empty when there is none.
    [[nodiscard]] std::string breach(const Value& event) const {
        const auto* name = event.find("event");
        const auto* form = name != nullptr ? definition(name->text_or("")) : nullptr;
        return form != nullptr ? check(event, *form, "") : "unknown event " + to_json(event);
    }

    [[nodiscard]] std::set<std::string> events() const {
        std::set<std::string> names;
        for (const auto& branch : *document_.find("oneOf")->list()) names.insert(split(branch.find("$ref")->text_or(""), '/').back());
        return names;
    }

private:
    [[nodiscard]] const Value* definition(std::string_view name) const { return document_.find("$defs")->find(name); }

    static bool is_of(const Value& value, std::string_view type) {
        if (type == "string") return value.string() != nullptr;
        if (type == "boolean") return value.boolean() != nullptr;
        if (type == "integer") return value.integer() != nullptr;
        if (type == "number") return value.integer() != nullptr || value.real() != nullptr;
        if (type == "array") return value.list() != nullptr;
        return type == "object" && value.map() != nullptr;
    }

    [[nodiscard]] std::string check(const Value& value, const Value& form, const std::string& path) const {
        if (const auto* reference = form.find("$ref")) return check(value, *definition(split(reference->text_or(""), '/').back()), path);
        if (const auto* wanted = form.find("const"); wanted != nullptr && !(*wanted == value)) return path + " is not " + to_json(*wanted);
        if (const auto* type = form.find("type"); type != nullptr && !is_of(value, type->text_or("")))
            return path + " is no " + std::string{type->text_or("")} + ": " + to_json(value);
        if (const auto* words = form.find("enum"); words != nullptr && std::ranges::find(*words->list(), value) == words->list()->end())
            return path + " may not be " + to_json(value);
        if (const auto* items = form.find("items"))
            for (const auto& item : *value.list())
                if (auto found = check(item, *items, path + "[]"); !found.empty()) return found;
        return value.map() != nullptr ? check_members(value, form, path) : std::string{};
    }

    [[nodiscard]] std::string check_members(const Value& value, const Value& form, const std::string& path) const {
        if (const auto* required = form.find("required"))
            for (const auto& name : *required->list())
                if (value.find(name.text_or("")) == nullptr) return path + " has no " + std::string{name.text_or("")};
        const auto* members = form.find("properties");
        if (members == nullptr) return {};
        const auto* more = form.find("additionalProperties");
        for (const auto& [name, member] : *value.map()) {
            const auto* inner = members->find(name);
            if (inner == nullptr && more != nullptr && !more->boolean_or(true)) return path + "." + name + " is not in the schema";
            if (inner == nullptr) continue;
            if (auto found = check(member, *inner, path + "." + name); !found.empty()) return found;
        }
        return {};
    }

    Value document_;
};

class Events : public testing::Test, public Cli {
protected:
    /// Checks every line that the last command wrote, and notes which events there were.
    void expect_sound(int code) {
        const auto lines = split(console.written, '\n');
        ASSERT_GE(lines.size(), 2U);
        EXPECT_EQ(lines.back(), "");
        std::string last;
        for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
            const auto event = parse_json(lines[i], "an event");
            ASSERT_TRUE(event.ok()) << lines[i];
            EXPECT_EQ(schema.breach(*event), "") << lines[i];
            last = std::string{event->find("event")->text_or("")};
            seen.insert(last);
        }
        EXPECT_EQ(last, "end");
        EXPECT_EQ(parse_json(lines[lines.size() - 2], "the end")->find("exit_code")->integer_or(-1), code);
        EXPECT_EQ(console.errors, "");
        EXPECT_EQ(console.written.find("sesame"), std::string::npos);
    }

    void check(const std::string& command_line) {
        const int code = run(command_line + " --json");
        expect_sound(code);
    }

    const Schema schema;
    std::set<std::string> seen;
};

TEST_F(Events, OfEveryVerbHaveTheFormOfTheSchema) {
    stacks.front().second = [](Stack& stack) {
        const fake::Box one{stack, "one", {.content = secret("open sesame"), .name = "box-1", .password = secret("sesame")}};
        const fake::Box two{stack, "two", {.content = one.etag(), .name = "box-2", .rules = {"a"}}};
        const fake::Key key{stack, "key", {.algorithm = "rsa", .box = two.etag()}};
        stack.output("id", key.id());
        stack.output("word", Value::secret("sesame"));
    };
    check("preview");
    check("up");
    check("up --yes");
    cloud.objects["box-1"].properties.set("Content", "stolen");
    cloud.objects.erase("box-2");
    cloud.unreadable.insert("key-1");
    check("drift --full");
    check("preview --diff");
    check("state list");
    check("state show one");
    check("state export shelf");
    check("stack ls");
    check("stack outputs shelf");
    check("stack history shelf");
    check("state protect one");
    check("state restore shelf 1 --yes");
    check("state check");
    check("state rm key");
    check("state recover --yes");
    check("stack graph shelf");
    check("config ls");
    check("config get account");
    check("state unprotect one");
    check("nonsense");
    check("preview nonsense");
    run(std::vector<std::string>{"version", "--json"});
    expect_sound(0);
    cloud.unreadable.clear();
    cloud.refuse = [](const Step&) { return Error{.kind = ErrorKind::service, .summary = "No", .cause = "No.", .remedy = {}}; };
    check("up --yes");
    cloud.refuse = {};
    check("destroy --yes");

    // Those that no command here can bring about are checked below, or by hand (local).
    auto expected = schema.events();
    for (const auto* other : {"draining", "recovered", "local", "state_finding"}) expected.erase(other);
    EXPECT_EQ(seen, expected);
}

TEST_F(Events, ThatComeSeldomHaveTheFormOfTheSchemaToo) {
    const auto reporter = json_reporter(console, clock);
    reporter->plan(sample_plan(), PlanDetail::changes);
    reporter->listing({.event = "state_finding",
                       .columns = {},
                       .rows = {{{"stack", "shelf"}, {"level", "note"}, {"address", "box"}, {"finding", "was replaced"}}},
                       .when_empty = {}});
    reporter->event({.kind = Event::Kind::draining, .stack = "shelf"});
    reporter->event({.kind = Event::Kind::recovered, .stack = "shelf", .address = "box", .text = "found"});
    reporter->event({.kind = Event::Kind::step_progress,
                     .stack = "shelf",
                     .address = "box",
                     .facet = "lock",
                     .type = "fake.Box",
                     .id = "b",
                     .step = StepKind::update,
                     .text = "40 %"});
    reporter->event({.kind = Event::Kind::step_skipped,
                     .stack = "shelf",
                     .address = "box",
                     .type = "fake.Box",
                     .step = StepKind::remove,
                     .text = "its need failed"});
    reporter->event({.kind = Event::Kind::warning,
                     .error = Error{.kind = ErrorKind::throttled,
                                    .summary = "Slow",
                                    .cause = "Down.",
                                    .remedy = {},
                                    .code = "Throttling",
                                    .location = {"a.cpp", 3}}});
    reporter->end(ExitCode::interrupted);
    expect_sound(130);
    EXPECT_EQ(console.written.find("hunter2"), std::string::npos);
}

TEST_F(Events, AValueIsShownWithoutWhatIsSecretInIt) {
    EXPECT_EQ(to_json(shown_value(Value::map({{"a", Value::secret("x")}, {"b", Value::unknown("n.id")}, {"c", Bytes{"abc"}}}))),
              R"({"a":{"$secret":true},"b":{"$unknown":"n.id"},"c":{"$bytes":3}})");
}

}  // namespace
}  // namespace strata::cli
