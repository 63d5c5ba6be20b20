#include "providers/aws/protocol/xml.hpp"

#include <cstdlib>
#include <limits>
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

Error refused(std::string_view summary, std::string why) {
    return Error{.kind = ErrorKind::protocol,
                 .summary = std::string{summary},
                 .cause = std::move(why),
                 .remedy = "Check that this is what it is taken for."};
}
Error unreadable(std::string why) { return refused("Not valid XML", std::move(why)); }
Error too_large(std::string why) { return refused("XML is too large", std::move(why)); }

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

/// What the parser may still take on this thread. It asks for memory through two functions that hold for the whole process.
thread_local std::size_t memory_left = unlimited;

void* take_memory(std::size_t bytes) {
    if (bytes > memory_left) return nullptr;
    if (memory_left != unlimited) memory_left -= bytes;
    return std::malloc(bytes);
}
void give_back(void* memory) { std::free(memory); }

/// While it lives, the parser finds at most `bytes` on this thread.
class MemoryLimit {
public:
    explicit MemoryLimit(std::size_t bytes) {
        static const bool installed = (pugi::set_memory_management_functions(take_memory, give_back), true);
        if (installed) memory_left = bytes;
    }
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;
    ~MemoryLimit() { memory_left = unlimited; }
};

}  // namespace

std::string_view XmlElement::name() const {
    const std::string_view full = pugi::xml_node{node_}.name();
    const auto colon = full.find(':');
    return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

std::string XmlElement::text() const {
    std::string out = pugi::xml_node{node_}.value();
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
    if (text.size() > limits.bytes) return too_large(fmt::format("more than {} bytes", limits.bytes));

    // The first text of an element becomes the element's own value, which saves a node for nearly every one.
    constexpr auto how =
        pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single | pugi::parse_embed_pcdata;
    auto document = std::make_unique<pugi::xml_document>();
    const MemoryLimit limit{text.size() + limits.memory};
    const auto read = document->load_buffer(text.data(), text.size(), how, pugi::encoding_utf8);
    if (read.status == pugi::status_out_of_memory) return too_large(fmt::format("its elements take more than {} MB", limits.memory >> 20U));
    if (!read) return unreadable(fmt::format("byte {}: {}", read.offset, read.description()));
    if (!document->document_element()) return unreadable("it has no element");
    if (deeper_than(*document, limits.depth)) return too_large(fmt::format("nested deeper than {} levels", limits.depth));
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
