#pragma once

#include <functional>
#include <thread>

#include "engine/deploy/interrupt.hpp"

namespace strata::cli {

/// While it lives, SIGINT and SIGTERM count up an Interrupt instead of ending the process; afterwards they are ignored. One
/// at a time, for the whole of a command's work.
class SignalWatch {
public:
    /// @param asked  called on a thread of its own after every signal
    SignalWatch(Interrupt& interrupt, std::function<void()> asked);
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    ~SignalWatch();

private:
    int pipe_[2] = {-1, -1};
    std::thread listener_;
};

}  // namespace strata::cli
