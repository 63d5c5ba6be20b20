#include <fmt/format.h>

#include "cli/connections.hpp"
#include "cli/render/value_text.hpp"
#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

std::string marks_of(const ResourceState& resource) {
    std::vector<std::string> marks;
    if (resource.protect) marks.emplace_back("protected");
    if (resource.retain_on_delete) marks.emplace_back("retained on delete");
    if (resource.tainted) marks.emplace_back("tainted");
    return join(marks, ", ");
}

ValueMap row_of(const std::string& stack, const ResourceState& resource) {
    return {{"stack", stack}, {"address", resource.address}, {"type", resource.type}, {"id", resource.id}, {"marks", marks_of(resource)}};
}

/// Everything of one resource, for JSON.
ValueMap record_of(const std::string& stack, const ResourceState& resource) {
    auto row = row_of(stack, resource);
    ValueMap facets;
    ValueList dependencies;
    for (const auto& [label, facet] : resource.facets) {
        facets.set(label.empty() ? "core" : label, facet.properties);
        for (const auto& key : facet.dependencies) dependencies.emplace_back(key);
    }
    row.set("provider", resource.provider);
    row.set("properties", std::move(facets));
    row.set("outputs", resource.outputs);
    row.set("dependencies", std::move(dependencies));
    return row;
}

void append_values(std::string_view title, const ValueMap& values, std::string& out) {
    if (values.empty()) return;
    out += fmt::format("\n{}\n", title);
    std::size_t width = 0;
    for (const auto& [name, value] : values) width = std::max(width, columns_of(name));
    for (const auto& [name, value] : values) out += fmt::format("  {}  {}\n", padded(name, width), value_text(value));
}

/// Properties under the names that a program writes; wire names where the type is not known here.
ValueMap labelled(const ValueMap& properties, const ResourceType* type) {
    ValueMap out;
    for (const auto& [name, value] : properties) {
        const auto* property = type != nullptr ? type->property(name) : nullptr;
        out.set(property != nullptr ? std::string{property->label} : name, value);
    }
    return out;
}

const ResourceType* find_type(const std::vector<ProviderKind>& kinds, const std::string& name) {
    for (const auto& kind : kinds)
        if (const auto* type = kind.find_type(name)) return type;
    return nullptr;
}

std::string resource_text(const std::string& stack, const ResourceState& resource, const ResourceType* type) {
    auto out = fmt::format("{}\n  stack     {}\n  type      {}\n  id        {}\n  provider  {}\n", resource.address, stack, resource.type,
                           resource.id, resource.provider);
    if (const auto marks = marks_of(resource); !marks.empty()) out += fmt::format("  marks     {}\n", marks);
    for (const auto& [label, facet] : resource.facets)
        append_values(label.empty() ? "properties" : label, labelled(facet.properties, type), out);
    append_values("outputs", resource.outputs, out);
    return out;
}

}  // namespace

void add_state_list_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "Stacks to list; all that have state when none is named",
                     .target = &into.stacks,
                     .completion = Completion::stack});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_list(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto states = open_states(**workspace, command.arguments.stacks);
    if (!states) return states.error();
    Listing listing{.event = "resource",
                    .columns = {{"stack", "STACK"}, {"address", "ADDRESS"}, {"type", "TYPE"}, {"id", "ID"}, {"marks", ""}},
                    .rows = {},
                    .when_empty = fmt::format("Nothing is deployed in {}.", (*workspace)->environment())};
    for (const auto& open : *states) {
        const auto state = open.session->state();
        for (const auto& [address, resource] : state.resources) listing.rows.push_back(row_of(open.stack, resource));
    }
    command.report.listing(listing);
    return ExitCode::ok;
}

void add_state_show_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "ADDRESS", .help = "Address of a deployed resource: network/vpc", .target = &into.first, .required = true});
    add_stack_flag(flags, into);
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_show(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stack = stack_holding(**workspace, command.arguments.first, command.arguments.stack);
    if (!stack) return stack.error();
    const auto open = open_state(**workspace, *stack);
    if (!open) return open.error();
    Connections connections{command.around.clock, command.around.variables, {}};
    const auto kinds = command.around.provider_kinds(connections);
    const auto state = open->session->state();
    for (const auto& [address, resource] : state.resources) {
        if (address != command.arguments.first && !address.starts_with(command.arguments.first + "/")) continue;
        if (command.arguments.json)
            command.report.listing({.event = "resource", .columns = {}, .rows = {record_of(*stack, resource)}, .when_empty = {}});
        else command.report.raw(resource_text(*stack, resource, find_type(kinds, resource.type)));
    }
    return ExitCode::ok;
}

void add_state_export_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK", .help = "The stack", .target = &into.first, .required = true, .completion = Completion::stack});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_export(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto open = open_state(**workspace, command.arguments.first);
    if (!open) return open.error();
    command.report.raw(open->session->recovery_document() + "\n");
    return ExitCode::ok;
}

}  // namespace strata::cli
