#include "config/edit.hpp"

#include <map>

#include "tests/config/fake_files.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

std::map<std::string, std::string> settings_in(const ConfigTarget& target) {
    const auto entries = list_config(target);
    require(entries.ok(), "a file that was changed can be read");
    std::map<std::string, std::string> settings;
    for (const auto& entry : *entries) settings[entry.key] = entry.value;
    return settings;
}

}  // namespace

/// A line with the name of a setting, a line with its new value, and the file.
void config_edit(std::string_view input) {
    const auto key = take_line(input);
    const auto value = take_line(input);
    FakeFiles files{{{"config/dev.yaml", std::string{input}}}};
    const ConfigTarget target{files, no_variables(), "config", "dev"};
    if (!list_config(target)) return;

    const auto before = settings_in(target);
    const auto change = set_config(target, key, value);
    auto after = settings_in(target);
    if (!change) {
        require_readable(change.error());
        require(after == before, "what fails changes nothing");
        return;
    }
    const auto changed = get_config(target, key);
    require(changed.ok() && changed->value == value, "a setting reads as it was set");
    for (const auto& [name, old] : before)
        if (name != changed->key && after.contains(name)) require(after[name] == old, "every other setting stays");
}

}  // namespace strata::fuzz
