#include "cli/verb_list.hpp"
#include "cli/workspace.hpp"

namespace strata::cli {

Result<ValueMap> aws_config(Command& command) {
    const auto& arguments = command.arguments;
    const bool named = !arguments.environment.empty() || command.around.variables("STRATA_ENV").has_value();
    if (!named && !environment_file(command.around.files, arguments.config_dir, "local").ok()) {
        const auto region = command.around.variables("AWS_REGION");
        return ValueMap{{"region", region ? *region : command.around.variables("AWS_DEFAULT_REGION").value_or("")}};
    }
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    for (const auto& provider : (*workspace)->providers())
        if (provider.name == "aws") return provider.config;
    return ValueMap{};
}

}  // namespace strata::cli
