// What becomes of a request when the other side misbehaves: each failure has words of its own, and says
// whether the server may have acted.
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/wire/http.hpp"
#include "tests/engine/wire/tiny_server.hpp"

namespace strata::wire {
namespace {

using namespace std::chrono_literals;

/// Sends one request and returns its error in one line: kind, code, summary.
std::string failure(Request request, HttpOptions options = {}) {
    const auto http = Http::start(std::move(options));
    const auto answer = (*http)->send_and_wait(std::move(request));
    if (answer) return fmt::format("answered {}", answer->status);
    return fmt::format("{} {} {}", name_of(answer.error().kind), answer.error().code, answer.error().summary);
}

std::string cause_of(Request request, HttpOptions options = {}) {
    const auto http = Http::start(std::move(options));
    const auto answer = (*http)->send_and_wait(std::move(request));
    return answer ? std::string{"answered"} : answer.error().cause;
}

TEST(HttpFailure, NobodyListens) {
    EXPECT_EQ(failure({.method = "POST", .url = "http://127.0.0.1:1/x"}), "network not_sent Cannot connect");
    EXPECT_EQ(cause_of({.method = "POST", .url = "http://127.0.0.1:1/x?secret=1"}), "POST http://127.0.0.1:1/x: Connection refused.");
}

TEST(HttpFailure, HostNameIsNotKnown) {
    EXPECT_EQ(failure({.url = "http://no-such-host.invalid/"}), "network not_sent Host name not found");
}

TEST(HttpFailure, ServerTakesTheRequestAndResets) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.reset();
    }};

    EXPECT_EQ(failure({.method = "POST", .url = server.url() + "/", .body = "b"}), "network sent Connection lost");
}

TEST(HttpFailure, ServerTakesTheRequestAndCloses) {
    TinyServer server{[](Peer& peer) { peer.read_request(); }};

    EXPECT_EQ(failure({.method = "POST", .url = server.url() + "/", .body = "b"}), "network sent Connection lost");
}

TEST(HttpFailure, ARequestIsNeverTransmittedTwice) {
    std::atomic<int> taken = 0;
    // The second request on a connection is taken, and the connection closed without an answer: the very
    // case in which curl by itself sends again.
    TinyServer server{[&](Peer& peer) {
        peer.read_request();
        peer.write(plain_answer("first"));
        if (peer.read_request()) ++taken;
    }};
    const auto http = *Http::start({});

    ASSERT_TRUE(http->send_and_wait({.url = server.url() + "/"}));
    const auto second = http->send_and_wait({.method = "POST", .url = server.url() + "/", .body = "create"});

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, code_sent);
    EXPECT_EQ(second.error().summary, "Connection lost");
    EXPECT_EQ(taken, 1);
}

TEST(HttpFailure, NothingComesBackInTime) {
    TinyServer server{[](Peer& peer) { peer.wait_for_close(); }};

    EXPECT_EQ(failure({.method = "POST", .url = server.url() + "/", .timeout = 100ms}), "timeout sent No answer in time");
}

TEST(HttpFailure, NoConnectionInTime) {
    // An address set aside for documentation (RFC 5737): nothing answers there, or the machine has no way to it.
    const auto seen = failure({.url = "http://192.0.2.1/", .connect_timeout = 100ms});

    EXPECT_TRUE(seen == "timeout not_sent No connection in time" || seen == "network not_sent Cannot connect") << seen;
}

TEST(HttpFailure, AnswerTricklesIn) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (peer.write("x")) std::this_thread::sleep_for(100ms);
    }};

    EXPECT_EQ(failure({.url = server.url() + "/"}, {.stalled_after = 1000ms}), "timeout sent Exchange stalled");
}

TEST(HttpFailure, AnswerIsShorterThanAnnounced) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    }};

    EXPECT_EQ(failure({.url = server.url() + "/"}), "network sent Answer cut short");
}

TEST(HttpFailure, HeaderNeverEnds) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n");
        while (peer.write("X-More: " + std::string(1000, 'h') + "\r\n")) {
        }
    }};

    EXPECT_EQ(failure({.url = server.url() + "/"}), "protocol sent Answer's header too long");
}

TEST(HttpFailure, InterimAnswersNeverEnd) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        while (peer.write("HTTP/1.1 100 Continue\r\n\r\n")) {
        }
    }};

    EXPECT_EQ(failure({.url = server.url() + "/"}), "protocol sent Answer's header too long");
}

TEST(HttpFailure, BodyIsLongerThanTheRequestAllows) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        while (peer.write(std::string(65536, 'b'))) {
        }
    }};

    EXPECT_EQ(failure({.url = server.url() + "/", .response_limit = 1'000'000}), "protocol sent Answer too long");
}

TEST(HttpFailure, AnErrorBodyOfTenMegabytesIsReadWhole) {
    TinyServer server{TinyServer::answering([](const SeenRequest&) { return plain_answer(std::string(10'000'000, 'e'), 500); })};
    const auto http = *Http::start({});

    const auto answer = http->send_and_wait({.url = server.url() + "/"});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 500);
    EXPECT_EQ(answer->body.size(), 10'000'000U);
}

TEST(HttpFailure, ServerSpeaksSomethingElse) {
    TinyServer server{[](Peer& peer) {
        peer.read_request();
        peer.write("220 mail.example.com ESMTP\r\n");
    }};

    EXPECT_EQ(failure({.url = server.url() + "/"}), "protocol sent Answer is not HTTP");
}

TEST(HttpFailure, AddressOrHeaderWouldBreakTheRequestApart) {
    EXPECT_EQ(failure({.url = "http://127.0.0.1:1/a b"}), "invalid_program not_sent Request cannot be sent");
    EXPECT_EQ(failure({.url = "file:///etc/passwd"}), "invalid_program not_sent Request cannot be sent");
    EXPECT_EQ(failure({.method = "GET / HTTP/1.1\r\nX: ", .url = "http://127.0.0.1:1/"}),
              "invalid_program not_sent Request cannot be sent");
    EXPECT_EQ(failure({.url = "http://127.0.0.1:1/", .headers = {{"X-Tag", "a\r\nHost: b"}}}),
              "invalid_program not_sent Request cannot be sent");
    EXPECT_EQ(failure({.url = "http://127.0.0.1:1/", .headers = {{"X Tag", "a"}}}), "invalid_program not_sent Request cannot be sent");
    EXPECT_EQ(failure({.url = "http://[::1"}), "invalid_program not_sent Request cannot be sent");
}

TEST(HttpFailure, ShowsNoQueryAndNoUserOfAnAddress) {
    EXPECT_EQ(cause_of({.url = "http://user:word@127.0.0.1:1/p?X-Amz-Signature=1#f"}), "GET http://127.0.0.1:1/p: Connection refused.");
}

TEST(HttpFailure, ProxyIsDown) {
    ASSERT_EQ(::setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    TinyServer server{TinyServer::answering([](const SeenRequest&) { return plain_answer("x"); })};

    const auto through_proxy = failure({.url = server.url() + "/"});
    const auto direct = failure({.url = server.url() + "/", .direct = true});
    ::setenv("no_proxy", "127.0.0.1", 1);
    const auto excepted = failure({.url = server.url() + "/"});
    ::unsetenv("http_proxy");
    ::unsetenv("no_proxy");

    EXPECT_EQ(through_proxy, "network not_sent Cannot connect");
    EXPECT_EQ(direct, "answered 200");
    EXPECT_EQ(excepted, "answered 200");
}

}  // namespace
}  // namespace strata::wire
