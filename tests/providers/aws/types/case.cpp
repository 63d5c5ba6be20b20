#include "tests/providers/aws/types/case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/resource/types.hpp"

namespace strata::aws {

namespace {

const std::filesystem::path folder = std::filesystem::path{STRATA_SOURCE_DIR} / "tests/providers/aws/types";

Error wrong(const std::filesystem::path& path, std::string cause) {
    return {.kind = ErrorKind::invalid_config,
            .summary = "Wrong case file",
            .cause = fmt::format("{}: {}", path.string(), cause),
            .remedy = ""};
}

ValueMap map_of(const Value& document, std::string_view name) {
    const auto* found = document.find(name);
    return found != nullptr && found->map() != nullptr ? *found->map() : ValueMap{};
}

std::string text_of(const Value& document, std::string_view name) {
    const auto* found = document.find(name);
    return std::string{found != nullptr ? found->text_or("") : ""};
}

std::string filled_text(std::string text, const std::map<std::string, Thing>& things) {
    for (auto open = text.find("${"); open != std::string::npos; open = text.find("${", open + 1)) {
        const auto close = text.find('}', open);
        const auto dot = text.find('.', open);
        if (close == std::string::npos || dot == std::string::npos || dot > close) continue;
        const auto thing = things.find(text.substr(open + 2, dot - open - 2));
        if (thing == things.end()) continue;
        const auto* output = thing->second.outputs.find(text.substr(dot + 1, close - dot - 1));
        if (output != nullptr) text.replace(open, close - open + 1, output->revealed().text_or(""));
    }
    return text;
}

}  // namespace

std::filesystem::path case_path(const std::string& name) { return folder / (name + ".json"); }

std::vector<std::string> all_cases() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
        if (entry.path().extension() == ".json")
            names.push_back(std::filesystem::relative(entry.path(), folder).replace_extension().string());
    std::ranges::sort(names);
    return names;
}

Result<TypeCase> read_case(const std::filesystem::path& path) {
    const auto text = real_files().read(path);
    if (!text) return text.error();
    const auto document = parse_json(*text, path.string());
    if (!document) return document.error();
    TypeCase out{.type = find_resource_type(text_of(*document, "type")),
                 .given = {},
                 .base = map_of(*document, "base"),
                 .stays = false,
                 .vary = {},
                 .not_varied = {}};
    if (out.type == nullptr) return wrong(path, "no such type");
    out.stays = document->find("stays") != nullptr && document->find("stays")->boolean_or(false);
    if (const auto* given = document->find("given"); given != nullptr && given->list() != nullptr)
        for (const auto& item : *given->list()) {
            out.given.push_back({.name = text_of(item, "name"),
                                 .type = find_resource_type(text_of(item, "type")),
                                 .properties = map_of(item, "properties")});
            if (out.given.back().type == nullptr) return wrong(path, "no type for " + out.given.back().name);
        }
    for (const auto& [name, values] : map_of(*document, "vary")) out.vary.emplace_back(name, values);
    for (const auto& [name, why] : map_of(*document, "not_varied")) out.not_varied[name] = why.text_or("");
    return out;
}

Value filled(const Value& value, const std::map<std::string, Thing>& things) {
    if (const auto* text = value.string()) return filled_text(*text, things);
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(filled(item, things));
        return out;
    }
    if (const auto* map = value.map()) {
        ValueMap out;
        for (const auto& [key, inner] : *map) out.set(filled_text(key, things), filled(inner, things));
        return out;
    }
    return value;
}

}  // namespace strata::aws
