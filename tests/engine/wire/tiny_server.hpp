#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/wire/http.hpp"

namespace strata::wire {

/// A request as the tiny server saw it.
struct SeenRequest {
    std::string method;
    std::string target;
    Headers headers;
    std::string body;
};

/// The server's side of one connection: writes whatever bytes a test wants.
class Peer {
public:
    explicit Peer(int socket) : socket_{socket} {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    /// The next whole request; empty when the client closed the connection.
    std::optional<SeenRequest> read_request();
    /// @return false when the client is gone
    bool write(std::string_view bytes);
    /// Ends the connection with a reset rather than in an orderly way.
    void reset();
    /// Waits until the client closes.
    void wait_for_close();

private:
    bool fill();
    int socket_;
    std::string buffer_;
};

/// A server on a free port of 127.0.0.1 that can misbehave. Each connection has a thread of its own.
class TinyServer {
public:
    using Connection = std::function<void(Peer&)>;
    using Answer = std::function<std::string(const SeenRequest&)>;

    /// @param connection  runs for each connection, which is closed when it returns
    explicit TinyServer(Connection connection);
    /// A server that keeps connections alive and answers every request with what `answer` returns.
    static Connection answering(Answer answer);
    TinyServer(const TinyServer&) = delete;
    TinyServer& operator=(const TinyServer&) = delete;
    ~TinyServer();

    [[nodiscard]] std::string url() const;
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_.load(); }

private:
    void accept_all();

    Connection connection_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::vector<int> open_;             // guarded by mutex_
    std::vector<std::thread> threads_;  // guarded by mutex_
    std::thread accepting_;
};

/// "HTTP/1.1 200 OK" with Content-Length and the body.
std::string plain_answer(std::string_view body, int status = 200, std::string_view more_headers = {});

}  // namespace strata::wire
