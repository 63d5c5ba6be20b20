#include "engine/wire/ca_bundle.hpp"

#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

namespace strata::wire {

namespace {

constexpr std::array<std::string_view, 3> variables = {"AWS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"};

constexpr std::array<std::string_view, 7> usual_paths = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, Amazon Linux
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // macOS, OpenBSD
    "/usr/local/etc/openssl/cert.pem",                    // Homebrew
    "/usr/local/share/certs/ca-root-nss.crt",             // FreeBSD
};

/// Why the file cannot serve; empty when it can.
std::string reason_against(const std::string& path) {
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) return "is a folder";
    if (::access(path.c_str(), R_OK) != 0) return std::strerror(errno);
    return {};
}

Result<std::string> checked(std::string path, std::string_view asked_by) {
    const auto reason = reason_against(path);
    if (reason.empty()) return path;
    return Error{.kind = ErrorKind::io,
                 .summary = "Cannot read CA bundle",
                 .cause = fmt::format("{} names {}: {}.", asked_by, path, reason),
                 .remedy = fmt::format("Correct {}, or unset it to use the system's own bundle.", asked_by)};
}

}  // namespace

std::span<const std::string_view> usual_ca_bundles() { return usual_paths; }

Result<std::string> find_ca_bundle(const std::string& wanted, const Variables& environment, std::span<const std::string_view> usual) {
    if (!wanted.empty()) return checked(wanted, "The setting ca_bundle");
    for (const auto variable : variables)
        if (auto path = environment(variable)) return checked(*std::move(path), variable);

    std::string tried;
    for (const auto path : usual) {
        const std::string candidate{path};
        if (reason_against(candidate).empty()) return candidate;
        tried += fmt::format("\n{}", path);
    }
    return Error{.kind = ErrorKind::io,
                 .summary = "No CA bundle found",
                 .cause = fmt::format(
                     "Certificates cannot be verified. AWS_CA_BUNDLE, SSL_CERT_FILE and CURL_CA_BUNDLE are not set; tried:{}", tried),
                 .remedy = "Install the system's certificates (Debian: apt install ca-certificates), or set AWS_CA_BUNDLE to a PEM file."};
}

}  // namespace strata::wire
