#include "engine/base/clock.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

const WallTime moment =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{3} + std::chrono::minutes{40} + std::chrono::seconds{55};

TEST(Iso8601, WritesAndReadsBothForms) {
    EXPECT_EQ(iso8601(moment), "2026-11-21T03:40:55Z");
    EXPECT_EQ(iso8601_basic(moment), "20261121T034055Z");
    EXPECT_EQ(parse_iso8601("2026-11-21T03:40:55Z"), moment);
    EXPECT_EQ(parse_iso8601("20261121T034055Z"), moment);
    EXPECT_EQ(parse_iso8601("2026-11-21T05:40:55.250+02:00"), moment + Milliseconds{250});
}

TEST(Iso8601, RefusesWhatIsNoTime) {
    for (const auto* text :
         {"", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21", "2026-11-21T03:40:55Q", "-026-11-21T03:40:55Z",
          "-000-11-21T03:40:55Z", "2026-11-21T-0:40:55Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z"})
        EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
}

TEST(HttpDate, WritesAndReads) {
    EXPECT_EQ(http_date(moment), "Sat, 21 Nov 2026 03:40:55 GMT");
    EXPECT_EQ(parse_http_date("Sat, 21 Nov 2026 03:40:55 GMT"), moment);
    EXPECT_EQ(parse_http_date("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace strata
