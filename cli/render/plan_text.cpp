#include "cli/render/plan_text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "cli/render/property_text.hpp"
#include "cli/render/value_text.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t widest_address = 60;
constexpr std::size_t output_value_columns = 80;

struct Look {
    std::string_view symbol;
    std::string_view word;
    Colour colour;
};

Look look_of(const PlannedResource& resource) {
    switch (resource.action) {
        case PlanAction::keep: return {" ", resource.former_address.empty() ? "keep" : "rename", Colour::blue};
        case PlanAction::create: return {"+", "create", Colour::green};
        case PlanAction::update: return {"~", "update", Colour::yellow};
        case PlanAction::replace:
            return {resource.create_first ? "+/-" : "-/+", resource.replace_if_changed ? "REPLACE?" : "REPLACE", Colour::red};
        case PlanAction::remove: return {"-", resource.holds_data ? "DELETE" : "delete", Colour::red};
        case PlanAction::adopt: return {"=", "import", Colour::blue};
        case PlanAction::forget: return {" ", "forget", Colour::blue};
        case PlanAction::unreadable: return {"?", "unreadable", Colour::yellow};
    }
    return {" ", "keep", Colour::plain};
}

/// Said by the resource's properties already, or by the word in front.
bool goes_without_saying(const PlannedResource& resource, const std::string& reason) {
    if (reason == "not yet there") return true;
    for (const auto& facet : resource.facets)
        for (const auto& change : facet.diff.changes)
            if (change.forces_replacement && reason.starts_with(change.path + " ")) return true;
    return false;
}

std::optional<std::string> drift_note(const PlannedResource& resource) {
    if (!resource.drifted() || resource.missing) return std::nullopt;
    for (const auto& facet : resource.facets)
        for (const auto& change : facet.diff.changes)
            if (change.origin != Origin::drift) return "partly drift: changed outside Strata";
    return "drift: changed outside Strata";
}

/// What stands behind the word: "holds data, protected".
std::string remarks(const PlannedResource& resource) {
    std::vector<std::string> said;
    if (resource.action == PlanAction::create) said.push_back(resource.type_name);
    if (resource.action == PlanAction::adopt) said.push_back(fmt::format("{} {}", resource.type_name, resource.id));
    const bool goes = resource.action == PlanAction::replace || resource.action == PlanAction::remove;
    if (goes && resource.holds_data && !resource.missing) said.emplace_back("holds data");
    if (goes && resource.protect) said.emplace_back("protected");
    if (resource.replace_if_changed) said.emplace_back("only if a value that is not known yet turns out different");
    if (const auto drift = drift_note(resource)) said.push_back(*drift);
    if (!resource.former_address.empty()) said.push_back(fmt::format("was {}", resource.former_address));
    for (const auto& reason : resource.reasons)
        if (!goes_without_saying(resource, reason)) said.push_back(reason);
    return join(said, ", ");
}

bool is_shown(const PlannedResource& resource) { return resource.action != PlanAction::keep || !resource.former_address.empty(); }

void append_resources(const Plan& plan, PlanDetail detail, const Style& style, std::string& out) {
    std::size_t width = 0;
    std::size_t word_width = 6;
    for (const auto& resource : plan.resources) {
        if (!is_shown(resource)) continue;
        width = std::max(width, std::min(columns_of(resource.address), widest_address));
        word_width = std::max(word_width, look_of(resource).word.size());
    }
    for (const auto& resource : plan.resources) {
        if (!is_shown(resource)) continue;
        const auto look = look_of(resource);
        const auto said = remarks(resource);
        const auto word = said.empty() ? std::string{look.word} : padded(look.word, word_width);
        out += fmt::format("  {} {}  {}{}{}\n", style.paint(look.colour, padded(look.symbol, 3)), padded(resource.address, width),
                           style.paint(look.colour, word), said.empty() ? "" : "  ", said);
        if (resource.unreadable) out += indented(resource.unreadable->cause, 8) + "\n";
        append_properties(resource, detail, style, out);
    }
}

