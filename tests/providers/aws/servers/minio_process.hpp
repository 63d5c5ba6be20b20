#pragma once

#include <optional>
#include <string>

#include "tests/engine/wire/child_process.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::aws {

/// MinIO on a free port, with its data in a folder that goes with it. It checks signatures, which the emulator does not.
class MinioProcess {
public:
    static constexpr const char* user = "strata-root";
    static constexpr const char* password = "strata-root-password";

    MinioProcess();
    ~MinioProcess() { server_.reset(); }
    MinioProcess(const MinioProcess&) = delete;
    MinioProcess& operator=(const MinioProcess&) = delete;

    /// False when it is neither in .cache/bin (`make servers`) nor on PATH.
    [[nodiscard]] bool installed() const { return !program_.empty(); }
    /// "" when it did not start.
    [[nodiscard]] const std::string& url() const { return url_; }

private:
    std::string program_;
    ScratchFolder folder_;
    std::optional<wire::ChildProcess> server_;
    std::string url_;
};

}  // namespace strata::aws
