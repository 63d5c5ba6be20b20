#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::kms {

/// Names as the KMS API reference has them (CreateAlias).
void check_alias(const ValueMap& properties, const Provider::Report& report) {
    const auto* given = properties.find("AliasName");
    const auto* name = given != nullptr ? given->string() : nullptr;
    if (name == nullptr) return;
    if (!name->starts_with("alias/")) report("AliasName", "\"" + *name + "\" does not begin with alias/.", "Call it alias/" + *name + ".");
    if (name->starts_with("alias/aws/"))
        report("AliasName", "Names that begin with alias/aws/ are for AWS's own keys.", "Choose another name.");
}

}  // namespace strata::aws::hooks::kms
