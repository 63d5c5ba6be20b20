#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/deploy/provider_set.hpp"

namespace strata {

/// Hears of every call that another provider would send over a network.
class WatchedProvider final : public Provider {
public:
    /// What a call is: "read", "begin", "poll", "find_orphan", "look_up".
    using Before = std::function<std::optional<Error>(std::string_view call)>;
    using After = std::function<std::optional<Error>(std::string_view call)>;

    /// @param before  an error: the call is not sent
    /// @param after   an error: it was sent, and this is what is heard of it
    WatchedProvider(std::unique_ptr<Provider> below, Before before, After after)
        : below_{std::move(below)}, before_{std::move(before)}, after_{std::move(after)} {}

    Result<ProviderIdentity> configure() override { return below_->configure(); }
    void check(const ResourceType& type, const ValueMap& properties, const Report& report) const override {
        below_->check(type, properties, report);
    }
    std::string generate_name(const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                              std::string_view suffix) const override {
        return below_->generate_name(type, properties, wanted, suffix);
    }
    std::string planned_id(const ResourceType& type, const ValueMap& properties) const override {
        return below_->planned_id(type, properties);
    }
    ValueMap planned_outputs(const ResourceType& type, const ValueMap& properties) const override {
        return below_->planned_outputs(type, properties);
    }
    std::vector<Value> service_defaults(const ResourceType& type, std::string_view property, const Live& live,
                                        const ValueMap& applied) const override {
        return below_->service_defaults(type, property, live, applied);
    }
    std::vector<ReadResult> read(std::span<const ReadItem> items, ReadDepth depth) override {
        auto results = send<std::vector<ReadResult>>("read", [&] { return Result{below_->read(items, depth)}; });
        return results.ok() ? std::move(*results) : std::vector<ReadResult>(items.size(), Unreadable{results.error()});
    }
    Result<Progress> begin(const Step& step) override {
        return send<Progress>("begin", [&] { return below_->begin(step); });
    }
    Result<Progress> poll(const Step& step, const Value& cursor) override {
        return send<Progress>("poll", [&] { return below_->poll(step, cursor); });
    }
    Result<std::optional<std::string>> find_orphan(const Step& step) override {
        return send<std::optional<std::string>>("find_orphan", [&] { return below_->find_orphan(step); });
    }
    std::vector<Result<std::vector<Candidate>>> find_existing(std::string_view stack, std::span<const Sought> sought) override {
        auto answers = send<std::vector<Result<std::vector<Candidate>>>>("find_existing",
                                                                         [&] { return Result{below_->find_existing(stack, sought)}; });
        if (answers.ok()) return std::move(*answers);
        return std::vector<Result<std::vector<Candidate>>>(sought.size(), answers.error());
    }
    Result<std::vector<TaggedThing>> find_tagged(std::string_view stack) override {
        return send<std::vector<TaggedThing>>("find_tagged", [&] { return below_->find_tagged(stack); });
    }
    Result<ValueMap> look_up(std::string_view kind, const ValueMap& arguments) override {
        return send<ValueMap>("look_up", [&] { return below_->look_up(kind, arguments); });
    }

private:
    template <typename T, typename Call>
    Result<T> send(std::string_view name, const Call& call) {
        if (auto refused = before_(name)) return *std::move(refused);
        Result<T> answer = call();
        if (auto lost = after_(name)) return *std::move(lost);
        return answer;
    }

    std::unique_ptr<Provider> below_;
    Before before_;
    After after_;
};

/// The kind, each of whose instances is watched.
inline ProviderKind watched(ProviderKind kind, WatchedProvider::Before before, WatchedProvider::After after) {
    kind.make = [make = std::move(kind.make), before = std::move(before),
                 after = std::move(after)](const ProviderDeclaration& declaration) -> Result<std::unique_ptr<Provider>> {
        auto made = make(declaration);
        if (!made) return made;
        return std::unique_ptr<Provider>{std::make_unique<WatchedProvider>(std::move(*made), before, after)};
    };
    return kind;
}

}  // namespace strata
