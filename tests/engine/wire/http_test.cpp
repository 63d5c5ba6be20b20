#include "engine/wire/http.hpp"

#include <atomic>
#include <filesystem>
#include <latch>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/wire/loop_tools.hpp"
#include "tests/engine/wire/tiny_server.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::wire {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Http> started(HttpOptions options = {}) {
    auto http = Http::start(std::move(options));
    EXPECT_TRUE(http) << http.error().text();
    return *std::move(http);
}

TEST(Http, SendsExactlyTheRequestsFields) {
    SeenRequest seen;
    TinyServer server{TinyServer::answering([&](const SeenRequest& request) {
        seen = request;
        return plain_answer("ok");
    })};
    const auto http = started();

    const auto answer = http->send_and_wait({.method = "PUT",
                                             .url = server.url() + "/a//b/../%2Fc?list&x=%20",
                                             .headers = {{"X-One", "1"}, {"X-Empty", ""}, {"X-One", "2"}},
                                             .body = std::string(3000, 'b')});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "ok");
    EXPECT_EQ(seen.method, "PUT");
    EXPECT_EQ(seen.target, "/a//b/../%2Fc?list&x=%20");
    EXPECT_EQ(seen.body, std::string(3000, 'b'));
    std::string fields;
    for (const auto& [name, value] : seen.headers) fields += fmt::format("{}: {}\n", name, value);
    EXPECT_EQ(fields,
              fmt::format("Host: 127.0.0.1:{}\nUser-Agent: strata\nAccept: */*\nX-One: 1\nX-Empty: \nX-One: 2\nContent-Length: 3000\n",
                          server.port()));
}

TEST(Http, SendsEveryMethodWithTheBodyItHas) {
    std::string log;
    TinyServer server{TinyServer::answering([&](const SeenRequest& request) {
        const auto* const length = request.headers.find("content-length");
        log += fmt::format("{} {} {}\n", request.method, length ? *length : "-", request.body);
        return request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 7000000000\r\n\r\n" : plain_answer("");
    })};
    const auto http = started();

    for (const auto* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
        ASSERT_TRUE(http->send_and_wait({.method = method, .url = server.url() + "/"})) << method;
    ASSERT_TRUE(http->send_and_wait({.method = "DELETE", .url = server.url() + "/", .body = "why"}));

    EXPECT_EQ(log, "GET - \nHEAD - \nPOST 0 \nPUT 0 \nPATCH 0 \nDELETE - \nDELETE 3 why\n");
    EXPECT_EQ(server.connections(), 1);
}

TEST(Http, SendsAFilePieceByPiece) {
    const ScratchFolder folder;
    const auto path = folder / "upload";
    const std::string content(3'000'000, 'f');
    ASSERT_TRUE(real_files().replace(path, content));
    std::string seen;
    TinyServer server{TinyServer::answering([&](const SeenRequest& request) {
        seen = request.body;
        EXPECT_EQ(request.method, "PUT");
        return plain_answer("");
    })};
    const auto http = started();

    const auto answer = http->send_and_wait({.method = "PUT", .url = server.url() + "/k", .body_file = path.string()});
    const auto absent = http->send_and_wait({.method = "PUT", .url = server.url() + "/k", .body_file = path.string() + "-absent"});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(seen, content);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().summary, "Cannot read file to send");
    EXPECT_EQ(absent.error().code, code_not_sent);
}

TEST(Http, SkipsAnyNumberOfInterimAnswers) {
    TinyServer server{TinyServer::answering([](const SeenRequest&) {
        return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
               plain_answer("final", 201, "X-Final: 1\r\n");
    })};
    const auto http = started();

    const auto answer = http->send_and_wait({.method = "POST", .url = server.url() + "/", .body = "b"});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "final");
    EXPECT_EQ(answer->headers.find("x-interim"), nullptr);
    EXPECT_EQ(answer->headers.find("link"), nullptr);
    EXPECT_EQ(*answer->headers.find("x-final"), "1");
}

TEST(Http, ReusesConnectionsAndCountsThem) {
    TinyServer server{TinyServer::answering([](const SeenRequest&) { return plain_answer("x"); })};
    const auto http = started();

    const auto first = http->send_and_wait({.url = server.url() + "/"});
    const auto second = http->send_and_wait({.url = server.url() + "/"});

    EXPECT_FALSE(first->reused_connection);
    EXPECT_TRUE(second->reused_connection);
    EXPECT_EQ(http->counters().requests, 2U);
    EXPECT_EQ(http->counters().connections, 1U);
    EXPECT_GT(http->counters().bytes_sent, 50U);
    EXPECT_GT(http->counters().bytes_received, 50U);
}

