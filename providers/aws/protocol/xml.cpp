#include "providers/aws/protocol/xml.hpp"

#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace strata::aws {

namespace {

pugi::xml_node_struct* next_element(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) node = node.next_sibling();
    return node.internal_object();
}

/// A walk without recursion, so that the depth of the text is not the depth of our stack.
bool deeper_than(const pugi::xml_document& document, int limit) {
    int depth = 0;
    auto node = document.first_child();
    while (node) {
        if (const auto inner = node.first_child()) {
            node = inner;
            if (++depth > limit) return true;
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (node) node = node.next_sibling();
    }
    return false;
}

Error unreadable(std::string why) {
    return Error{.kind = ErrorKind::protocol, .summary = "Not valid XML", .cause = std::move(why), .remedy = {}};
}

}  // namespace

std::string_view XmlElement::name() const {
    const std::string_view full = pugi::xml_node{node_}.name();
    const auto colon = full.find(':');
    return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

std::string XmlElement::text() const {
    std::string out;
    for (const auto part : pugi::xml_node{node_})
        if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out += part.value();
    return out;
}

std::optional<std::string_view> XmlElement::attribute(std::string_view full_name) const {
    for (const auto attribute : pugi::xml_node{node_}.attributes())
        if (attribute.name() == full_name) return attribute.value();
    return std::nullopt;
}

XmlElement XmlElement::first() const { return XmlElement{next_element(pugi::xml_node{node_}.first_child())}; }
XmlElement XmlElement::next() const { return XmlElement{next_element(pugi::xml_node{node_}.next_sibling())}; }

XmlElement XmlElement::child(std::string_view wanted) const {
    auto element = first();
    while (element && element.name() != wanted) element = element.next();
    return element;
}

XmlElement XmlElement::next_same() const {
    auto element = next();
    while (element && element.name() != name()) element = element.next();
    return element;
}

XmlDocument::XmlDocument(std::unique_ptr<pugi::xml_document> document) : document_{std::move(document)} {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

Result<XmlDocument> XmlDocument::parse(std::string_view text, const XmlLimits& limits) {
    if (text.size() > limits.bytes) return unreadable(fmt::format("longer than {} bytes", limits.bytes));

    constexpr auto how = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single;
    auto document = std::make_unique<pugi::xml_document>();
    const auto read = document->load_buffer(text.data(), text.size(), how, pugi::encoding_utf8);
    if (!read) return unreadable(fmt::format("byte {}: {}", read.offset, read.description()));
    if (!document->document_element()) return unreadable("it has no element");
    if (deeper_than(*document, limits.depth)) return unreadable(fmt::format("nested deeper than {} levels", limits.depth));
    return XmlDocument{std::move(document)};
}

XmlElement XmlDocument::root() const { return XmlElement{document_->document_element().internal_object()}; }

std::string xml_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else if (c == '\r' || c == '\n' || c == '\t') out += fmt::format("&#{};", static_cast<int>(byte));
        else if (byte >= 0x20) out += c;
    }
    return out;
}

}  // namespace strata::aws
