#include "config/edit.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/edit_line.hpp"
#include "config/environment.hpp"
#include "config/new_key.hpp"
#include "config/scalar.hpp"
#include "config/secret_box.hpp"
#include "config/yaml.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr std::array<std::string_view, 11> header_names = {"name",  "account",    "region",    "partition", "zones",   "endpoint",
                                                           "state", "encryption", "endpoints", "providers", "settings"};

struct Opened {
    std::filesystem::path file;
    std::string text;
    ConfigNode root;
};

Result<Opened> opened(const ConfigTarget& target) {
    auto file = environment_file(target.files, target.config_dir, target.environment);
    if (!file) return std::move(file).error();
    auto text = target.files.read_front(*file, YamlLimits{}.bytes + 1);
    if (!text) return std::move(text).error();
    auto root = parse_yaml(*text, file->string());
    if (!root) return std::move(root).error();
    return Opened{*std::move(file), *std::move(text), *std::move(root)};
}

Error refused(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::invalid_config, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

bool is_leaf(const ConfigNode& node) { return node.kind == ConfigNode::Kind::scalar || node.kind == ConfigNode::Kind::null; }

std::string shown(const ConfigNode& node) {
    if (node.sealed) return "(secret)";
    if (is_leaf(node)) return node.text;
    std::vector<std::string> items;
    for (const auto& child : node.children) items.push_back(shown(child));
    return node.kind == ConfigNode::Kind::list ? fmt::format("[{}]", join(items, ", ")) : "{}";
}

void gather(const ConfigNode& node, const std::string& path, std::vector<ConfigEntry>& entries) {
    const bool flat = std::ranges::all_of(node.children, is_leaf);
    const bool whole = is_leaf(node) || node.children.empty() || (node.kind == ConfigNode::Kind::list && flat);
    if (whole) return entries.push_back({path, shown(node), node.sealed, node.key_place()});
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const auto& child = node.children[i];
        const auto name = node.kind == ConfigNode::Kind::list ? fmt::format("{}[{}]", path, i)
                          : path.empty()                      ? child.key
                                                              : fmt::format("{}.{}", path, child.key);
        gather(child, name, entries);
    }
}

std::vector<ConfigEntry> entries_of(const ConfigNode& root) {
    std::vector<ConfigEntry> entries;
    if (root.kind == ConfigNode::Kind::map) gather(root, "", entries);
    return entries;
}

/// What `key` may have been meant to be: the same below "settings", or a near name of an existing setting.
std::string suggestion(const ConfigNode& root, std::string_view key) {
    const auto below = follow(root, fmt::format("settings.{}", key));
    std::vector<std::string> known;
    for (auto& entry : entries_of(root)) known.push_back(std::move(entry.key));
    const auto meant = below.missing.empty() ? below.reached : nearest(key, known).value_or("");
    return meant.empty() ? "List the settings with `strata config ls`." : fmt::format("Did you mean \"{}\"?", meant);
}

Error unknown(const Opened& config, std::string_view key) {
    return refused("Unknown setting", fmt::format("{} has no setting \"{}\".", config.file.string(), key), suggestion(config.root, key));
}

