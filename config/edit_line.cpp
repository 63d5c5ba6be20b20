#include "config/edit_line.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/scalar.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr std::size_t indentation_step = 2;

/// A line with whatever ends it, so that putting lines together again gives the text.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == std::string_view::npos ? text.size() : end + 1;
        lines.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

std::string_view content_of(std::string_view line) {
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::size_t indentation_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::size_t skip_spaces(std::string_view line, std::size_t at) {
    while (at < line.size() && is_space(line[at])) ++at;
    return at;
}

/// Behind the closing quote of the text that opens at `at`; empty when it does not close on this line.
std::optional<std::size_t> behind_quoted(std::string_view line, std::size_t at) {
    const char quote = line[at];
    for (++at; at < line.size(); ++at) {
        const bool escape = quote == '"' && line[at] == '\\';
        const bool doubled = quote == '\'' && line[at] == quote && at + 1 < line.size() && line[at + 1] == quote;
        if (escape || doubled) ++at;
        else if (line[at] == quote) return at + 1;
    }
    return std::nullopt;
}

/// Behind the colon that ends the key at `at`.
std::optional<std::size_t> behind_key(std::string_view line, std::size_t at) {
    if (at >= line.size()) return std::nullopt;
    if (line[at] == '"' || line[at] == '\'') {
        const auto end = behind_quoted(line, at);
        if (!end) return std::nullopt;
        at = skip_spaces(line, *end);
        return at < line.size() && line[at] == ':' ? std::optional{at + 1} : std::nullopt;
    }
    for (; at < line.size(); ++at)
        if (line[at] == ':' && (at + 1 == line.size() || is_space(line[at + 1]))) return at + 1;
    return std::nullopt;
}

/// Behind the scalar that begins at `at`: a tag, then quoted or plain text. Empty for what is no scalar on one line.
std::optional<std::size_t> behind_scalar(std::string_view line, std::size_t at) {
    if (line[at] == '!') {
        while (at < line.size() && !is_space(line[at])) ++at;
        at = skip_spaces(line, at);
        if (at == line.size()) return std::nullopt;
    }
    if (line[at] == '"' || line[at] == '\'') return behind_quoted(line, at);
    if (std::string_view{"|>&*[{"}.find(line[at]) != std::string_view::npos) return std::nullopt;

    auto end = at;
    while (end < line.size() && !(line[end] == '#' && is_space(line[end - 1]))) ++end;
    while (end > at && is_space(line[end - 1])) --end;
    return end;
}

/// The line with another scalar behind the key at `key`.
std::optional<std::string> with_value(const std::string& whole, std::size_t key, std::string_view written) {
    const auto line = content_of(whole);
    const auto colon = behind_key(line, key);
    if (!colon) return std::nullopt;
    const auto begin = skip_spaces(line, *colon);
    if (begin == line.size() || line[begin] == '#') return fmt::format("{} {}{}", line.substr(0, *colon), written, whole.substr(*colon));

    const auto end = behind_scalar(line, begin);
    if (!end) return std::nullopt;
    return fmt::format("{}{}{}", line.substr(0, begin), written, whole.substr(*end));
}

/// The index of the last line that belongs to the map whose last child begins at line `from` with this indentation: its
/// continuation, list items, and comments right below it.
std::size_t last_line_of(const std::vector<std::string>& lines, std::size_t from, std::size_t indentation) {
    auto last = from;
    for (auto i = from + 1; i < lines.size(); ++i) {
        const auto line = content_of(lines[i]);
        const auto depth = indentation_of(line);
        if (trimmed(line).empty()) continue;
        const auto begins = line.substr(depth);
        const bool item = begins == "-" || begins.starts_with("- ");
        const bool comment = begins.starts_with('#') && i == last + 1;
        if (depth < indentation || (depth == indentation && !item && !comment)) break;
        last = i;
    }
    return last;
}

struct Insertion {
    std::size_t after = 0;  ///< index of a line
    std::size_t indentation = 0;
};

Insertion insertion_into(const ConfigNode& section, const std::vector<std::string>& lines) {
    if (section.kind == ConfigNode::Kind::null) return {section.key_line - 1, section.key_column - 1 + indentation_step};
    const auto& last = section.children.back();
    const std::size_t indentation = last.key_column - 1;
    return {last_line_of(lines, last.key_line - 1, indentation), indentation};
}

void insert(std::vector<std::string>& lines, Insertion at, const std::vector<std::string>& names, std::string_view written) {
    auto& before = lines[at.after];
    const bool windows = before.ends_with("\r\n");
    const std::string_view ending = windows ? "\r\n" : "\n";
    if (!before.ends_with('\n')) before += ending;

    std::string added;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string margin(at.indentation + i * indentation_step, ' ');
        const bool is_last = i + 1 == names.size();
        added += fmt::format("{}{}:{}{}{}", margin, names[i], is_last ? " " : "", is_last ? written : "", ending);
    }
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at.after) + 1, added);
}

