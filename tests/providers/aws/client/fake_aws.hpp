#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/model/registry.hpp"
#include "tests/engine/wire/tiny_server.hpp"

namespace strata::aws {

/// A client and a server that answers it as a test says.
class FakeAws {
public:
    using Answer = wire::TinyServer::Answer;

    explicit FakeAws(Answer answer) : FakeAws{wire::TinyServer::answering(std::move(answer)), 0} {}
    /// A server whose connections the test writes itself.
    static FakeAws raw(wire::TinyServer::Connection connection) { return FakeAws{std::move(connection), 0}; }

    [[nodiscard]] ClientOptions options() const {
        return {.region = "ca-central-1",
                .endpoint = server.url(),
                .environment = fixed_environment({{"AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "canary-secret-key"}})};
    }
    [[nodiscard]] std::unique_ptr<Client> client(ClientOptions options, Trace trace = {}) const {
        return Client::create(std::move(options), *http, real_clock(), std::move(trace));
    }
    [[nodiscard]] std::unique_ptr<Client> client() const { return client(options()); }

    wire::TinyServer server;
    std::unique_ptr<wire::Http> http = *wire::Http::start({});

private:
    FakeAws(wire::TinyServer::Connection connection, int) : server{std::move(connection)} {}
};

inline Call call_of(std::string_view service_name, std::string_view operation_name, ValueMap params = {}) {
    const auto* const service = find_service(service_name);
    return {.service = service, .operation = service->operation(operation_name), .params = std::move(params)};
}

/// Parameters of a form body, decoded.
inline std::string parameter(const wire::SeenRequest& request, std::string_view name) {
    for (const auto& part : split(request.body, '&'))
        if (part.starts_with(std::string{name} + "=")) return percent_decode(std::string_view{part}.substr(name.size() + 1));
    return {};
}

inline std::string ec2_error(std::string_view code, int status, std::string_view message = "as told") {
    return wire::plain_answer("<Response><Errors><Error><Code>" + std::string{code} + "</Code><Message>" + std::string{message} +
                                  "</Message></Error></Errors><RequestID>r-1</RequestID></Response>",
                              status);
}

inline std::string vpcs(std::string_view ids, std::string_view next_token = {}) {
    std::string body = "<DescribeVpcsResponse><vpcSet>";
    for (const auto& id : split(ids, ' ')) body += "<item><vpcId>" + id + "</vpcId><state>available</state></item>";
    body += "</vpcSet>";
    if (!next_token.empty()) body += "<nextToken>" + std::string{next_token} + "</nextToken>";
    return wire::plain_answer(body + "</DescribeVpcsResponse>");
}

inline std::string one_vpc() { return wire::plain_answer("<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>"); }

/// "answered", or kind, code and summary of the error.
inline std::string outcome(const Result<Value>& answer) {
    if (answer) return "answered";
    return fmt::format("{} {} {}", name_of(answer.error().kind), answer.error().code, answer.error().summary);
}

}  // namespace strata::aws
