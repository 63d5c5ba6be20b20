#include "engine/base/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"

namespace strata {

namespace {

/// The library says "[json.exception.parse_error.101] parse error at line 3, column 2: syntax error while parsing value -
/// unexpected end of input; expected ...". Where and what is enough; what it quotes of the document could be a secret.
std::string where_and_what(std::size_t byte, std::string_view why) {
    const auto between = [&](std::string_view from, std::string_view to) {
        const auto start = why.find(from);
        if (start == std::string_view::npos) return std::string_view{};
        const auto text = why.substr(start + from.size());
        return text.substr(0, text.find(to));
    };
    const auto line = between("parse error at ", ":");
    const auto what = between(" - ", ";");
    return fmt::format("{}: {}", line.empty() ? fmt::format("byte {}", byte) : std::string{line},
                       what.empty() ? "it cannot be read" : what);
}

constexpr std::size_t longest_number = 100'000;

/// The library copies a number that it cannot take eight times over. Whatever is longer covers one of the places looked at.
bool holds_huge_number(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view before_number = "[,: \t\r\n-+.eE";
    for (auto at = longest_number; at < text.size(); at += longest_number) {
        if (digits.find(text[at]) == std::string_view::npos) continue;
        const auto before = text.find_last_not_of(digits, at);
        const auto end = std::min(text.find_first_not_of(digits, at), text.size());
        const auto begin = before == std::string_view::npos ? 0 : before + 1;
        const bool is_number = begin == 0 || before_number.find(text[before]) != std::string_view::npos;
        if (is_number && end - begin > longest_number) return true;
        at = end;
    }
    return false;
}

enum class Keep : std::uint8_t { all, nothing };

/// Builds a Value from nlohmann's events, so that no second tree of the document ever exists.
class Builder final : public nlohmann::json::json_sax_t {
public:
    Builder(const JsonLimits& limits, Keep keep) : limits_{limits}, keep_{keep} {}

    bool null() override { return add(Value{}); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) return add(static_cast<double>(value));
        return add(static_cast<std::int64_t>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(true); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        open_.back().key = std::move(name);
        return true;
    }
    bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception& why) override {
        failure = where_and_what(at, why.what());
        return false;
    }

    Value result;
    std::string failure;
    bool too_large = false;

private:
    /// A list or map that has not ended yet.
    struct Open {
        bool is_map = false;
        ValueList items = {};
        std::vector<ValueMap::Entry> members = {};
        std::string key = {};
    };

    bool refuse(std::string why) {
        failure = std::move(why);
        too_large = true;
        return false;
    }

    bool open(bool is_map) {
        if (open_.size() >= limits_.depth) return refuse(fmt::format("nested deeper than {} levels", limits_.depth));
        open_.push_back({.is_map = is_map});
        return true;
    }

    bool close() {
        auto done = std::move(open_.back());
        open_.pop_back();
        return add(done.is_map ? Value{ValueMap{std::move(done.members)}} : Value{std::move(done.items)});
    }

    bool add(Value value) {
        if (++values_ > limits_.values) return refuse(fmt::format("more than {} values", limits_.values));
        if (keep_ == Keep::nothing) return true;
        if (open_.empty()) result = std::move(value);
        else if (open_.back().is_map) open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
        else open_.back().items.push_back(std::move(value));
        return true;
    }

    JsonLimits limits_;
    Keep keep_;
    std::vector<Open> open_;
    std::size_t values_ = 0;
};

void write(std::string& out, const Value& value, JsonStyle style, int depth);

void new_line(std::string& out, JsonStyle style, int depth) {
    if (style == JsonStyle::compact) return;
    out += '\n';
    out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

void write_real(std::string& out, double number) {
    if (std::isnan(number)) out += "\"NaN\"";
    else if (std::isinf(number)) out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    else {
        const auto text = fmt::format("{}", number);
        out += text;
        if (text.find_first_of(".e") == std::string::npos) out += ".0";
    }
}

void write_list(std::string& out, const ValueList& items, JsonStyle style, int depth) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        new_line(out, style, depth + 1);
        write(out, items[i], style, depth + 1);
    }
    if (!items.empty()) new_line(out, style, depth);
    out += ']';
}

void write_map(std::string& out, const ValueMap& members, JsonStyle style, int depth) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : members) {
        if (!first) out += ',';
        first = false;
        new_line(out, style, depth + 1);
        out += json_quoted(key);
        out += style == JsonStyle::compact ? ":" : ": ";
        write(out, member, style, depth + 1);
    }
    if (!first) new_line(out, style, depth);
    out += '}';
}

void write_asset(std::string& out, const Asset& asset) {
    out += fmt::format(R"({{"path":{},"sha256":{},"size":{}}})", json_quoted(asset.path), json_quoted(asset.sha256), asset.size);
}

void write(std::string& out, const Value& value, JsonStyle style, int depth) {
    switch (value.kind()) {
        case Value::Kind::null: out += "null"; return;
        case Value::Kind::boolean: out += *value.boolean() ? "true" : "false"; return;
        case Value::Kind::integer: out += std::to_string(*value.integer()); return;
        case Value::Kind::real: write_real(out, *value.real()); return;
        case Value::Kind::string: out += json_quoted(*value.string()); return;
        case Value::Kind::bytes: out += json_quoted(base64_encode(value.bytes()->data)); return;
        case Value::Kind::list: write_list(out, *value.list(), style, depth); return;
        case Value::Kind::map: write_map(out, *value.map(), style, depth); return;
        case Value::Kind::asset: write_asset(out, *value.asset()); return;
        case Value::Kind::reference: out += "\"(output)\""; return;
        case Value::Kind::unknown: out += "\"(unknown)\""; return;
        case Value::Kind::secret: out += "\"(secret)\""; return;
    }
}

Result<Value> read_json(std::string_view text, std::string_view what, const JsonLimits& limits, Keep keep) {
    const auto refused = [&](std::string_view summary, std::string_view why, std::string_view remedy) {
        return Error{.kind = ErrorKind::protocol,
                     .summary = std::string{summary},
                     .cause = fmt::format("{}: {}", what, why),
                     .remedy = std::string{remedy}};
    };
    constexpr auto too_large = "JSON is too large";
    constexpr auto check = "Check that this is what it is taken for.";
    if (text.size() > limits.bytes) return refused(too_large, fmt::format("more than {} bytes", limits.bytes), check);

    if (holds_huge_number(text)) return refused(too_large, fmt::format("a number of more than {} digits", longest_number), check);

    Builder builder{limits, keep};
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.result);
    if (builder.too_large) return refused(too_large, builder.failure, check);
    return refused("Not valid JSON", builder.failure.empty() ? "unexpected content" : builder.failure, "Correct the text at this place.");
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view what, const JsonLimits& limits) {
    return read_json(text, what, limits, Keep::all);
}

Status check_json(std::string_view text, std::string_view what, const JsonLimits& limits) {
    auto read = read_json(text, what, limits, Keep::nothing);
    return read ? Status{} : std::move(read).error();
}

std::string to_json(const Value& value, JsonStyle style) {
    std::string out;
    write(out, value, style, 0);
    return out;
}

std::string json_quoted(std::string_view text) {
    if (!is_utf8(text)) return json_quoted(with_replacements(text));
    constexpr auto hex = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out += hex[(c >> 4) & 0xF];
                    out += hex[c & 0xF];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
    return out;
}

}  // namespace strata
