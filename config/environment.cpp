#include "config/environment.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/checks.hpp"
#include "config/reader.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr std::string_view extension = ".yaml";

Error unusable(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::invalid_config, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Check in_region(const std::string& region) {
    return [region](const Value& value) -> std::optional<Complaint> {
        const auto zone = value.text_or("");
        if (region.empty() || (zone.starts_with(region) && zone.size() > region.size())) return std::nullopt;
        return Complaint{fmt::format("must be a zone of {}, but is \"{}\".", region, zone)};
    };
}

Environment read_names(ConfigReader& header, std::string_view name) {
    Environment made;
    made.name = header.optional<std::string>("name", std::string{name});
    if (made.name != name)
        header.report("name", {fmt::format("must be \"{}\" as the file is called, but is \"{}\".", name, made.name), "Remove the line."});
    made.account = header.as_written("account", matching("[0-9]{12}", "an account id of twelve digits"));
    made.region = header.required<std::string>("region", is_region());
    made.partition = header.optional<std::string>("partition", partition_of(made.region), one_of({"aws", "aws-cn", "aws-us-gov"}));
    made.zones = header.optional<std::vector<std::string>>("zones", {}, in_region(made.region));
    return made;
}

ChangeBudget read_budget(ConfigReader& header, std::string_view environment) {
    auto section = header.section("budget");
    ChangeBudget made{.place = section.place()};
    made.data_losses = section.maybe<std::int64_t>("data_losses", at_least(0));
    made.deletions = section.maybe<std::int64_t>("deletions", at_least(0));
    if (!made.data_losses && environment != "local") made.data_losses = 0;
    return made;
}

ProviderSettings read_provider(ConfigReader& section, const std::string& name, const std::string& region) {
    ProviderSettings made{.name = name, .kind = name.substr(0, name.find('.')), .place = section.place()};
    if (made.kind != "aws")
        section.report("", {"is no provider of this version.", "Call it \"aws\", or for a further instance \"aws.NAME\"."});
    made.region = section.optional<std::string>("region", region, is_region());
    read_identity(section, made);
    made.default_tags = section.optional<std::map<std::string, std::string>>("default_tags", {});
    made.ignore_tags = section.optional<std::vector<std::string>>("ignore_tags", {}, not_empty());
    return made;
}

std::vector<ProviderSettings> read_providers(ConfigReader& header, const std::string& region) {
    std::vector<ProviderSettings> made;
    header.each_named("providers",
                      [&](const std::string& name, ConfigReader& section) { made.push_back(read_provider(section, name, region)); });
    if (std::ranges::find(made, "aws", &ProviderSettings::name) == made.end())
        made.insert(made.begin(), ProviderSettings{.name = "aws", .kind = "aws", .region = region});
    return made;
}

LoadedEnvironment read_header(const ConfigNode& root, std::string_view name, const std::filesystem::path& file, Diagnostics& found) {
    const auto project = file.parent_path().parent_path();
    ConfigReader header{root, "the environment", found};
    LoadedEnvironment made{.environment = read_names(header, name), .file = file};
    made.endpoint = header.maybe<std::string>("endpoint", is_url());
    made.endpoints = header.optional<std::map<std::string, std::string>>("endpoints", {}, is_url());
    made.state = read_state_location(header, project, made.environment.region);
    made.encryption = read_encryption(
        header, {.environment = std::string{name}, .root = project, .region = made.environment.region, .endpoint = made.endpoint});
    made.budget = read_budget(header, name);
    made.providers = read_providers(header, made.environment.region);
    if (const auto* settings = header.raw("settings")) made.settings = *settings;
    else made.settings.place = {file.string(), 0};
    return made;
}

bool is_name(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

}  // namespace

std::string partition_of(std::string_view region) {
    if (region.starts_with("cn-")) return "aws-cn";
    if (region.starts_with("us-gov-")) return "aws-us-gov";
    return "aws";
}

bool is_on_this_machine(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return false;
    url.remove_prefix(scheme + 3);
    const auto is_host = [&](std::string_view name) {
        return url.starts_with(name) && (url.size() == name.size() || url[name.size()] == ':' || url[name.size()] == '/');
    };
    return url.starts_with("127.") || is_host("localhost") || is_host("[::1]");
}

Result<std::vector<std::string>> list_environments(Files& files, const std::filesystem::path& config_dir) {
    const auto listed = files.list(config_dir);
    if (!listed) return listed.error();
    std::vector<std::string> names;
    for (const std::string_view file : *listed) {
        const auto name = file.substr(0, file.size() - std::min(file.size(), extension.size()));
        if (file.ends_with(extension) && is_name(name)) names.emplace_back(name);
    }
    return names;
}

Result<std::filesystem::path> environment_file(Files& files, const std::filesystem::path& config_dir, std::string_view name) {
    const auto names = list_environments(files, config_dir);
    if (!names) return names.error();
    if (std::ranges::find(*names, name) != names->end()) return config_dir / fmt::format("{}{}", name, extension);

    if (names->empty())
        return unusable("Unknown environment", fmt::format("{} holds no environment's file.", config_dir.string()),
                        fmt::format("Write {}, or run the command in the project's folder.", (config_dir / "local.yaml").string()));
    const auto meant = nearest(name, *names);
    return unusable("Unknown environment",
                    fmt::format("{} has no file \"{}{}\"; there are {}.", config_dir.string(), name, extension, join(*names, ", ")),
                    meant ? fmt::format("Did you mean \"{}\"?", *meant) : "");
}

std::optional<LoadedEnvironment> load_environment(Files& files, const std::filesystem::path& config_dir, std::string_view name,
                                                  Diagnostics& found) {
    const auto give_up = [&](Error why) {
        found.error(std::move(why));
        return std::nullopt;
    };
    const auto file = environment_file(files, config_dir, name);
    if (!file) return give_up(file.error());
    const auto text = files.read_front(*file, YamlLimits{}.bytes + 1);
    if (!text) return give_up(text.error());
    return read_environment(*text, *file, name, found);
}

std::optional<LoadedEnvironment> read_environment(std::string_view text, const std::filesystem::path& file, std::string_view name,
                                                  Diagnostics& found) {
    const auto root = parse_yaml(text, file.string());
    if (root) return read_header(*root, name, file, found);
    found.error(root.error());
    return std::nullopt;
}

}  // namespace strata
