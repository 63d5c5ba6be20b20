#include "tests/providers/aws/types/case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/resource/types.hpp"
#include "tests/engine/deploy/test_stack.hpp"

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

bool is_set(const Value& document, std::string_view name) {
    const auto* found = document.find(name);
    return found != nullptr && found->boolean_or(false);
}

/// A text cut at its "${name.Output}"s: what stands between them, and what they name.
struct TextPart {
    std::string text;
    std::string name;  ///< of a thing; empty: plain text
    std::string output;
};

std::vector<TextPart> parts_of(std::string_view text, const std::function<bool(std::string_view)>& is_thing) {
    std::vector<TextPart> parts;
    std::size_t done = 0;
    for (auto open = text.find("${"); open != std::string_view::npos; open = text.find("${", open + 1)) {
        const auto close = text.find('}', open);
        const auto dot = text.find('.', open);
        if (close == std::string_view::npos || dot == std::string_view::npos || dot > close) continue;
        const auto name = text.substr(open + 2, dot - open - 2);
        if (!is_thing(name)) continue;
        if (open > done) parts.push_back({.text = std::string{text.substr(done, open - done)}, .name = {}, .output = {}});
        parts.push_back({.text = {}, .name = std::string{name}, .output = std::string{text.substr(dot + 1, close - dot - 1)}});
        done = close + 1;
    }
    if (done < text.size()) parts.push_back({.text = std::string{text.substr(done)}, .name = {}, .output = {}});
    return parts;
}

/// `value` with each text put through `change`.
Value with_texts(const Value& value, const std::function<Value(const std::string&)>& change) {
    if (const auto* text = value.string()) return change(*text);
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(with_texts(item, change));
        return out;
    }
    if (const auto* members = value.map()) {
        ValueMap out;
        for (const auto& [key, inner] : *members) out.set(key, with_texts(inner, change));
        return out;
    }
    return value;
}

using Declarations = std::map<std::string, AnyResource, std::less<>>;

/// The text, an output where it is nothing but one, or an output that puts it together.
Value referring(const std::string& text, const Declarations& things) {
    const auto parts = parts_of(text, [&](std::string_view name) { return things.contains(name); });
    std::vector<Output<Value>> outputs;
    for (const auto& part : parts)
        if (!part.name.empty()) outputs.push_back(things.find(part.name)->second.any_output(part.output));
    if (outputs.empty()) return text;
    if (parts.size() == 1) return outputs.front().reference();
    const auto joined = all(outputs).map([parts](const std::vector<Value>& known) {
        std::string whole;
        std::size_t next = 0;
        for (const auto& part : parts) whole += part.name.empty() ? part.text : known[next++].revealed().text_or("");
        return whole;
    });
    return joined.reference();
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
                 .together = {},
                 .not_varied = {}};
    if (out.type == nullptr) return wrong(path, "no such type");
    out.stays = is_set(*document, "stays");
    if (const auto* given = document->find("given"); given != nullptr && given->list() != nullptr)
        for (const auto& item : *given->list()) {
            out.given.push_back({.name = text_of(item, "name"),
                                 .type = find_resource_type(text_of(item, "type")),
                                 .properties = map_of(item, "properties"),
                                 .stays = is_set(item, "stays")});
            if (out.given.back().type == nullptr) return wrong(path, "no type for " + out.given.back().name);
        }
    for (const auto& [name, values] : map_of(*document, "vary")) out.vary.emplace_back(name, values);
    if (const auto* together = document->find("together"); together != nullptr && together->list() != nullptr)
        for (const auto& values : *together->list()) out.together.push_back(*values.map());
    for (const auto& [name, why] : map_of(*document, "not_varied")) out.not_varied[name] = why.text_or("");
    return out;
}

ValueMap filled(const ValueMap& properties, const OutputsByName& outputs) {
    const auto fill = [&](const std::string& text) -> Value {
        std::string whole;
        for (const auto& part : parts_of(text, [&](std::string_view name) { return outputs.contains(name); })) {
            if (part.name.empty()) {
                whole += part.text;
                continue;
            }
            const auto* output = outputs.find(part.name)->second.find(part.output);
            whole += output != nullptr ? output->revealed().text_or("") : "";
        }
        return whole;
    };
    return *with_texts(Value{properties}, fill).map();
}

std::function<void(Stack&)> program_of(const TypeCase& which, std::optional<ValueMap> thing) {
    return [&which, thing = std::move(thing)](Stack& stack) {
        Declarations things;
        const auto declare = [&](const Scope& scope, const std::string& name, const ResourceType& type, const ValueMap& properties,
                                 bool stays) {
            const auto wanted = with_texts(Value{properties}, [&](const std::string& text) { return referring(text, things); });
            return AnyResource{scope, name, type, *wanted.map(), {.retain_on_delete = stays}};
        };
        const Component given{stack, "given"};
        for (const auto& item : which.given) things.emplace(item.name, declare(given, item.name, *item.type, item.properties, item.stays));
        if (thing) declare(stack, "thing", *which.type, *thing, false);
    };
}

}  // namespace strata::aws
