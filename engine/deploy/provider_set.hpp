#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/model/graph.hpp"
#include "engine/model/provider.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// A kind of provider that the program was linked with.
struct ProviderKind {
    std::string_view name;  ///< "aws"
    std::function<Result<std::unique_ptr<Provider>>(const ProviderDeclaration&)> make;
    const ResourceType* (*find_type)(std::string_view name) = nullptr;
    /// Requests sent so far by all its instances, for the summary.
    std::function<std::uint64_t()> calls = {};
};

/// The provider instances of a run: made when first used, asked who they are once.
class ProviderSet {
public:
    struct Expected {
        std::string account;  ///< empty: any
        std::string region;
        std::string configured_in;  ///< "config/dev.yaml", for the error
    };

    ProviderSet(std::span<const ProviderKind> kinds, Expected expected) : kinds_{kinds}, expected_{std::move(expected)} {}

    /// Makes instances known; one that is known under its name already stays.
    void declare(const ProviderDeclaration& declaration);

    /// Configured and, when it is the environment's own instance (its name is its kind), of the expected account.
    /// @errors credentials, network, wrong_account
    Result<Provider*> get(const std::string& instance);
    /// Without a call: for pure questions an instance is made, not configured. @errors what is wrong with its configuration
    /// and invalid_program when it has none, as a mistake of `user`.
    Result<Provider*> make(const std::string& instance, std::string_view user = "A resource");
    /// As make(), where it is known that it can be made; else nullptr.
    const Provider* peek(const std::string& instance);
    /// Each instance that state knows is what state says of it: for a plan that asks nothing.
    void assume(const State& state);
    [[nodiscard]] bool declares(const std::string& instance) const { return instances_.contains(instance); }
    [[nodiscard]] const ProviderIdentity* identity(const std::string& instance) const;
    /// Compares with what state says of the same instance. @errors wrong_account
    [[nodiscard]] Status matches(const std::string& instance, const State& state) const;

    [[nodiscard]] const ResourceType* find_type(std::string_view name) const;
    [[nodiscard]] std::uint64_t calls() const;

private:
    struct Instance {
        ProviderDeclaration declaration;
        std::unique_ptr<Provider> provider = {};
        std::optional<ProviderIdentity> identity = {};
    };
    Result<Provider*> made(Instance& instance);

    std::span<const ProviderKind> kinds_;
    Expected expected_;
    std::map<std::string, Instance, std::less<>> instances_;
};

}  // namespace strata
