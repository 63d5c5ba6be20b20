#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/checks.hpp"
#include "config/secret_box.hpp"
#include "config/yaml.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/model/input.hpp"

namespace strata {

/// Reads one section of a configuration file into typed values. Every mistake goes to the Diagnostics, with file and line,
/// and reading goes on with an empty value (false, 0, ""): look at the Diagnostics before using what was read.
/// When a section is finished, each setting in it that was never asked for is a mistake.
///
/// Types: bool, int, std::int64_t, double, std::string, SecretText, and std::vector<std::string>,
/// std::vector<std::int64_t>, std::map<std::string, std::string>; a Check looks at every item of a list and every value
/// of a map. A setting without a value ("cidr:") counts as not set.
class ConfigReader {
public:
    /// @param section  must outlive the reader, as must `found` and `secrets`
    /// @param name     of the section as it stands in the file ("settings"); also what sealed secrets are bound to
    /// @param secrets  opens sealed settings; without it a sealed one is a mistake
    ConfigReader(const ConfigNode& section, std::string name, Diagnostics& found, SecretBox* secrets = nullptr);
    ConfigReader(const ConfigReader&) = delete;
    ConfigReader& operator=(const ConfigReader&) = delete;
    /// Finishes the section.
    ~ConfigReader() { finish(); }

    template <typename T>
    T required(std::string_view name, const Check& check = {}) {
        T value{};
        read(need(name), name, check, value);
        return value;
    }
    template <typename T>
    T optional(std::string_view name, T otherwise, const Check& check = {}) {
        read(ask(name), name, check, otherwise);
        return otherwise;
    }
    /// Empty when it is not set.
    template <typename T>
    std::optional<T> maybe(std::string_view name, const Check& check = {}) {
        const auto* node = ask(name);
        if (node == nullptr) return std::nullopt;
        T value{};
        read(node, name, check, value);
        return value;
    }

    /// A word out of a closed set: `choice<Nat>("nat", {{"single", Nat::single}, {"per_zone", Nat::per_zone}})`. Required, unless
    /// `otherwise` is given.
    template <typename E>
    E choice(std::string_view name, std::initializer_list<std::pair<const char*, E>> words, std::optional<E> otherwise = {}) {
        std::vector<std::string> known;
        for (const auto& word : words) known.emplace_back(word.first);
        const auto text = otherwise ? maybe<std::string>(name, one_of(known)) : required<std::string>(name, one_of(known));
        for (const auto& [word, meaning] : words)
            if (text == word) return meaning;
        return otherwise.value_or(words.begin()->second);
    }

    /// An IPv4 network in CIDR form; see ipv4_network().
    std::string cidr(std::string_view name, int shortest_prefix = 16, int longest_prefix = 28);
    /// The characters as they stand in the file, also where they look like a number: "012345678901". Required.
    std::string as_written(std::string_view name, const Check& check = {});

    /// True when the section has this setting with a value; asking so does not count as reading it.
    [[nodiscard]] bool has(std::string_view name) const;
    /// The section below `name`. One that is not there reads as empty: its required settings are then the mistakes.
    ConfigReader section(std::string_view name);
    /// Every item of a list of sections, in order; none when the list is not there.
    void each(std::string_view name, const std::function<void(ConfigReader& item)>& read_item);
    /// Every section of a map of sections, in the file's order; none when the map is not there.
    void each_named(std::string_view name, const std::function<void(const std::string& key, ConfigReader& item)>& read_item);
    /// The whole value below `name`, for a reader of its own; nullptr when it is not set.
    const ConfigNode* raw(std::string_view name) { return ask(name); }

    /// Reports a mistake that the program itself finds: "<setting> <what>", at the setting's line or else the section's.
    void report(std::string_view name, Complaint complaint);

    /// Reports what was never asked for; once. The destructor does it too.
    void finish();

    /// Of the section, for a program's own messages.
    [[nodiscard]] Location place() const { return section_->key_place(); }

private:
    ConfigReader(const ConfigReader& parent, const ConfigNode& section, std::string path);

    const ConfigNode* ask(std::string_view name);
    const ConfigNode* need(std::string_view name);
    // Nothing happens without a node. `name` may be an item's: "zones[1]".
    void read(const ConfigNode* node, std::string_view name, const Check& check, bool& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, int& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, std::int64_t& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, double& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, std::string& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, SecretText& value);
    void read(const ConfigNode* node, std::string_view name, const Check& check, std::map<std::string, std::string>& value);
    template <typename T>
    void read(const ConfigNode* node, std::string_view name, const Check& check, std::vector<T>& value) {
        if (node == nullptr || !is_list(*node, name)) return;
        value.assign(node->children.size(), T{});
        for (std::size_t i = 0; i < value.size(); ++i) read(&node->children[i], item_name(name, i), check, value[i]);
    }

    static std::string item_name(std::string_view name, std::size_t index);
    [[nodiscard]] std::string path_of(std::string_view name) const;
    bool is_list(const ConfigNode& node, std::string_view name);
    bool is_section(const ConfigNode& node, std::string_view name);
    void wrong_type(const ConfigNode& node, std::string_view name, std::string_view wanted, std::string remedy);
    void complain(const Location& place, std::string_view name, Complaint complaint);
    bool passes(const ConfigNode& node, std::string_view name, const Check& check, const Value& value);

    ConfigNode absent_;  ///< stands in for a section that is not there
    const ConfigNode* section_;
    std::string root_;  ///< "settings"
    std::string path_;  ///< below the root: "network"; "" for the root itself
    Diagnostics* found_;
    SecretBox* secrets_;
    bool silent_ = false;  ///< the section is of the wrong type, which was said once
    bool finished_ = false;
    std::vector<std::string> asked_;
};

}  // namespace strata
