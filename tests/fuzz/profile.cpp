#include "providers/aws/auth/profile_file.hpp"

#include <fmt/format.h>

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

using aws::ProfileFileKind;

/// A folded value goes on in indented lines.
std::string folded(const std::string& value) {
    std::string out;
    for (const char c : value) out += c == '\n' ? std::string{"\n "} : std::string{c};
    return out;
}

std::string as_file(const aws::Profiles& profiles) {
    std::string text;
    const auto add = [&](std::string_view kind, const auto& sections) {
        for (const auto& [name, settings] : sections) {
            text += fmt::format("[{} \"{}\"]\n", kind, name);
            for (const auto& [key, value] : settings) text += fmt::format("{}={}\n", key, folded(value));
        }
    };
    add("profile", profiles.profiles);
    add("services", profiles.services);
    add("sso-session", profiles.sso_sessions);
    return text;
}

void require_same_when_written(const aws::Profiles& read) {
    aws::Profiles again;
    const auto status = aws::read_profiles(as_file(read), "again", ProfileFileKind::config, again);
    require(status.ok(), "what was read can be written and read again");
    const bool same = read.profiles == again.profiles && read.services == again.services && read.sso_sessions == again.sso_sessions;
    require(same, "what is written reads as the same profiles");
}

}  // namespace

void profile(std::string_view input) {
    for (const auto kind : {ProfileFileKind::config, ProfileFileKind::credentials}) {
        aws::Profiles read;
        const auto status = aws::read_profiles(input, "file", kind, read);
        if (status) require_same_when_written(read);
        else require_readable(status.error());
    }
}

}  // namespace strata::fuzz
