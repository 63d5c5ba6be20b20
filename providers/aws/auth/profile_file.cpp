#include "providers/aws/auth/profile_file.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

constexpr std::size_t mistakes_shown = 20;
/// A nested setting repeats the name that it stands below: without this bound a file of 1 MB could take gigabytes.
constexpr std::size_t longest_name = 128;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Without a comment that begins at the start of the trimmed line, or after a blank further on.
std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool starts_comment = line[i] == '#' || line[i] == ';';
        if (starts_comment && (i == 0 || is_blank(line[i - 1]))) return line.substr(0, i);
    }
    return line;
}

class Reader {
public:
    Reader(std::string_view file, ProfileFileKind kind, Profiles& out) : file_{file}, kind_{kind}, out_{out} {}

    Status read(std::string_view text) {
        if (text.size() > longest_profile_file)
            return unreadable(fmt::format("{}: more than {} bytes.", file_, longest_profile_file), "Check that this is a profile file.");
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        while (!text.empty()) {
            ++line_;
            const auto end = text.find('\n');
            read_line(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return result();
    }

private:
    void read_line(std::string_view raw) {
        if (raw.ends_with('\r')) raw.remove_suffix(1);
        const bool nested = !raw.empty() && is_blank(raw.front());
        const auto line = trimmed(without_comment(trimmed(raw)));
        if (line.empty()) return;
        if (line.front() == '[' && !nested) return begin_section(line);
        read_setting(line, nested);
    }

    void begin_section(std::string_view line) {
        settings_ = nullptr;
        group_.clear();
        skipping_ = false;
        const auto end = line.find(']');
        if (end == std::string_view::npos) return mistake("the section's name has no closing bracket");
        if (!trimmed(line.substr(end + 1)).empty()) return mistake("something stands after the section's closing bracket");
        auto* const found = section(trimmed(line.substr(1, end - 1)));
        if (found == nullptr) skipping_ = true;  // of a kind that is not ours to judge
        settings_ = found;
    }

    Settings* section(std::string_view title) {
        const auto blank = title.find_first_of(" \t");
        const auto kind = title.substr(0, blank);
        auto name = blank == std::string_view::npos ? std::string_view{} : trimmed(title.substr(blank));
        if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front())
            name = name.substr(1, name.size() - 2);
        if (title.empty()) {
            mistake("the section has no name");
            return nullptr;
        }
        if (kind == "profile" && !name.empty()) return &out_.profiles[std::string{name}];
        if (kind == "sso-session" && !name.empty()) return &out_.sso_sessions[std::string{name}];
        if (kind == "services" && !name.empty()) return &out_.services[std::string{name}];
        if (title == "default" || kind_ == ProfileFileKind::credentials) return &out_.profiles[std::string{title}];
        return nullptr;
    }

    void read_setting(std::string_view line, bool nested) {
        if (skipping_) return;
        if (settings_ == nullptr) return mistake("a setting stands before the first section");
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) {
            // The second line of a value that was folded.
            if (nested && !last_.empty()) {
                (*settings_)[last_] += fmt::format("\n{}", line);
                return;
            }
            return mistake("a line is neither \"name = value\" nor a [section]");
        }
        const auto name = lower(trimmed(line.substr(0, equals)));
        const auto value = trimmed(line.substr(equals + 1));
        if (name.empty()) return mistake("a setting has no name");
        if (nested && group_.empty()) return mistake("an indented setting stands below no other");
        auto full_name = nested ? fmt::format("{}.{}", group_, name) : name;
        const bool too_long = full_name.size() > longest_name;
        if (!nested) group_ = value.empty() && !too_long ? name : std::string{};
        if (too_long) return mistake(fmt::format("a setting's name is longer than {} bytes", longest_name));
        last_ = std::move(full_name);
        (*settings_)[last_] = value;
    }

    void mistake(std::string_view what) {
        ++mistakes_;
        last_.clear();
        if (mistakes_ > mistakes_shown) return;
        if (mistakes_ > 1) report_ += '\n';
        report_ += fmt::format("{}:{}: {}.", file_, line_, what);
    }

    Status result() {
        if (mistakes_ == 0) return {};
        if (mistakes_ > mistakes_shown) report_ += fmt::format("\n... and {} more.", mistakes_ - mistakes_shown);
        return unreadable(report_, "Correct these lines; each setting is `name = value`, in a section such as [default].");
    }

    static Error unreadable(std::string cause, std::string remedy) {
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "AWS profile file cannot be read",
                     .cause = std::move(cause),
                     .remedy = std::move(remedy)};
    }

    std::string_view file_;
    ProfileFileKind kind_;
    Profiles& out_;
    Settings* settings_ = nullptr;
    bool skipping_ = false;
    std::string group_;  ///< the setting without value that indented lines belong to
    std::string last_;
    std::uint32_t line_ = 0;
    std::size_t mistakes_ = 0;
    std::string report_;
};

}  // namespace

const Settings* Profiles::find(std::string_view profile) const {
    const auto found = profiles.find(profile);
    return found == profiles.end() ? nullptr : &found->second;
}

Status read_profiles(std::string_view text, std::string_view file, ProfileFileKind kind, Profiles& out) {
    return Reader{file, kind, out}.read(text);
}

}  // namespace strata::aws
