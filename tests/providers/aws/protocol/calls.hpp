#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "engine/base/json.hpp"
#include "providers/aws/model/registry.hpp"
#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// An operation of a compiled service; the test fails when there is none.
struct Called {
    const Service* service;
    const Operation* operation;

    Called(std::string_view service_name, std::string_view operation_name)
        : service{find_service(service_name)}, operation{service ? service->operation(operation_name) : nullptr} {
        EXPECT_NE(operation, nullptr) << service_name << " " << operation_name;
    }
};

inline Value json(std::string_view text) {
    auto value = parse_json(text, "test");
    EXPECT_TRUE(value.ok()) << text;
    return value.ok() ? *std::move(value) : Value{};
}

inline Serialized serialized(std::string_view service, std::string_view operation, const Value& params) {
    const Called called{service, operation};
    auto request = serialize(*called.service, *called.operation, params, "token");
    EXPECT_TRUE(request.ok()) << (request.ok() ? "" : request.error().text());
    return request.ok() ? *std::move(request) : Serialized{};
}

inline std::string header(const Serialized& request, std::string_view name) {
    const auto* found = request.headers.find(name);
    return found ? *found : "(absent)";
}

/// Why the arguments are refused.
inline std::string refused(std::string_view service, std::string_view operation, const Value& params) {
    const Called called{service, operation};
    const auto request = serialize(*called.service, *called.operation, params, "token");
    EXPECT_FALSE(request.ok());
    return request.ok() ? "" : request.error().cause;
}

/// The parsed answer as JSON.
inline std::string parsed(std::string_view service, std::string_view operation, wire::Response response) {
    const Called called{service, operation};
    const auto value = parse(*called.service, *called.operation, response);
    EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().text());
    return value.ok() ? to_json(*value) : "";
}

}  // namespace strata::aws
