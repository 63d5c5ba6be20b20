#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::s3 {

namespace {

const ValueMap* tags_in(const ValueMap& properties) {
    const auto* tags = properties.find("Tags");
    return tags != nullptr ? tags->map() : nullptr;
}

}  // namespace

/// New content takes the tags off: they are sent along, those of others too.
Status keep_tags(Caller& /*call*/, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation != "PutObject" || step.action != StepAction::update) return {};
    ValueMap tags;
    for (const auto* side : {tags_in(step.previous), tags_in(step.desired)}) {
        if (side == nullptr) continue;
        for (const auto& [key, value] : *side) tags.set(key, value);
    }
    std::string header;
    for (const auto& [key, value] : tags)
        if (!value.is_null())
            header += fmt::format("{}{}={}", header.empty() ? "" : "&", percent_encode(key), percent_encode(value.revealed().text_or("")));
    if (!header.empty()) params.set("Tagging", Value{header});
    return {};
}

/// S3 names the storage class of an object only when it is not the standard one.
void object_as_written(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    if (!properties.contains("StorageClass")) properties.set("StorageClass", Value{"STANDARD"});
}

}  // namespace strata::aws::hooks::s3
