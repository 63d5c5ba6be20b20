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
    /// @param visible_within  how long reads may answer "not found" about a thing after it was made: a look for one that is younger
    ///                        and not seen is repeated. AWS's reads are eventually consistent; an emulator's need not be
    AwsProvider(std::unique_ptr<Client> client, Clock& clock, Milliseconds visible_within = Milliseconds{0})
        : client_{std::move(client)}, clock_{clock}, visible_within_{visible_within} {}

    Result<ProviderIdentity> configure() override;
    void assume(const ProviderIdentity& who) override;
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
    /// Who we are; asks when nobody has yet. Without account when it cannot be found out: the call that follows then tells why.
    ProviderIdentity identity();
    /// As far as it is known without asking: without account and partition before that.
    [[nodiscard]] ProviderIdentity known_identity() const;
    /// The marks are gone when calls are made of these values: what is secret must be known before.
    void note_secrets(const Step& step) const;
    /// Whether reads may not show yet what the create with this token has made.
    [[nodiscard]] bool may_still_show(std::string_view token) const;
    Result<std::optional<std::string>> look_for_orphan(const Step& step);
    Result<std::optional<std::string>> find_by_id(const Step& step);
    Result<std::optional<std::string>> find_by_tag(const Step& step);
    Result<std::optional<std::string>> find_by_tagging_api(const Step& step);

    std::unique_ptr<Client> client_;
    Clock& clock_;
    Milliseconds visible_within_;
    mutable std::mutex mutex_;  ///< guards the following
    std::optional<ProviderIdentity> identity_;
    mutable std::optional<WallTime> looked_first_;  ///< when something that may not show yet was looked for first
};

}  // namespace strata::aws
