#include "engine/deploy/provider_set.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace strata {

namespace {

Error wrong_account(std::string cause, std::string remedy) {
    return Error{
        .kind = ErrorKind::wrong_account, .summary = "Wrong account or region", .cause = std::move(cause), .remedy = std::move(remedy)};
}

}  // namespace

void ProviderSet::declare(const ProviderDeclaration& declaration) {
    instances_.try_emplace(declaration.name, Instance{.declaration = declaration});
}

Result<Provider*> ProviderSet::made(Instance& instance) {
    if (instance.provider) return instance.provider.get();
    const auto kind = std::ranges::find(kinds_, instance.declaration.kind, &ProviderKind::name);
    if (kind == kinds_.end())
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "Unknown provider",
                     .cause = fmt::format("Provider instance \"{}\" is of kind \"{}\", which this program is not linked with.",
                                          instance.declaration.name, instance.declaration.kind),
                     .remedy = {},
                     .location = instance.declaration.declared_at};
    auto provider = kind->make(instance.declaration);
    if (!provider) return std::move(provider).error();
    instance.provider = std::move(*provider);
    return instance.provider.get();
}

Result<Provider*> ProviderSet::make(const std::string& name, std::string_view user) {
    const auto at = instances_.find(name);
    if (at == instances_.end())
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "Unknown provider instance",
                     .cause = fmt::format("{} uses the provider instance \"{}\", which is configured nowhere.", user, name),
                     .remedy = "Name it under \"providers\" in the environment's configuration, or make it with stack.provider(...)."};
    return made(at->second);
}

const Provider* ProviderSet::peek(const std::string& name) {
    const auto provider = make(name);
    return provider.ok() ? *provider : nullptr;
}

Result<Provider*> ProviderSet::get(const std::string& name) {
    auto provider = make(name);
    if (!provider) return provider;
    auto& instance = instances_.find(name)->second;
    if (instance.identity) return provider;
    auto identity = (*provider)->configure();
    if (!identity) return std::move(identity).error();
    const bool own = instance.declaration.name == instance.declaration.kind;
    if (own && !expected_.account.empty() && !identity->account.empty() && identity->account != expected_.account)
        return wrong_account(fmt::format("{} says account {}, but the credentials ({}) belong to account {}.", expected_.configured_in,
                                         expected_.account, identity->principal, identity->account),
                             "Nothing was read or changed. Use credentials of that account (AWS_PROFILE), or another environment (--env).");
    instance.identity = std::move(*identity);
    return provider;
}

void ProviderSet::assume(const State& state) {
    for (const auto& [name, known] : state.providers)
        if (auto provider = make(name); provider)
            (*provider)->assume(
                {.account = known.account, .region = known.region, .partition = {}, .principal = {}, .instance = known.instance});
}

const ProviderIdentity* ProviderSet::identity(const std::string& name) const {
    const auto at = instances_.find(name);
    if (at == instances_.end()) return nullptr;
    const auto& identity = at->second.identity;
    return identity ? &*identity : nullptr;
}

Status ProviderSet::matches(const std::string& name, const State& state) const {
    const auto* now = identity(name);
    const auto before = state.providers.find(name);
    if (now == nullptr || before == state.providers.end()) return {};
    if (now->account == before->second.account && now->region == before->second.region) return {};
    return wrong_account(
        fmt::format("Stack {} of {} was deployed to account {} in {}; provider \"{}\" now leads to account {} in {}.", state.stack,
                    state.environment, before->second.account, before->second.region, name, now->account, now->region),
        "Nothing was read or changed. Go back to the account and region that the stack lives in, or use another environment for the new "
        "one.");
}

const ResourceType* ProviderSet::find_type(std::string_view name) const {
    for (const auto& kind : kinds_)
        if (const auto* type = kind.find_type(name)) return type;
    return nullptr;
}

std::uint64_t ProviderSet::calls() const {
    std::uint64_t sum = 0;
    for (const auto& kind : kinds_)
        if (kind.calls) sum += kind.calls();
    return sum;
}

}  // namespace strata
