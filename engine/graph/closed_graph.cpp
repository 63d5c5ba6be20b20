#include "engine/graph/closed_graph.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata {

namespace {

using Indices = std::set<std::uint32_t>;

void collect(const Graph& graph, const Value& value, Indices& resources, Indices& seen);

void collect_node(const Graph& graph, std::uint32_t index, Indices& resources, Indices& seen) {
    if (!seen.insert(index).second) return;
    const auto& node = graph.nodes()[index];
    if (const auto* output = std::get_if<OutputNode>(&node)) resources.insert(output->resource);
    if (const auto* mapped = std::get_if<MappedNode>(&node))
        for (const auto input : mapped->inputs) collect_node(graph, input, resources, seen);
    if (const auto* lookup = std::get_if<LookupNode>(&node))
        for (const auto& [name, argument] : lookup->arguments) collect(graph, argument, resources, seen);
}

void collect(const Graph& graph, const Value& value, Indices& resources, Indices& seen) {
    if (const auto* reference = value.reference()) collect_node(graph, reference->node, resources, seen);
    if (value.is_secret()) collect(graph, value.revealed(), resources, seen);
    if (const auto* items = value.list())
        for (const auto& item : *items) collect(graph, item, resources, seen);
    if (const auto* members = value.map())
        for (const auto& [name, member] : *members) collect(graph, member, resources, seen);
}

Error invalid(std::string summary, std::string cause, std::string remedy, Location where) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = std::move(summary),
                 .cause = std::move(cause),
                 .remedy = std::move(remedy),
                 .location = std::move(where)};
}

void index_addresses(const Graph& graph, ClosedGraph& closed, Diagnostics& diagnostics) {
    for (std::uint32_t i = 0; i < graph.resources().size(); ++i) {
        const auto& resource = graph.resources()[i];
        const auto [at, fresh] = closed.resource_at.emplace(resource.address, i);
        if (fresh) continue;
        const auto& first = graph.resources()[at->second];
        diagnostics.error(invalid(
            "Two resources have one address",
            fmt::format("{}: \"{}\" was declared already at {}.", resource.declared_at.text(), resource.address, first.declared_at.text()),
            "Give one of them another name, or put it into a component of its own.", resource.declared_at));
    }
}

/// An IAM policy document takes statements, a list or set takes items, a map takes entries. False, and nothing merged,
/// where the piece would write over something else that is there.
bool merge_fragment(Value& into, const Value& piece) {
    if (into == piece && into.list() == nullptr) return true;
    if (auto* items = into.list()) {
        const auto* more = piece.list();
        if (more != nullptr) items->insert(items->end(), more->begin(), more->end());
        else items->push_back(piece);
        return true;
    }
    auto* members = into.map();
    const auto* more = piece.map();
    if (members == nullptr || more == nullptr) return false;
    const auto appends = [](const std::string& key, const Value& present) { return key == "Statement" && present.list() != nullptr; };
    for (const auto& [key, value] : *more)
        if (const auto* present = members->find(key); present != nullptr && !appends(key, *present) && !(*present == value)) return false;
    for (const auto& [key, value] : *more) {
        auto* present = members->find(key);
        if (present != nullptr && appends(key, *present)) merge_fragment(*present, value);
        else members->set(key, value);
    }
    return true;
}

std::string adder(const Fragment& fragment) { return fragment.from.empty() ? "the stack" : fragment.from; }

Error unknown_property(const ResourceDeclaration& resource, const Fragment& fragment) {
    return invalid("Unknown property",
                   fmt::format("{} adds to \"{}\" of {}, which {} does not have.", adder(fragment), fragment.property, resource.address,
                               resource.type->name),
                   {}, fragment.content.locations.find(""));
}

