#include "providers/aws/codegen/model_literal.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace strata::codegen {

std::string cpp_literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte > 0x7E) {
            out += fmt::format("\\{:03o}", byte);
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string cpp_name(std::string_view text) {
    std::string out{text};
    std::ranges::replace_if(out, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return out;
}

}  // namespace strata::codegen
