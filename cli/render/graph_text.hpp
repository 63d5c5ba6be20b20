#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace strata::cli {

/// A stack's resources and what each needs, for drawing.
struct GraphPicture {
    struct Box {
        std::string address;
        std::string type;
    };
    std::string title;
    std::vector<Box> boxes;
    std::vector<std::pair<std::size_t, std::size_t>> arrows;  ///< from what needs to what is needed; each once, no box to itself
};

/// Graphviz.
std::string graph_dot(const GraphPicture& picture);
std::string graph_mermaid(const GraphPicture& picture);
/// Laid out in columns: everything stands right of what it needs. Needs no other program.
std::string graph_svg(const GraphPicture& picture);

}  // namespace strata::cli
