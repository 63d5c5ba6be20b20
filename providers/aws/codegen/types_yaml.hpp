#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "engine/base/error.hpp"

namespace strata::codegen {

/// Mistakes in type files, each at its line, all reported in one run.
class Problems {
public:
    void add(const Location& place, std::string message, std::string remedy = {});
    /// As add(), with "Did you mean ...?" when one of `candidates` is near `word`.
    void add_unknown(const Location& place, std::string message, std::string_view word, const std::vector<std::string>& candidates);
    void add_all(const Problems& others) { lines_.insert(lines_.end(), others.lines_.begin(), others.lines_.end()); }
    [[nodiscard]] bool empty() const { return lines_.empty(); }
    /// One compiler-style line each: "file:line: error: message".
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::string> lines_;
};

/// A part of a type file that knows its place. Asking for the wrong kind is reported, and yields nothing.
class Yaml {
public:
    Yaml(const YAML::Node& node, const std::string& file, Problems& problems) : node_{node}, file_{&file}, problems_{&problems} {}

    [[nodiscard]] bool present() const { return node_.IsDefined() && !node_.IsNull(); }
    [[nodiscard]] bool is_map() const { return node_.IsMap(); }
    [[nodiscard]] bool is_list() const { return node_.IsSequence(); }
    [[nodiscard]] bool is_scalar() const { return node_.IsScalar(); }
    /// Written in quotes: text even when it looks like a number.
    [[nodiscard]] bool quoted() const { return node_.Tag() == "!"; }
    [[nodiscard]] Location place() const;
    [[nodiscard]] Problems& problems() const { return *problems_; }

    /// Reports every key that is not among `known`.
    void allow(const std::vector<std::string>& known) const;
    [[nodiscard]] Yaml at(std::string_view key) const;
    [[nodiscard]] std::vector<std::pair<std::string, Yaml>> entries() const;
    [[nodiscard]] std::vector<Yaml> items() const;

    [[nodiscard]] std::string text(std::string_view otherwise = {}) const;
    [[nodiscard]] bool flag(bool otherwise = false) const;
    [[nodiscard]] int number(int otherwise) const;
    /// A list of texts; one text counts as a list of one.
    [[nodiscard]] std::vector<std::string> texts() const;
    /// The content as JSON text.
    [[nodiscard]] std::string json() const;

private:
    YAML::Node node_;
    const std::string* file_;
    Problems* problems_;
};

/// A whole number or true/false as YAML reads a plain scalar; empty when it is text.
std::optional<std::int64_t> plain_integer(std::string_view text);
std::optional<bool> plain_boolean(std::string_view text);

}  // namespace strata::codegen
