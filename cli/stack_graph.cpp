#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/render/graph_text.hpp"
#include "cli/verb_list.hpp"
#include "cli/workspace.hpp"
#include "engine/graph/closed_graph.hpp"

namespace strata::cli {

namespace {

GraphPicture picture_of(const ClosedGraph& closed, std::string title) {
    GraphPicture picture{.title = std::move(title), .boxes = {}, .arrows = {}};
    for (const auto& resource : closed.graph->resources())
        picture.boxes.push_back({.address = resource.address, .type = std::string{resource.type->name}});
    std::set<std::pair<std::size_t, std::size_t>> arrows;
    for (const auto& node : closed.nodes)
        for (const auto before : node.dependencies) {
            const auto needed = closed.nodes[before].resource;
            if (needed != node.resource) arrows.emplace(node.resource, needed);
        }
    picture.arrows.assign(arrows.begin(), arrows.end());
    return picture;
}

/// Takes out arrows that would close a circle. Parts of two resources may each need the other's core (security groups that
/// name one another): that is none for nodes, but would be one for boxes.
void break_circles(GraphPicture& picture, const ClosedGraph& closed) {
    std::vector<std::size_t> rank(picture.boxes.size(), 0);
    for (std::size_t position = 0; position < closed.order.size(); ++position) {
        const auto& node = closed.nodes[closed.order[position]];
        if (node.facet == 0) rank[node.resource] = position;
    }
    std::erase_if(picture.arrows, [&](const auto& arrow) { return rank[arrow.first] <= rank[arrow.second]; });
}

}  // namespace

void add_stack_graph_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "The stack; may be left out when the program has one",
                     .target = &into.first,
                     .completion = Completion::stack});
    flags.push_back({.name = "--format",
                     .help = "dot (Graphviz), mermaid or svg",
                     .target = &into.format,
                     .value = "FORMAT",
                     .allowed = {"dot", "mermaid", "svg"}});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_stack_graph(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    if (!command.arguments.first.empty() &&
        std::ranges::find(command.program.stacks, command.arguments.first) == command.program.stacks.end())
        return Error{.kind = ErrorKind::usage,
                     .summary = "Unknown stack",
                     .cause = fmt::format("The program has no stack \"{}\".", command.arguments.first),
                     .remedy = "See what it has:\n  strata stack ls"};
    const auto& named = command.arguments.first;
    const auto chosen = named.empty() ? only_stack(command.program.stacks) : Result<std::string>{named};
    if (!chosen) return chosen.error();
    const auto programs = (*workspace)->programs();
    if (!programs) return programs.error();
    const auto program = std::ranges::find(*programs, *chosen, &StackProgram::name);
    Stack stack{program->name, (*workspace)->loaded().environment};
    if (auto ran = declare(*program, stack); !ran) return std::move(ran).error();
    Diagnostics found;
    const auto closed = close(stack.graph(), found);
    if (auto sound = reported(command.report, found); !sound) return std::move(sound).error();
    auto picture = picture_of(closed, fmt::format("{} · {}", program->name, (*workspace)->environment()));
    break_circles(picture, closed);
    const auto& format = command.arguments.format;
    command.report.raw(format == "svg" ? graph_svg(picture) : format == "mermaid" ? graph_mermaid(picture) : graph_dot(picture));
    return ExitCode::ok;
}

}  // namespace strata::cli
