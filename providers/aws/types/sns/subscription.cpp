#include <algorithm>
#include <array>
#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::sns {

namespace {

// SNS API reference, Subscribe.
constexpr std::array<std::string_view, 9> protocols = {"application", "email",  "email-json", "firehose", "http",
                                                       "https",       "lambda", "sms",        "sqs"};

}  // namespace

void check_subscription(const ValueMap& properties, const Provider::Report& report) {
    const auto* given = properties.find("Protocol");
    const auto* protocol = given != nullptr ? given->string() : nullptr;
    if (protocol == nullptr) return;
    if (std::ranges::find(protocols, *protocol) == protocols.end())
        report("Protocol", "\"" + *protocol + "\" is no protocol of SNS.",
               "Known: application, email, email-json, firehose, http, https, lambda, sms, sqs.");
    if (*protocol == "firehose" && !properties.contains("SubscriptionRoleArn"))
        report("SubscriptionRoleArn", "A delivery stream is written to with a role.", "Set `.subscription_role_arn`.");
}

}  // namespace strata::aws::hooks::sns
