#include "config/reader.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "config/scalar.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

/// More names than this help nobody who misspelt one.
constexpr std::size_t names_shown = 12;
/// Of one run; what one mistake brings with it is far less.
constexpr std::size_t mistakes_shown = 100;

Error config_error(std::string summary, const Location& place, std::string_view what, std::string remedy) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = std::move(summary),
                 .cause = place.known() ? fmt::format("{}: {}", place.text(), what) : std::string{what},
                 .remedy = std::move(remedy),
                 .location = place};
}

bool enough_said(const Diagnostics& found) { return found.errors().size() > mistakes_shown; }

/// Reports a mistake, unless the file is so full of them that it must be another file.
void report_to(Diagnostics& found, Error mistake) {
    if (enough_said(found)) return;
    if (found.errors().size() < mistakes_shown) return found.error(std::move(mistake));
    found.error(config_error("Too many mistakes", {mistake.location.file, 0}, fmt::format("there are more than these {}.", mistakes_shown),
                             "Correct these first, and see that this is the right file."));
}

std::string text_remedy(const ConfigNode& node) {
    if (node.kind != ConfigNode::Kind::scalar || node.sealed) return {};
    return fmt::format("Put it in quotes: {}.", json_quoted(node.text));
}

/// For a boolean or number that stands in quotes, or a boolean of YAML 1.1.
std::string plain_remedy(const ConfigNode& node, bool wants_boolean) {
    if (node.kind != ConfigNode::Kind::scalar || node.sealed) return {};
    constexpr std::array<std::string_view, 3> yes = {"yes", "on", "y"};
    constexpr std::array<std::string_view, 3> no = {"no", "off", "n"};
    if (wants_boolean && std::ranges::find(yes, lower(node.text)) != yes.end()) return "Write true.";
    if (wants_boolean && std::ranges::find(no, lower(node.text)) != no.end()) return "Write false.";

    auto plain = node;
    plain.quoted = false;
    const auto value = core_value(plain);
    const bool fits = wants_boolean ? value.boolean() != nullptr : value.integer() != nullptr || value.real() != nullptr;
    return node.quoted && fits ? "Remove the quotes." : "";
}

std::string known_names(std::vector<std::string> names) {
    if (names.empty() || names.size() > names_shown) return {};
    std::ranges::sort(names);
    return fmt::format("It knows {}.", join(names, ", "));
}

}  // namespace

ConfigReader::ConfigReader(const ConfigNode& section, std::string name, Diagnostics& found, SecretBox* secrets)
    : section_{&section}, root_{std::move(name)}, found_{&found}, secrets_{secrets} {
    silent_ = section.kind != ConfigNode::Kind::null && !is_section(section, "");
}

ConfigReader::ConfigReader(const ConfigReader& parent, const ConfigNode& section, std::string path)
    : section_{&section}, root_{parent.root_}, path_{std::move(path)}, found_{parent.found_}, secrets_{parent.secrets_} {
    if (section.kind == ConfigNode::Kind::null) {
        absent_.place = section.place.known() ? section.place : parent.place();
        section_ = &absent_;
    }
    silent_ = parent.silent_ || (section.kind != ConfigNode::Kind::null && !is_section(section, ""));
}

std::string ConfigReader::path_of(std::string_view name) const {
    if (name.empty()) return path_.empty() ? root_ : path_;
    return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
}

std::string ConfigReader::item_name(std::string_view name, std::size_t index) { return fmt::format("{}[{}]", name, index); }

bool ConfigReader::has(std::string_view name) const {
    const auto* node = section_->find(name);
    return node != nullptr && node->kind != ConfigNode::Kind::null;
}

const ConfigNode* ConfigReader::ask(std::string_view name) {
    if (std::ranges::find(asked_, name) == asked_.end()) asked_.emplace_back(name);
    return has(name) ? section_->find(name) : nullptr;
}

const ConfigNode* ConfigReader::need(std::string_view name) {
    const auto* node = ask(name);
    if (node != nullptr || silent_) return node;
    const auto* empty = section_->find(name);
    const auto where = empty != nullptr ? empty->key_place() : place();
    report_to(*found_, config_error("Missing setting", where, fmt::format("{} does not set \"{}\", which is required.", path_of(""), name),
                                    fmt::format("Give \"{}\" a value.", name)));
    return nullptr;
}

void ConfigReader::complain(const Location& place, std::string_view name, Complaint complaint) {
    report_to(*found_,
              config_error("Invalid setting", place, fmt::format("{} {}", path_of(name), complaint.what), std::move(complaint.remedy)));
}

void ConfigReader::wrong_type(const ConfigNode& node, std::string_view name, std::string_view wanted, std::string remedy) {
    report_to(*found_, config_error("Setting of the wrong type", node.place,
                                    fmt::format("{} must be {}, but is {}.", path_of(name), wanted, described(node)), std::move(remedy)));
}

bool ConfigReader::is_list(const ConfigNode& node, std::string_view name) {
    if (node.kind == ConfigNode::Kind::list) return true;
    const bool one_item = node.kind == ConfigNode::Kind::scalar && !node.sealed;
    wrong_type(node, name, "a list", one_item ? "Write each item on a line of its own, after \"- \"." : "");
    return false;
}

bool ConfigReader::is_section(const ConfigNode& node, std::string_view name) {
    if (node.kind == ConfigNode::Kind::map) return true;
    wrong_type(node, name, "a section", "Write its settings on the lines below it, indented.");
    return false;
}

