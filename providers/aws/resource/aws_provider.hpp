#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "engine/model/provider.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// AWS as the engine sees it: carries out what the files under providers/aws/types declare. Thread-safe.
class AwsProvider : public Provider {
public:
    AwsProvider(std::unique_ptr<Client> client, Clock& clock) : client_{std::move(client)}, clock_{clock} {}

    Result<ProviderIdentity> configure() override;
    void check(const ResourceType& type, const ValueMap& properties, const Report& report) const override;
    [[nodiscard]] std::string generate_name(const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                                            std::string_view suffix) const override;
    [[nodiscard]] std::string planned_id(const ResourceType& type, const ValueMap& properties) const override;
    [[nodiscard]] ValueMap planned_outputs(const ResourceType& type, const ValueMap& properties) const override;
    [[nodiscard]] std::vector<Value> service_defaults(const ResourceType& type, std::string_view property, const Live& live,
                                                      const ValueMap& applied) const override;
    std::vector<ReadResult> read(std::span<const ReadItem> items, ReadDepth depth) override;
    Result<Progress> begin(const Step& step) override;
    Result<Progress> poll(const Step& step, const Value& cursor) override;
    Result<std::optional<std::string>> find_orphan(const Step& step) override;
    std::vector<Result<std::vector<Candidate>>> find_existing(std::string_view stack, std::span<const Sought> sought) override;
    Result<std::vector<TaggedThing>> find_tagged(std::string_view stack) override;
    Result<ValueMap> look_up(std::string_view kind, const ValueMap& arguments) override;

    [[nodiscard]] Client& client() { return *client_; }

private:
    /// Who we are; asks when nobody has yet. Empty values when it cannot be found out: the call that follows then tells why.
    ProviderIdentity identity() const;
    Result<std::optional<std::string>> find_by_id(const Step& step);
    Result<std::optional<std::string>> find_by_tag(const Step& step);
    Result<std::optional<std::string>> find_by_tagging_api(const Step& step);

    std::unique_ptr<Client> client_;
    Clock& clock_;
    mutable std::mutex mutex_;  ///< guards identity_
    mutable std::optional<ProviderIdentity> identity_;
};

}  // namespace strata::aws
