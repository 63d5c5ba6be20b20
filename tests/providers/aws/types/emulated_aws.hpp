#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/resource/aws_provider.hpp"
#include "tests/providers/aws/servers/emulator_process.hpp"

namespace strata::aws {

/// The emulator as a child process, and the provider that talks to it.
class EmulatedAws {
public:
    /// @param options  more flags of the emulator ("--latency-ms", "100")
    explicit EmulatedAws(const std::vector<std::string>& options = {});

    [[nodiscard]] AwsProvider& provider() { return *provider_; }
    /// One that looks again for what may not show yet; not beyond the life of this.
    [[nodiscard]] std::unique_ptr<AwsProvider> patient_provider(Milliseconds visible_within);
    /// Another such provider for each run of an engine, without the pauses between two looks at what is being made.
    [[nodiscard]] ProviderKind kind();
    /// False when the emulator did not start; why() then says so.
    [[nodiscard]] bool running() const { return provider_ != nullptr; }
    [[nodiscard]] const std::string& why() const { return why_; }

    /// Forgets everything that was made.
    void reset();
    /// "service operation" of each call since the last look, in order.
    std::vector<std::string> calls() { return ledger(false); }
    /// Of those, the calls that may change something.
    std::vector<std::string> changes() { return ledger(true); }

private:
    [[nodiscard]] std::unique_ptr<Client> client(std::string region);
    std::vector<std::string> ledger(bool only_changes);
    Result<wire::Response> send(std::string_view method, std::string_view path);

    EmulatorProcess emulator_;
    std::unique_ptr<wire::Http> http_;
    std::unique_ptr<AwsProvider> provider_;
    std::string why_;
    std::int64_t seen_ = 0;
};

}  // namespace strata::aws
