#include "cli/render/property_text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/render/problem_text.hpp"
#include "cli/render/unified_diff.hpp"
#include "cli/render/value_text.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t value_columns = 48;
constexpr std::size_t widest_path = 44;
constexpr std::size_t indent = 8;

std::string side_text(const std::optional<Value>& side, std::size_t limit) { return side ? value_text(*side, limit) : "(not set)"; }

/// What stands behind the values: why it matters, who did it, where it is written.
std::string remarks(const PropertyChange& change, PlanDetail detail) {
    std::string out;
    const bool unknown = change.after && change.after->has_unknown();
    if (change.forces_replacement) out += unknown ? "   forces replacement if it changes" : "   forces replacement";
    if (change.origin == Origin::drift) out += "   drift";
    if (change.origin == Origin::both) out += "   yours, and drift";
    if (change.where.known() && (change.forces_replacement || detail == PlanDetail::everything))
        out += fmt::format(" ({})", change.where.text());
    return out;
}

bool told_line_by_line(const PropertyChange& change) {
    const auto plain = [](const std::optional<Value>& side) { return !side || !(side->has_secret() || side->is(Value::Kind::unknown)); };
    const auto document = [](const std::optional<Value>& side) { return side && is_document(*side); };
    return plain(change.before) && plain(change.after) && (document(change.before) || document(change.after));
}

/// "document: 2 lines out, 1 in (--diff shows them)"
std::string lines_changed(const Value& before, const Value& after) {
    std::size_t gone = 0;
    std::size_t come = 0;
    for (const auto& line : unified_diff(value_lines(before), value_lines(after))) {
        if (line.front() == '-') ++gone;
        if (line.front() == '+') ++come;
    }
    return fmt::format("document: {} out, {} in (--diff shows them)", counted(gone, "line"), come);
}

void append_lines(const PropertyChange& change, const Style& style, std::string& out) {
    const auto before = change.before ? value_lines(*change.before) : std::string{};
    const auto after = change.after ? value_lines(*change.after) : std::string{};
    for (const auto& line : unified_diff(before, after)) {
        const auto colour = line.front() == '-' ? Colour::red : line.front() == '+' ? Colour::green : Colour::plain;
        out += std::string(indent + 2, ' ') + style.paint(colour, harmless(line)) + "\n";
    }
}

/// The properties of something that is to be made, as the program wants them.
void append_wanted(const PlannedResource& resource, const PlannedFacet& facet, std::string& out) {
    std::size_t width = 0;
    const auto label = [&](const std::string& name) {
        const auto* property = resource.type->property(name);
        return property != nullptr ? std::string{property->label} : snake_case(name);
    };
    for (const auto& [name, value] : facet.desired) width = std::max(width, std::min(columns_of(label(name)), widest_path));
    for (const auto& [name, value] : facet.desired) {
        const auto* property = resource.type->property(name);
        const bool secret = property != nullptr && property->secret && !value.is(Value::Kind::unknown);
        const auto text = secret ? std::string{"(secret)"} : is_document(value) ? value_lines(value) : value_text(value);
        const auto lines = split(text, '\n');
        out += fmt::format("{}{}  {}\n", std::string(indent, ' '), padded(label(name), width), harmless(lines.front()));
        for (std::size_t i = 1; i < lines.size(); ++i) out += std::string(indent + width + 2, ' ') + harmless(lines[i]) + "\n";
    }
}

}  // namespace

void append_change(const PropertyChange& change, std::size_t path_columns, PlanDetail detail, const Style& style, std::string& out) {
    const std::string front(indent, ' ');
    if (detail == PlanDetail::everything && told_line_by_line(change)) {
        out += fmt::format("{}{}{}\n", front, change.path, remarks(change, detail));
        append_lines(change, style, out);
        return;
    }
    if (told_line_by_line(change) && change.before && change.after && (holds_document(*change.before) || holds_document(*change.after))) {
        out += fmt::format("{}{}  {}{}\n", front, padded(change.path, path_columns), lines_changed(*change.before, *change.after),
                           remarks(change, detail));
        return;
    }
    const auto limit = detail == PlanDetail::everything ? 0 : value_columns;
    auto before = side_text(change.before, limit);
    auto after = side_text(change.after, limit);
    // Both cut to the same beginning: what differs lies further back.
    if (before == after && change.before && !change.before->has_secret()) after += " (differs further on: --diff)";
    if (before == after && change.before && change.before->has_secret()) after = "(another secret)";
    out += fmt::format("{}{}  {} → {}{}\n", front, padded(change.path, path_columns), before, after, remarks(change, detail));
}

void append_properties(const PlannedResource& resource, PlanDetail detail, const Style& style, std::string& out) {
    std::size_t width = 0;
    for (const auto& facet : resource.facets)
        for (const auto& change : facet.diff.changes) width = std::max(width, std::min(columns_of(change.path), widest_path));
    const bool all_drift = std::ranges::all_of(resource.facets, [](const PlannedFacet& facet) {
        return std::ranges::all_of(facet.diff.changes, [](const PropertyChange& change) { return change.origin == Origin::drift; });
    });
    for (const auto& facet : resource.facets) {
        const bool made = facet.action == StepAction::create && facet.diff.empty();
        if (made && detail == PlanDetail::everything && resource.type != nullptr) append_wanted(resource, facet, out);
        for (auto change : facet.diff.changes) {
            // The resource's own line says so already.
            if (all_drift) change.origin = Origin::yours;
            append_change(change, width, detail, style, out);
        }
    }
}

}  // namespace strata::cli
