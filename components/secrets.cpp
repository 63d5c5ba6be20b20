#include "components/secrets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "components/mistake.hpp"

namespace components {

Secrets::Secrets(const strata::Scope& scope, std::string_view name, const SecretsArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)} {
    require(*this, "prefix", args.prefix);
    for (const auto& entry : args.entries) {
        if (secrets_.contains(entry.path)) {
            mistake(*this, fmt::format("\"{}\" is there twice.", entry.path), "Give each secret a path of its own.");
            continue;
        }
        auto label = entry.path;
        std::ranges::replace(label, '/', '-');
        strata::aws::secretsmanager::SecretArgs secret{
            .description = entry.about, .kms_key_id = args.kms_key, .name = fmt::format("{}/{}", args.prefix, entry.path)};
        if (args.recovery_days == 0) secret.force_delete_without_recovery = true;
        else secret.recovery_window_in_days = args.recovery_days;
        if (entry.value) secret.secret_string = *entry.value;
        secrets_.emplace(entry.path, strata::aws::secretsmanager::Secret{*this, label, secret});
    }
}

}  // namespace components
