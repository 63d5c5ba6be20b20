#include "engine/state/document.hpp"

#include <array>

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

/// What the tag vouches for: the place, and the whole text with zeros where its own digits stand.
class Bound {
public:
    Bound(const DocumentPlace& place, std::string_view text, std::size_t tag_position)
        : place_{place.text() + "\n"}, pieces_{place_, text.substr(0, tag_position), zeros_, text.substr(tag_position + tag_digits)} {}
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;

    [[nodiscard]] SealContext pieces() const { return pieces_; }

private:
    std::string place_;
    std::string zeros_ = std::string(tag_digits, '0');
    std::array<std::string_view, 4> pieces_;
};

}  // namespace

std::string DocumentPlace::text() const {
    return fmt::format("{}\n{}:{}\n{}:{}\n{}\n{}", kind, stack.size(), stack, environment.size(), environment, lineage, serial);
}

std::string authenticated_json(const SealKey& key, const DocumentPlace& place, const ValueMap& members, JsonStyle style) {
    ValueMap all{{std::string{tag_member}, std::string(tag_digits, '0')}};
    for (const auto& [name, value] : members) all.set(name, value);
    auto text = to_json(Value{std::move(all)}, style);
    const auto position = tag_position(text);
    text.replace(position, tag_digits, hex_encode(seal(key, {}, Bound{place, text, position}.pieces())));
    return text;
}

Value stated_in(std::string_view text, std::string_view member) {
    // No other member begins a line two blanks in.
    const auto indented = fmt::format("\n  \"{}\": ", member);
    const auto compact = fmt::format(",\"{}\":", member);
    auto at = text.find(indented);
    const bool has_lines = at != std::string_view::npos;
    if (!has_lines) at = text.find(compact);
    if (at == std::string_view::npos) return {};
    auto value = text.substr(at + (has_lines ? indented : compact).size());
    value = value.substr(0, value.find_first_of(has_lines ? "\n" : ",}"));
    if (value.ends_with(',')) value.remove_suffix(1);
    auto read = parse_json(value, member, small_json);
    return read ? *std::move(read) : Value{};
}

bool is_authentic(const SealKey& key, const DocumentPlace& place, std::string_view text) {
    const auto position = tag_position(text);
    if (position == std::string_view::npos) return false;
    const auto tag = text.substr(position, tag_digits);
    const auto raw = hex_decode(tag);
    // Hex has two forms of most digits: only the one that is written counts.
    if (!raw || hex_encode(*raw) != tag) return false;
    return open_sealed(key, *raw, Bound{place, text, position}.pieces()).ok();
}

}  // namespace strata
