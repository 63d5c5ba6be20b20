#include "providers/aws/codegen/types_yaml.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata::codegen {

void Problems::add(const Location& place, std::string message, std::string remedy) {
    lines_.push_back(fmt::format("{}:{}: error: {}{}{}", place.file, place.line, message, remedy.empty() ? "" : " ", remedy));
}

void Problems::add_unknown(const Location& place, std::string message, std::string_view word, const std::vector<std::string>& candidates) {
    const auto near = nearest(word, candidates);
    add(place, std::move(message), near ? fmt::format("Did you mean \"{}\"?", *near) : std::string{});
}

std::string Problems::text() const { return join(lines_, "\n"); }

Location Yaml::place() const {
    const auto line = node_.IsDefined() ? node_.Mark().line : -1;
    return {*file_, static_cast<std::uint32_t>(line + 1)};
}

void Yaml::allow(const std::vector<std::string>& known) const {
    if (!present()) return;
    if (!is_map()) return problems_->add(place(), "a map is wanted here");
    for (const auto& entry : node_) {
        const auto key = entry.first.as<std::string>();
        if (std::ranges::find(known, key) != known.end()) continue;
        const Location where{*file_, static_cast<std::uint32_t>(entry.first.Mark().line + 1)};
        problems_->add_unknown(where, fmt::format("unknown key \"{}\".", key), key, known);
    }
}

Yaml Yaml::at(std::string_view key) const {
    if (!node_.IsDefined() || !node_.IsMap()) return {YAML::Node{YAML::NodeType::Undefined}, *file_, *problems_};
    const YAML::Node constant = node_;
    for (const auto& entry : constant)
        if (entry.first.as<std::string>() == key) return {entry.second, *file_, *problems_};
    return {YAML::Node{YAML::NodeType::Undefined}, *file_, *problems_};
}

std::vector<std::pair<std::string, Yaml>> Yaml::entries() const {
    std::vector<std::pair<std::string, Yaml>> out;
    if (!present()) return out;
    if (!is_map()) {
        problems_->add(place(), "a map is wanted here");
        return out;
    }
    for (const auto& entry : node_) out.emplace_back(entry.first.as<std::string>(), Yaml{entry.second, *file_, *problems_});
    return out;
}

std::vector<Yaml> Yaml::items() const {
    std::vector<Yaml> out;
    if (!present()) return out;
    if (!is_list()) return {*this};
    for (const auto& item : node_) out.emplace_back(item, *file_, *problems_);
    return out;
}

std::string Yaml::text(std::string_view otherwise) const {
    if (!present()) return std::string{otherwise};
    if (is_scalar()) return node_.Scalar();
    problems_->add(place(), "a text is wanted here");
    return std::string{otherwise};
}

bool Yaml::flag(bool otherwise) const {
    if (!present()) return otherwise;
    if (is_scalar())
        if (const auto value = plain_boolean(node_.Scalar())) return *value;
    problems_->add(place(), "true or false is wanted here");
    return otherwise;
}

int Yaml::number(int otherwise) const {
    if (!present()) return otherwise;
    if (is_scalar())
        if (const auto value = plain_integer(node_.Scalar())) return static_cast<int>(*value);
    problems_->add(place(), "a whole number is wanted here");
    return otherwise;
}

std::vector<std::string> Yaml::texts() const {
    std::vector<std::string> out;
    for (const auto& item : items()) out.push_back(item.text());
    return out;
}

std::string Yaml::json() const {
    if (!present()) return "null";
    if (is_list()) {
        std::vector<std::string> parts;
        for (const auto& item : items()) parts.push_back(item.json());
        return fmt::format("[{}]", join(parts, ","));
    }
    if (is_map()) {
        std::vector<std::string> parts;
        for (const auto& [key, value] : entries()) parts.push_back(fmt::format("{}:{}", json_quoted(key), value.json()));
        return fmt::format("{{{}}}", join(parts, ","));
    }
    auto scalar = node_.Scalar();
    if (!quoted() && (plain_boolean(scalar) || plain_integer(scalar))) return scalar;
    return json_quoted(scalar);
}

std::optional<std::int64_t> plain_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<bool> plain_boolean(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

}  // namespace strata::codegen
