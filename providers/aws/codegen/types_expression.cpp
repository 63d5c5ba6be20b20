#include "providers/aws/codegen/types_expression.hpp"

#include <array>

#include <fmt/format.h>

namespace strata::codegen {

namespace {

using Kind = aws::Expression::Kind;

struct Word {
    std::string_view name;
    Kind kind;
    bool takes_path;
};

constexpr std::array words = {Word{"id", Kind::id, false},
                              Word{"arn", Kind::arn, false},
                              Word{"token", Kind::token, false},
                              Word{"previous", Kind::previous, true},
                              Word{"out", Kind::output, true},
                              Word{"read", Kind::read, true},
                              Word{"item", Kind::item, true},
                              Word{"value", Kind::value, true},
                              Word{"key", Kind::key, false},
                              Word{"items", Kind::items, false},
                              Word{"ids", Kind::ids, true},
                              Word{"tags", Kind::tags, false},
                              Word{"tag_keys", Kind::tag_keys, false},
                              Word{"all", Kind::all, false},
                              Word{"changed", Kind::changed, true},
                              Word{"attributes", Kind::attributes_all, false},
                              Word{"added", Kind::added, true},
                              Word{"removed", Kind::removed, true}};

constexpr std::array identity_words = {std::string_view{"region"}, std::string_view{"account"}, std::string_view{"partition"}};

Expr reference(const Yaml& node, std::string_view text) {
    Expr found{.place = node.place()};
    if (text.starts_with(".")) {
        found.kind = Kind::property;
        found.text = text.substr(1);
        return found;
    }
    const auto dot = text.find('.');
    const auto name = text.substr(0, dot);
    const auto path = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    for (const auto word : identity_words)
        if (text == word) return Expr{.kind = Kind::text, .text = fmt::format("${{{}}}", word), .place = node.place()};
    for (const auto& word : words) {
        if (word.name != name || (!path.empty() && !word.takes_path)) continue;
        found.kind = word.kind;
        found.text = path;
        return found;
    }
    node.problems().add(node.place(), fmt::format("unknown reference \"${}\"; docs/resource-type-format.md lists them.", text));
    return found;
}

}  // namespace

Expr read_expression(const Yaml& node) {
    Expr out{.place = node.place()};
    if (node.is_map()) {
        out.kind = Kind::map;
        for (const auto& [name, value] : node.entries())
            out.members.emplace_back(name == "..." ? std::string{} : name, read_expression(value));
        return out;
    }
    if (node.is_list()) {
        out.kind = Kind::list;
        for (const auto& item : node.items()) out.items.push_back(read_expression(item));
        return out;
    }
    const auto text = node.text();
    if (text.starts_with("$") && !text.starts_with("${")) return reference(node, std::string_view{text}.substr(1));
    out.text = text;
    if (node.quoted()) return out;
    if (const auto number = plain_integer(text)) {
        out.kind = Kind::integer;
        out.number = *number;
    } else if (const auto flag = plain_boolean(text)) {
        out.kind = Kind::boolean;
        out.number = *flag ? 1 : 0;
    }
    return out;
}

}  // namespace strata::codegen