TEST(Http, KeepsToTheNumberOfConnectionsForEachHost) {
    std::atomic<int> at_once = 0;
    std::atomic<int> most = 0;
    const auto slow = [&](const SeenRequest&) {
        most = std::max(most.load(), ++at_once);
        std::this_thread::sleep_for(2ms);
        --at_once;
        return plain_answer("x");
    };
    TinyServer server{TinyServer::answering(slow)};
    const auto http = started({.connections_per_host = 3});
    std::latch done{60};
    std::atomic<int> good = 0;

    for (int i = 0; i < 60; ++i)
        http->send({.url = server.url() + "/"}, [&](Result<Response> answer) {
            if (answer && answer->status == 200) ++good;
            done.count_down();
        });
    done.wait();

    EXPECT_EQ(good, 60);
    EXPECT_EQ(server.connections(), 3);
    EXPECT_LE(most, 3);
}

TEST(TlsConnections, GrowWithTheRequestsUpToTheMost) {
    EXPECT_EQ(tls_connections_for(1, 0, 12), 4);
    EXPECT_EQ(tls_connections_for(19, 0, 12), 4);
    EXPECT_EQ(tls_connections_for(40, 0, 12), 10);
    EXPECT_EQ(tls_connections_for(1'000, 0, 12), 12);
    EXPECT_EQ(tls_connections_for(1'000, 0, 2), 2);
    EXPECT_EQ(tls_connections_for(5, 10, 12), 10) << "those that are open are used to the end";
}

TEST(Http, UnpacksNothing) {
    // "aaaa" as gzip; a few KB of it can hold a gigabyte.
    const std::string packed{"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x4c\x4c\x4c\x04\0\x45\xe5\x98\xad\x04\0\0\0", 24};
    TinyServer server{TinyServer::answering([&](const SeenRequest&) { return plain_answer(packed, 200, "Content-Encoding: gzip\r\n"); })};
    const auto http = started();

    const auto answer = http->send_and_wait({.url = server.url() + "/"});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, packed);
}

TEST(Http, DoesNotFollowRedirects) {
    TinyServer server{TinyServer::answering([](const SeenRequest&) { return plain_answer("", 307, "Location: http://127.0.0.1:1/\r\n"); })};
    const auto http = started();

    const auto answer = http->send_and_wait({.url = server.url() + "/"});

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 307);
    EXPECT_EQ(*answer->headers.find("Location"), "http://127.0.0.1:1/");
}

TEST(Http, RunsTasksAfterTheirDelayInOrder) {
    const auto http = started();
    std::string order;
    std::latch done{3};
    const auto add = [&](char c) {
        return [&, c] {
            EXPECT_TRUE(http->on_loop_thread());
            order += c;
            done.count_down();
        };
    };

    const auto begin = std::chrono::steady_clock::now();
    http->after(60ms, add('c'));
    http->after(30ms, add('b'));
    http->after(0ms, add('a'));
    done.wait();

    EXPECT_EQ(order, "abc");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 60ms);
    EXPECT_FALSE(http->on_loop_thread());
}

TEST(Http, RefusesToWaitForItselfOnItsOwnThread) {
    const auto http = started();
    std::latch done{1};

    http->after(0ms, [&] {
        const auto answer = http->send_and_wait({.url = "http://127.0.0.1:1/"});
        EXPECT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, ErrorKind::internal);
        done.count_down();
    });
    done.wait();
}

TEST(Http, StopEndsWhatIsUnderWayAndWhatComesLater) {
    std::latch arrived{1};
    TinyServer server{[&](Peer& peer) {
        if (peer.read_request()) arrived.count_down();
        peer.wait_for_close();
    }};
    const auto http = started({.connections_per_host = 1});
    std::latch ended{2};
    std::vector<std::string> codes;
    const auto end = [&](Result<Response> answer) {
        EXPECT_EQ(answer.error().kind, ErrorKind::interrupted);
        codes.push_back(answer.error().code);
        ended.count_down();
    };

    http->send({.method = "POST", .url = server.url() + "/"}, end);
    http->send({.method = "POST", .url = server.url() + "/"}, end);
    arrived.wait();
    http->stop();
    ended.wait();
    const auto later = http->send_and_wait({.url = server.url() + "/"});

    EXPECT_EQ(codes, (std::vector<std::string>{"sent", "not_sent"}));
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().kind, ErrorKind::interrupted);
}

TEST(Http, TasksThatWaitRunAtOnceWhenItStops) {
    auto http = started();
    std::latch ran{1};

    http->after(1h, [&] { ran.count_down(); });
    http->stop();
    ran.wait();
    http.reset();
}

TEST(Http, EndsCleanlyWithRequestsUnderWay) {
    TinyServer server{[](Peer& peer) { peer.wait_for_close(); }};
    std::atomic<int> ended = 0;
    {
        const auto http = started();
        for (int i = 0; i < 20; ++i) http->send({.url = server.url() + "/"}, [&](Result<Response>) { ++ended; });
    }
    EXPECT_EQ(ended, 20);
}

}  // namespace
}  // namespace strata::wire
