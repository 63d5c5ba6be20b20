#include "engine/model/operation_token.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"

namespace strata {

namespace {

constexpr std::size_t length = 32;
constexpr std::size_t length_of_time = 8;
constexpr std::size_t random_byte_count = (length - length_of_time) / 2;

std::int64_t seconds_of(WallTime time) { return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count(); }

}  // namespace

std::string operation_token(WallTime now) {
    return fmt::format("{:08x}{}", static_cast<std::uint32_t>(seconds_of(now)), hex_encode(random_bytes(random_byte_count)));
}

std::optional<Milliseconds> age_of(std::string_view token, WallTime now) {
    std::uint32_t made = 0;
    if (token.size() != length) return std::nullopt;
    const auto time = token.substr(0, length_of_time);
    const auto [read_to, failure] = std::from_chars(time.data(), time.data() + time.size(), made, 16);
    if (failure != std::errc{} || read_to != time.data() + time.size() || std::int64_t{made} > seconds_of(now)) return std::nullopt;
    return now.time_since_epoch() - std::chrono::seconds{made};
}

}  // namespace strata
