#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "cli/render/graph_text.hpp"
#include "cli/render/style.hpp"

namespace strata::cli {

namespace {

constexpr double letter_width = 7.2;
constexpr double box_height = 40;
constexpr double row_gap = 16;
constexpr double column_gap = 90;
constexpr double margin = 24;
constexpr double title_height = 30;
constexpr int sweeps = 4;

struct Place {
    std::size_t column = 0;
    double x = 0, y = 0, width = 0;
};

using Neighbours = std::vector<std::vector<std::size_t>>;

/// Each box one column right of the farthest thing that it needs.
std::vector<std::size_t> columns_by_need(const GraphPicture& picture, const Neighbours& needs) {
    constexpr auto unset = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> column(picture.boxes.size(), unset);
    std::vector<std::pair<std::size_t, std::size_t>> walk;  // box, next of its needs to look at
    for (std::size_t start = 0; start < column.size(); ++start) {
        if (column[start] != unset) continue;
        walk.emplace_back(start, 0);
        while (!walk.empty()) {
            auto& [box, next] = walk.back();
            if (next < needs[box].size()) {
                const auto needed = needs[box][next++];
                if (column[needed] == unset) walk.emplace_back(needed, 0);
                continue;
            }
            std::size_t farthest = 0;
            for (const auto needed : needs[box]) farthest = std::max(farthest, column[needed] + 1);
            column[box] = farthest;
            walk.pop_back();
        }
    }
    return column;
}

/// Puts each box near the middle of what it is tied to, column after column, to and fro.
void straighten(std::vector<std::vector<std::size_t>>& layers, const Neighbours& needs, const Neighbours& needed_by) {
    std::vector<double> row(needs.size(), 0);
    const auto number = [&](const std::vector<std::size_t>& layer) {
        for (std::size_t i = 0; i < layer.size(); ++i) row[layer[i]] = static_cast<double>(i);
    };
    for (const auto& layer : layers) number(layer);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        const auto& ties = sweep % 2 == 0 ? needs : needed_by;
        if (sweep % 2 != 0) std::ranges::reverse(layers);
        for (auto& layer : layers) {
            const auto middle = [&](std::size_t box) {
                if (ties[box].empty()) return row[box];
                return std::accumulate(ties[box].begin(), ties[box].end(), 0.0,
                                       [&](double sum, std::size_t other) { return sum + row[other]; }) /
                       static_cast<double>(ties[box].size());
            };
            std::ranges::stable_sort(layer, {}, middle);
            number(layer);
        }
        if (sweep % 2 != 0) std::ranges::reverse(layers);
    }
}

std::vector<Place> laid_out(const GraphPicture& picture) {
    Neighbours needs(picture.boxes.size());
    Neighbours needed_by(picture.boxes.size());
    for (const auto& [from, to] : picture.arrows) {
        needs[from].push_back(to);
        needed_by[to].push_back(from);
    }
    const auto column = columns_by_need(picture, needs);
    std::vector<std::vector<std::size_t>> layers(column.empty() ? 0 : *std::ranges::max_element(column) + 1);
    for (std::size_t i = 0; i < column.size(); ++i) layers[column[i]].push_back(i);
    straighten(layers, needs, needed_by);

    std::vector<Place> places(picture.boxes.size());
    double x = margin;
    for (std::size_t c = 0; c < layers.size(); ++c) {
        double width = 0;
        for (const auto box : layers[c])
            width = std::max(width, 24 + letter_width * static_cast<double>(std::max(columns_of(picture.boxes[box].address),
                                                                                     columns_of(picture.boxes[box].type))));
        for (std::size_t r = 0; r < layers[c].size(); ++r)
            places[layers[c][r]] = {
                .column = c, .x = x, .y = margin + title_height + static_cast<double>(r) * (box_height + row_gap), .width = width};
        x += width + column_gap;
    }
    return places;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '&') out += "&amp;";
        else if (letter == '<') out += "&lt;";
        else if (letter == '>') out += "&gt;";
        else out += letter;
    }
    return out;
}

std::string arrow(const Place& from, const Place& to) {
    const double x1 = from.x;
    const double y1 = from.y + box_height / 2;
    const double x2 = to.x + to.width;
    const double y2 = to.y + box_height / 2;
    const double bend = (x1 - x2) / 2;
    return fmt::format(
        "  <path d=\"M{:.1f},{:.1f} C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" class=\"arrow\" marker-end=\"url(#tip)\"/>\n", x1, y1,
        x1 - bend, y1, x2 + bend, y2, x2, y2);
}

std::string box(const GraphPicture::Box& content, const Place& place) {
    return fmt::format(
        "  <rect x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"{3:.1f}\" rx=\"5\" class=\"box\"/>\n"
        "  <text x=\"{4:.1f}\" y=\"{5:.1f}\">{6}</text>\n  <text x=\"{4:.1f}\" y=\"{7:.1f}\" class=\"type\">{8}</text>\n",
        place.x, place.y, place.width, box_height, place.x + 12, place.y + 17, escaped(content.address), place.y + 32,
        escaped(content.type));
}

}  // namespace

std::string graph_svg(const GraphPicture& picture) {
    const auto places = laid_out(picture);
    double width = 200;
    double height = title_height;
    for (const auto& place : places) {
        width = std::max(width, place.x + place.width);
        height = std::max(height, place.y + box_height);
    }
    auto out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.0f}\" height=\"{:.0f}\" font-family=\"ui-monospace, monospace\" "
        "font-size=\"12\">\n"
        "  <style>.box{{fill:#f6f8fa;stroke:#57606a}} .arrow{{fill:none;stroke:#8c959f}} .type{{fill:#57606a;font-size:11px}} "
        ".title{{font-weight:bold;font-size:14px}}</style>\n"
        "  <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path "
        "d=\"M0,0 L8,4 L0,8 z\" fill=\"#8c959f\"/></marker></defs>\n"
        "  <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n  <text x=\"{:.0f}\" y=\"{:.0f}\" class=\"title\">{}</text>\n",
        width + margin, height + margin, margin, margin + 8, escaped(picture.title));
    for (const auto& [from, to] : picture.arrows) out += arrow(places[from], places[to]);
    for (std::size_t i = 0; i < places.size(); ++i) out += box(picture.boxes[i], places[i]);
    return out + "</svg>\n";
}

}  // namespace strata::cli
