#include "providers/aws/codegen/types_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::codegen {

using aws::Shape;
using aws::ShapeType;

namespace {

/// More structures than this behind one member cost more to compile than their checking is worth.
constexpr std::size_t most_structures = 50;
/// An enum of more values is text that is checked at preview.
constexpr std::size_t most_enumerators = 100;

/// False when `shape` reaches itself or too much. @param path structures around, @param seen all met so far
bool can_be_typed(const Shape* shape, std::vector<const Shape*>& path, std::set<const Shape*>& seen) {
    if (shape->document) return false;
    if (shape->type == ShapeType::list || shape->type == ShapeType::map) {
        if (std::ranges::find(path, shape) != path.end()) return false;
        path.push_back(shape);
        const bool fits = can_be_typed(shape->element->shape, path, seen);
        path.pop_back();
        return fits;
    }
    if (shape->type != ShapeType::structure) return true;
    if (std::ranges::find(path, shape) != path.end()) return false;
    if (!seen.insert(shape).second) return true;
    if (seen.size() > most_structures) return false;
    path.push_back(shape);
    const bool fits = std::ranges::all_of(
        shape->members, [&](const auto& member) { return can_be_typed(member.shape, path, seen) || member.shape->document; });
    path.pop_back();
    return fits;
}

bool same_members(const Shape* a, const Shape* b) {
    return std::ranges::equal(a->members, b->members, [](const auto& x, const auto& y) { return x.name == y.name && x.shape == y.shape; });
}

}  // namespace

std::string cpp_member(std::string_view label) {
    static constexpr std::array keywords = {
        std::string_view{"alignas"},   std::string_view{"alignof"},   std::string_view{"and"},       std::string_view{"and_eq"},
        std::string_view{"asm"},       std::string_view{"auto"},      std::string_view{"bitand"},    std::string_view{"bitor"},
        std::string_view{"bool"},      std::string_view{"break"},     std::string_view{"case"},      std::string_view{"catch"},
        std::string_view{"char"},      std::string_view{"class"},     std::string_view{"compl"},     std::string_view{"concept"},
        std::string_view{"const"},     std::string_view{"consteval"}, std::string_view{"constexpr"}, std::string_view{"constinit"},
        std::string_view{"continue"},  std::string_view{"co_await"},  std::string_view{"co_return"}, std::string_view{"co_yield"},
        std::string_view{"decltype"},  std::string_view{"default"},   std::string_view{"delete"},    std::string_view{"do"},
        std::string_view{"double"},    std::string_view{"else"},      std::string_view{"enum"},      std::string_view{"explicit"},
        std::string_view{"export"},    std::string_view{"extern"},    std::string_view{"false"},     std::string_view{"float"},
        std::string_view{"for"},       std::string_view{"friend"},    std::string_view{"goto"},      std::string_view{"if"},
        std::string_view{"inline"},    std::string_view{"int"},       std::string_view{"long"},      std::string_view{"mutable"},
        std::string_view{"namespace"}, std::string_view{"new"},       std::string_view{"noexcept"},  std::string_view{"not"},
        std::string_view{"not_eq"},    std::string_view{"nullptr"},   std::string_view{"operator"},  std::string_view{"or"},
        std::string_view{"or_eq"},     std::string_view{"private"},   std::string_view{"protected"}, std::string_view{"public"},
        std::string_view{"register"},  std::string_view{"requires"},  std::string_view{"return"},    std::string_view{"short"},
        std::string_view{"signed"},    std::string_view{"sizeof"},    std::string_view{"static"},    std::string_view{"struct"},
        std::string_view{"switch"},    std::string_view{"template"},  std::string_view{"this"},      std::string_view{"thread_local"},
        std::string_view{"throw"},     std::string_view{"true"},      std::string_view{"try"},       std::string_view{"typedef"},
        std::string_view{"typeid"},    std::string_view{"typename"},  std::string_view{"union"},     std::string_view{"unsigned"},
        std::string_view{"using"},     std::string_view{"virtual"},   std::string_view{"void"},      std::string_view{"volatile"},
        std::string_view{"while"},     std::string_view{"xor"},       std::string_view{"xor_eq"}};
    std::string out{label};
    if (std::ranges::find(keywords, label) != keywords.end()) out += '_';
    return out;
}

namespace {

std::string enumerator(std::string_view value) {
    std::string out;
    const auto part = [&out] {  // two underscores in a row are the compiler's own
        if (!out.empty() && out.back() != '_') out += '_';
    };
    for (const char c : snake_case(value)) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else part();
        if (c == '*') out += "all";
    }
    while (out.ends_with('_')) out.pop_back();
    if (out.empty()) return "none";
    if (std::isdigit(static_cast<unsigned char>(out.front())) != 0) out = "v" + out;
    return cpp_member(out);
}

}  // namespace

