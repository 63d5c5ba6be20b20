#include "providers/aws/model/path.hpp"

#include "engine/base/json.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

/// A line with a path, and the JSON document that it leads into.
void path(std::string_view input) {
    const auto line = input.substr(0, input.find('\n'));
    const auto document = parse_json(input.substr(line.size()), "the document", {.depth = 20, .bytes = 4000, .values = 200});
    const auto status = aws::check_path(line);
    const auto found = aws::look_up(document ? *document : Value{}, line);
    if (status) return;
    require(found.is_null(), "a path that is none leads nowhere");
}

}  // namespace strata::fuzz
