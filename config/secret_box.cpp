#include "config/secret_box.hpp"

#include <fmt/format.h>

#include "engine/base/encoding.hpp"

namespace strata {

namespace {

std::string where_to_look(const KeySource& key) {
    switch (key.kind) {
        case KeySource::Kind::file: return key.file.string();
        case KeySource::Kind::passphrase: return "STRATA_PASSPHRASE";
        case KeySource::Kind::kms: return "\"data_key\" under \"encryption\"";
    }
    return {};
}

}  // namespace

std::string SecretBox::context(std::string_view setting) const { return fmt::format("strata config\n{}\n{}", environment(), setting); }

Result<std::string> SecretBox::seal(std::string_view plain, std::string_view setting) {
    const auto ring = keys_.ring();
    if (!ring) return ring.error();
    return base64_encode(strata::seal(ring->current, plain, context(setting)));
}

Result<std::string> SecretBox::open(std::string_view sealed, std::string_view setting) {
    const auto ring = keys_.ring();
    if (!ring) return ring.error();

    const auto bytes = base64_decode(sealed);
    if (!bytes) return cannot_be_opened(setting, *ring);
    auto plain = open_sealed(ring->current, *bytes, context(setting));
    for (const auto& key : ring->others)
        if (!plain) plain = open_sealed(key, *bytes, context(setting));
    if (!plain) return cannot_be_opened(setting, *ring);
    if (opened_ != nullptr) opened_->add(*plain);
    return *std::move(plain);
}

Error SecretBox::cannot_be_opened(std::string_view setting, const KeyRing& ring) const {
    if (ring.missing)
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "Sealed setting cannot be opened",
                     .cause = fmt::format("{}: the key it was sealed with is not here, or the sealed text was changed.\n{}", setting,
                                          ring.missing->cause),
                     .remedy = ring.missing->remedy};
    return Error{
        .kind = ErrorKind::invalid_config,
        .summary = "Sealed setting cannot be opened",
        .cause = fmt::format(
            "{}: the key is not the one it was sealed with, the sealed text was changed, or it belongs to another setting.", setting),
        .remedy = fmt::format("Check {}, or set it again:\n  strata config set {} --secret --env {}", where_to_look(keys_.settings().key),
                              setting, environment())};
}

}  // namespace strata
