#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/base/value.hpp"

namespace strata {

class Graph;

/// Turns a known value into a program's own type, and back. Used by Output<T>::map.
template <typename T>
struct FromValue;

template <typename T>
class Output;

namespace detail {

/// Adds a node that computes from others; what `compute` throws becomes a diagnostic.
/// @param made_of  MappedNode::made_of
std::uint32_t add_mapped(Graph& graph, std::vector<std::uint32_t> inputs, std::function<Value(const std::vector<Value>&)> compute,
                         const std::source_location& where, Value made_of = {});

}  // namespace detail

/// A value that is known when some node of the graph has been carried out (or looked at). Cheap to copy;
/// the Stack owns the graph.
template <typename T>
class Output {
public:
    Output(Graph& graph, std::uint32_t node) : graph_{&graph}, node_{node} {}

    /// An output that `function` computes from this one once it is known. `function` must be pure; it runs
    /// on the thread that plans, and again on `up`.
    template <typename F>
    auto map(F function, std::source_location where = std::source_location::current()) const {
        using R = std::decay_t<decltype(function(std::declval<T>()))>;
        const auto compute = [function](const std::vector<Value>& inputs) {
            return FromValue<R>::back(function(FromValue<T>::get(inputs[0])));
        };
        return Output<R>{*graph_, detail::add_mapped(*graph_, {node_}, compute, where)};
    }

    [[nodiscard]] Reference reference() const { return {node_}; }
    [[nodiscard]] Graph& graph() const { return *graph_; }

private:
    Graph* graph_;
    std::uint32_t node_;
};

template <>
struct FromValue<std::string> {
    static std::string get(const Value& value) { return std::string{value.text_or("")}; }
    static Value back(std::string text) { return text; }
};
template <>
struct FromValue<std::int64_t> {
    static std::int64_t get(const Value& value) { return value.integer_or(0); }
    static Value back(std::int64_t number) { return number; }
};
template <>
struct FromValue<bool> {
    static bool get(const Value& value) { return value.boolean_or(false); }
    static Value back(bool flag) { return flag; }
};
template <>
struct FromValue<double> {
    static double get(const Value& value) { return value.real() ? *value.real() : static_cast<double>(value.integer_or(0)); }
    static Value back(double number) { return number; }
};
template <>
struct FromValue<Value> {
    static Value get(const Value& value) { return value; }
    static Value back(Value value) { return value; }
};
template <typename T>
struct FromValue<std::vector<T>> {
    static std::vector<T> get(const Value& value) {
        std::vector<T> out;
        if (const auto* items = value.list())
            for (const auto& item : *items) out.push_back(FromValue<T>::get(item));
        return out;
    }
    static Value back(const std::vector<T>& items) {
        ValueList out;
        for (const auto& item : items) out.push_back(FromValue<T>::back(item));
        return out;
    }
};

/// One part of format(): text as it stands, or an output.
class FormatPart {
public:
    FormatPart(const char* text) : value_{text} {}
    FormatPart(const std::string& text) : value_{text} {}
    template <typename T>
    FormatPart(const Output<T>& output) : value_{output.reference()}, graph_{&output.graph()} {}
    [[nodiscard]] const Value& value() const { return value_; }
    [[nodiscard]] Graph* graph() const { return graph_; }

private:
    Value value_;
    Graph* graph_ = nullptr;
};

/// Text put together from text and outputs: `concat({"arn:aws:s3:::", bucket.name(), "/*"})`. At least one part is an output.
Output<std::string> concat(std::initializer_list<FormatPart> parts, std::source_location where = std::source_location::current());

/// All outputs, of which there is at least one, as one list output, known when every one is.
template <typename T>
Output<std::vector<T>> all(const std::vector<Output<T>>& outputs, std::source_location where = std::source_location::current()) {
    if (outputs.empty()) throw std::logic_error{"all() was given no output"};
    std::vector<std::uint32_t> nodes;
    for (const auto& output : outputs) nodes.push_back(output.reference().node);
    const auto gathered = [](const std::vector<Value>& inputs) { return Value(inputs); };
    return {outputs.front().graph(), detail::add_mapped(outputs.front().graph(), std::move(nodes), gathered, where)};
}

}  // namespace strata
