#include <string>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::rds {

// Every parameter of a call says when it takes effect; unless the program does, at once (right for dynamic ones: static ones are then
// refused by name).
Status prepare_parameter_group(Caller& /*call*/, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    auto* parameters = operation == "ModifyDBParameterGroup" || operation == "ResetDBParameterGroup" ? params.find("Parameters") : nullptr;
    if (parameters == nullptr || parameters->list() == nullptr) return {};
    for (auto& parameter : *parameters->list())
        if (parameter.map() != nullptr && !parameter.map()->contains("ApplyMethod"))
            parameter.map()->set("ApplyMethod", Value{"immediate"});
    return {};
}

void check_parameter_group(const ValueMap& properties, const Provider::Report& report) {
    const auto* name = properties.find("DBParameterGroupName");
    const auto text = std::string{name != nullptr ? name->text_or("") : ""};
    if (text != lower(text))
        report("DBParameterGroupName", "Names of parameter groups are stored in lower case.", "Write \"" + lower(text) + "\".");
}

}  // namespace strata::aws::hooks::rds
