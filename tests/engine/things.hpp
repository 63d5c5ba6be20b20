#pragma once

#include <source_location>
#include <string>
#include <string_view>

#include "engine/model/stack.hpp"

namespace strata::things {

enum class Mode : std::uint8_t { fast, slow };
std::string_view text_of(Mode mode);

struct Part {
    Map<Value> additional{};
    Input<std::string> label{};
    Input<Mode> mode{};
    Input<bool> on{};
    Input<std::int64_t> size{};
    friend Declared fields(const Part& part);
};

struct ThingArgs {
    Map<Value> additional{};
    Input<Value> anything{};
    Input<Bytes> code{};
    Map<std::string> labels{};
    Input<Mode> mode{};
    Input<Part> part{};
    List<Part> parts{};
    Input<double> ratio{};
    List<std::string> rules{};
    Input<std::string> text{};
    friend Declared fields(const ThingArgs& args);
};

/// A core with every kind of property, and the facet "rules" (a set, taken off first). Nothing carries it out.
extern const ResourceType thing_type;

/// Written as codegen writes resources, for tests of the model and the graph.
class Thing : public Resource {
public:
    Thing(const Scope& scope, std::string_view name, const ThingArgs& args, const Options& options = {},
          std::source_location where = std::source_location::current());
    [[nodiscard]] Output<std::string> id() const { return output<std::string>("Id"); }
    [[nodiscard]] Output<std::int64_t> size() const { return output<std::int64_t>("Size"); }
};

}  // namespace strata::things