/// What was set, is not any more, and goes back to nothing that is known.
void append_notes(const Plan& plan, std::string& out) {
    for (const auto& resource : plan.resources)
        for (const auto& facet : resource.facets) {
            for (const auto& label : facet.diff.no_longer_managed)
                out += fmt::format("  note: {}: {} is no longer managed; it stays as it is.\n", resource.address, label);
            for (const auto& label : facet.diff.assumed_equal)
                out += fmt::format("  note: {}: {} cannot be read; it is taken to be as the program says.\n", resource.address, label);
        }
}

std::string output_line(const PlannedOutput& output, std::size_t width, PlanDetail detail, const Style& style) {
    const auto limit = detail == PlanDetail::everything ? 0 : output_value_columns;
    const auto name = padded(output.name, width);
    const auto users = output.used_by.empty() ? std::string{} : fmt::format("   used by {}", join(output.used_by, ", "));
    if (!output.before)
        return fmt::format("  {} {}  {}{}\n", style.paint(Colour::green, "+  "), name, value_text(output.after.value_or(Value{}), limit),
                           users);
    if (!output.after)
        return fmt::format("  {} {}  {}{}\n", style.paint(Colour::red, "-  "), name, value_text(*output.before, limit), users);
    const bool hidden = output.before->is_secret() && output.after->is_secret();
    return fmt::format("  {} {}  {} → {}{}\n", style.paint(Colour::yellow, "~  "), name, value_text(*output.before, limit),
                       hidden ? "(another secret)" : value_text(*output.after, limit), users);
}

void append_outputs(const Plan& plan, PlanDetail detail, const Style& style, std::string& out) {
    std::size_t width = 0;
    for (const auto& output : plan.outputs)
        if (output.changed()) width = std::max(width, columns_of(output.name));
    if (width == 0) return;
    out += "\noutputs\n";
    for (const auto& output : plan.outputs)
        if (output.changed()) out += output_line(output, width, detail, style);
}

std::string losses(const Plan& plan) {
    std::size_t replaced = 0;
    std::size_t removed = 0;
    for (const auto& resource : plan.resources) {
        if (!resource.holds_data || resource.missing) continue;
        if (resource.action == PlanAction::replace) ++replaced;
        if (resource.action == PlanAction::remove) ++removed;
    }
    std::vector<std::string> parts;
    if (replaced > 0) parts.push_back(counted(replaced, "replacement"));
    if (removed > 0) parts.push_back(counted(removed, "deletion"));
    if (parts.empty()) return {};
    return fmt::format(" · {} {} data", join(parts, " and "), replaced + removed == 1 ? "loses" : "lose");
}

}  // namespace

std::string plan_header(const Plan& plan) {
    const auto where = plan.identity.account.empty() && plan.identity.region.empty()
                           ? std::string{}
                           : fmt::format(" · {} {}", plan.identity.account, plan.identity.region);
    const auto read = plan.offline ? std::string{"planned from state alone, nothing was read (--offline)"}
                                   : fmt::format("{} read live in {:.1f} s ({})", counted(plan.read_live, "resource"), plan.seconds,
                                                 counted(plan.calls, "call"));
    return fmt::format("{} · {}{} · {}", plan.stack, plan.environment, where, read);
}

std::string plan_counts(const Plan& plan) {
    const auto counts = plan.counts();
    std::vector<std::string> parts;
    const auto add = [&](std::size_t count, std::string_view what) {
        if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
    };
    add(counts.create, "to create");
    add(counts.update, "to update");
    add(counts.replace, "to replace");
    add(counts.remove, "to delete");
    add(counts.adopt, "to import");
    add(counts.forget, "to forget");
    add(counts.unreadable, "unreadable");
    add(counts.keep, "unchanged");
    if (parts.empty()) parts.emplace_back("no resources");
    return join(parts, ", ") + losses(plan);
}

std::string plan_text(const Plan& plan, PlanDetail detail, const Style& style) {
    std::string body;
    append_resources(plan, detail, style, body);
    append_notes(plan, body);
    append_outputs(plan, detail, style, body);
    const std::string_view none = plan.counts().unreadable == 0 ? "no changes" : "no changes to what could be read";
    const auto counts = plan.has_changes() ? plan_counts(plan) : fmt::format("{} · {}", none, plan_counts(plan));
    return fmt::format("{}\n{}{}{}{}\n", style.paint(Colour::bold, plan_header(plan)), body.empty() ? "" : "\n", body,
                       body.empty() ? "" : "\n", counts);
}

}  // namespace strata::cli
