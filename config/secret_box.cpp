#include "config/secret_box.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t salt_bytes = 16;

std::string prefix(const Location& place) { return place.known() ? place.text() + ": " : ""; }

Error no_passphrase(const EncryptionSettings& settings) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Passphrase is missing",
                 .cause = prefix(settings.place) + "secrets are sealed with a passphrase, and STRATA_PASSPHRASE is not set.",
                 .remedy = "Set it:\n  export STRATA_PASSPHRASE=...",
                 .location = settings.place};
}

Error no_salt(const EncryptionSettings& settings) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Salt is missing",
                 .cause = prefix(settings.place) + "the key is made from a passphrase, and encryption has no \"salt\".",
                 .remedy = fmt::format("Add it to the section \"encryption\":\n  salt: {}", fresh_salt()),
                 .location = settings.place};
}

Result<SealKey> key_in(std::string_view content, const std::filesystem::path& file) {
    const auto bytes = hex_decode(trimmed(content));
    if (bytes && bytes->size() == key_bytes) return SealKey{*bytes};
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Key file cannot be used",
                 .cause = fmt::format("{} does not hold 64 hex digits.", file.string()),
                 .remedy = "Bring back the file that sealed the secrets."};
}

Result<SealKey> made_key_file(const std::filesystem::path& file, Files& files) {
    if (auto made = files.make_folder(file.parent_path()); !made) return std::move(made).error();
    const SealKey key{random_bytes(key_bytes)};
    const auto written = files.create(file, hex_encode(key.bytes()) + "\n", 0600);
    if (written.ok()) return key;
    if (written.error().kind != ErrorKind::conflict) return written.error();

    // Another run made it at the same moment: its key is the one.
    const auto content = files.read(file);
    return content ? key_in(*content, file) : content.error();
}

Result<SealKey> key_from_file(const std::filesystem::path& file, Files& files, KeyUse use) {
    const auto content = files.read(file);
    if (content) return key_in(*content, file);
    if (content.error().kind != ErrorKind::not_found) return content.error();
    if (use == KeyUse::seal) return made_key_file(file, files);
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Key file is missing",
                 .cause = fmt::format("{} is not there, and the environment's secrets are sealed with it.", file.string()),
                 .remedy = "Bring the file back, or set the secrets again with `strata config set KEY --secret`."};
}

}  // namespace

Result<SealKey> environment_key(const EncryptionSettings& settings, Files& files, const Variables& variables, KeyUse use) {
    if (settings.key == EncryptionSettings::Key::file) return key_from_file(settings.key_file, files, use);

    if (settings.salt.empty()) return no_salt(settings);
    const auto passphrase = variables("STRATA_PASSPHRASE");
    if (!passphrase || passphrase->empty()) return no_passphrase(settings);
    return key_from_passphrase(*passphrase, settings.salt);
}

std::string fresh_salt() { return base64_encode(random_bytes(salt_bytes)); }

SecretBox::SecretBox(std::string environment, EncryptionSettings settings, Files& files, Variables variables)
    : environment_{std::move(environment)}, settings_{std::move(settings)}, files_{files}, variables_{std::move(variables)} {}

Result<SealKey> SecretBox::key(KeyUse use) {
    const bool may_make = use == KeyUse::seal && found_ && !found_->ok();
    if (!found_ || may_make) found_ = environment_key(settings_, files_, variables_, use);
    return *found_;
}

std::string SecretBox::context(std::string_view setting) const { return fmt::format("strata config\n{}\n{}", environment_, setting); }

Result<std::string> SecretBox::seal(std::string_view plain, std::string_view setting) {
    const auto found = key(KeyUse::seal);
    if (!found) return found.error();
    return base64_encode(strata::seal(*found, plain, context(setting)));
}

Result<std::string> SecretBox::open(std::string_view sealed, std::string_view setting) {
    const auto found = key(KeyUse::open);
    if (!found) return found.error();

    const auto bytes = base64_decode(sealed);
    if (bytes)
        if (auto plain = open_sealed(*found, *bytes, context(setting)); plain) return plain;
    return Error{
        .kind = ErrorKind::invalid_config,
        .summary = "Sealed setting cannot be opened",
        .cause = fmt::format(
            "{}: the key is not the one it was sealed with, the sealed text was changed, or it belongs to another setting.", setting),
        .remedy = fmt::format("Check {}, or set it again:\n  strata config set {} --secret --env {}",
                              settings_.key == EncryptionSettings::Key::file ? settings_.key_file.string() : "STRATA_PASSPHRASE", setting,
                              environment_)};
}

}  // namespace strata
