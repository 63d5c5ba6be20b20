// Certificates that must be refused, against `openssl s_server`.
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/wire/http.hpp"
#include "tests/engine/wire/child_process.hpp"
#include "tests/engine/wire/tiny_server.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::wire {
namespace {

/// An authority and the certificates that it signs, in a folder of their own.
class Tls : public testing::Test {
protected:
    void SetUp() override {
        if (ChildProcess::find("openssl").empty()) {
            std::puts("not shown: refusal of bad certificates (no openssl on PATH)");
            GTEST_SKIP();
        }
        openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("ca.key"), "-out",
                 path("ca.pem"), "-days", "2", "-subj", "/CN=Test authority"});
    }

    void openssl(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "openssl");
        ASSERT_EQ(ChildProcess::run(arguments), 0) << arguments[1];
    }

    /// Makes cert.pem for `host`, valid from now for so many days.
    void certify(const std::string& host, const std::string& days) {
        openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("cert.key"), "-out",
                 path("cert.csr"), "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host});
        openssl({"x509", "-req", "-in", path("cert.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial", "-days", days,
                 "-copy_extensions", "copy", "-out", path("cert.pem")});
    }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    /// Serves cert.pem and asks https://localhost for a page, trusting `bundle`. Also tells what the error was.
    std::string ask(const std::string& bundle) {
        ChildProcess server{{"openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", path("cert.pem"), "-key", path("cert.key"), "-www"}};
        const auto line = server.wait_for_line("ACCEPT");
        const auto http = Http::start({.environment = fixed_environment({{"AWS_CA_BUNDLE", bundle}})});
        const auto answer = (*http)->send_and_wait({.url = "https://localhost" + line.substr(line.rfind(':')) + "/"});
        if (answer) return fmt::format("answered {}", answer->status);
        cause_ = answer.error().cause;
        return fmt::format("{} {} {}", name_of(answer.error().kind), answer.error().code, answer.error().summary);
    }

    bool cause_says(std::string_view text) const { return cause_.find(text) != std::string::npos; }

    ScratchFolder folder_;
    std::string cause_;
};

constexpr const char* refused = "network not_sent Server's certificate refused";

TEST_F(Tls, ACertificateOfATrustedAuthorityIsAccepted) {
    certify("localhost", "2");

    EXPECT_EQ(ask(path("ca.pem")), "answered 200") << cause_;
}

TEST_F(Tls, AnExpiredCertificateIsRefused) {
    certify("localhost", "-1");

    EXPECT_EQ(ask(path("ca.pem")), refused);
    EXPECT_TRUE(cause_says("certificate has expired")) << cause_;
}

TEST_F(Tls, ACertificateOfAnotherHostIsRefused) {
    certify("example.org", "2");

    EXPECT_EQ(ask(path("ca.pem")), refused);
    EXPECT_TRUE(cause_says("does not match") || cause_says("no alternative certificate subject name matches")) << cause_;
}

TEST_F(Tls, ACertificateOfAnUnknownAuthorityIsRefusedAndTheBundleNamed) {
    certify("localhost", "2");
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("other.key"), "-out",
             path("other.pem"), "-days", "2", "-subj", "/CN=Another authority"});

    EXPECT_EQ(ask(path("other.pem")), refused);
    EXPECT_TRUE(cause_says("Trusted authorities were read from " + path("other.pem"))) << cause_;
}

TEST_F(Tls, ASelfSignedCertificateIsRefused) {
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("cert.key"), "-out",
             path("cert.pem"), "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});

    EXPECT_EQ(ask(path("ca.pem")), refused);
}

TEST_F(Tls, ABundleThatIsNoneIsNamed) {
    certify("localhost", "2");
    ASSERT_TRUE(real_files().replace(path("junk.pem"), "not a certificate"));

    EXPECT_EQ(ask(path("junk.pem")), "io not_sent CA bundle cannot be used") << cause_;
    EXPECT_TRUE(cause_says(path("junk.pem"))) << cause_;
}

TEST_F(Tls, APlainServerBehindAnHttpsAddressFailsInTheHandshake) {
    TinyServer server{[](Peer& peer) { peer.write(plain_answer("x")); }};
    const auto http = Http::start({.environment = fixed_environment({{"AWS_CA_BUNDLE", path("ca.pem")}})});

    const auto answer = (*http)->send_and_wait({.url = fmt::format("https://127.0.0.1:{}/", server.port())});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().summary, "TLS handshake failed");
    EXPECT_EQ(answer.error().code, code_not_sent);
}

TEST_F(Tls, WithoutABundleOnlyHttpsRequestsFail) {
    TinyServer server{TinyServer::answering([](const SeenRequest&) { return plain_answer("x"); })};
    const auto http = Http::start({.environment = fixed_environment({{"AWS_CA_BUNDLE", path("absent.pem")}})});

    EXPECT_TRUE((*http)->send_and_wait({.url = server.url() + "/"}));
    const auto answer = (*http)->send_and_wait({.url = "https://localhost:1/"});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().summary, "Cannot read CA bundle");
    EXPECT_EQ(answer.error().code, code_not_sent);
}

}  // namespace
}  // namespace strata::wire
