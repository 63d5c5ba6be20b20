#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace pugi {
class xml_document;
struct xml_node_struct;
}  // namespace pugi

namespace strata::aws {

/// An element of an XmlDocument, or none: what is asked of none is empty. Valid as long as its document.
class XmlElement {
public:
    XmlElement() = default;
    explicit XmlElement(pugi::xml_node_struct* node) : node_{node} {}

    explicit operator bool() const { return node_ != nullptr; }
    /// Without the namespace's prefix.
    [[nodiscard]] std::string_view name() const;
    /// Text and CDATA that stand directly inside, entities resolved.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::optional<std::string_view> attribute(std::string_view full_name) const;

    /// The first element inside, and the one after this: `for (auto item = list.first(); item; item = item.next())`.
    [[nodiscard]] XmlElement first() const;
    [[nodiscard]] XmlElement next() const;
    /// The first element of that name inside, and the next of this one's name.
    [[nodiscard]] XmlElement child(std::string_view wanted) const;
    [[nodiscard]] XmlElement next_same() const;

private:
    pugi::xml_node_struct* node_ = nullptr;
};

/// Bounds on what an XML text may make of us; the defaults fit every AWS answer: a thousand resources of 200 elements.
struct XmlLimits {
    int depth = 100;
    std::size_t bytes = std::size_t{8} << 20;    ///< length of the text
    std::size_t memory = std::size_t{16} << 20;  ///< for the tree, beside one copy of the text; an element takes 64 bytes, an attribute 40
};

/// A whole XML text. Document types are skipped: no entity but the five of XML 1.0 and character numbers is
/// resolved, nothing is fetched.
class XmlDocument {
public:
    /// @errors protocol, with the byte and what is wrong there, or the limit that was met; names nothing of the content
    static Result<XmlDocument> parse(std::string_view text, const XmlLimits& limits = {});
    XmlDocument(XmlDocument&&) noexcept;
    XmlDocument& operator=(XmlDocument&&) noexcept;
    ~XmlDocument();
    [[nodiscard]] XmlElement root() const;

private:
    explicit XmlDocument(std::unique_ptr<pugi::xml_document> document);
    std::unique_ptr<pugi::xml_document> document_;
};

/// `text` with what XML reserves written as entities; characters that XML 1.0 cannot carry as such are left out.
std::string xml_escaped(std::string_view text);

}  // namespace strata::aws
