#include "providers/aws/model/path.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata::aws {

namespace {

/// How deep parentheses and filters may nest; far above what any model holds.
constexpr int deepest = 50;
/// Every step is a call of its own when a path is read, carried out and let go.
constexpr std::size_t longest_path = 2000;

struct Node;
using Tree = std::unique_ptr<Node>;

/// One step of a parsed path. `left` is what the step applies to, `right` what follows inside a projection.
struct Node {
    enum class Kind : std::uint8_t { current, literal, field, index, flatten, every, filter, length, either, both, no, compare };
    Kind kind = Kind::current;
    Tree left = {};
    Tree right = {};
    Tree condition = {};    ///< of a filter
    std::string text = {};  ///< a field's name, a comparison's operator
    std::int64_t index = 0;
    Value literal = {};
};

Tree node(Node::Kind kind, Tree left = {}, Tree right = {}) {
    auto made = std::make_unique<Node>();
    made->kind = kind;
    made->left = std::move(left);
    made->right = std::move(right);
    return made;
}

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Recursive descent, loosest operator first. After a mistake every function returns an empty tree.
class PathParser {
public:
    explicit PathParser(std::string_view path) : rest_{path}, size_{path.size()} {}

    Tree parse() {
        if (size_ > longest_path) return nullptr;
        auto tree = parse_either();
        skip_space();
        return rest_.empty() ? std::move(tree) : nullptr;
    }
    [[nodiscard]] std::size_t position() const { return size_ - rest_.size(); }

private:
    void skip_space() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    bool take(std::string_view word) {
        skip_space();
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    /// The text up to `end`, which is taken too.
    std::optional<std::string_view> take_until(char end) {
        const auto at = rest_.find(end);
        if (at == std::string_view::npos) return std::nullopt;
        const auto found = rest_.substr(0, at);
        rest_.remove_prefix(at + 1);
        return found;
    }
    std::string_view take_name() {
        skip_space();
        std::size_t length = 0;
        while (length < rest_.size() && is_name_character(rest_[length])) ++length;
        const auto found = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return found;
    }

    Tree parse_either() {
        if (++depth_ > deepest) return nullptr;
        auto left = parse_both();
        while (left && take("||")) {
            auto right = parse_both();
            left = right ? node(Node::Kind::either, std::move(left), std::move(right)) : nullptr;
        }
        --depth_;
        return left;
    }

    Tree parse_both() {
        auto left = parse_compare();
        while (left && take("&&")) {
            auto right = parse_compare();
            left = right ? node(Node::Kind::both, std::move(left), std::move(right)) : nullptr;
        }
        return left;
    }

    Tree parse_compare() {
        static constexpr std::array<std::string_view, 6> operators = {"==", "!=", "<=", ">=", "<", ">"};
        auto left = parse_not();
        if (!left) return nullptr;
        for (const auto symbol : operators) {
            if (!take(symbol)) continue;
            auto right = parse_not();
            if (!right) return nullptr;
            auto made = node(Node::Kind::compare, std::move(left), std::move(right));
            made->text = symbol;
            return made;
        }
        return left;
    }

    Tree parse_not() {
        skip_space();
        const bool negated = rest_.starts_with('!') && !rest_.starts_with("!=") && take("!");
        if (!negated) return parse_steps(parse_first(), false);
        auto operand = parse_steps(parse_first(), false);
        return operand ? node(Node::Kind::no, std::move(operand)) : nullptr;
    }

    /// What a path begins with.
    Tree parse_first() {
        if (take("@") || rest_.starts_with('[')) return node(Node::Kind::current);
        if (take("(")) {
            auto inner = parse_either();
            return take(")") ? std::move(inner) : nullptr;
        }
        if (take("'")) {
            const auto text = take_until('\'');
            return text ? literal(Value{*text}) : nullptr;
        }
        if (take("`")) return parse_json_literal();
        return parse_field_or_call();
    }

    static Tree literal(Value value) {
        auto made = node(Node::Kind::literal);
        made->literal = std::move(value);
        return made;
    }

    Tree parse_json_literal() {
        const auto text = take_until('`');
        if (!text) return nullptr;
        auto value = parse_json(*text, "a literal in a path");
        return value ? literal(*std::move(value)) : nullptr;
    }

    Tree parse_field_or_call() {
        const auto name = take_name();
        if (name.empty()) return nullptr;
        if (take("(")) {
            auto argument = name == "length" ? parse_either() : nullptr;
            return argument && take(")") ? node(Node::Kind::length, std::move(argument)) : nullptr;
        }
        return field(node(Node::Kind::current), name);
    }

    static Tree field(Tree left, std::string_view name) {
        auto made = node(Node::Kind::field, std::move(left));
        made->text = name;
        return made;
    }

    /// The `.name` and `[...]` that follow `left`. Inside a projection, `[]` ends the projection: it flattens
    /// what the projection gave, not each of its items.
    Tree parse_steps(Tree left, bool inside_projection) {
        while (left) {
            skip_space();
            if (inside_projection && rest_.starts_with("[]")) return left;
            if (take(".")) {
                const auto name = take_name();
                left = name.empty() ? nullptr : field(std::move(left), name);
            } else if (take("[")) {
                left = parse_bracket(std::move(left));
            } else {
                return left;
            }
        }
        return nullptr;
    }

    Tree parse_bracket(Tree left) {
        if (take("]")) return projection(node(Node::Kind::flatten, std::move(left)));
        if (take("*")) return take("]") ? projection(node(Node::Kind::every, std::move(left))) : nullptr;
        if (take("?")) {
            auto condition = parse_either();
            if (!condition || !take("]")) return nullptr;
            auto made = node(Node::Kind::filter, std::move(left));
            made->condition = std::move(condition);
            return projection(std::move(made));
        }
        const auto number = take_until(']');
        auto made = node(Node::Kind::index, std::move(left));
        if (!number) return nullptr;
        const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), made->index);
        return error == std::errc{} && end == number->data() + number->size() ? std::move(made) : nullptr;
    }

