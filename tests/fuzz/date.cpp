#include "engine/base/clock.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

void date(std::string_view input) {
    for (const auto time : {parse_iso8601(input), parse_http_date(input)}) {
        if (!time) continue;
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
        require(parse_iso8601(iso8601(*time)) == seconds, "ISO 8601 text reads as the same time");
        require(parse_iso8601(iso8601_basic(*time)) == seconds, "its basic form too");
        require(parse_http_date(http_date(*time)) == seconds, "an HTTP date too");
    }
}

}  // namespace strata::fuzz
