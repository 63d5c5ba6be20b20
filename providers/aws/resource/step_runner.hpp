#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/model/provider.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/resource/hooks.hpp"
#include "providers/aws/resource/reader.hpp"
#include "providers/aws/resource/steps.hpp"

namespace strata::aws {

/// Carries out one step as far as it goes without waiting, and says where it stands. Everything that it must
/// remember between two looks is in the cursor.
class StepRunner : public Caller {
public:
    StepRunner(Client& client, Clock& clock, const ProviderIdentity& identity, const Step& step);

    Result<Progress> begin();
    Result<Progress> poll(const Value& cursor);

    Result<Value> operator()(std::string_view service, std::string_view operation, ValueMap params) override;
    Result<Value> pages(std::string_view service, std::string_view operation, ValueMap params) override;
    [[nodiscard]] const ProviderIdentity& identity() const override { return identity_; }
    void take_over(std::string id) override { at_.id = std::move(id); }

    /// Looks at the step's thing itself, authoritatively.
    Reader::Seen look();

private:
    /// Where a step stands. `next` counts the planned calls; all of them done: settling.
    struct Position {
        std::size_t next = 0;
        bool settling = false;  ///< waiting until usable before call `next`
        std::string id;
        std::int64_t started_ms = 0;
        std::int64_t retrying_since_ms = 0;  ///< 0: the last call went well
    };
    [[nodiscard]] static Position read_cursor(const Value& cursor);
    [[nodiscard]] Value cursor() const;
    [[nodiscard]] std::int64_t now_ms();
    [[nodiscard]] Context context_of(const PlannedCall* call) const;

    void read_present_items();
    Result<Progress> run();
    Status send(const PlannedCall& call);
    Status send_one(const PlannedCall& call, const Value* item);
    Status send_each(const PlannedCall& call);
    Result<ValueMap> whole_tags(const PlannedCall& call);
    Status call_with(const OperationUse& use, ValueMap params, bool is_create);
    Status take_id(const Value& answer);
    Result<Progress> settle();
    Result<Progress> settle_removal();
    Result<Progress> finish(const Live* live);
    Result<Progress> finish_facet();
    Result<Progress> after_failure(Error error);
    [[nodiscard]] const RetryRule* rule_for(const Error& error) const;
    [[nodiscard]] Error explained(Error error) const;
    bool is_removed_already(const Error& error);
    [[nodiscard]] bool is_young(const Error& error) const;
    Progress again(Milliseconds in, std::string text);
    [[nodiscard]] Milliseconds time_limit() const;
    [[nodiscard]] Error too_long(std::string_view state) const;

    Client& client_;
    Clock& clock_;
    const ProviderIdentity& identity_;
    Step step_;
    const TypeDetail& detail_;
    std::vector<PlannedCall> calls_;
    Position at_;
};

}  // namespace strata::aws
