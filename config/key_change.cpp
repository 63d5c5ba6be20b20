#include "config/key_change.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/edit_line.hpp"
#include "config/environment.hpp"
#include "config/scalar.hpp"
#include "config/sealed_settings.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

using Kind = KeySource::Kind;

constexpr std::size_t shortest_passphrase = 12;  // characters
constexpr std::string_view section = "encryption";
constexpr std::string_view next_section = "encryption.next";

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Error refused(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::invalid_config, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Error changed_meanwhile(const std::filesystem::path& file) {
    return Error{.kind = ErrorKind::conflict,
                 .summary = "Configuration was changed meanwhile",
                 .cause = fmt::format("{} is not what this run has read.", file.string()),
                 .remedy = "Run the command again."};
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::file: return "file";
        case Kind::passphrase: return "passphrase";
        case Kind::kms: return "kms";
    }
    return {};
}

/// Written by Strata: what a key is made from, as opposed to which kind of key it is.
bool is_material(std::string_view name) { return name == "salt" || name == "check" || name == "data_key" || name == "next"; }

/// What is not said of a new key of the same kind is as in `present`.
WrittenSettings wanted_settings(const WantedKey& wanted, Kind kind, const ConfigNode* present, const std::string& environment) {
    WrittenSettings settings{{"key", std::string{name_of(kind)}}};
    const auto is_set = [&](std::string_view name) {
        return std::ranges::any_of(settings, [&](const auto& setting) { return setting.first == name; });
    };
    if (!wanted.kms_key.empty()) settings.emplace_back("kms_key", text_as_yaml(wanted.kms_key));
    if (!wanted.key_file.empty()) settings.emplace_back("path", text_as_yaml(wanted.key_file));
    const bool elsewhere = wanted.kms_key.starts_with("arn:");  // it names its region itself
    if (present != nullptr)
        for (const auto& child : present->children)
            if (!is_material(child.key) && !is_set(child.key) && !(elsewhere && child.key == "region"))
                settings.emplace_back(child.key, written_value(child));
    if (kind == Kind::file && !is_set("path") && environment != "local")
        settings.emplace_back("path", fmt::format(".strata/{}.key", environment));
    return settings;
}

bool uses(const KeySource& source, const std::filesystem::path& file) {
    return source.kind == Kind::file && source.file.lexically_normal() == file.lexically_normal();
}

Status goes_together(const WantedKey& wanted, Kind kind, Kind present) {
    if (!wanted.key_file.empty() && kind != Kind::file)
        return usage_error("Flags do not go together", "--key-file is given, and the new key is no file.", "Add --to file.");
    if (wanted.kms_key.empty()) {
        if (kind != Kind::kms || present == Kind::kms) return {};
        return usage_error("KMS key is missing", "The new key is one of KMS, and no key of KMS is named.",
                           "Name it:\n  --kms-key alias/NAME");
    }
    if (kind != Kind::kms)
        return usage_error("Flags do not go together", "--kms-key is given, and the new key is none of KMS.", "Add --to kms.");
    if (!is_kms_key()(wanted.kms_key)) return {};
    const auto alias = "alias/" + wanted.kms_key;
    return usage_error("KMS key cannot be used",
                       fmt::format("{} is no alias (alias/NAME), id or ARN of a key of KMS.", json_quoted(wanted.kms_key)),
                       is_kms_key()(alias) ? "" : fmt::format("Did you mean {}?", alias));
}

/// Of UTF-8: bytes that go on with a character are not counted.
std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Result<std::string> new_passphrase(const KeyMeans& means, bool replaces_another) {
    const auto passphrase = means.variables("STRATA_NEW_PASSPHRASE");
    if (!passphrase || passphrase->empty())
        return refused("New passphrase is missing", "The new key is made from a passphrase, and STRATA_NEW_PASSPHRASE is not set.",
                       "Set it:\n  export STRATA_NEW_PASSPHRASE=...");
    if (characters_in(*passphrase) < shortest_passphrase)
        return refused("New passphrase is too short",
                       fmt::format("STRATA_NEW_PASSPHRASE has fewer than {} characters.", shortest_passphrase),
                       "Take a longer one; nothing was changed.");
    if (replaces_another && passphrase == means.variables("STRATA_PASSPHRASE"))
        return refused("New passphrase is the old one", "STRATA_NEW_PASSPHRASE is the same as STRATA_PASSPHRASE.",
                       "Take another one; nothing was changed.");
    return *passphrase;
}

