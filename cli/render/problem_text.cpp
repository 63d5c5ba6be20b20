#include "cli/render/problem_text.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::cli {

std::string harmless(std::string_view text) {
    std::string out{text};
    for (auto& byte : out) {
        const auto code = static_cast<unsigned char>(byte);
        if ((code < 0x20 && byte != '\n' && byte != '\t') || code == 0x7F) byte = '?';
    }
    return out;
}

namespace {

/// Where it is known where in a file the mistake stands, that is said, once.
std::string cause_with_place(const Error& problem) {
    const auto place = problem.location.known() ? problem.location.text() : std::string{};
    if (place.empty() || problem.cause.find(place) != std::string::npos) return problem.cause;
    return fmt::format("{}: {}", place, problem.cause);
}

}  // namespace

std::string problem_text(const Error& problem, Severity severity, const Style& style) {
    const bool error = severity == Severity::error;
    auto out = style.paint(error ? Colour::red : Colour::yellow, error ? "error:" : "warning:") + " " +
               style.paint(Colour::bold, harmless(problem.summary)) + "\n";
    if (!problem.cause.empty()) out += indented(harmless(cause_with_place(problem)), 2) + "\n";
    if (!problem.remedy.empty()) out += indented(harmless(problem.remedy), 2) + "\n";
    return out;
}

}  // namespace strata::cli