std::vector<std::string> enumerators(const Shape* shape) {
    std::vector<std::string> names;
    for (const auto value : shape->enum_values) {
        const auto name = enumerator(value);
        auto free = name;
        for (int n = 2; std::ranges::find(names, free) != names.end(); ++n) free = fmt::format("{}_{}", name, n);
        names.push_back(std::move(free));
    }
    return names;
}

Names::Names(std::span<const ResolvedType> types, Problems& problems) : problems_{problems} {
    for (const auto& type : types) {
        taken_.insert(type.decl.class_name());
        taken_.insert(type.decl.class_name() + "Args");
        read_untyped(type);
    }
    for (const auto& type : types)
        for (const auto& property : type.properties)
            if (property.shape != nullptr && !untyped(property.shape)) collect(property.shape);
    std::ranges::sort(enums_, {}, [this](const Shape* shape) { return of(shape); });
}

void Names::read_untyped(const ResolvedType& type) {
    for (const auto& [path, note] : type.notes) {
        if (!note.untyped) continue;
        const auto at = std::ranges::find(type.properties, path.substr(0, path.find('.')), &Property::name);
        if (at == type.properties.end()) continue;
        const Shape* shape = at->shape;
        if (path.find('.') == std::string::npos) untyped_[shape] = true;
        for (auto rest = path; rest.find('.') != std::string::npos;) {
            rest = rest.substr(rest.find('.') + 1);
            while (shape->type == ShapeType::list || shape->type == ShapeType::map) shape = shape->element->shape;
            const auto name = rest.substr(0, rest.find('.'));
            if (rest.find('.') == std::string::npos) untyped_members_.insert({shape, name});
            shape = find_member(shape, name)->shape;
        }
    }
}

bool Names::untyped(const Shape* shape) const {
    if (const auto at = untyped_.find(shape); at != untyped_.end()) return at->second;
    std::vector<const Shape*> path;
    std::set<const Shape*> seen;
    return untyped_[shape] = !can_be_typed(shape, path, seen);
}

bool Names::untyped_member(const Shape* structure, std::string_view member) const {
    return untyped_members_.contains({structure, std::string{member}});
}

bool Names::is_enum(const Shape* shape) {
    return shape->type == ShapeType::string && !shape->enum_values.empty() && shape->enum_values.size() <= most_enumerators;
}

void Names::collect(const Shape* shape) {
    if (shape->type == ShapeType::list || shape->type == ShapeType::map) return collect(shape->element->shape);
    if (!is_enum(shape) && shape->type != ShapeType::structure) return;
    if (const auto known = by_name_.find(of(shape)); known != by_name_.end()) {
        if (shape->type == ShapeType::structure && !same_members(known->second, shape))
            problems_.add({"providers/aws/types", 0},
                          fmt::format("two different structures are called {}: name one with \"as\".", of(shape)));
        return;
    }
    by_name_[of(shape)] = shape;
    if (is_enum(shape)) return enums_.push_back(shape);
    for (const auto& member : shape->members)
        if (!untyped(member.shape) && !untyped_member(shape, member.name)) collect(member.shape);
    structures_.push_back(shape);
}

std::string Names::of(const Shape* shape) const {
    std::string name;
    for (const char c : shape->name)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
    if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return taken_.contains(name) ? name + "Settings" : name;
}

std::string Names::element(const Shape* shape) const {
    if (untyped(shape)) return "Value";
    switch (shape->type) {
        case ShapeType::structure: return of(shape);
        case ShapeType::string: return is_enum(shape) ? of(shape) : "std::string";
        case ShapeType::timestamp: return "std::string";
        case ShapeType::integer: return "std::int64_t";
        case ShapeType::real: return "double";
        case ShapeType::boolean: return "bool";
        case ShapeType::blob: return "Bytes";
        case ShapeType::list:
        case ShapeType::map: return "Value";
    }
    return "Value";
}

std::string Names::argument(const Shape* shape) const {
    if (untyped(shape)) return "Input<Value>";
    if (shape->type == ShapeType::list) return fmt::format("List<{}>", element(shape->element->shape));
    if (shape->type == ShapeType::map) return fmt::format("Map<{}>", element(shape->element->shape));
    return fmt::format("Input<{}>", element(shape));
}

std::string Names::output(const Shape* shape) {
    switch (shape->type) {
        case ShapeType::string:
        case ShapeType::timestamp: return "std::string";
        case ShapeType::integer: return "std::int64_t";
        case ShapeType::real: return "double";
        case ShapeType::boolean: return "bool";
        case ShapeType::list: return shape->element->shape->type == ShapeType::string ? "std::vector<std::string>" : "Value";
        case ShapeType::structure:
        case ShapeType::map:
        case ShapeType::blob: return "Value";
    }
    return "Value";
}

}  // namespace strata::codegen
