#include "engine/base/clock.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata {

namespace {

class RealClock final : public Clock {
public:
    WallTime now() override { return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()); }
    std::chrono::steady_clock::time_point steady() override { return std::chrono::steady_clock::now(); }
};

constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Reads exactly `digits` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int number = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<WallTime> from_parts(int year, int month, int day, int hour, int minute, int second) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

/// Only what iso8601() can write again: an offset or a leap second can lead out of the four-digit years.
std::optional<WallTime> in_four_digit_years(WallTime time) {
    constexpr WallTime first = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
    constexpr WallTime end = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
    return time >= first && time < end ? std::optional{time} : std::nullopt;
}

/// ".123456" as milliseconds; nothing there means zero.
Milliseconds take_fraction(std::string_view& text) {
    if (!take(text, '.')) return Milliseconds{0};
    int value = 0;
    int scale = 100;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return Milliseconds{value};
}

/// "Z", "+02:00", "-0530" or nothing; empty when it is something else.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (text.empty() || take(text, 'Z') || take(text, 'z')) return std::chrono::minutes{0};
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto hours = take_number(text, 2);
    take(text, ':');
    const auto minutes = take_number(text, 2);
    if (!hours || !minutes) return std::nullopt;
    return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

std::tm broken_down(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto since_epoch = static_cast<std::time_t>(seconds.time_since_epoch().count());
    std::tm parts{};
    gmtime_r(&since_epoch, &parts);
    return parts;
}

}  // namespace

Clock& real_clock() {
    static RealClock clock;
    return clock;
}

std::string iso8601(WallTime time) {
    const auto t = broken_down(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string iso8601_basic(WallTime time) {
    const auto t = broken_down(time);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

std::optional<WallTime> parse_iso8601(std::string_view text) {
    const auto year = take_number(text, 4);
    const bool extended = take(text, '-');
    const auto month = take_number(text, 2);
    if (extended && !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!year || !month || !day || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
    const auto hour = take_number(text, 2);
    take(text, ':');
    const auto minute = take_number(text, 2);
    take(text, ':');
    const auto second = take_number(text, 2);
    if (!hour || !minute || !second) return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto offset = take_offset(text);
    const auto time = from_parts(*year, *month, *day, *hour, *minute, *second);
    if (!offset || !time || !text.empty()) return std::nullopt;
    return in_four_digit_years(*time + fraction - *offset);
}

std::optional<WallTime> parse_http_date(std::string_view text) {
    const auto comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto day = take_number(text, 2);
    if (!day || !take(text, ' ') || text.size() < 4) return std::nullopt;
    int month = 0;
    for (std::size_t i = 0; i < month_names.size(); ++i)
        if (text.starts_with(month_names[i])) month = static_cast<int>(i) + 1;
    if (month == 0) return std::nullopt;
    text.remove_prefix(3);
    take(text, ' ');
    const auto year = take_number(text, 4);
    take(text, ' ');
    const auto hour = take_number(text, 2);
    take(text, ':');
    const auto minute = take_number(text, 2);
    take(text, ':');
    const auto second = take_number(text, 2);
    if (!year || !hour || !minute || !second) return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto time = from_parts(*year, month, *day, *hour, *minute, *second);
    if (!time) return std::nullopt;
    return in_four_digit_years(*time + fraction);
}

std::string http_date(WallTime time) {
    const auto t = broken_down(time);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                       month_names[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace strata