/// The text with what stands under `next` in the place of the key before.
Result<std::string> with_next_in_place(const ConfigText& config) {
    const auto name = config.file.string();
    const auto root = parse_yaml(config.text, name);
    if (!root) return root.error();
    const auto* present = root->find(section);
    const auto* next = present != nullptr ? present->find("next") : nullptr;
    if (next == nullptr) return config.text;

    Result<std::string> text = config.text;
    for (const auto& child : present->children)
        if (text && next->find(child.key) == nullptr) text = without_setting(*text, name, fmt::format("{}.{}", section, child.key));
    for (const auto& child : next->children)
        if (text) text = with_setting(*text, name, fmt::format("{}.{}", section, child.key), written_value(child));
    return text;
}

}  // namespace

KeyChange::KeyChange(const ConfigTarget& target, EnvironmentKeys& keys, ConfigText config)
    : target_{target}, keys_{&keys}, config_{std::move(config)} {}

Result<KeyChange> KeyChange::prepare(const ConfigTarget& target, EnvironmentKeys& keys, const WantedKey& wanted) {
    const auto file = environment_file(target.files, target.config_dir, target.environment);
    if (!file) return file.error();
    auto text = target.files.read(*file);
    if (!text) return std::move(text).error();
    const auto root = parse_yaml(*text, file->string());
    if (!root) return root.error();

    KeyChange change{target, keys, {.file = *file, .text = *std::move(text)}};
    const auto settings = encryption_in(change.config_, target.environment);
    if (!settings) return settings.error();
    if (*settings != keys.settings()) return changed_meanwhile(*file);
    if (auto planned = change.plan(wanted); !planned) return std::move(planned).error();
    SecretBox box{keys};
    if (auto open = all_open(sealed_settings(*root), box); !open) return std::move(open).error();
    return change;
}

Status KeyChange::plan(const WantedKey& wanted) {
    const auto& present = keys_->settings();
    if (const auto begun = keys_->next_source()) return go_on(wanted, *begun);
    const bool asked = wanted.kind || !wanted.kms_key.empty() || !wanted.key_file.empty();
    if (present.next && asked)
        return usage_error("The new key is said twice",
                           fmt::format("{}: \"next\" says what the new key is, and so do flags.", present.next->place.text()),
                           "Remove one of the two.");
    const auto kind = wanted.kind.value_or(present.key.kind);
    if (present.next) {
        to_ = *present.next;
    } else {
        if (auto fits = goes_together(wanted, kind, present.key.kind); !fits) return fits;
        const bool same_file = kind == Kind::file && present.key.kind == Kind::file && wanted.key_file.empty();
        const auto source = same_file ? Result<KeySource>{present.key} : written_down(wanted, kind);
        if (!source) return source.error();
        to_ = *source;
    }
    in_place_ = to_.kind == Kind::file && uses(present.key, to_.file);
    return may_take_file();
}

Status KeyChange::go_on(const WantedKey& wanted, const KeySource& begun) {
    resumed_ = true;
    in_place_ = !keys_->settings().next;
    to_ = begun;
    const bool another =
        (wanted.kind && *wanted.kind != to_.kind) || (!wanted.kms_key.empty() && wanted.kms_key != to_.kms.id) || !wanted.key_file.empty();
    if (!another) return {};
    return usage_error("A change of keys is not finished", fmt::format("An earlier one to {} has begun.", described(to_)),
                       fmt::format("Finish it first:\n  strata state rekey --env {}", keys_->environment()));
}