Error refused(const Location& place, std::string_view path, std::string_view why) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Setting cannot be edited in place",
                 .cause = fmt::format("{}: {} {}.", place.text(), path, why),
                 .remedy = "Edit the file by hand.",
                 .location = place};
}

/// The same values in the same order, wherever they stand.
bool same_values(const ConfigNode& a, const ConfigNode& b) {
    if (a.kind != b.kind || a.key != b.key || a.text != b.text || a.sealed != b.sealed || a.quoted != b.quoted) return false;
    return std::ranges::equal(a.children, b.children, same_values);
}

ConfigNode* follow_all(ConfigNode& root, std::string_view path) {
    const auto found = follow(root, path);
    return found.missing.empty() ? const_cast<ConfigNode*>(found.node) : nullptr;  // points into `root`, which is not const
}

/// The tree as it should read after the change.
ConfigNode expected_tree(ConfigNode root, const SettingPath& target, const ConfigNode& value) {
    auto* node = follow_all(root, target.reached);
    if (!target.missing.empty()) {
        for (const auto& name : split(target.missing, '.')) {
            node->kind = ConfigNode::Kind::map;
            node->children.push_back(ConfigNode{.key = name});
            node = &node->children.back();
        }
    }
    node->kind = value.kind;
    node->text = value.text;
    node->quoted = value.quoted;
    node->sealed = value.sealed;
    return root;
}

/// The tree as it should read without the node.
ConfigNode tree_without(ConfigNode root, const SettingPath& target) {
    const auto above = target.reached.substr(0, target.reached.size() - target.node->key.size());
    auto& siblings = (above.empty() ? &root : follow_all(root, above.substr(0, above.size() - 1)))->children;
    std::erase_if(siblings, [&](const ConfigNode& node) { return node.key == target.node->key; });
    return root;
}

/// A map without settings is written, and read, as nothing.
bool same_but_for_empty_sections(const ConfigNode& a, const ConfigNode& b) {
    const auto kind_of = [](const ConfigNode& node) {
        return node.kind == ConfigNode::Kind::map && node.children.empty() ? ConfigNode::Kind::null : node.kind;
    };
    if (kind_of(a) != kind_of(b) || a.key != b.key || a.text != b.text || a.sealed != b.sealed || a.quoted != b.quoted) return false;
    return std::ranges::equal(a.children, b.children, same_but_for_empty_sections);
}

/// The index of the last line that stands deeper than the key at line `from`, or belongs to the list below it.
std::size_t last_line_below(const std::vector<std::string>& lines, std::size_t from) {
    const auto indentation = indentation_of(content_of(lines[from]));
    auto last = from;
    for (auto i = from + 1; i < lines.size(); ++i) {
        const auto line = content_of(lines[i]);
        if (trimmed(line).empty()) continue;
        const auto depth = indentation_of(line);
        const auto begins = line.substr(depth);
        const bool item = depth == indentation && (begins == "-" || begins.starts_with("- "));
        if (depth <= indentation && !item) break;
        last = i;
    }
    return last;
}

/// Behind the brace that closes the one at `at`; empty when it does not on this line.
std::optional<std::size_t> behind_braces(std::string_view line, std::size_t at) {
    std::size_t open = 0;
    while (at < line.size()) {
        const char c = line[at];
        if (c == '"' || c == '\'') {
            const auto end = behind_quoted(line, at);
            if (!end) return std::nullopt;
            at = *end;
            continue;
        }
        if (c == '#' && is_space(line[at - 1])) return std::nullopt;
        if (c == '{') ++open;
        if (c == '}' && --open == 0) return at + 1;
        ++at;
    }
    return std::nullopt;
}

/// Why the node cannot be replaced or added to; empty when it can.
std::string_view obstacle(const SettingPath& target) {
    const auto& node = *target.node;
    const bool adding = !target.missing.empty();
    for (const auto* section : target.above) {
        if (section->flow) return "stands in {braces}";
        if (section->anchored) return "belongs to an anchor or alias";
    }
    if (node.flow) return node.kind == ConfigNode::Kind::list ? "is a list in [brackets]" : "is a section in {braces}";
    if (node.anchored) return "belongs to an anchor or alias";
    if (node.kind == ConfigNode::Kind::list) return "is a list";
    if (adding) return node.kind == ConfigNode::Kind::scalar ? "is no section" : "";
    if (node.kind == ConfigNode::Kind::map) return "is a section";
    return node.place.line != node.key_line ? "does not begin on the line of its name" : "";
}

}  // namespace

