#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/provider.hpp"
#include "providers/aws/resource/declaration.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws {

// What searches for an interrupted create and for a whole lost state have in common.

/// EC2's way to ask for what carries a tag; some of its operations call the member "Filter".
ValueMap request_with_tag_filter(const Source& source, std::string_view key, std::string_view value);
/// The filter of the tagging API for what carries a tag.
ValueMap tagging_request(std::string_view key, std::string_view value);

/// The id of what has the wanted name, where only the service knows it (a queue's URL); empty when there is none.
Result<std::string> id_of_name(Caller& call, const ResourceType& type, const ValueMap& desired);

/// The id inside an ARN, by the type's rule for ARNs: what stands in place of `${id}`.
std::string id_in_arn(const ResourceType& type, std::string_view arn, const ProviderIdentity& identity);

}  // namespace strata::aws
