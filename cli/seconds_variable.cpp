#include "cli/seconds_variable.hpp"

#include <charconv>

#include <fmt/format.h>

namespace strata::cli {

Result<std::optional<std::chrono::seconds>> seconds_variable(const Variables& variables, std::string_view name, std::string_view what,
                                                             int least) {
    using Seconds = std::optional<std::chrono::seconds>;
    const auto text = variables(name);
    if (!text) return Seconds{};
    constexpr int most = 3'600;
    int seconds = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (failure != std::errc{} || end != text->data() + text->size() || seconds < least || seconds > most)
        return Error{.kind = ErrorKind::usage,
                     .summary = fmt::format("Unusable {}", what),
                     .cause = fmt::format("{} is \"{}\".", name, *text),
                     .remedy = fmt::format("Give it a number of seconds, {} to {}, or leave it out.", least, most)};
    return Seconds{seconds};
}

}  // namespace strata::cli
