#include "engine/base/json.hpp"

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

void require_same_when_read_again(const Value& value, JsonStyle style) {
    const auto text = to_json(value, style);
    const auto again = parse_json(text, "what was written");
    require(again.ok(), "what was written can be read");
    require(*again == value, "what is written reads as the same value");
    require(to_json(*again, style) == text, "and is written the same again");
}

}  // namespace

void json(std::string_view input) {
    const auto value = parse_json(input, "the input");
    if (!value) {
        require(is_printable(value.error().text()), "an error can be printed");
        return;
    }
    require_same_when_read_again(*value, JsonStyle::compact);
    require_same_when_read_again(*value, JsonStyle::indented);
}

}  // namespace strata::fuzz
