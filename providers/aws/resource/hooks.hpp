#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/provider.hpp"

namespace strata::aws {

/// Sends one call and waits for its answer; what a hook may use to talk to AWS.
class Caller {
public:
    virtual ~Caller() = default;
    /// @param params  by the member names of the operation's input
    virtual Result<Value> operator()(std::string_view service, std::string_view operation, ValueMap params) = 0;
    /// As above, every page.
    virtual Result<Value> pages(std::string_view service, std::string_view operation, ValueMap params) = 0;
    [[nodiscard]] virtual const ProviderIdentity& identity() const = 0;
    /// Of a create whose request `prepare` empties: the thing that is there instead. Not needed where the program names it.
    virtual void take_over(std::string id) = 0;
};

/// What no declaration can say about a type, as functions beside its file (providers/aws/types/<service>/<name>.cpp).
struct Hooks {
    /// The id that a thing with these properties will have, where no expression can say it.
    using PlannedId = std::string (*)(const ValueMap& properties, const ProviderIdentity& identity);
    PlannedId planned_id = nullptr;

    /// Changes a request before it is sent; may look something up for it.
    using Prepare = Status (*)(Caller& call, std::string_view operation, const Step& step, ValueMap& params);
    Prepare prepare = nullptr;

    /// Brings what was read into the form in which a program sets it. `answer` is the core's object.
    using AfterRead = void (*)(const Value& answer, const ProviderIdentity& identity, ValueMap& properties, ValueMap& outputs);
    AfterRead after_read = nullptr;

    /// Clears what stands in the way of deleting (objects in a bucket), when the program said so.
    using BeforeDelete = Status (*)(Caller& call, const Step& step);
    BeforeDelete before_delete = nullptr;

    /// Reports mistakes in a declaration that the model's constraints do not show.
    using Check = void (*)(const ValueMap& properties, const Provider::Report& report);
    Check check = nullptr;
};

}  // namespace strata::aws
