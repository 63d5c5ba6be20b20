#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/engine/wire/child_process.hpp"

namespace strata::aws {

/// The emulator on a free port, as a child process that is ended with this object.
class EmulatorProcess {
public:
    /// @param options  more flags of the emulator ("--latency-ms", "100")
    explicit EmulatorProcess(const std::vector<std::string>& options = {});

    /// "" when it did not start; why() then says so.
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::string& why() const { return why_; }

private:
    std::unique_ptr<wire::ChildProcess> child_;
    std::string url_;
    std::string why_;
};

}  // namespace strata::aws
