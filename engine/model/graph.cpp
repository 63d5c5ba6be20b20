#include "engine/model/graph.hpp"

#include <stdexcept>

#include "engine/model/output.hpp"

namespace strata {

std::uint32_t Graph::add(ResourceDeclaration declaration) {
    resources_.push_back(std::move(declaration));
    return static_cast<std::uint32_t>(resources_.size() - 1);
}

std::uint32_t Graph::add(Node node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

namespace detail {

std::uint32_t add_mapped(Graph& graph, std::vector<std::uint32_t> inputs, std::function<Value(const std::vector<Value>&)> compute,
                         const std::source_location& where, Value made_of) {
    return graph.add(Node{MappedNode{
        .inputs = std::move(inputs), .compute = std::move(compute), .made_of = std::move(made_of), .declared_at = Location::of(where)}});
}

}  // namespace detail

Output<std::string> concat(std::initializer_list<FormatPart> parts, std::source_location where) {
    Graph* graph = nullptr;
    std::vector<std::uint32_t> inputs;
    std::vector<Value> pieces;
    for (const auto& part : parts) {
        if (part.graph() != nullptr) graph = part.graph();
        if (const auto* reference = part.value().reference()) inputs.push_back(reference->node);
        pieces.push_back(part.value());
    }
    if (graph == nullptr) throw std::logic_error{"concat was given no output: put known text together with fmt::format"};
    const auto join = [pieces](const std::vector<Value>& known) {
        std::string text;
        std::size_t next = 0;
        for (const auto& piece : pieces) text += piece.reference() ? known[next++].text_or("") : piece.text_or("");
        return Value{std::move(text)};
    };
    return {*graph, detail::add_mapped(*graph, std::move(inputs), join, where, Value{pieces})};
}

}  // namespace strata
