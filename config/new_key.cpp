#include "config/new_key.hpp"

#include <fmt/format.h>

#include "config/edit_line.hpp"
#include "config/environment.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

Result<NewKey> first_key(const EnvironmentKeys& keys) {
    const auto& source = keys.settings().key;
    switch (source.kind) {
        case KeySource::Kind::file: {
            const auto key = make_key_file(source.file, keys.means().files);
            return key ? Result<NewKey>{NewKey{.key = *key}} : key.error();
        }
        case KeySource::Kind::passphrase: {
            const auto passphrase = keys.means().variables("STRATA_PASSPHRASE");
            if (!passphrase || passphrase->empty()) return no_passphrase(source);
            return new_passphrase_key(*passphrase, keys.environment());
        }
        case KeySource::Kind::kms: return new_data_key(source, keys);
    }
    return no_passphrase(source);
}

}  // namespace

NewKey new_passphrase_key(std::string_view passphrase, const std::string& environment) {
    const auto salt = fresh_salt();
    const auto key = key_from_passphrase(passphrase, base64_decode(salt).value_or(""));
    return {.key = key,
            .settings = {{"salt", json_quoted(salt)}, {"check", json_quoted(base64_encode(passphrase_check(key, environment)))}}};
}

Result<NewKey> new_data_key(const KeySource& source, const EnvironmentKeys& keys) {
    auto* service = keys.means().kms;
    if (service == nullptr) return no_key_service(source);
    auto made = service->make(source.kms, keys.environment());
    if (!made) return placed(std::move(made).error(), source);
    return NewKey{.key = made->plain, .settings = {{"data_key", json_quoted(base64_encode(made->sealed))}}};
}

Result<std::string> with_settings(const ConfigText& config, std::string_view section, const WrittenSettings& settings) {
    const auto name = config.file.string();
    auto written = with_section_in_lines(config.text, name, section.substr(0, section.find('.')));
    for (const auto& [setting, value] : settings)
        if (written) written = with_setting(*written, name, fmt::format("{}.{}", section, setting), value);
    return written;
}

Result<EncryptionSettings> encryption_in(const ConfigText& config, const std::string& environment) {
    Diagnostics found;
    auto loaded = read_environment(config.text, config.file, environment, found);
    if (!found.ok() || !loaded) return found.errors().front();
    return std::move(loaded->encryption);
}

Result<std::string> with_first_key(const ConfigText& config, EnvironmentKeys& keys) {
    const auto made = first_key(keys);
    if (!made) return made.error();
    auto text = made->settings.empty() ? Result<std::string>{config.text} : with_settings(config, "encryption", made->settings);
    if (!text) return text;
    auto settings = encryption_in({.file = config.file, .text = *text}, keys.environment());
    if (!settings) return std::move(settings).error();
    keys.know(*std::move(settings), made->key);
    return text;
}

}  // namespace strata
