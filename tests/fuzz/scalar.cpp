#include "providers/aws/protocol/scalars.hpp"

#include "engine/base/json.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

void scalar(std::string_view input) {
    using enum aws::ShapeType;
    for (const auto type : {string, integer, real, boolean, timestamp, blob}) {
        const aws::Shape shape{.name = "Scalar", .type = type};
        const aws::Member member{.name = "Member", .shape = &shape};
        const auto value = aws::read_text(shape, input);
        if (!value || value->is_null()) continue;
        // A moment in a form that nobody knows stays the text that it is, and cannot be written.
        if (type == timestamp && !aws::moment(*value)) continue;
        const auto again = aws::read_text(shape, aws::write_text(member, *value, aws::TimestampFormat::iso8601));
        require(again.has_value(), "what was written can be read");
        require(to_json(*again) == to_json(*value), "what is written reads as the same value");
    }
}

}  // namespace strata::fuzz
