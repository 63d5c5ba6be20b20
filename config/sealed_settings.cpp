#include "config/sealed_settings.hpp"

#include <utility>

#include <fmt/format.h>

namespace strata {

namespace {

void gather(const ConfigNode& node, const std::string& path, std::vector<SealedSetting>& out) {
    if (node.sealed) out.push_back({.setting = path, .text = node.text, .place = node.key_place()});
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const auto& child = node.children[i];
        const bool item = node.kind == ConfigNode::Kind::list;
        gather(child, item ? fmt::format("{}[{}]", path, i) : path.empty() ? child.key : fmt::format("{}.{}", path, child.key), out);
    }
}

Error at_its_place(Error error, const SealedSetting& secret) {
    if (error.location.known()) return error;
    error.location = secret.place;
    error.cause = fmt::format("{}: {}", secret.place.text(), error.cause);
    return error;
}

Error not_on_one_line(const SealedSetting& secret) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = "Setting cannot be edited in place",
                 .cause = fmt::format("{}: {} does not stand on one line.", secret.place.text(), secret.setting),
                 .remedy = "Write the sealed text on one line, and run the command again.",
                 .location = secret.place};
}

Result<std::string> opened(const SealedSetting& secret, SecretBox& box) {
    auto plain = box.open(secret.text, secret.setting);
    return plain ? std::move(plain) : at_its_place(std::move(plain).error(), secret);
}

}  // namespace

std::vector<SealedSetting> sealed_settings(const ConfigNode& root) {
    std::vector<SealedSetting> out;
    gather(root, {}, out);
    return out;
}

Status all_open(const std::vector<SealedSetting>& secrets, SecretBox& box) {
    for (const auto& secret : secrets)
        if (auto plain = opened(secret, box); !plain) return std::move(plain).error();
    return {};
}

Result<std::string> with_secrets_resealed(const ConfigText& config, SecretBox& box) {
    const auto root = parse_yaml(config.text, config.file.string());
    if (!root) return root.error();
    auto text = config.text;
    for (const auto& secret : sealed_settings(*root)) {
        const auto plain = opened(secret, box);
        if (!plain) return plain.error();
        const auto sealed = box.seal(*plain, secret.setting);
        if (!sealed) return sealed.error();
        if (text.find(secret.text) == std::string::npos) return not_on_one_line(secret);
        // A sealed text begins with random bytes: what reads the same is the same, also in a comment.
        for (auto at = text.find(secret.text); at != std::string::npos; at = text.find(secret.text, at + sealed->size()))
            text.replace(at, secret.text.size(), *sealed);
    }
    return text;
}

}  // namespace strata
