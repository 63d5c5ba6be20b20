#include "providers/aws/protocol/scalars.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

template <typename Number>
std::optional<Number> whole_text_as(std::string_view text) {
    Number number{};
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stop, error] = std::from_chars(begin, end, number);
    return error == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

std::optional<double> read_real(std::string_view text) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return infinity;
    if (text == "-Infinity") return -infinity;
    return whole_text_as<double>(text);
}

/// Seconds since 1970; years 1 to 9999 are what the calendar of ISO 8601 text can say.
std::optional<WallTime> from_seconds(double seconds) {
    constexpr double first = -62135596800.0;
    constexpr double last = 253402300799.0;
    if (!(seconds >= first && seconds <= last)) return std::nullopt;
    return WallTime{Milliseconds{std::llround(seconds * 1000.0)}};
}

std::int64_t milliseconds_of(WallTime time) { return (time - std::chrono::floor<std::chrono::seconds>(time)).count(); }

std::string unix_seconds(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const auto fraction = milliseconds_of(time);
    return fraction == 0 ? fmt::format("{}", whole) : fmt::format("{}", static_cast<double>(time.time_since_epoch().count()) / 1000.0);
}

std::optional<Value> read_boolean(std::string_view text) {
    if (equal_ignoring_case(text, "true")) return Value{true};
    if (equal_ignoring_case(text, "false")) return Value{false};
    return std::nullopt;
}

Value read_moment(std::string_view text) {
    const auto time = moment(Value{text});
    return time ? Value{iso8601_precise(*time)} : Value{text};
}

}  // namespace

std::optional<WallTime> moment(const Value& value) {
    if (const auto* whole = value.integer()) return from_seconds(static_cast<double>(*whole));
    if (const auto* real = value.real()) return from_seconds(*real);
    const auto* text = value.string();
    if (!text) return std::nullopt;
    if (const auto seconds = whole_text_as<double>(*text)) return from_seconds(*seconds);
    const auto iso = parse_iso8601(*text);
    return iso ? iso : parse_http_date(*text);
}

std::string iso8601_precise(WallTime time) {
    auto text = iso8601(time);
    const auto fraction = milliseconds_of(time);
    if (fraction != 0) text.insert(text.size() - 1, fmt::format(".{:03}", fraction));
    return text;
}

std::string write_timestamp(WallTime time, TimestampFormat format) {
    switch (format) {
        case TimestampFormat::unset:
        case TimestampFormat::iso8601: return iso8601_precise(time);
        case TimestampFormat::rfc822: return http_date(time);
        case TimestampFormat::unix_time: return unix_seconds(time);
    }
    return {};
}

std::string write_real(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    auto text = fmt::format("{}", number);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::string write_text(const Member& member, const Value& value, TimestampFormat otherwise) {
    if (member.shape->type == ShapeType::timestamp) {
        const auto time = moment(value);
        const auto format = member.timestamp == TimestampFormat::unset ? otherwise : member.timestamp;
        return time ? write_timestamp(*time, format) : std::string{};
    }
    if (member.shape->type == ShapeType::blob) return base64_encode(value.bytes() ? value.bytes()->data : value.text_or({}));
    if (const auto* flag = value.boolean()) return *flag ? "true" : "false";
    if (const auto* whole = value.integer()) return std::to_string(*whole);
    if (const auto* real = value.real()) return write_real(*real);
    return std::string{value.text_or({})};
}

std::optional<Value> read_text(const Shape& shape, std::string_view text) {
    if (shape.type == ShapeType::string) return Value{text};
    if (shape.type == ShapeType::blob) {
        auto bytes = base64_decode(text);
        return bytes ? std::optional{Value{Bytes{*std::move(bytes)}}} : std::nullopt;
    }
    const auto word = trimmed(text);
    if (word.empty()) return Value{};
    if (shape.type == ShapeType::boolean) return read_boolean(word);
    if (shape.type == ShapeType::timestamp) return read_moment(word);
    if (shape.type == ShapeType::integer) {
        const auto number = whole_text_as<std::int64_t>(word);
        return number ? std::optional{Value{*number}} : std::nullopt;
    }
    const auto number = read_real(word);
    return number ? std::optional{Value{*number}} : std::nullopt;
}

}  // namespace strata::aws
