#include "engine/state/document.hpp"

#include <fmt/format.h>

#include "engine/base/encoding.hpp"

namespace strata {

namespace {

constexpr std::string_view tag_member = "authentication";
constexpr std::size_t tag_digits = std::size_t{2} * (12 + 16);  // nonce and tag of AES-256-GCM

/// Where the tag's digits begin; npos when there is no place for them.
std::size_t tag_position(std::string_view text) {
    const auto member = text.find(fmt::format("\"{}\"", tag_member));
    if (member == std::string_view::npos) return member;
    const auto colon = text.find(':', member);
    if (colon == std::string_view::npos) return colon;
    const auto quote = text.find('"', colon);
    if (quote == std::string_view::npos || quote + 1 + tag_digits > text.size()) return std::string_view::npos;
    return quote + 1;
}

std::string with_tag(std::string_view text, std::size_t position, std::string_view tag) {
    std::string out{text};
    out.replace(position, tag_digits, tag);
    return out;
}

std::string bound(const DocumentPlace& place, std::string_view text) { return fmt::format("{}\n{}", place.text(), text); }

}  // namespace

std::string DocumentPlace::text() const {
    return fmt::format("{}\n{}:{}\n{}:{}\n{}\n{}", kind, stack.size(), stack, environment.size(), environment, lineage, serial);
}

std::string authenticated_json(const SealKey& key, const DocumentPlace& place, const ValueMap& members, JsonStyle style) {
    const std::string blank(tag_digits, '0');
    ValueMap all{{std::string{tag_member}, blank}};
    for (const auto& [name, value] : members) all.set(name, value);
    const auto text = to_json(Value{std::move(all)}, style);
    return with_tag(text, tag_position(text), hex_encode(seal(key, {}, bound(place, text))));
}

bool is_authentic(const SealKey& key, const DocumentPlace& place, std::string_view text) {
    const auto position = tag_position(text);
    if (position == std::string_view::npos) return false;
    const auto tag = text.substr(position, tag_digits);
    const auto raw = hex_decode(tag);
    // Hex has two forms of most digits: only the one that is written counts.
    if (!raw || hex_encode(*raw) != tag) return false;
    return open_sealed(key, *raw, bound(place, with_tag(text, position, std::string(tag_digits, '0')))).ok();
}

}  // namespace strata
