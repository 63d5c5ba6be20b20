#include "config/environment_keys.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

using Kind = KeySource::Kind;

constexpr std::size_t key_bytes = 32;
constexpr std::string_view passphrase_variable = "STRATA_PASSPHRASE";
constexpr std::string_view new_passphrase_variable = "STRATA_NEW_PASSPHRASE";
constexpr std::string_view both_passphrases =
    "Until `strata state rekey` has finished, set both:\n"
    "  export STRATA_PASSPHRASE=...      # the one of before\n"
    "  export STRATA_NEW_PASSPHRASE=...  # the new one";

Error refused(const KeySource& source, ErrorKind kind, std::string summary, std::string cause, std::string remedy) {
    return placed({.kind = kind, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)}, source);
}

Error no_new_passphrase(const KeySource& next) {
    return refused(next, ErrorKind::invalid_config, "New passphrase is missing",
                   "the passphrase is being changed, and STRATA_NEW_PASSPHRASE is not set.", std::string{both_passphrases});
}

Error no_former_passphrase(const KeySource& source) {
    return refused(source, ErrorKind::invalid_config, "Passphrase of before is missing",
                   "the passphrase is being changed, and the one of before is not set.", std::string{both_passphrases});
}

Error no_salt(const KeySource& source) {
    return refused(source, ErrorKind::invalid_config, "Salt is missing",
                   "the key is made from a passphrase, and encryption has no \"salt\".",
                   "Put back the salt with which it was sealed; the file's history has it.");
}

Error wrong_passphrase(const KeySource& source, std::string_view variable) {
    return refused(source, ErrorKind::state_unreadable, "Passphrase is not the right one",
                   fmt::format("{} does not give the key that \"check\" was sealed with.", variable),
                   "Nothing was written. Set the passphrase that secrets and state were sealed with.");
}

Error no_data_key(const KeySource& source) {
    return refused(source, ErrorKind::invalid_config, "Data key is missing",
                   "secrets are sealed with a data key of KMS, and encryption has no \"data_key\".",
                   "Put back the data key with which they were sealed; the file's history has it.");
}

Error no_key_file(const std::filesystem::path& file) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Key file is missing",
                 .cause = fmt::format("{} is not there, and the environment's secrets are sealed with it.", file.string()),
                 .remedy = "Bring the file back, or set the secrets again with `strata config set KEY --secret`."};
}

Result<SealKey> key_in(std::string_view content, const std::filesystem::path& file) {
    const auto bytes = hex_decode(trimmed(content));
    if (bytes && bytes->size() == key_bytes) return SealKey{*bytes};
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Key file cannot be used",
                 .cause = fmt::format("{} does not hold 64 hex digits.", file.string()),
                 .remedy = "Bring back the file that sealed the secrets."};
}

std::string check_context(const std::string& environment) { return fmt::format("strata key check\n{}", environment); }

std::optional<std::string> set_variable(const KeyMeans& means, std::string_view name) {
    auto found = means.variables(name);
    return found && !found->empty() ? found : std::nullopt;
}

bool is_there(const std::filesystem::path& file, Files& files) { return files.read(file).ok(); }

/// Whether a change that leads there has begun.
bool is_begun(const KeySource& next, Files& files) {
    switch (next.kind) {
        case Kind::file: return is_there(next_key_file(next.file), files);
        case Kind::passphrase: return !next.salt.empty() && !next.check.empty();
        case Kind::kms: return !next.kms.data_key.empty();
    }
    return false;
}

}  // namespace

Error placed(Error error, const KeySource& source) {
    if (source.place.known()) error.cause = fmt::format("{}: {}", source.place.text(), error.cause);
    error.location = source.place;
    return error;
}

Error no_passphrase(const KeySource& source) {
    return refused(source, ErrorKind::invalid_config, "Passphrase is missing",
                   "secrets are sealed with a passphrase, and STRATA_PASSPHRASE is not set.", "Set it:\n  export STRATA_PASSPHRASE=...");
}

Error no_key_service(const KeySource& source) {
    return refused(source, ErrorKind::invalid_config, "KMS is not asked here", "the data key is sealed by KMS.",
                   "Mend the other mistakes of the file first.");
}

std::filesystem::path next_key_file(const std::filesystem::path& file) { return file.string() + ".next"; }

std::string passphrase_check(const SealKey& key, const std::string& environment) { return seal(key, {}, check_context(environment)); }

Result<SealKey> read_key_file(const std::filesystem::path& file, Files& files) {
    const auto content = files.read(file);
    return content ? key_in(*content, file) : content.error();
}

