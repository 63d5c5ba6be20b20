#include "config/encryption.hpp"

#include <fmt/format.h>

#include "config/environment.hpp"
#include "config/reader.hpp"
#include "config/state_location.hpp"
#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

using Kind = KeySource::Kind;

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t longest_salt = 1024;
constexpr std::size_t check_bytes = 28;  // a sealed text of nothing
// KMS API reference, GenerateDataKey: CiphertextBlob.
constexpr std::size_t longest_data_key = 6144;

/// Base64 of this many bytes; "" when it is not set.
std::string read_bytes(ConfigReader& section, std::string_view name, std::size_t least, std::size_t most, std::string_view remedy) {
    const auto text = section.optional<std::string>(name, "");
    const auto bytes = base64_decode(text);
    if (bytes && (text.empty() || (bytes->size() >= least && bytes->size() <= most))) return *bytes;
    section.report(name, {most == least ? fmt::format("must be base64 of {} bytes.", least)
                                        : fmt::format("must be base64 of {} to {} bytes.", least, most),
                          std::string{remedy}});
    return {};
}

std::string region_of(const std::string& kms_key, const std::string& otherwise) {
    const auto parts = split(kms_key, ':');
    return parts.size() > 3 && parts.front() == "arn" ? parts[3] : otherwise;
}

bool is_the_emulator(const KmsKey& key, const EncryptionDefaults& defaults) {
    if (!key.endpoint || !defaults.endpoint || key.profile || key.assume_role) return false;
    const auto without_slash = [](std::string_view url) {
        while (url.ends_with('/')) url.remove_suffix(1);
        return url;
    };
    return without_slash(*key.endpoint) == without_slash(*defaults.endpoint) && is_on_this_machine(*defaults.endpoint);
}

KmsKey read_kms_key(ConfigReader& section, const EncryptionDefaults& defaults) {
    KmsKey made{.id = section.required<std::string>("kms_key", is_kms_key())};
    made.data_key =
        read_bytes(section, "data_key", 1, longest_data_key, "Put back what stood there: nothing opens what it sealed without it.");
    made.region = section.optional<std::string>("region", region_of(made.id, defaults.region), is_region());
    made.endpoint = section.maybe<std::string>("endpoint", is_url());
    read_identity(section, made);
    made.emulated = is_the_emulator(made, defaults);
    return made;
}

KeySource read_source(ConfigReader& section, Kind kind, const EncryptionDefaults& defaults) {
    KeySource made{.kind = kind, .place = section.place()};
    switch (kind) {
        case Kind::file: {
            const std::filesystem::path path = section.optional<std::string>("path", ".strata/key", not_empty());
            made.file = path.is_relative() ? defaults.root / path : path;
            break;
        }
        case Kind::passphrase:
            made.salt = read_bytes(section, "salt", salt_bytes, longest_salt, fmt::format("Write it like {}", fresh_salt()));
            made.check = read_bytes(section, "check", check_bytes, check_bytes,
                                    "Remove the line: it only tells a wrong passphrase from the right one.");
            break;
        case Kind::kms: made.kms = read_kms_key(section, defaults); break;
    }
    return made;
}

Kind read_kind(ConfigReader& section, std::optional<Kind> otherwise) {
    return section.choice<Kind>("key", {{"passphrase", Kind::passphrase}, {"file", Kind::file}, {"kms", Kind::kms}}, otherwise);
}

}  // namespace

EncryptionSettings read_encryption(ConfigReader& header, const EncryptionDefaults& defaults) {
    auto section = header.section("encryption");
    const auto kind = read_kind(section, defaults.environment == "local" ? Kind::file : Kind::passphrase);
    EncryptionSettings made{.key = read_source(section, kind, defaults)};
    if (!section.has("next")) return made;
    auto next = section.section("next");
    const auto next_kind = read_kind(next, std::nullopt);
    made.next = read_source(next, next_kind, defaults);
    return made;
}

Check is_kms_key() {
    return matching(
        "arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+|alias/[A-Za-z0-9/_-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
        "mrk-[0-9a-f]{32}",
        "a KMS key like \"alias/strata\", or a key's id or ARN");
}

std::string described(const KeySource& source) {
    switch (source.kind) {
        case Kind::file: return fmt::format("the key file {}", source.file.string());
        case Kind::passphrase: return "a passphrase";
        case Kind::kms: return fmt::format("the KMS key {}", source.kms.id);
    }
    return {};
}

std::string fresh_salt() { return base64_encode(random_bytes(salt_bytes)); }

}  // namespace strata
