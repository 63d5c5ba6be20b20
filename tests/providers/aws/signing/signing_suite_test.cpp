// The signing cases of awslabs/aws-c-auth (tests/aws-signing-test-suite/v4), each as header and as query.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "engine/base/environment.hpp"
#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/auth/signer.hpp"

namespace strata::aws {
namespace {

namespace fs = std::filesystem;

fs::path suite_folder() {
    const auto root = process_environment()("STRATA_CONFORMANCE").value_or(std::string{STRATA_SOURCE_DIR} + "/../shared/conformance");
    return fs::path{root} / "sigv4";
}

std::string content(const fs::path& path) {
    auto read = real_files().read(path);
    EXPECT_TRUE(read) << read.error().text();
    return read ? *std::move(read) : std::string{};
}

/// A request of the suite: request line, header lines (some folded), an empty line, a body.
wire::Request read_request(const std::string& text) {
    wire::Request request;
    const auto body = text.find("\n\n");
    if (body != std::string::npos) request.body = text.substr(body + 2);
    const auto lines = split(text.substr(0, body), '\n');
    const auto& first = lines.front();
    const auto target = first.find(' ') + 1;
    request.method = first.substr(0, target - 1);
    std::vector<std::pair<std::string, std::string>> fields;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const auto colon = lines[i].find(':');
        if (lines[i].front() == ' ') fields.back().second += "\n" + lines[i];
        else fields.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
    }
    for (auto& [name, value] : fields) {
        if (name == "Host") request.url = "https://" + value + first.substr(target, first.rfind(' ') - target);
        request.headers.add(name, value);
    }
    return request;
}

struct Case {
    wire::Request request;
    Credentials credentials;
    SigningScope scope;
    SigningRules rules;
    std::string payload;
    WallTime time;
    std::chrono::seconds valid;
};

Case read_case(const fs::path& folder) {
    const auto context = parse_json(content(folder / "context.json"), "context.json");
    EXPECT_TRUE(context) << folder;
    const auto& keys = *context->find("credentials");
    const auto text = [](const Value& in, std::string_view name) { return std::string{in.find(name) ? in.find(name)->text_or("") : ""}; };
    const bool omits_token = context->find("omit_session_token") && context->find("omit_session_token")->boolean_or(false);
    auto request = read_request(content(folder / "request.txt"));
    const auto payload = payload_hash(request.body, {});
    return {.request = std::move(request),
            .credentials = {text(keys, "access_key_id"), text(keys, "secret_access_key"), text(keys, "token")},
            .scope = {text(*context, "region"), text(*context, "service")},
            .rules = {.normalize_path = context->find("normalize")->boolean_or(true),
                      .payload_header = context->find("sign_body")->boolean_or(false),
                      .token_after_signing = omits_token},
            .payload = *payload,
            .time = *parse_iso8601(text(*context, "timestamp")),
            .valid = std::chrono::seconds{context->find("expiration_in_seconds")->integer_or(0)}};
}

/// The signed request's header lines in no particular order, as a map; the suite puts them in its own.
std::multimap<std::string, std::string> fields_of(const wire::Request& request) {
    std::multimap<std::string, std::string> out;
    for (const auto& [name, value] : request.headers) out.emplace(lower(name), value);
    return out;
}

/// The parameters of an address, sorted.
std::vector<std::string> parameters_of(const std::string& url) {
    auto parts = split(std::string_view{url}.substr(std::min(url.find('?') + 1, url.size())), '&');
    std::ranges::sort(parts);
    return parts;
}

void check(const fs::path& folder, const std::string& form, const SignedParts& made, const wire::Request& request) {
    SCOPED_TRACE(folder.filename().string() + " " + form);
    EXPECT_EQ(made.canonical_request, content(folder / (form + "-canonical-request.txt")));
    EXPECT_EQ(made.string_to_sign, content(folder / (form + "-string-to-sign.txt")));
    EXPECT_EQ(made.signature, content(folder / (form + "-signature.txt")));
    const auto expected = read_request(content(folder / (form + "-signed-request.txt")));
    EXPECT_EQ(fields_of(request), fields_of(expected));
    EXPECT_EQ(parameters_of(request.url), parameters_of(expected.url));
}

TEST(SigningSuite, SignsEveryCaseAsHeaderAndAsQuery) {
    const auto root = suite_folder();
    if (!fs::is_directory(root)) {
        std::puts("not shown: SigV4 suite of 38 cases (no folder sigv4 in STRATA_CONFORMANCE)");
        GTEST_SKIP();
    }
    int cases = 0;
    int passed = 0;
    for (const auto& entry : fs::directory_iterator{root}) {
        if (!fs::exists(entry.path() / "context.json")) continue;
        for (const auto* const form : {"header", "query"}) {
            ++cases;
            auto one = read_case(entry.path());
            Signer signer;
            // A query-signed request has no x-amz-content-sha256 in this suite, even where the body is signed.
            const auto made = std::string_view{form} == "header"
                                  ? signer.sign(one.request, one.credentials, one.scope, one.rules, one.payload, one.time)
                                  : signer.presign(one.request, one.credentials, one.scope, one.rules, one.payload, one.time, one.valid);
            check(entry.path(), form, made, one.request);
            if (made.signature == content(entry.path() / (std::string{form} + "-signature.txt"))) ++passed;
        }
    }
    std::printf("SigV4 suite: %d of %d signatures agree\n", passed, cases);
    EXPECT_EQ(cases, 76);
    EXPECT_EQ(passed, cases);
}

}  // namespace
}  // namespace strata::aws
