#include "providers/aws/codegen/types_models.hpp"

#include <array>
#include <utility>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"

namespace strata::codegen {

namespace {

using aws::Member;
using aws::Shape;
using aws::ShapeType;

constexpr Shape text_shape{.name = "Text", .type = ShapeType::string};
constexpr Shape integer_shape{.name = "Integer", .type = ShapeType::integer};
constexpr Shape real_shape{.name = "Real", .type = ShapeType::real};
constexpr Shape boolean_shape{.name = "Boolean", .type = ShapeType::boolean};
constexpr Shape any_shape{.name = "Any", .type = ShapeType::structure, .document = true};
constexpr Member text_member{.name = "member", .shape = &text_shape};
constexpr Shape texts_shape{.name = "Texts", .type = ShapeType::list, .element = &text_member};
constexpr Shape text_map_shape{.name = "TextMap", .type = ShapeType::map, .element = &text_member, .key = &text_member};

constexpr std::array<std::pair<std::string_view, const Shape*>, 7> builtins = {{{"text", &text_shape},
                                                                                {"integer", &integer_shape},
                                                                                {"real", &real_shape},
                                                                                {"boolean", &boolean_shape},
                                                                                {"any", &any_shape},
                                                                                {"list<text>", &texts_shape},
                                                                                {"map<text>", &text_map_shape}}};

}  // namespace

const aws::Service* Models::service(std::string_view name) {
    if (const auto at = loaded_.find(name); at != loaded_.end()) return &at->second->service();
    const auto path = folder_ + "/" + std::string{name} + ".json";
    const auto text = real_files().read(path);
    if (!text) {
        error_ = text.error().text();
        return nullptr;
    }
    const auto document = parse_json(*text, path);
    if (!document) {
        error_ = document.error().text();
        return nullptr;
    }
    auto model = aws::LoadedModel::load(*document, name);
    if (!model) {
        error_ = model.error().text();
        return nullptr;
    }
    return &loaded_.emplace(std::string{name}, std::move(model).value()).first->second->service();
}

const Shape* Models::builtin(std::string_view word) {
    for (const auto& [name, shape] : builtins)
        if (name == word) return shape;
    return nullptr;
}

const Shape* Models::shape(std::string_view service_name, std::string_view name) {
    if (service(service_name) == nullptr) return nullptr;
    for (const auto& shape : loaded_.find(service_name)->second->shapes())
        if (shape.name == name) return &shape;
    return nullptr;
}

const Shape* Models::list_of(const Shape* item) {
    auto& made = made_.emplace_back();
    made.element = {.name = "member", .shape = item};
    made.shape = {.name = "", .type = ShapeType::list, .element = &made.element};
    return &made.shape;
}

const Shape* Models::map_of(const Shape* value) {
    auto& made = made_.emplace_back();
    made.element = {.name = "value", .shape = value};
    made.key = {.name = "key", .shape = &text_shape};
    made.shape = {.name = "", .type = ShapeType::map, .element = &made.element, .key = &made.key};
    return &made.shape;
}

const Shape* Models::structure(std::string name, std::vector<Member> members) {
    auto& made = made_.emplace_back();
    made.name = std::move(name);
    made.members = std::move(members);
    made.shape = {.name = made.name, .type = ShapeType::structure, .members = made.members};
    return &made.shape;
}

const Member* find_member(const Shape* shape, std::string_view name) {
    if (shape == nullptr) return nullptr;
    for (const auto& member : shape->members)
        if (member.name == name) return &member;
    return nullptr;
}

std::vector<std::string> member_names(const Shape* shape) {
    std::vector<std::string> names;
    if (shape != nullptr)
        for (const auto& member : shape->members) names.emplace_back(member.name);
    return names;
}

namespace {

/// The next step of a path and what is left: a name, or a bracket with its content.
std::string_view next_step(std::string_view& rest) {
    if (rest.front() == '.') rest.remove_prefix(1);
    std::size_t end = 0;
    if (!rest.empty() && rest.front() == '[') {
        int depth = 0;
        do {
            depth += rest[end] == '[' ? 1 : rest[end] == ']' ? -1 : 0;
            ++end;
        } while (depth > 0 && end < rest.size());
    } else {
        while (end < rest.size() && rest[end] != '.' && rest[end] != '[') ++end;
    }
    const auto step = rest.substr(0, end);
    rest.remove_prefix(end);
    return step;
}

}  // namespace

bool makes_list(std::string_view path) {
    const auto pipe = path.rfind('|');
    const auto last = pipe == std::string_view::npos ? path : path.substr(pipe);
    return last.find("[]") != std::string_view::npos || last.find("[*]") != std::string_view::npos ||
           last.find("[?") != std::string_view::npos;
}

const Shape* follow(const Shape* shape, std::string_view path, std::string* missing, const Shape** beside) {
    // Calls and comparisons make something new, which no shape tells.
    if (path == "@" || path.find('(') != std::string_view::npos) return shape;
    auto rest = path.substr(0, path.find(" |"));
    while (!rest.empty() && shape != nullptr) {
        const auto step = next_step(rest);
        if (step.empty() || step == "@") continue;
        const Shape* next = nullptr;
        if (step.front() == '[') next = shape->type == ShapeType::list ? shape->element->shape : nullptr;
        else if (shape->type == ShapeType::map) next = shape->element->shape;
        else if (const auto* member = find_member(shape, step)) next = member->shape;
        if (next == nullptr) {
            *missing = step;
            *beside = shape;
            return nullptr;
        }
        shape = next;
    }
    return shape;
}

}  // namespace strata::codegen
