#include "cli/render/graph_text.hpp"

#include <fmt/format.h>

namespace strata::cli {

namespace {

std::string escaped(const std::string& text, std::string_view special, std::string_view escape) {
    std::string out;
    for (const char letter : text) {
        if (special.find(letter) != std::string_view::npos) out += escape;
        out += letter;
    }
    return out;
}

}  // namespace

std::string graph_dot(const GraphPicture& picture) {
    auto out = fmt::format("digraph \"{}\" {{\n  rankdir = RL;\n  node [shape = box, fontname = \"sans-serif\"];\n",
                           escaped(picture.title, "\"\\", "\\"));
    for (std::size_t i = 0; i < picture.boxes.size(); ++i)
        out += fmt::format("  n{} [label = \"{}\\n{}\"];\n", i, escaped(picture.boxes[i].address, "\"\\", "\\"),
                           escaped(picture.boxes[i].type, "\"\\", "\\"));
    for (const auto& [from, to] : picture.arrows) out += fmt::format("  n{} -> n{};\n", from, to);
    return out + "}\n";
}

std::string graph_mermaid(const GraphPicture& picture) {
    std::string out = "graph RL\n";
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        auto label = fmt::format("{}<br/>{}", picture.boxes[i].address, picture.boxes[i].type);
        for (auto& letter : label)
            if (letter == '"') letter = '\'';
        out += fmt::format("  n{}[\"{}\"]\n", i, label);
    }
    for (const auto& [from, to] : picture.arrows) out += fmt::format("  n{} --> n{}\n", from, to);
    return out;
}

}  // namespace strata::cli
