#include "providers/aws/auth/chain.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/auth/metadata.hpp"
#include "providers/aws/auth/process.hpp"

namespace strata::aws {

namespace {

using Found = Result<std::optional<Credentials>>;

constexpr Milliseconds process_timeout{60'000};

Error credentials_error(std::string cause, std::string remedy) {
    return Error{
        .kind = ErrorKind::credentials, .summary = "Credentials cannot be used", .cause = std::move(cause), .remedy = std::move(remedy)};
}

std::string setting(const Settings& settings, std::string_view name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string{} : found->second;
}

std::string path_of(const Variables& environment, std::string_view variable, std::string_view below_home) {
    auto path = environment(variable).value_or(fmt::format("~/{}", below_home));
    if (path.starts_with("~/")) path = environment("HOME").value_or("") + path.substr(1);
    return path;
}

Result<std::string> read_token(Files& files, const std::string& path) {
    auto content = files.read(path);
    if (!content) return std::move(content).error();
    const auto token = trimmed(*content);
    if (token.empty())
        return credentials_error(fmt::format("{} holds no web identity token.", path), "Let the identity provider write it anew.");
    return std::string{token};
}

Found wrapped(Result<Credentials> found) {
    if (!found) return std::move(found).error();
    return std::optional{*std::move(found)};
}

class Search {
public:
    Search(const CredentialsQuery& query, const CredentialsSources& sources) : query_{query}, from_{sources} {}

    Result<Credentials> run() {
        auto searched = first_source();
        if (!searched) return std::move(searched).error();
        const std::optional<Credentials> found = *std::move(searched);
        if (!found) return nothing_found();
        if (query_.assume_role.empty()) return *found;
        return assume({.role_arn = query_.assume_role, .session_name = {}, .external_id = query_.external_id}, &*found);
    }

private:
    Found first_source() {
        if (query_.profile.empty()) {
            auto found = from_environment();
            if (!found || *found) return found;
            tried("environment: AWS_ACCESS_KEY_ID is not set");
        }
        if (auto found = from_chosen_profile(); !found || *found) return found;
        if (auto found = from_web_identity(); !found || *found) return found;
        tried("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
        if (auto found = container_credentials(from_.environment, from_.files, from_.http); !found || *found) return found;
        tried("container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set");
        if (auto found = instance_credentials(from_.environment, from_.http); !found || *found) return found;
        const bool disabled = equal_ignoring_case(from_.environment("AWS_EC2_METADATA_DISABLED").value_or(""), "true");
        tried(disabled ? "instance metadata: turned off by AWS_EC2_METADATA_DISABLED" : "instance metadata: no answer with a role");
        return std::optional<Credentials>{};
    }

    Found from_environment() const {
        const auto access_key = from_.environment("AWS_ACCESS_KEY_ID");
        const auto secret_key = from_.environment("AWS_SECRET_ACCESS_KEY");
        if (!access_key && !secret_key) return std::optional<Credentials>{};
        if (!access_key || !secret_key)
            return credentials_error(fmt::format("{} is set, but {} is not.", access_key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                                                 access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID"),
                                     "Set both, or neither.");
        return std::optional{Credentials{*access_key, *secret_key, from_.environment("AWS_SESSION_TOKEN").value_or("")}};
    }

    Found from_chosen_profile() {
        auto loaded = load_profiles(from_.environment, from_.files);
        if (!loaded) return std::move(loaded).error();
        profiles_ = *std::move(loaded);
        const auto name = profile_name(query_.profile, from_.environment);
        if (profiles_.find(name) == nullptr) {
            if (name != "default") return no_such_profile(name);
            tried("shared files: no profile \"default\" in " + config_path() + " or " + credentials_path());
            return std::optional<Credentials>{};
        }
        auto found = from_profile(name);
        if (found && !*found) tried(fmt::format("shared files: profile \"{}\" has no credentials", name));
        return found;
    }

    Found from_profile(const std::string& name) {
        if (std::ranges::find(visited_, name) != visited_.end()) {
            visited_.push_back(name);
            return credentials_error(fmt::format("Profiles use each other as source: {}.", join(visited_, " -> ")),
                                     "Let one of them hold keys of its own.");
        }
        visited_.push_back(name);
        const auto* const settings = profiles_.find(name);
        if (settings == nullptr) return no_such_profile(name);
        if (settings->contains("role_arn")) return from_role(name, *settings);
        return from_own_settings(name, *settings);
    }

    /// Keys, a process, or an SSO session of the profile itself.
    Found from_own_settings(const std::string& name, const Settings& settings) const {
        const auto access_key = setting(settings, "aws_access_key_id");
        const auto secret_key = setting(settings, "aws_secret_access_key");
        if (access_key.empty() != secret_key.empty())
            return credentials_error(fmt::format("Profile \"{}\" has only one of aws_access_key_id and aws_secret_access_key.", name),
                                     "Give it both.");
        if (!access_key.empty()) return std::optional{Credentials{access_key, secret_key, setting(settings, "aws_session_token")}};
        if (const auto command = setting(settings, "credential_process"); !command.empty()) {
            const auto output = run_credential_process(command, process_timeout);
            if (!output) return output.error();
            return wrapped(credentials_from_json(*output, "SessionToken", fmt::format("the credential_process of profile \"{}\"", name)));
        }
        if (settings.contains("sso_session") || settings.contains("sso_start_url"))
            return credentials_error(fmt::format("Profile \"{}\" signs in by SSO, which is not supported.", name),
                                     fmt::format("Sign in with the AWS command line and let it hand the keys over, in a profile with:\n"
                                                 "  credential_process = aws configure export-credentials --profile {}",
                                                 name));
        return std::optional<Credentials>{};
    }

    Found from_role(const std::string& name, const Settings& settings) {
        if (settings.contains("mfa_serial"))
            return credentials_error(fmt::format("Profile \"{}\" asks for a one-time code (mfa_serial), which is not supported.", name),
                                     fmt::format("Let the AWS command line ask for it, in a profile with:\n"
                                                 "  credential_process = aws configure export-credentials --profile {}",
                                                 name));
        RoleRequest role{.role_arn = setting(settings, "role_arn"),
                         .session_name = setting(settings, "role_session_name"),
                         .external_id = setting(settings, "external_id")};
        const auto duration = setting(settings, "duration_seconds");
        if (std::from_chars(duration.data(), duration.data() + duration.size(), role.duration_seconds).ec != std::errc{} &&
            !duration.empty())
            return credentials_error(fmt::format("Profile \"{}\": duration_seconds is no whole number.", name),
                                     "Give seconds, 900 to 43200.");

        if (const auto path = setting(settings, "web_identity_token_file"); !path.empty()) {
            auto token = read_token(from_.files, path);
            if (!token) return std::move(token).error();
            role.web_identity_token = *std::move(token);
            return wrapped(assume(role, nullptr));
        }
        auto searched = source_of(name, settings);
        if (!searched) return std::move(searched).error();
        const std::optional<Credentials> source = *std::move(searched);
        if (!source)
            return credentials_error(fmt::format("Profile \"{}\" has a role_arn, but its source has no credentials.", name),
                                     "Set source_profile to a profile with credentials, or credential_source.");
        return wrapped(assume(role, &*source));
    }

    Found source_of(const std::string& name, const Settings& settings) {
        const auto profile = setting(settings, "source_profile");
        const auto other = setting(settings, "credential_source");
        if (!profile.empty() && !other.empty())
            return credentials_error(fmt::format("Profile \"{}\" has both source_profile and credential_source.", name),
                                     "Keep one of them.");
        // A profile may name itself: its own keys then assume its role.
        if (profile == name) return from_own_settings(name, settings);
        if (!profile.empty()) return from_profile(profile);
        if (other == "Environment") return from_environment();
        if (other == "Ec2InstanceMetadata") return instance_credentials(from_.environment, from_.http);
        if (other == "EcsContainer") return container_credentials(from_.environment, from_.files, from_.http);
        if (other.empty()) return std::optional<Credentials>{};
        return credentials_error(fmt::format("Profile \"{}\": credential_source \"{}\" is not known.", name, other),
                                 "Use Environment, Ec2InstanceMetadata or EcsContainer.");
    }

    Found from_web_identity() const {
        const auto path = from_.environment("AWS_WEB_IDENTITY_TOKEN_FILE");
        if (!path) return std::optional<Credentials>{};
        const auto role_arn = from_.environment("AWS_ROLE_ARN");
        if (!role_arn) return credentials_error("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not.", "Set both, or neither.");
        auto token = read_token(from_.files, *path);
        if (!token) return std::move(token).error();
        return wrapped(assume({.role_arn = *role_arn,
                               .session_name = from_.environment("AWS_ROLE_SESSION_NAME").value_or(""),
                               .web_identity_token = *std::move(token)},
                              nullptr));
    }

    Result<Credentials> assume(const RoleRequest& role, const Credentials* source) const {
        const auto endpoint = from_.sts();
        if (!endpoint) return endpoint.error();
        if (source != nullptr) add_secrets_of(*source, from_.secrets);
        from_.secrets.add(role.web_identity_token);
        return assume_role(role, source, *endpoint, from_.http, from_.clock, from_.secrets);
    }

    Error no_such_profile(const std::string& name) const {
        std::vector<std::string> names;
        names.reserve(profiles_.profiles.size());
        for (const auto& [known, settings] : profiles_.profiles) names.push_back(known);
        const auto near = nearest(name, names);
        return Error{.kind = ErrorKind::credentials,
                     .summary = "No such AWS profile",
                     .cause = fmt::format("Neither {} nor {} has a profile \"{}\".", config_path(), credentials_path(), name),
                     .remedy = near ? fmt::format("Did you mean \"{}\"?", *near)
                                    : std::string{"Run `aws configure list-profiles` to see what there is."}};
    }

    Error nothing_found() const {
        return Error{.kind = ErrorKind::credentials,
                     .summary = "No AWS credentials found",
                     .cause = fmt::format("Tried, in this order:\n- {}", join(tried_, "\n- ")),
                     .remedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile with credentials."};
    }

    std::string config_path() const { return path_of(from_.environment, "AWS_CONFIG_FILE", ".aws/config"); }
    std::string credentials_path() const { return path_of(from_.environment, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"); }
    void tried(std::string what) { tried_.push_back(std::move(what)); }

    const CredentialsQuery& query_;
    const CredentialsSources& from_;
    Profiles profiles_;
    std::vector<std::string> visited_;
    std::vector<std::string> tried_;
};

}  // namespace

Result<Profiles> load_profiles(const Variables& environment, Files& files) {
    Profiles profiles;
    const auto load = [&](const std::string& path, ProfileFileKind kind) -> Status {
        const auto content = files.read_front(path, longest_profile_file + 1);
        if (!content && content.error().kind == ErrorKind::not_found) return {};
        if (!content) return content.error();
        return read_profiles(*content, path, kind, profiles);
    };
    if (auto read = load(path_of(environment, "AWS_CONFIG_FILE", ".aws/config"), ProfileFileKind::config); !read)
        return std::move(read).error();
    if (auto read = load(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"), ProfileFileKind::credentials); !read)
        return std::move(read).error();
    return profiles;
}

std::string profile_name(const std::string& asked, const Variables& environment) {
    if (!asked.empty()) return asked;
    if (auto name = environment("AWS_PROFILE")) return *std::move(name);
    return environment("AWS_DEFAULT_PROFILE").value_or("default");
}

Result<Credentials> find_credentials(const CredentialsQuery& query, const CredentialsSources& sources) {
    return Search{query, sources}.run();
}

}  // namespace strata::aws