    Tree projection(Tree made) {
        made->right = parse_steps(node(Node::Kind::current), true);
        return made->right ? std::move(made) : nullptr;
    }

    std::string_view rest_;
    std::size_t size_;
    int depth_ = 0;
};

bool is_true(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: return false;
        case Value::Kind::boolean: return *value.boolean();
        case Value::Kind::string: return !value.string()->empty();
        case Value::Kind::list: return !value.list()->empty();
        case Value::Kind::map: return !value.map()->empty();
        default: return true;
    }
}

std::optional<double> number(const Value& value) {
    if (const auto* whole = value.integer()) return static_cast<double>(*whole);
    if (const auto* real = value.real()) return *real;
    return std::nullopt;
}

/// Order is defined for numbers only; anything else gives null (JMESPath, "ordering operators").
Value compared(const Value& left, std::string_view symbol, const Value& right) {
    if (symbol == "==") return left == right;
    if (symbol == "!=") return !(left == right);
    const auto a = number(left);
    const auto b = number(right);
    if (!a || !b) return {};
    if (symbol == "<") return *a < *b;
    if (symbol == "<=") return *a <= *b;
    if (symbol == ">") return *a > *b;
    return *a >= *b;
}

Value length_of(const Value& value) {
    if (const auto* items = value.list()) return static_cast<std::int64_t>(items->size());
    if (const auto* members = value.map()) return static_cast<std::int64_t>(members->size());
    if (const auto* text = value.string()) return static_cast<std::int64_t>(text->size());
    return {};
}

const Value* item_at(const Value& value, std::int64_t index) {
    const auto* items = value.list();
    if (!items) return nullptr;
    const auto count = static_cast<std::int64_t>(items->size());
    const auto at = index < 0 ? index + count : index;
    return at >= 0 && at < count ? &(*items)[static_cast<std::size_t>(at)] : nullptr;
}

Value evaluate(const Node& step, const Value& current);

/// What `step` applies to. Names and indexes only walk down, so the place inside `current` is given and nothing is
/// copied (an answer may hold thousands of resources); anything else is computed into `made`. nullptr: leads nowhere.
const Value* reach(const Node& step, const Value& current, Value& made) {
    if (step.kind == Node::Kind::current) return &current;
    const bool walks = step.kind == Node::Kind::field || step.kind == Node::Kind::index;
    if (!walks) {
        made = evaluate(step, current);
        return &made;
    }
    const auto* base = reach(*step.left, current, made);
    if (!base) return nullptr;
    return step.kind == Node::Kind::field ? base->find(step.text) : item_at(*base, step.index);
}

/// Applies what follows a `[]`, `[*]` or `[?...]` to every item and leaves nulls out.
Value project(const Node& step, const Value& current) {
    Value made;
    const auto* base = reach(*step.left, current, made);
    const auto* items = base ? base->list() : nullptr;
    if (!items) return {};
    ValueList found;
    const auto add = [&](const Value& item) {
        if (step.condition && !is_true(evaluate(*step.condition, item))) return;
        auto value = evaluate(*step.right, item);
        if (!value.is_null()) found.push_back(std::move(value));
    };
    for (const auto& item : *items) {
        const auto* inner = step.kind == Node::Kind::flatten ? item.list() : nullptr;
        if (inner) std::ranges::for_each(*inner, add);
        else add(item);
    }
    return found;
}

Value evaluate_logic(const Node& step, const Value& current) {
    auto left = evaluate(*step.left, current);
    if (step.kind == Node::Kind::no) return !is_true(left);
    if (step.kind == Node::Kind::compare) return compared(left, step.text, evaluate(*step.right, current));
    const bool settled = is_true(left) == (step.kind == Node::Kind::either);
    return settled ? left : evaluate(*step.right, current);
}

Value evaluate(const Node& step, const Value& current) {
    Value made;
    switch (step.kind) {
        case Node::Kind::literal: return step.literal;
        case Node::Kind::current:
        case Node::Kind::field:
        case Node::Kind::index: {
            const auto* found = reach(step, current, made);
            return found ? *found : Value{};
        }
        case Node::Kind::flatten:
        case Node::Kind::every:
        case Node::Kind::filter: return project(step, current);
        case Node::Kind::length: {
            const auto* base = reach(*step.left, current, made);
            return base ? length_of(*base) : Value{};
        }
        case Node::Kind::either:
        case Node::Kind::both:
        case Node::Kind::no:
        case Node::Kind::compare: return evaluate_logic(step, current);
    }
    return {};
}

}  // namespace

Value look_up(const Value& document, std::string_view path) {
    const auto tree = PathParser{path}.parse();
    return tree ? evaluate(*tree, document) : Value{};
}

Status check_path(std::string_view path) {
    PathParser parser{path};
    if (parser.parse()) return {};
    const auto why = path.size() > longest_path ? fmt::format("\"{}...\" is longer than {} bytes.", path.substr(0, 60), longest_path)
                                                : fmt::format("\"{}\" cannot be read from byte {} on.", path, parser.position());
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = "Not a path into an answer",
                 .cause = why,
                 .remedy = "Give names, [], [*], [0], [?name=='value'], ==, ||, && and length() only."};
}

}  // namespace strata::aws