Error nothing_to_add_to(const ResourceDeclaration& resource, const Fragment& fragment, const Value& present) {
    return invalid("Nothing can be added to this property",
                   fmt::format("{} adds to \"{}\" of {}, which holds {} already.", adder(fragment),
                               resource.type->property(fragment.property)->label, resource.address,
                               present.reference() != nullptr ? "an output"
                               : present.map() != nullptr     ? "another entry of that name"
                                                              : name_of(present.kind())),
                   "Let the declaring component alone set it, or let it hold a list or map to which others add.",
                   fragment.content.locations.find(""));
}

/// Where the places of a fragment's parts belong: the items of a list come after those that are there.
void take_places(ResourceDeclaration& resource, const Fragment& fragment, std::size_t items_before) {
    const auto& places = fragment.content.locations;
    if (items_before == 0) resource.locations.add_below(fragment.property, places);
    else if (fragment.content.value.list() != nullptr) resource.locations.add_items_below(fragment.property, items_before, places);
    else resource.locations.add_below(fmt::format("{}[{}]", fragment.property, items_before), places);
}

void merge_fragments(ResourceDeclaration& resource, Diagnostics& diagnostics) {
    std::ranges::stable_sort(resource.fragments, {}, &Fragment::from);
    for (const auto& fragment : resource.fragments) {
        if (resource.type->property(fragment.property) == nullptr) {
            diagnostics.error(unknown_property(resource, fragment));
            continue;
        }
        auto* present = resource.properties.find(fragment.property);
        const auto items_before = present != nullptr && present->list() != nullptr ? present->list()->size() : 0;
        if (present == nullptr) {
            resource.properties.set(fragment.property, fragment.content.value);
        } else if (!merge_fragment(*present, fragment.content.value)) {
            diagnostics.error(nothing_to_add_to(resource, fragment, *present));
            continue;
        }
        take_places(resource, fragment, items_before);
    }
    resource.fragments.clear();
}

/// One node for the core, and one for each facet that has a property set.
void split_into_nodes(const Graph& graph, ClosedGraph& closed) {
    closed.nodes_of.resize(graph.resources().size());
    for (std::uint32_t r = 0; r < graph.resources().size(); ++r) {
        const auto& resource = graph.resources()[r];
        std::vector<ValueMap> parts(std::max<std::size_t>(resource.type->facets.size(), 1));
        for (const auto& [name, value] : resource.properties) {
            const auto* property = resource.type->property(name);
            parts[property != nullptr ? property->facet : 0].set(name, value);
        }
        for (std::size_t facet = 0; facet < parts.size(); ++facet) {
            if (facet > 0 && parts[facet].empty()) continue;
            closed.nodes_of[r].push_back(static_cast<std::uint32_t>(closed.nodes.size()));
            closed.nodes.push_back({.resource = r, .facet = facet, .properties = std::move(parts[facet]), .dependencies = {}});
        }
    }
}

/// All nodes of the resource or of everything below the component at `address`; false when there are none.
bool add_nodes_below(const ClosedGraph& closed, const std::string& address, Indices& into) {
    bool any = false;
    const auto add = [&](std::uint32_t resource) {
        any = true;
        for (const auto node : closed.nodes_of[resource]) into.insert(node);
    };
    if (const auto exact = closed.resource_at.find(address); exact != closed.resource_at.end()) add(exact->second);
    const auto prefix = address + "/";
    for (auto at = closed.resource_at.lower_bound(prefix); at != closed.resource_at.end() && at->first.starts_with(prefix); ++at)
        add(at->second);
    return any;
}

void connect(const Graph& graph, ClosedGraph& closed, Diagnostics& diagnostics) {
    for (std::uint32_t n = 0; n < closed.nodes.size(); ++n) {
        auto& node = closed.nodes[n];
        const auto& resource = graph.resources()[node.resource];
        Indices before;
        for (const auto& address : resource.options.depends_on) {
            const bool any = add_nodes_below(closed, address, before);
            if (node.facet == 0 && !any)
                diagnostics.warning(invalid("Nothing to depend on",
                                            fmt::format("{} depends on \"{}\", which holds no resources.", resource.address, address), {},
                                            resource.declared_at));
        }
        // A component may be told to depend on one around itself; what uses its own output is a circle, found later.
        for (const auto own : closed.nodes_of[node.resource]) before.erase(own);
        for (const auto used : resources_used(graph, node.properties)) before.insert(closed.nodes_of[used].front());
        if (node.facet > 0) before.insert(closed.nodes_of[node.resource].front());
        node.dependencies.assign(before.begin(), before.end());
    }
}

