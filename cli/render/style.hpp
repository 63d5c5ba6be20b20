#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace strata::cli {

enum class Colour : std::uint8_t { plain, bold, dim, red, green, yellow, blue };

/// Paints text for a terminal, or leaves it as it is. A colour only repeats what the text says.
class Style {
public:
    explicit Style(bool colours) : colours_{colours} {}
    [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
    [[nodiscard]] bool colours() const { return colours_; }

private:
    bool colours_;
};

/// Terminal columns that `text` takes: code points, colour sequences left out.
std::size_t columns_of(std::string_view text);
/// `text` filled up with spaces to `columns`.
std::string padded(std::string_view text, std::size_t columns);
/// `text` cut to `columns`, its last one then "…". Colour sequences are not looked for.
std::string cut(std::string_view text, std::size_t columns);

}  // namespace strata::cli
