#include "providers/aws/protocol/xml.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

bool may_stand_in_xml(char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r'; }

void require_text_is_kept(const std::string& text) {
    // Text that is only space is dropped where it stands beside elements, and character 0 ends a text.
    if (!std::ranges::all_of(text, may_stand_in_xml)) return;
    const auto again = aws::XmlDocument::parse(fmt::format("<a>{}</a>", aws::xml_escaped(text)));
    require(again.ok(), "escaped text can be read");
    require(again->root().text() == text, "escaped text reads as the same text");
}

void walk(aws::XmlElement element, int depth) {
    require(depth <= aws::XmlLimits{}.depth + 1, "no element is deeper than the limit");
    require(element.name().find(':') == std::string_view::npos || !element.name().empty(), "a name has no prefix");
    require_text_is_kept(element.text());
    require(!element.first() || element.child(element.first().name()), "an element is found by its name");
    for (auto inner = element.first(); inner; inner = inner.next()) walk(inner, depth + 1);
}

}  // namespace

void xml(std::string_view input) {
    const auto document = aws::XmlDocument::parse(input);
    if (document) walk(document->root(), 1);
    else require(is_printable(document.error().text()), "an error can be printed");
}

}  // namespace strata::fuzz
