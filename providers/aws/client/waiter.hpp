#pragma once

#include <cstdint>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

enum class WaiterState : std::uint8_t { success, failure, retry };

/// What one answer of the waiter's operation says. The first acceptor that fits decides; where none fits, an
/// error is a failure and anything else "not yet".
WaiterState evaluate(const Waiter& waiter, const Result<Value>& answer);

struct WaitLimits {
    Milliseconds poll{0};     ///< between two questions; zero: the model's delay
    Milliseconds timeout{0};  ///< altogether; zero: the model's delay times its attempts
};

/// Asks again and again, without holding a thread. `done` gets the answer that the waiter accepted, on the
/// loop's thread.
/// @param call  service, parameters and region; the operation is the waiter's
/// @errors timeout when time is up; service when the thing reached a state from which it will not get there;
/// the error of a question that failed
void wait_until(Client& client, wire::Http& http, Clock& clock, const Waiter& waiter, Call call, WaitLimits limits, Client::Done done);
/// The same for who has a thread to wait on; not on the loop's.
Result<Value> wait_until_and_wait(Client& client, wire::Http& http, Clock& clock, const Waiter& waiter, Call call, WaitLimits limits);

}  // namespace strata::aws