Result<SealKey> make_key_file(const std::filesystem::path& file, Files& files) {
    if (auto made = files.make_folder(file.parent_path()); !made) return std::move(made).error();
    const SealKey key{random_bytes(key_bytes)};
    const auto written = files.create(file, hex_encode(key.bytes()) + "\n", 0600);
    if (written.ok()) return key;
    if (written.error().kind != ErrorKind::conflict) return written.error();

    // Another run made it at the same moment: its key is the one.
    return read_key_file(file, files);
}

EnvironmentKeys::EnvironmentKeys(std::string environment, EncryptionSettings settings, KeyMeans means)
    : environment_{std::move(environment)}, settings_{std::move(settings)}, means_{std::move(means)} {}

bool EnvironmentKeys::has_material() const {
    const auto& key = settings_.key;
    switch (key.kind) {
        case Kind::file: return is_there(key.file, means_.files) || is_changing();
        case Kind::passphrase: return !key.salt.empty() || is_changing();
        case Kind::kms: return !key.kms.data_key.empty() || is_changing();
    }
    return false;
}

/// A key file that takes the place of one with the same name needs no word in the configuration: that it is there says it.
std::optional<KeySource> EnvironmentKeys::next_source() const {
    const auto next = settings_.next || settings_.key.kind != Kind::file ? settings_.next : std::optional{settings_.key};
    return next && is_begun(*next, means_.files) ? next : std::nullopt;
}

void EnvironmentKeys::know(EncryptionSettings settings, KeyRing ring) {
    settings_ = std::move(settings);
    found_ = std::move(ring);
}

Result<KeyRing> EnvironmentKeys::ring() {
    if (!found_) found_ = find();
    return *found_;
}

Result<KeyRing> EnvironmentKeys::ring_with_new_key() {
    auto found = ring();
    if (!found || new_key_is_here_) return found;
    return found->missing.value_or(no_new_passphrase(settings_.key));
}

Result<KeyRing> EnvironmentKeys::find() {
    const auto next = next_source();
    if (!next) {
        auto key = key_of(settings_.key);
        return key ? Result<KeyRing>{*key} : std::move(key).error();
    }
    const auto fresh = next_key(*next);
    new_key_is_here_ = fresh.ok();
    const bool only_renamed = !settings_.next && !is_there(settings_.key.file, means_.files);
    if (fresh && only_renamed) return KeyRing{*fresh};
    const auto former = former_key(*next, fresh.ok());
    if (!fresh && !former) return former.error();
    KeyRing ring{fresh ? *fresh : *former};
    if (fresh && former) ring.others.push_back(*former);
    if (!fresh) ring.missing = fresh.error();
    if (!former) ring.missing = former.error();
    return ring;
}

Result<SealKey> EnvironmentKeys::key_of(const KeySource& source) const {
    switch (source.kind) {
        case Kind::file: {
            auto key = read_key_file(source.file, means_.files);
            return key || key.error().kind != ErrorKind::not_found ? key : no_key_file(source.file);
        }
        case Kind::passphrase: return key_of_passphrase(source, passphrase_variable);
        case Kind::kms: {
            if (source.kms.data_key.empty()) return no_data_key(source);
            if (means_.kms == nullptr) return no_key_service(source);
            auto key = means_.kms->open(source.kms, environment_);
            return key ? key : placed(std::move(key).error(), source);
        }
    }
    return no_key_service(source);
}

Result<SealKey> EnvironmentKeys::key_of_passphrase(const KeySource& source, std::string_view variable) const {
    if (source.salt.empty()) return no_salt(source);
    const auto passphrase = set_variable(means_, variable);
    if (!passphrase) return no_passphrase(source);
    auto key = key_from_passphrase(*passphrase, source.salt);
    if (!source.check.empty() && !open_sealed(key, source.check, check_context(environment_))) return wrong_passphrase(source, variable);
    return key;
}

/// Who knows only the new passphrase has it in STRATA_PASSPHRASE.
Result<SealKey> EnvironmentKeys::next_key(const KeySource& next) const {
    if (next.kind == Kind::file) return read_key_file(next_key_file(next.file), means_.files);
    if (next.kind == Kind::kms) return key_of(next);
    if (set_variable(means_, new_passphrase_variable)) return key_of_passphrase(next, new_passphrase_variable);
    auto key = key_of_passphrase(next, passphrase_variable);
    return key ? key : no_new_passphrase(next);
}

/// @param have_next  a passphrase in STRATA_PASSPHRASE that gave the new key is not the one of before
Result<SealKey> EnvironmentKeys::former_key(const KeySource& next, bool have_next) const {
    const auto& former = settings_.key;
    if (former.kind == Kind::passphrase && next.kind == Kind::passphrase && have_next) {
        const auto renewed = set_variable(means_, new_passphrase_variable);
        if (!renewed || renewed == set_variable(means_, passphrase_variable)) return no_former_passphrase(former);
    }
    return key_of(former);
}

}  // namespace strata
