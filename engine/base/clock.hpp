#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace strata {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

/// Where the engine reads the time from; tests hand in one that they move by hand.
class Clock {
public:
    virtual ~Clock() = default;
    /// Time of day in UTC.
    virtual WallTime now() = 0;
    /// Never goes back; for durations only.
    virtual std::chrono::steady_clock::time_point steady() = 0;
};

/// The machine's clock.
Clock& real_clock();

/// "2026-11-21T03:40:55Z" (ISO 8601, UTC, seconds).
std::string iso8601(WallTime time);
/// "20261121T034055Z": the form that Signature Version 4 wants.
std::string iso8601_basic(WallTime time);
/// Reads "2026-11-21T03:40:55Z", with or without a fraction or an offset ("+02:00"), and the basic form; empty when it is neither.
std::optional<WallTime> parse_iso8601(std::string_view text);
/// Reads an HTTP date ("Sat, 21 Nov 2026 03:40:55 GMT", RFC 9110 section 5.6.7); empty when it is none.
std::optional<WallTime> parse_http_date(std::string_view text);
/// "Sat, 21 Nov 2026 03:40:55 GMT".
std::string http_date(WallTime time);

}  // namespace strata
