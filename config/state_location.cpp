#include "config/state_location.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/base/address.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr std::string_view s3_scheme = "s3://";
constexpr std::string_view default_folder = ".strata/state";

// S3 user guide, "General purpose bucket naming rules".
constexpr std::size_t shortest_bucket = 3;
constexpr std::size_t longest_bucket = 63;

// An object's key has at most 1,024 bytes; a stack's name and what lies below it need their part.
constexpr std::size_t longest_prefix = 512;

struct Address {
    std::string_view bucket;
    std::string_view prefix;
};

/// Of a text that begins with "s3://".
Address address_of(std::string_view text) {
    text.remove_prefix(s3_scheme.size());
    const auto slash = std::min(text.find('/'), text.size());
    auto prefix = text.substr(std::min(slash + 1, text.size()));
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    return {text.substr(0, slash), prefix};
}

bool is_bucket_name(std::string_view name) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    const auto ends = [](char c) { return c != '-' && c != '.'; };
    return name.size() >= shortest_bucket && name.size() <= longest_bucket && std::ranges::all_of(name, fits) && ends(name.front()) &&
           ends(name.back()) && name.find("..") == std::string_view::npos;
}

bool is_prefix(std::string_view prefix) {
    if (prefix.empty()) return true;
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; };
    const auto is_no_part = [](const std::string& part) { return part.empty() || part == "." || part == ".."; };
    return prefix.size() <= longest_prefix && std::ranges::none_of(prefix, is_control) &&
           std::ranges::none_of(split(prefix, '/'), is_no_part);
}

std::optional<Complaint> bucket_complaint(std::string_view bucket) {
    if (is_bucket_name(bucket)) return std::nullopt;
    const auto meant = lower(bucket);
    return Complaint{fmt::format("must name a bucket of {} to {} lower-case letters, digits, dots and hyphens, but names {}.",
                                 shortest_bucket, longest_bucket, json_quoted(bucket)),
                     meant != bucket && is_bucket_name(meant) ? fmt::format("Did you mean {}?", json_quoted(meant)) : ""};
}

/// What stands there, without what may be a password.
std::string shown_address(std::string_view text) {
    const auto shown = shown_url(text);
    return json_quoted(shown) + (shown == text ? "" : " and more that is not shown");
}

/// Files are read by many and addresses shown by everybody.
std::optional<Complaint> user_complaint(std::string_view text) {
    if (!has_user(text)) return std::nullopt;
    return Complaint{"must have no user name and no password.", "Leave out what stands before the \"@\", and the \"@\"."};
}

std::optional<Complaint> location_complaint(std::string_view text) {
    if (text.empty()) return Complaint{"must not be empty."};
    const bool address = text.find("://") != std::string_view::npos || lower(text).starts_with("s3:");
    if (!address) return std::nullopt;
    if (auto complaint = user_complaint(text)) return complaint;
    const auto shown = shown_address(text);
    if (!text.starts_with(s3_scheme)) {
        return Complaint{fmt::format("must be a folder or s3://bucket/prefix, but is {}.", shown),
                         fmt::format("Write it like {}.", default_folder)};
    }
    if (const auto query = text.find('?'); query != std::string_view::npos)
        return Complaint{fmt::format("must be a folder or s3://bucket/prefix, but is {}.", shown),
                         fmt::format("Write what stands after the \"?\" as settings of their own:\n"
                                     "  state: {{url: {}, region: ..., profile: ..., endpoint: ...}}",
                                     text.substr(0, query))};
    const auto [bucket, prefix] = address_of(text);
    if (auto complaint = bucket_complaint(bucket)) return complaint;
    if (is_prefix(prefix)) return std::nullopt;
    return Complaint{fmt::format("must have a prefix like team/project, at most {} bytes, but is {}.", longest_prefix, shown)};
}

Check is_location() {
    return [](const Value& value) { return location_complaint(value.text_or("")); };
}

/// Of a text without complaint.
StateLocation location_of(std::string_view text) {
    if (!text.starts_with(s3_scheme)) return {.folder = text};
    const auto [bucket, prefix] = address_of(text);
    return {.kind = StateLocation::Kind::s3, .bucket = std::string{bucket}, .prefix = std::string{prefix}};
}

StateLocation located(std::string_view text, const std::filesystem::path& root, const std::string& region) {
    auto made = location_of(text);
    if (made.kind == StateLocation::Kind::s3) made.region = region;
    else if (made.folder.is_relative()) made.folder = root / made.folder;
    return made;
}

/// Other vendors call their only region "auto" or "default".
Check is_region_of_a_store() { return matching("[a-z0-9-]+", "a region like \"ca-central-1\" or \"auto\""); }

StateLocation read_section(ConfigReader& section, const std::filesystem::path& root, const std::string& region) {
    const auto url = section.required<std::string>("url", is_location());
    auto made = located(url.empty() ? default_folder : url, root, region);
    made.endpoint = section.maybe<std::string>("endpoint", is_url());
    const auto named = section.maybe<std::string>("region", section.has("endpoint") ? is_region_of_a_store() : is_region());
    read_identity(section, made);
    if (made.kind == StateLocation::Kind::s3) {
        made.region = named.value_or(region);
        return made;
    }
    for (const auto* name : {"region", "endpoint", "profile", "assume_role", "external_id"})
        if (!url.empty() && section.has(name))
            section.report(name, {"has no use with a folder.", "Remove the line, or name a bucket: s3://bucket/prefix."});
    return made;
}

}  // namespace

Check is_region() { return matching("[a-z]{2}(-[a-z]+)+-[0-9]+", "a region like \"ca-central-1\""); }

Check is_url() {
    static constexpr std::string_view wanted = "an address like \"http://127.0.0.1:4566\"";
    return [form = matching("https?://[^\\s/?#]+[^\\s?#]*", std::string{wanted})](const Value& value) -> std::optional<Complaint> {
        const auto text = value.text_or("");
        if (auto complaint = user_complaint(text)) return complaint;
        if (!form(value)) return std::nullopt;
        return Complaint{fmt::format("must be {}, but is {}.", wanted, shown_address(text))};
    };
}

Result<StateLocation> parse_state_location(std::string_view text) {
    if (auto complaint = location_complaint(text))
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "State location cannot be read",
                     .cause = fmt::format("The location of state {}", complaint->what),
                     .remedy = std::move(complaint->remedy)};
    return location_of(text);
}

StateLocation read_state_location(ConfigReader& header, const std::filesystem::path& root, const std::string& region) {
    if (const auto* node = header.raw("state"); node != nullptr && node->kind == ConfigNode::Kind::map) {
        auto section = header.section("state");
        return read_section(section, root, region);
    }
    return located(header.optional<std::string>("state", std::string{default_folder}, is_location()), root, region);
}

}  // namespace strata