SettingPath follow(const ConfigNode& root, std::string_view path) {
    SettingPath at{.node = &root, .reached = {}, .missing = std::string{path}};
    while (!at.missing.empty() && at.node->kind == ConfigNode::Kind::map) {
        const ConfigNode* longest = nullptr;
        for (const auto& child : at.node->children) {
            const bool goes_on = at.missing.starts_with(child.key + ".") && at.missing.size() > child.key.size() + 1;
            const bool begins = goes_on || at.missing == child.key;
            if (begins && (longest == nullptr || child.key.size() > longest->key.size())) longest = &child;
        }
        if (longest == nullptr) return at;
        at.above.push_back(at.node);
        at.node = longest;
        at.reached += (at.reached.empty() ? "" : ".") + longest->key;
        at.missing.erase(0, std::min(longest->key.size() + 1, at.missing.size()));
    }
    return at;
}

std::string written_value(const ConfigNode& node) {
    const auto text = node.quoted ? json_quoted(node.text) : node.text;
    return node.sealed ? "!sealed " + text : text;
}

char first_character(std::string_view text, const ConfigNode& node) {
    if (node.kind == ConfigNode::Kind::null) return '\0';
    const auto lines = lines_of(text);
    if (node.place.line == 0 || node.place.line > lines.size()) return '\0';
    const auto& line = lines[node.place.line - 1];
    return node.column == 0 || node.column > line.size() ? '\0' : line[node.column - 1];
}

Result<std::string> with_setting(std::string_view text, const std::string& file, std::string_view path, std::string_view written) {
    const auto root = parse_yaml(text, file);
    if (!root) return root.error();
    const auto value = parse_yaml(fmt::format("key: {}\n", written), file);
    if (!value) return value.error();

    const auto target = follow(*root, path);
    const auto place = target.node->key_place();
    if (const auto why = obstacle(target); !why.empty()) return refused(place, target.reached.empty() ? "the file" : target.reached, why);

    auto lines = lines_of(text);
    if (target.missing.empty()) {
        auto changed = with_value(lines.at(target.node->key_line - 1), target.node->key_column - 1, written);
        if (!changed) return refused(place, path, "does not stand on one line");
        lines[target.node->key_line - 1] = *std::move(changed);
    } else {
        insert(lines, insertion_into(*target.node, lines), split(target.missing, '.'), written);
    }

    auto result = join(lines, "");
    const auto reread = parse_yaml(result, file);
    if (!reread || !same_values(*reread, expected_tree(*root, target, value->children.at(0))))
        return refused(place, path, "does not stand alone on one line");
    return result;
}

Result<std::string> without_setting(std::string_view text, const std::string& file, std::string_view path) {
    const auto root = parse_yaml(text, file);
    if (!root) return root.error();
    const auto target = follow(*root, path);
    if (!target.missing.empty()) return std::string{text};
    const auto place = target.node->key_place();
    for (const auto* section : target.above) {
        if (section->flow) return refused(place, path, "stands in {braces}");
        if (section->anchored) return refused(place, path, "belongs to an anchor or alias");
    }

    auto lines = lines_of(text);
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(target.node->key_line - 1);
    const auto last = lines.begin() + static_cast<std::ptrdiff_t>(last_line_below(lines, target.node->key_line - 1));
    lines.erase(first, last + 1);

    auto result = join(lines, "");
    const auto reread = parse_yaml(result, file);
    if (!reread || !same_but_for_empty_sections(*reread, tree_without(*root, target)))
        return refused(place, path, "does not stand on lines of its own");
    return result;
}

Result<std::string> with_section_in_lines(std::string_view text, const std::string& file, std::string_view name) {
    const auto root = parse_yaml(text, file);
    if (!root) return root.error();
    const auto* section = root->find(name);
    if (section == nullptr || !section->flow) return std::string{text};
    const auto place = section->key_place();

    auto lines = lines_of(text);
    auto& whole = lines.at(section->key_line - 1);
    const auto line = content_of(whole);
    const auto colon = behind_key(line, section->key_column - 1);
    const auto begin = colon ? skip_spaces(line, *colon) : line.size();
    const auto end = begin < line.size() && line[begin] == '{' ? behind_braces(line, begin) : std::nullopt;
    const bool single_values = std::ranges::all_of(section->children, [](const ConfigNode& child) { return child.children.empty(); });
    if (!colon || !end || !single_values) return refused(place, name, "is more than single values in {braces} on one line");

    const std::string_view ending = whole.ends_with("\r\n") ? "\r\n" : "\n";
    auto rewritten = fmt::format("{}{}{}", line.substr(0, *colon), line.substr(*end), ending);
    for (const auto& child : section->children)
        rewritten += fmt::format("{}{}: {}{}", std::string(indentation_step, ' '), text_as_yaml(child.key), written_value(child), ending);
    whole = std::move(rewritten);

    auto result = join(lines, "");
    const auto reread = parse_yaml(result, file);
    if (!reread || !same_values(*reread, *root)) return refused(place, name, "cannot be written line by line");
    return result;
}

}  // namespace strata
