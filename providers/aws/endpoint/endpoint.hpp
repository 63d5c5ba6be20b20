#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "providers/aws/auth/signer.hpp"
#include "providers/aws/endpoint/hosts.hpp"
#include "providers/aws/model/shape.hpp"
#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// Whatever may say where a service is, strongest first.
struct EndpointSettings {
    std::vector<std::pair<std::string, std::string>> by_service = {};  ///< of the program, by the service's name
    std::string for_all = {};                                          ///< of the program
    Variables environment = {};  ///< AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL; empty: not looked at
    /// Of the profile, as the shared files have it: "endpoint_url", and "dynamodb.endpoint_url" from its
    /// `services` section; also "use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls".
    std::map<std::string, std::string, std::less<>> profile = {};
    bool use_fips = false;
    bool use_dual_stack = false;
};

struct Endpoint {
    std::string url;  ///< "https://sts.ca-central-1.amazonaws.com", no slash at the end
    SigningScope scope;
    bool custom = false;  ///< not a host of AWS: an emulator, a gateway, another vendor's store
};

/// @errors invalid_config when there is no region, or an endpoint is not an http(s) address; `cause` says which setting
Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region, const EndpointSettings& settings);

/// The address of one request: endpoint, host prefix, path, query. With S3 the bucket moves from the path
/// into the host name where AWS serves it and DNS and the wildcard certificate allow it.
std::string request_url(const Endpoint& endpoint, const Operation& operation, const Serialized& request);

/// "CloudWatch Logs" -> "CLOUDWATCH_LOGS", as in AWS_ENDPOINT_URL_CLOUDWATCH_LOGS.
std::string service_variable(const Service& service);

}  // namespace strata::aws