/// Reports one cycle among the nodes that could not be put in order, by the addresses on it.
Error cycle_error(const ClosedGraph& closed, const std::vector<std::size_t>& waiting) {
    const auto stuck = [&](std::uint32_t n) { return waiting[n] > 0; };
    std::uint32_t at = 0;
    while (!stuck(at)) ++at;
    std::vector<std::uint32_t> path;
    while (std::ranges::find(path, at) == path.end()) {
        path.push_back(at);
        at = *std::ranges::find_if(closed.nodes[at].dependencies, stuck);
    }
    path.erase(path.begin(), std::ranges::find(path, at));
    path.push_back(at);
    std::vector<std::string> names;
    for (const auto n : path) {
        const auto& resource = closed.declaration(closed.nodes[n]);
        names.push_back(node_key(resource.address, resource.type->facet_label(closed.nodes[n].facet)));
    }
    return invalid(
        "Resources depend on each other in a circle", fmt::format("{}.", join(names, " -> ")),
        "Break the circle: let one of them use a name or ARN that is known beforehand, or move the shared part into a resource of its own.",
        closed.declaration(closed.nodes[at]).declared_at);
}

/// Kahn's algorithm; of the nodes that are ready, the first declared comes first.
void put_in_order(ClosedGraph& closed, Diagnostics& diagnostics) {
    std::vector<std::size_t> waiting(closed.nodes.size());
    std::vector<std::vector<std::uint32_t>> dependents(closed.nodes.size());
    std::vector<std::uint32_t> ready;
    for (std::uint32_t n = 0; n < closed.nodes.size(); ++n) {
        waiting[n] = closed.nodes[n].dependencies.size();
        for (const auto before : closed.nodes[n].dependencies) dependents[before].push_back(n);
        if (waiting[n] == 0) ready.push_back(n);
    }
    std::ranges::make_heap(ready, std::greater{});
    while (!ready.empty()) {
        std::ranges::pop_heap(ready, std::greater{});
        const auto n = ready.back();
        ready.pop_back();
        closed.order.push_back(n);
        for (const auto after : dependents[n]) {
            if (--waiting[after] > 0) continue;
            ready.push_back(after);
            std::ranges::push_heap(ready, std::greater{});
        }
    }
    if (closed.order.size() < closed.nodes.size()) diagnostics.error(cycle_error(closed, waiting));
}

}  // namespace

std::string node_key(std::string_view address, std::string_view facet_label) {
    return facet_label.empty() ? std::string{address} : fmt::format("{}#{}", address, facet_label);
}

std::vector<std::uint32_t> resources_used(const Graph& graph, const Value& value) {
    Indices resources;
    Indices seen;
    collect(graph, value, resources, seen);
    return {resources.begin(), resources.end()};
}

std::vector<std::uint32_t> resources_used(const Graph& graph, const ValueMap& properties) {
    Indices resources;
    Indices seen;
    for (const auto& [name, value] : properties) collect(graph, value, resources, seen);
    return {resources.begin(), resources.end()};
}

ClosedGraph close(Graph& graph, Diagnostics& diagnostics) {
    diagnostics.add(graph.diagnostics());
    ClosedGraph closed{.graph = &graph, .nodes = {}, .order = {}, .resource_at = {}, .nodes_of = {}};
    index_addresses(graph, closed, diagnostics);
    for (auto& resource : graph.resources()) merge_fragments(resource, diagnostics);
    split_into_nodes(graph, closed);
    connect(graph, closed, diagnostics);
    put_in_order(closed, diagnostics);
    return closed;
}

}  // namespace strata
