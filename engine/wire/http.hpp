#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"

namespace strata::wire {

/// Header fields in the order they were given; names compare without case.
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_{fields} {}
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
    /// Replaces every field of that name by one.
    void set(std::string_view name, std::string value);
    /// The first field of that name, or nullptr.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] auto begin() const { return fields_.begin(); }
    [[nodiscard]] auto end() const { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
    std::string method = "GET";
    std::string url;  ///< complete, already encoded; sent as it is
    Headers headers;
    std::string body;
    std::string body_file = {};  ///< when set, the body is read from this file piece by piece
    Milliseconds connect_timeout{10'000};
    Milliseconds timeout{60'000};                        ///< whole exchange
    std::size_t response_limit = std::size_t{64} << 20;  ///< bytes; a longer answer is an error
    bool direct = false;                                 ///< never through a proxy: for addresses of this machine or link
};

struct Response {
    int status = 0;
    Headers headers;
    std::string body;
    bool reused_connection = false;
};

struct HttpOptions {
    int connections_per_host = 64;  ///< to a host without TLS
    /// The most to a host with TLS. Each costs a handshake and some 70 KB, so four are opened at first, and more
    /// only where there are four requests for each of them.
    int tls_connections_per_host = 24;
    std::string ca_bundle = {};  ///< file; empty: searched (AWS_CA_BUNDLE, SSL_CERT_FILE, the usual paths)
    std::string user_agent = "strata";
    Milliseconds stalled_after{60'000};             ///< an exchange that moves less than 64 bytes/s for so long is given up
    Variables environment = process_environment();  ///< where the CA bundle is looked up
};

/// What became of a request whose answer did not arrive: decides whether it may be sent again blindly.
/// Error::code of every Error that Http hands out (network, timeout, interrupted, protocol, io) is
/// "not_sent" (nothing reached the server) or "sent" (the server may have acted).
inline constexpr std::string_view code_not_sent = "not_sent";
inline constexpr std::string_view code_sent = "sent";

/// Every HTTP connection of the process: one curl_multi loop on a thread of its own. Redirects are
/// not followed, certificates are always verified (no way to turn that off), 1xx answers are skipped.
/// A request is transmitted once: curl's own silent resend on a connection that died is refused, because
/// the server may have acted on the first copy. Thread-safe. Completion functions run on the loop's
/// thread and must be short. Proxies come from the environment, as curl reads it (https_proxy, no_proxy).
class Http {
public:
    using Done = std::function<void(Result<Response>)>;

    /// The CA bundle is looked for at the first https:// request: a process that talks to plain http://
    /// only needs none, and where none is found that request fails with ErrorKind::io (paths tried are named).
    /// @errors internal when the machine gives no pipe or thread
    static Result<std::unique_ptr<Http>> start(HttpOptions options);
    /// As stop(); returns when every completion function has run.
    virtual ~Http() = default;

    virtual void send(Request request, Done done) = 0;
    /// Runs `task` on the loop's thread after `delay`.
    virtual void after(Milliseconds delay, std::function<void()> task) = 0;
    /// Ends every request under way with ErrorKind::interrupted; later ones end so at once. Tasks that
    /// wait for their delay run at once, so that whoever waits for them gets to see the end.
    virtual void stop() = 0;
    /// For whoever paces requests by `after`: there is nothing to wait for any more.
    [[nodiscard]] virtual bool stopped() const { return false; }

    /// @errors internal when called on the loop's own thread, which would wait for itself
    Result<Response> send_and_wait(Request request);
    [[nodiscard]] virtual bool on_loop_thread() const { return false; }

    struct Counters {
        std::uint64_t requests = 0;
        std::uint64_t connections = 0;
        std::uint64_t bytes_sent = 0;
        std::uint64_t bytes_received = 0;
    };
    [[nodiscard]] virtual Counters counters() const = 0;
};

}  // namespace strata::wire