bool is_name(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

/// A new setting must be one that somebody can read: in the header or below `settings`, and of a plain name.
Status may_add(const Opened& config, const SettingPath& path, std::string_view key) {
    const auto names = split(path.missing, '.');
    if (!std::ranges::all_of(names, is_name))
        return refused("Setting has no valid name",
                       fmt::format("\"{}\" is not made of names (letters, digits, _ and -) with dots between.", key), "");
    const auto first = key.substr(0, key.find('.'));
    if (std::ranges::find(header_names, first) == header_names.end()) return unknown(config, key);
    return {};
}

std::string_view type_name(const Value& value) {
    if (value.boolean() != nullptr) return "true or false";
    return value.integer() != nullptr ? "a whole number" : "a number";
}

/// `value` in YAML, of the type and in the quotes that the setting had.
Result<std::string> written_as(const Opened& config, const ConfigNode* old, std::string_view key, std::string_view value) {
    if (old == nullptr || old->kind != ConfigNode::Kind::scalar) return stays_plain(value) ? std::string{value} : json_quoted(value);

    const auto before = core_value(*old);
    if (before.string() != nullptr) {
        if (!old->quoted) return text_as_yaml(value);
        const bool single = first_character(config.text, *old) == '\'' && json_quoted(value).size() == value.size() + 2;
        if (single && value.find('\'') == std::string_view::npos) return fmt::format("'{}'", value);
        return json_quoted(value);
    }

    const auto after = core_value({.kind = ConfigNode::Kind::scalar, .text = std::string{value}});
    const bool widened = before.real() != nullptr && after.integer() != nullptr;
    if (after.kind() == before.kind() || widened) return std::string{value};
    return refused("Value of the wrong type", fmt::format("{} must be {}, but {} is not.", key, type_name(before), json_quoted(value)), "");
}

bool holds_secrets(const ConfigNode& node) { return node.sealed || std::ranges::any_of(node.children, holds_secrets); }

/// Seals `value`; the first secret of an environment brings the key, and what the text has to say of it.
Result<std::string> sealed_into(const ConfigTarget& target, Opened& config, std::string_view key, std::string_view value) {
    const ConfigText before{.file = config.file, .text = config.text};
    auto settings = encryption_in(before, target.environment);
    if (!settings) return std::move(settings).error();
    EnvironmentKeys keys{
        target.environment, *std::move(settings), {.files = target.files, .variables = target.variables, .kms = target.kms}};
    const bool only_on_this_machine = keys.settings().key.kind == KeySource::Kind::file;
    if (!keys.has_material() && (only_on_this_machine || !holds_secrets(config.root))) {
        auto text = with_first_key(before, keys);
        if (!text) return text;
        config.text = *std::move(text);
    }
    auto sealed = SecretBox{keys}.seal(value, key);
    return sealed ? Result<std::string>{"!sealed " + *sealed} : std::move(sealed).error();
}

}  // namespace

Result<std::vector<ConfigEntry>> list_config(const ConfigTarget& target) {
    const auto config = opened(target);
    if (!config) return config.error();
    return entries_of(config->root);
}

Result<ConfigEntry> get_config(const ConfigTarget& target, std::string_view key) {
    const auto config = opened(target);
    if (!config) return config.error();
    const auto entries = entries_of(config->root);
    const auto found = std::ranges::find(entries, key, &ConfigEntry::key);
    if (found != entries.end()) return *found;

    const auto path = follow(config->root, key);
    if (!path.missing.empty()) return unknown(*config, key);
    return refused("Setting is a section", fmt::format("{}: {} holds several settings.", path.node->key_place().text(), key),
                   "List them with `strata config ls`.");
}

Result<ConfigChange> set_config(const ConfigTarget& target, std::string_view key, std::string_view value, Secrecy secrecy) {
    auto config = opened(target);
    if (!config) return config.error();
    const auto path = follow(config->root, key);
    const bool adding = !path.missing.empty();
    if (adding)
        if (auto allowed = may_add(*config, path, key); !allowed) return std::move(allowed).error();
    if (!is_utf8(value)) return refused("Value is not text", fmt::format("The value for {} is not UTF-8.", key), "");
    if (!adding && path.node->sealed && secrecy == Secrecy::clear)
        return refused("Setting is a secret", fmt::format("{}: {} is sealed.", path.node->key_place().text(), key), "Add --secret.");

    const auto before = config->text;
    const auto* const old = adding ? nullptr : path.node;
    const auto written = secrecy == Secrecy::sealed ? sealed_into(target, *config, key, value) : written_as(*config, old, key, value);
    if (!written) return written.error();
    const auto after = with_setting(config->text, config->file.string(), key, *written);
    if (!after) return after.error();

    const auto reread = parse_yaml(*after, config->file.string());
    if (!reread) return reread.error();
    ConfigChange change{.place = follow(*reread, key).node->key_place(), .added = adding, .written = *after != before};
    if (!change.written) return change;
    if (auto saved = target.files.replace(config->file, *after, config_mode); !saved) return std::move(saved).error();
    return change;
}

}  // namespace strata
