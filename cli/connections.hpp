#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/known_secrets.hpp"

namespace strata::wire {
class Http;
}

namespace strata::cli {

/// The HTTP connections of a command, started when first needed: a command that sends nothing pays nothing.
class Connections {
public:
    using Variables = std::function<std::optional<std::string>(std::string_view name)>;
    /// A line of the HTTP trace, secrets masked already; called from several threads.
    using Trace = std::function<void(std::string_view line)>;

    Connections(Clock& clock, Variables variables, Trace trace);
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;
    ~Connections();

    Result<wire::Http*> http();
    /// Those to where state is kept. stop() leaves them alone: what was done is written down, and the lock given back, also when a
    /// person breaks off what is on the wire.
    Result<wire::Http*> state_http();
    /// Ends every exchange of http() under way, and every later one at once.
    void stop();
    /// Requests sent so far by http().
    [[nodiscard]] std::uint64_t requests();

    [[nodiscard]] Clock& clock() const { return clock_; }
    [[nodiscard]] const Variables& variables() const { return variables_; }
    [[nodiscard]] const Trace& trace() const { return trace_; }
    /// What the command has come across and must not show, whoever repeats it; at first the passwords of proxies.
    [[nodiscard]] KnownSecrets& secrets() const { return secrets_; }

private:
    Result<wire::Http*> started(std::unique_ptr<wire::Http>& http) const;

    Clock& clock_;
    Variables variables_;
    Trace trace_;
    mutable KnownSecrets secrets_;  ///< grows, and changes nothing else
    std::mutex mutex_;
    bool stopped_ = false;
    std::unique_ptr<wire::Http> http_;
    std::unique_ptr<wire::Http> state_http_;
};

}  // namespace strata::cli
