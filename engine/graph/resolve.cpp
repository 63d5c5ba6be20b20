#include "engine/graph/resolve.hpp"

#include <exception>

#include <fmt/format.h>

namespace strata {

Resolver::Resolver(const Graph& graph, Sources sources, Diagnostics& diagnostics)
    : graph_{&graph}, sources_{std::move(sources)}, diagnostics_{&diagnostics}, known_(graph.nodes().size()) {}

Value Resolver::resolve(const Value& value) {
    failure_ = nullptr;
    return resolved(value);
}

ValueMap Resolver::resolve(const ValueMap& properties) {
    failure_ = nullptr;
    return resolved(properties);
}

Value Resolver::resolved(const Value& value) {
    if (const auto* reference = value.reference()) return node_value(reference->node);
    if (value.is_secret()) return Value::secret(resolved(value.revealed()));
    if (const auto* items = value.list()) {
        ValueList out;
        out.reserve(items->size());
        for (const auto& item : *items) out.push_back(resolved(item));
        return out;
    }
    if (const auto* members = value.map()) return resolved(*members);
    return value;
}

ValueMap Resolver::resolved(const ValueMap& properties) {
    ValueMap out;
    for (const auto& [name, value] : properties) out.set(name, resolved(value));
    return out;
}

Value Resolver::node_value(std::uint32_t index) {
    if (const auto& known = known_[index]) return *known;
    if (const auto failed = failed_.find(index); failed != failed_.end()) {
        failure_ = &failed->second;
        return Value::unknown("a function that failed");
    }
    auto value = compute(index);
    if (!value.has_unknown()) known_[index] = value;
    return value;
}

Value Resolver::compute(std::uint32_t index) {
    const auto& node = graph_->nodes()[index];
    if (const auto* output = std::get_if<OutputNode>(&node)) return sources_.resource(output->resource, output->output);
    if (const auto* lookup = std::get_if<LookupNode>(&node)) return sources_.lookup(*lookup, resolved(lookup->arguments));
    if (const auto* other = std::get_if<StackOutputNode>(&node)) return sources_.stack_output(*other);
    return compute(index, std::get<MappedNode>(node));
}

Value Resolver::compute(std::uint32_t index, const MappedNode& mapped) {
    std::vector<Value> inputs;
    bool tainted = false;
    for (const auto input : mapped.inputs) {
        auto value = node_value(input);
        if (value.has_unknown()) return value.is(Value::Kind::unknown) ? value : Value::unknown("a mapped output");
        tainted |= value.has_secret();
        inputs.push_back(value.without_marks());
    }
    try {
        auto result = mapped.compute(inputs);
        return tainted ? Value::secret(std::move(result)) : result;
    } catch (const std::exception& thrown) {
        return failed(index, mapped, tainted ? "It was given a secret; what it said is not shown." : thrown.what());
    } catch (...) {
        return failed(index, mapped, "It threw something that is no std::exception.");
    }
}

Value Resolver::failed(std::uint32_t index, const MappedNode& mapped, std::string thrown) {
    Error error{.kind = ErrorKind::invalid_program,
                .summary = "A function on an output failed",
                .cause = fmt::format("{}: {}", mapped.declared_at.text(), thrown),
                .remedy = "Mend the function that is given to Output::map.",
                .location = mapped.declared_at};
    diagnostics_->error(error);
    failure_ = &failed_.emplace(index, std::move(error)).first->second;
    return Value::unknown("a function that failed");
}

}  // namespace strata