bool ConfigReader::passes(const ConfigNode& node, std::string_view name, const Check& check, const Value& value) {
    auto complaint = check ? check(value) : std::nullopt;
    if (!complaint) return true;
    complain(node.place, name, *std::move(complaint));
    return false;
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, bool& value) {
    if (node == nullptr) return;
    const auto found = core_value(*node);
    if (found.boolean() == nullptr) return wrong_type(*node, name, "true or false", plain_remedy(*node, true));
    if (passes(*node, name, check, found)) value = *found.boolean();
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, std::int64_t& value) {
    if (node == nullptr) return;
    const auto found = core_value(*node);
    if (found.integer() == nullptr) return wrong_type(*node, name, "a whole number", plain_remedy(*node, false));
    if (passes(*node, name, check, found)) value = *found.integer();
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, int& value) {
    using Limits = std::numeric_limits<int>;
    std::int64_t wide = value;
    read(node, name, check ? check : between(Limits::min(), Limits::max()), wide);
    if (wide < Limits::min() || wide > Limits::max()) return complain(node->place, name, {"is too large a number."});
    value = static_cast<int>(wide);
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, double& value) {
    if (node == nullptr) return;
    const auto found = core_value(*node);
    if (found.real() == nullptr && found.integer() == nullptr) return wrong_type(*node, name, "a number", plain_remedy(*node, false));
    if (!passes(*node, name, check, found)) return;
    value = found.real() != nullptr ? *found.real() : static_cast<double>(*found.integer());
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, std::string& value) {
    if (node == nullptr) return;
    if (node->sealed) return complain(node->place, name, {"is a sealed secret, but is not used as one.", "Set it again without --secret."});
    const auto found = core_value(*node);
    if (found.string() == nullptr) return wrong_type(*node, name, "text", text_remedy(*node));
    if (passes(*node, name, check, found)) value = *found.string();
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, SecretText& value) {
    if (node == nullptr) return;
    const auto setting = fmt::format("{}.{}", root_, path_of(name));
    if (!node->sealed) {
        const auto environment = secrets_ != nullptr ? " --env " + secrets_->environment() : std::string{};
        return complain(
            node->place, name,
            {"is a secret and must not stand in a file in clear.",
             fmt::format("Seal it, and let nobody use the old one any more:\n  strata config set {} --secret{}", setting, environment)});
    }
    if (secrets_ == nullptr) return complain(node->place, name, {"is a sealed secret, which cannot be opened here."});

    auto plain = secrets_->open(node->text, setting);
    if (!plain) {
        auto failure = std::move(plain).error();
        if (!failure.location.known()) {
            failure.location = node->place;
            failure.cause = fmt::format("{}: {}", node->place.text(), failure.cause);
        }
        // A key that cannot be had is told once, not for each secret.
        const auto& told = found_->errors();
        if (std::ranges::any_of(told, [&](const Error& error) { return error.text() == failure.text(); })) return;
        return report_to(*found_, std::move(failure));
    }
    // What a check complains about would show the secret: only that it does not pass is said.
    if (check && check(*plain))
        return complain(node->place, name, {"is a sealed secret whose content is not valid here.", "Set it again."});
    value.text = *std::move(plain);
}

void ConfigReader::read(const ConfigNode* node, std::string_view name, const Check& check, std::map<std::string, std::string>& value) {
    if (node == nullptr || !is_section(*node, name)) return;
    value.clear();
    for (const auto& child : node->children) read(&child, fmt::format("{}.{}", name, child.key), check, value[child.key]);
}

std::string ConfigReader::cidr(std::string_view name, int shortest_prefix, int longest_prefix) {
    return required<std::string>(name, ipv4_network(shortest_prefix, longest_prefix));
}

std::string ConfigReader::as_written(std::string_view name, const Check& check) {
    const auto* node = need(name);
    if (node == nullptr) return {};
    auto text = *node;
    text.quoted = true;
    std::string value;
    read(&text, name, check, value);
    return value;
}

ConfigReader ConfigReader::section(std::string_view name) {
    const auto* node = ask(name);
    return ConfigReader{*this, node != nullptr ? *node : absent_, path_of(name)};
}

void ConfigReader::each(std::string_view name, const std::function<void(ConfigReader& item)>& read_item) {
    const auto* node = ask(name);
    if (node == nullptr || !is_list(*node, name)) return;
    for (std::size_t i = 0; i < node->children.size(); ++i) {
        ConfigReader item{*this, node->children[i], path_of(item_name(name, i))};
        read_item(item);
    }
}

void ConfigReader::each_named(std::string_view name, const std::function<void(const std::string& key, ConfigReader& item)>& read_item) {
    const auto* node = ask(name);
    if (node == nullptr || !is_section(*node, name)) return;
    for (const auto& child : node->children) {
        ConfigReader item{*this, child, fmt::format("{}.{}", path_of(name), child.key)};
        read_item(child.key, item);
    }
}

void ConfigReader::report(std::string_view name, Complaint complaint) {
    const auto* node = section_->find(name);
    complain(node != nullptr ? node->key_place() : place(), name, std::move(complaint));
}

void ConfigReader::finish() {
    if (finished_) return;
    finished_ = true;
    if (silent_) return;
    for (const auto& child : section_->children) {
        if (enough_said(*found_)) return;
        if (std::ranges::find(asked_, child.key) != asked_.end()) continue;
        const auto meant = nearest(child.key, asked_);
        report_to(*found_,
                  config_error("Unknown setting", child.key_place(), fmt::format("{} has no setting \"{}\".", path_of(""), child.key),
                               meant ? fmt::format("Did you mean \"{}\"?", *meant) : known_names(asked_)));
    }
}

}  // namespace strata
