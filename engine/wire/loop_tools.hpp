#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>

namespace strata::wire {

/// How many TLS connections a host's requests, under way or waiting, are worth. Measured over 15 hosts at 100 ms:
/// more than a few handshakes for ten requests cost more time than they save. What is `open` already costs none.
inline int tls_connections_for(int requests, int open, int most) { return std::max(open, std::min(most, std::max(4, requests / 4))); }

/// A pipe whose writing end wakes the loop out of poll().
class Waker {
public:
    Waker() {
        if (::pipe(ends_.data()) != 0) return;
        for (const int end : ends_) {
            ::fcntl(end, F_SETFL, O_NONBLOCK);
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
        }
    }
    Waker(const Waker&) = delete;
    Waker& operator=(const Waker&) = delete;
    ~Waker() {
        for (const int end : ends_)
            if (end >= 0) ::close(end);
    }
    [[nodiscard]] bool ready() const { return ends_[0] >= 0; }
    [[nodiscard]] int watched() const { return ends_[0]; }
    void wake() {
        // A full pipe already wakes the loop, so a failed write loses nothing.
        [[maybe_unused]] const auto written = ::write(ends_[1], "", 1);
    }
    void drain() {
        std::array<char, 64> sink{};
        while (::read(ends_[0], sink.data(), sink.size()) > 0) {
        }
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

/// Keeps the signals of the process away from the loop's thread; above all SIGPIPE, which OpenSSL raises
/// when it writes to a connection that the server has closed.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

}  // namespace strata::wire
