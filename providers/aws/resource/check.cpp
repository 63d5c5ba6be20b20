#include "providers/aws/resource/check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/declared.hpp"
#include "providers/aws/resource/context.hpp"

namespace strata::aws {

namespace {

using Report = Provider::Report;

/// std::regex recurses once a character: longer texts could exhaust the stack.
constexpr std::size_t longest_matched = 1024;

bool passes(const Value& value) { return value.is(Value::Kind::unknown) || value.is(Value::Kind::reference) || value.is_null(); }

/// Java's expressions that ECMAScript has not: classes by name, possessive and inline flags, look-behind.
bool is_ecmascript(std::string_view pattern) {
    static constexpr std::array<std::string_view, 9> foreign = {"\\p", "\\P", "(?i", "(?s", "(?<", "++", "*+", "&&", "\\Q"};
    static constexpr std::array<std::string_view, 3> anchors = {"\\A", "\\z", "\\h"};
    const auto has = [&](std::string_view part) { return pattern.find(part) != std::string_view::npos; };
    return std::ranges::none_of(foreign, has) && std::ranges::none_of(anchors, has) &&
           std::ranges::all_of(pattern, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool matches(std::string_view pattern, const std::string& text) {
    if (pattern.empty() || text.size() > longest_matched || !is_ecmascript(pattern)) return true;
    if (!std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return true;
    try {
        return std::regex_match(text, std::regex{pattern.begin(), pattern.end(), std::regex::ECMAScript | std::regex::optimize});
    } catch (const std::regex_error&) {
        return true;  // a pattern that this library cannot read decides nothing
    }
}

std::optional<int> number(std::string_view text, int most) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
    return value;
}

/// RFC 4632 notation for IPv4; for IPv6 the prefix length and the characters only.
bool is_cidr(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) return false;
    const auto address = text.substr(0, slash);
    if (address.find(':') != std::string::npos)
        return number(std::string_view{text}.substr(slash + 1), 128) &&
               address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
    const auto parts = split(address, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](const auto& part) { return number(part, 255).has_value(); }) &&
           number(std::string_view{text}.substr(slash + 1), 32).has_value();
}

class Checker {
public:
    explicit Checker(const Report& report) : report_{report} {}

    void property(const std::string& path, const PropertySchema& property, const Value& marked) {
        const auto& value = marked.revealed();
        if (passes(value)) return;
        if (const auto* text = value.string()) meaning(path, property, *text, marked.is_secret());
        content(path, *property.schema, value, marked.is_secret());
    }

    void structure(const std::string& path, std::span<const PropertySchema> members, const ValueMap& map) {
        for (const auto& member : members)
            if (member.required && map.find(member.name) == nullptr)
                report_(path, fmt::format("\"{}\" is missing.", member.label), fmt::format("Set `.{}`.", member.label));
        for (const auto& [name, value] : map) {
            const auto at = std::ranges::lower_bound(members, name, {}, &PropertySchema::name);
            // What the pinned model does not know came through `additional`, and is the program's own risk.
            if (at != members.end() && at->name == name) property(joined_path(path, name), *at, value);
        }
    }

private:
    void meaning(const std::string& path, const PropertySchema& property, const std::string& text, bool secret) {
        if (property.sameness == Sameness::json) {
            const auto parsed = parse_json(text, "the document");
            if (!parsed)
                report_(path, fmt::format("{} is no JSON document{}", property.label, secret ? "." : ": " + parsed.error().cause),
                        "Mend the document.");
        }
        if (property.sameness == Sameness::cidr && !is_cidr(text))
            report_(path, fmt::format("\"{}\" is no address range.", text), "Write it like 10.0.0.0/16.");
    }

    void content(const std::string& path, const Schema& schema, const Value& value, bool secret) {
        if (const auto* text = value.string()) return this->text(path, schema, *text, secret);
        if (value.integer() != nullptr || value.real() != nullptr)
            return range(path, schema, value.integer() != nullptr ? static_cast<double>(*value.integer()) : *value.real(), "");
        if (const auto* items = value.list()) {
            range(path, schema, static_cast<double>(items->size()), " items");
            if (schema.element != nullptr)
                for (std::size_t i = 0; i < items->size(); ++i)
                    if (!passes((*items)[i].revealed()))
                        content(fmt::format("{}[{}]", path, i), *schema.element, (*items)[i].revealed(), secret);
        }
        if (const auto* map = value.map()) entries(path, schema, *map, secret);
    }

    void entries(const std::string& path, const Schema& schema, const ValueMap& map, bool secret) {
        if (schema.shape == PropertyShape::structure) return structure(path, schema.members, map);
        if (schema.shape != PropertyShape::map || schema.element == nullptr) return;
        range(path, schema, static_cast<double>(map.size()), " entries");
        for (const auto& [key, entry] : map)
            if (!passes(entry.revealed())) content(joined_path(path, key), *schema.element, entry.revealed(), secret);
    }

    void text(const std::string& path, const Schema& schema, const std::string& text, bool secret) {
        const auto shown = secret ? std::string{"The value"} : fmt::format("\"{}\"", text.size() > 80 ? text.substr(0, 77) + "..." : text);
        if (schema.shape != PropertyShape::text) return;
        range(path, schema, static_cast<double>(text.size()), " characters");
        if (!schema.allowed.empty() && std::ranges::find(schema.allowed, text) == schema.allowed.end()) {
            const std::vector<std::string> known{schema.allowed.begin(), schema.allowed.end()};
            const auto near = nearest(text, known);
            report_(path, fmt::format("{} is none of the known values.", shown),
                    near ? fmt::format("Did you mean \"{}\"?", *near)
                         : fmt::format("Known: {}.", join(std::span{known}.first(std::min<std::size_t>(known.size(), 12)), ", ")));
        } else if (!matches(schema.pattern, text)) {
            report_(path, fmt::format("{} does not have the form that the service wants.", shown),
                    fmt::format("It must match {}", schema.pattern));
        }
    }

    void range(const std::string& path, const Schema& schema, double value, std::string_view unit) {
        if (schema.min && value < *schema.min)
            report_(path, fmt::format("{}{} is too little.", value, unit), fmt::format("At least {}{}.", *schema.min, unit));
        if (schema.max && value > *schema.max)
            report_(path, fmt::format("{}{} is too much.", value, unit), fmt::format("At most {}{}.", *schema.max, unit));
    }

    const Report& report_;
};

}  // namespace

namespace {

/// What a thing is called by stands in state, in what is shown of it, and in addresses.
void check_names(const ResourceType& type, const ValueMap& properties, const Report& report) {
    const auto& parts = detail_of(type).id.parts;
    for (const auto& [name, value] : properties) {
        const bool names = name == type.name_property || std::ranges::find(parts, name) != parts.end();
        if (names && value.has_secret())
            report(name, "A secret cannot be a name: whoever sees the thing, or a list of such, would see it.",
                   "Use a text that is no secret.");
    }
}

}  // namespace

void check_properties(const ResourceType& type, const ValueMap& properties, const Report& report) {
    Checker{report}.structure("", type.properties, properties);
    check_names(type, properties, report);
    const auto check = detail_of(type).hooks.check;
    if (check == nullptr) return;
    // What is reset is not set: it goes together with everything.
    ValueMap set;
    for (const auto& [name, value] : properties)
        if (!value.is_null()) set.set(name, value);
    check(set, report);
}

}  // namespace strata::aws
