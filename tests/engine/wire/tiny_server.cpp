#include "tests/engine/wire/tiny_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::wire {

Peer::~Peer() {
    if (socket_ >= 0) ::close(socket_);
}

bool Peer::fill() {
    std::array<char, 65536> block{};
    const auto count = ::recv(socket_, block.data(), block.size(), 0);
    if (count <= 0) return false;
    buffer_.append(block.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<SeenRequest> Peer::read_request() {
    while (buffer_.find("\r\n\r\n") == std::string::npos)
        if (!fill()) return std::nullopt;
    const auto end = buffer_.find("\r\n\r\n");
    SeenRequest request;
    const auto lines = split(buffer_.substr(0, end), '\n');
    const auto words = split(trimmed(lines.front()), ' ');
    request.method = words.at(0);
    request.target = words.at(1);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto colon = lines[i].find(':');
        request.headers.add(lines[i].substr(0, colon), std::string{trimmed(lines[i].substr(colon + 1))});
    }
    buffer_.erase(0, end + 4);

    std::size_t length = 0;
    if (const auto* const announced = request.headers.find("content-length"))
        std::from_chars(announced->data(), announced->data() + announced->size(), length);
    while (buffer_.size() < length)
        if (!fill()) return std::nullopt;
    request.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return request;
}

bool Peer::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void Peer::reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket_);
    socket_ = -1;
}

void Peer::wait_for_close() {
    while (fill()) {
    }
}

TinyServer::TinyServer(Connection connection) : connection_{std::move(connection)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error{errno, std::system_category(), "bind"};
    ::listen(listener_, 512);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread{[this] { accept_all(); }};
}

TinyServer::~TinyServer() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    ::close(listener_);
    {
        const std::lock_guard lock{mutex_};
        for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
}

void TinyServer::accept_all() {
    while (true) {
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket < 0) return;
        ++connections_;
        const std::lock_guard lock{mutex_};
        open_.push_back(socket);
        threads_.emplace_back([this, socket] {
            Peer peer{socket};
            connection_(peer);
            // Forgotten before it is closed, so that a number that is used again is not shut down.
            const std::lock_guard again{mutex_};
            std::erase(open_, socket);
        });
    }
}

TinyServer::Connection TinyServer::answering(Answer answer) {
    return [answer = std::move(answer)](Peer& peer) {
        while (const auto request = peer.read_request())
            if (!peer.write(answer(*request))) return;
    };
}

std::string TinyServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::string plain_answer(std::string_view body, int status, std::string_view more_headers) {
    return fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), more_headers, body);
}

}  // namespace strata::wire
