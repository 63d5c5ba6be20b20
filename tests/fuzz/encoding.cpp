#include "engine/base/encoding.hpp"

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

void require_whole(std::string_view bytes) {
    require(base64_decode(base64_encode(bytes)) == bytes, "base64 gives the bytes back");
    require(hex_decode(hex_encode(bytes)) == bytes, "hex gives the bytes back");
    for (const auto slash : {Slash::encode, Slash::keep})
        require(percent_decode(percent_encode(bytes, slash)) == bytes, "percent encoding gives the bytes back");
}

}  // namespace

void encoding(std::string_view input) {
    require_whole(input);
    if (const auto bytes = base64_decode(input)) require_whole(*bytes);
    if (const auto bytes = hex_decode(input)) require(hex_encode(*bytes).size() == input.size(), "two digits make a byte");
    require_whole(percent_decode(input));
    require(is_utf8(input) || !input.empty(), "no bytes are UTF-8");
}

}  // namespace strata::fuzz