/// Puts what is wanted into the text of the file, which begin() writes.
Result<KeySource> KeyChange::written_down(const WantedKey& wanted, Kind kind) {
    const auto root = parse_yaml(config_.text, config_.file.string());
    if (!root) return root.error();
    const auto* same = kind == from().kind ? root->find(section) : nullptr;
    auto text = with_settings(config_, next_section, wanted_settings(wanted, kind, same, keys_->environment()));
    if (!text) return std::move(text).error();
    config_.text = *std::move(text);
    auto settings = encryption_in(config_, keys_->environment());
    if (!settings) return std::move(settings).error();
    const auto& next = settings->next;
    if (!next)
        return Error{.kind = ErrorKind::internal,
                     .summary = "The new key is not in the configuration",
                     .cause = config_.file.string() + ": what was written there under \"encryption\" does not read as a change of keys.",
                     .remedy = "Nothing was changed. Please report this as a mistake in Strata."};
    return *next;
}

/// A key file of the new key must be nobody else's.
Status KeyChange::may_take_file() const {
    if (to_.kind != Kind::file) return {};
    if (!in_place_ && target_.files.read(to_.file).ok())
        return refused("Key file is there already", fmt::format("{} holds a key; perhaps something is sealed with it.", to_.file.string()),
                       "Name another one with --key-file.");
    const auto names = list_environments(target_.files, target_.config_dir);
    if (!names) return names.error();
    for (const auto& name : *names) {
        if (name == keys_->environment()) continue;
        Diagnostics ignored;
        const auto other = load_environment(target_.files, target_.config_dir, name, ignored);
        if (!other || !uses(other->encryption.key, to_.file)) continue;
        return refused("Key file is shared", fmt::format("The environment {} uses {} too.", name, to_.file.string()),
                       "Name another one:\n  strata state rekey --to file --key-file .strata/" + keys_->environment() + ".key --env " +
                           keys_->environment());
    }
    return {};
}

Result<NewKey> KeyChange::new_key() {
    switch (to_.kind) {
        case Kind::file: {
            const auto file = next_key_file(to_.file);
            const auto key = make_key_file(file, target_.files);
            return key ? Result<NewKey>{NewKey{.key = *key}} : key.error();
        }
        case Kind::passphrase: {
            const auto passphrase = new_passphrase(keys_->means(), from().kind == Kind::passphrase);
            return passphrase ? Result<NewKey>{new_passphrase_key(*passphrase, keys_->environment())} : passphrase.error();
        }
        case Kind::kms: return new_data_key(to_, *keys_);
    }
    return no_key_service(to_);
}

Result<KeyRing> KeyChange::begin() {
    if (resumed_) return keys_->ring_with_new_key();
    const auto known = keys_->ring();
    if (!known) return known.error();
    const auto made = new_key();
    if (!made) return made.error();
    if (!in_place_) {
        const auto text = with_settings(config_, next_section, made->settings);
        if (!text) return text.error();
        if (auto saved = target_.files.replace(config_.file, *text, config_mode); !saved) return std::move(saved).error();
        config_.text = *text;
    }
    auto ring = *known;
    ring.others.insert(ring.others.begin(), ring.current);
    ring.current = made->key;
    return ring;
}

Result<KeyChange::Finished> KeyChange::finish(const KeyRing& ring) {
    const auto before = target_.files.read(config_.file);
    if (!before) return before.error();
    EnvironmentKeys both{keys_->environment(), keys_->settings(), keys_->means()};
    both.know(keys_->settings(), ring);
    SecretBox box{both};
    auto text = with_secrets_resealed({.file = config_.file, .text = *before}, box);
    if (text) text = with_next_in_place({.file = config_.file, .text = *text});
    if (!text) return std::move(text).error();
    const auto root = parse_yaml(*text, config_.file.string());
    if (!root) return root.error();

    const auto secrets = sealed_settings(*root);
    both.know(keys_->settings(), ring.current);
    if (auto open = all_open(secrets, box); !open) return std::move(open).error();
    if (*text != *before)
        if (auto saved = target_.files.replace(config_.file, *text, config_mode); !saved) return std::move(saved).error();
    if (auto placed = put_key_file_in_place(ring.current); !placed) return std::move(placed).error();
    return Finished{.secrets = secrets.size(), .file_changed = !in_place_ || !secrets.empty()};
}

Status KeyChange::put_key_file_in_place(const SealKey& key) {
    if (to_.kind != Kind::file) return {};
    if (auto saved = target_.files.replace(to_.file, hex_encode(key.bytes()) + "\n", 0600); !saved) return saved;
    return target_.files.remove(next_key_file(to_.file));
}

}  // namespace strata
