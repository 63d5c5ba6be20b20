#include "cli/render/drift_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/property_text.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t widest_path = 44;

void append_all(const std::vector<PropertyChange>& changes, PlanDetail detail, const Style& style, std::string& out) {
    std::size_t width = 0;
    for (const auto& change : changes) width = std::max(width, std::min(columns_of(change.path), widest_path));
    for (auto change : changes) {
        // Everything here is drift, so that saying it once more on every line would help nobody.
        change.origin = Origin::yours;
        append_change(change, width, detail, style, out);
    }
}

void append_resource(const DriftedResource& resource, std::size_t width, PlanDetail detail, const Style& style, std::string& out) {
    const auto line = [&](std::string_view symbol, Colour colour, std::string_view what) {
        out += fmt::format("  {} {}  {}\n", style.paint(colour, padded(symbol, 3)), padded(resource.address, width), what);
    };
    if (resource.missing)
        return line("-", Colour::red, fmt::format("gone: {} {} was deleted outside Strata", resource.type_name, resource.id));
    if (resource.unreadable) {
        line("?", Colour::yellow, "could not be read");
        out += indented(resource.unreadable->cause, 8) + "\n";
        return;
    }
    if (!resource.changes.empty()) line("~", Colour::yellow, "changed outside Strata");
    append_all(resource.changes, detail, style, out);
    if (!resource.unmanaged.empty()) line("*", Colour::blue, "set outside Strata, not in the program: left alone");
    append_all(resource.unmanaged, detail, style, out);
}

}  // namespace

std::string drift_text(const DriftReport& report, PlanDetail detail, const Style& style) {
    std::size_t width = 0;
    for (const auto& resource : report.resources) width = std::max(width, columns_of(resource.address));
    const auto drifted = static_cast<std::size_t>(
        std::ranges::count_if(report.resources, [](const DriftedResource& resource) { return !resource.unreadable; }));
    const auto unseen = report.resources.size() - drifted;
    const auto verdict = fmt::format("{}{}", report.drifted() ? fmt::format("{} drifted", counted(drifted, "resource")) : "no drift",
                                     unseen == 0 ? "" : fmt::format(" in what could be read, {} unreadable", unseen));
    auto out = fmt::format("{}\n", style.paint(Colour::bold, fmt::format("{} · {} · {} read live · {}", report.stack, report.environment,
                                                                         counted(report.read_live, "resource"), verdict)));
    for (const auto& resource : report.resources) append_resource(resource, width, detail, style, out);
    return out;
}

}  // namespace strata::cli
