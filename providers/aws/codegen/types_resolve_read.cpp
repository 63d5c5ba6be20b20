#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_resolver.hpp"

namespace strata::codegen {

using aws::Shape;

void Resolver::resolve_object(SourceDecl& source, std::vector<const Shape*>& objects, bool for_many) {
    const Shape* object = nullptr;
    resolve_source(source, &object, for_many);
    objects.push_back(object);
}

bool Resolver::bind(const Property& property, SourceDecl& source, const Shape* object) {
    if (object == nullptr) return true;
    const auto& decl = out_.decl;
    const auto own = source.paths.find(property.name);
    const auto common = decl.paths.find(property.name);
    const bool attribute = std::ranges::any_of(decl.attributes, [&](const auto& entry) { return entry.first == property.name; });
    std::string path = property.name;
    if (attribute) path = decl.attributes_out + "." + property.name;
    if (common != decl.paths.end()) path = common->second;
    if (own != source.paths.end()) path = own->second;
    std::string missing;
    const Shape* beside = nullptr;
    if (follow(object, path, &missing, &beside) == nullptr) {
        if (own != source.paths.end()) unknown_member(source.place, beside != nullptr ? beside->name : "the answer", missing, beside);
        return false;
    }
    source.fields.emplace_back(property.name, path);
    return true;
}

void Resolver::bind_properties(std::vector<SourceDecl>& sources, const std::vector<const Shape*>& objects, bool batched) {
    const auto& decl = out_.decl;
    for (const auto& property : out_.properties) {
        if (property.facet != 0 || property.local || property.write_only || property.name == "Tags") continue;
        bool bound = false;
        for (std::size_t i = 0; i < sources.size(); ++i) bound |= bind(property, sources[i], objects[i]);
        if (bound || is_id_part(property.name)) continue;
        std::vector<std::string> candidates;
        for (const auto* object : objects)
            for (auto& name : member_names(object)) candidates.push_back(std::move(name));
        problems_.add_unknown(
            decl.place,
            fmt::format("{}{} is in no {}answer: say where with \"map\", or list it under \"write_only\" or \"exclude\".",
                        decl.paths.contains(property.name) ? "the path of " : "", property.name, batched ? "batched " : ""),
            property.name, candidates);
    }
}

void Resolver::check_path(const std::vector<const Shape*>& objects, const std::string& path, const Location& place) {
    if (path.empty()) return;
    std::string missing;
    const Shape* beside = nullptr;
    for (const auto* object : objects)
        if (object == nullptr || follow(object, path, &missing, &beside) != nullptr) return;
    unknown_member(place, beside != nullptr ? beside->name : "the answer", missing, beside);
}

void Resolver::resolve_outputs(const std::vector<const Shape*>& objects) {
    const auto add = [&](std::string_view name, std::string label, const Shape* shape, bool stable, bool secret) {
        if (std::ranges::find(out_.outputs, name, &Output::name) != out_.outputs.end()) return;
        out_.outputs.push_back({std::string{name}, std::move(label), shape, stable, secret});
    };
    for (const auto& [name, output] : out_.decl.outputs) {
        const Shape* shape = output.shape.empty() ? nullptr : Models::builtin(output.shape);
        std::string missing;
        const Shape* beside = nullptr;
        for (const auto* object : objects)
            if (shape == nullptr && object != nullptr && !output.value) shape = follow(object, output.path, &missing, &beside);
        if (output.value) shape = Models::builtin("text");
        if (shape == nullptr) {
            check_path(objects, output.path, output.place);
            shape = Models::builtin("text");
        }
        add(name, snake_case(name), shape, output.stable || name == "Arn", output.secret);
    }
    const auto* text = Models::builtin("text");
    add("Id", "id", text, true, false);
    if (out_.decl.arn) add("Arn", "arn", text, true, false);
    for (const auto& part : out_.decl.id_parts) {
        add(part, snake_case(part), text, true, false);
        if (out_.decl.id_parts.size() == 1 && part != "Name" && part != "name") add("Name", "name", text, true, false);
    }
}

void Resolver::resolve_reads() {
    auto& decl = out_.decl;
    if (decl.read.empty()) {
        decl.read = decl.read_many;
        if (decl.read.empty()) problems_.add(decl.place, "\"read\" or \"read_many\" is missing.");
    }
    std::vector<const Shape*> direct, batched;
    for (auto& source : decl.read) resolve_object(source, direct, false);
    for (auto& source : decl.read_many) resolve_object(source, batched, true);
    bind_properties(decl.read, direct, false);
    if (!decl.read_many.empty()) bind_properties(decl.read_many, batched, true);
    resolve_outputs(direct);
    if (!decl.tags.from_read.empty()) {
        check_path(direct, decl.tags.from_read, decl.tags.place);
    }
    for (const auto& rule : decl.pending) check_path(direct, rule.path, decl.place);
    for (const auto& facet : decl.facets) {
        check_path(direct, facet.get ? "" : facet.from_read, facet.place);
        if (!decl.read_many.empty()) check_path(batched, facet.from_batch, facet.place);
    }
}

}  // namespace strata::codegen
