#include "providers/aws/codegen/model_registry.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "providers/aws/codegen/model_literal.hpp"

namespace strata::codegen {

namespace {

constexpr std::string_view frame = R"(// Made by strata_codegen from the list of services in providers/aws/model/CMakeLists.txt.
#include "providers/aws/model/registry.hpp"

#include <algorithm>

namespace strata::aws {{

namespace generated {{

{}
}}  // namespace generated

namespace {{

constexpr const Service* services[] = {{
{}}};

}}  // namespace

std::span<const Service* const> compiled_services() {{ return services; }}

const Service* find_service(std::string_view name) {{
    const auto* const at = std::ranges::lower_bound(services, name, {{}}, [](const Service* service) {{ return service->name; }});
    return at != std::ranges::end(services) && (*at)->name == name ? *at : nullptr;
}}

}}  // namespace strata::aws
)";

}  // namespace

std::string model_registry(std::span<const std::string> services) {
    std::vector<std::string> sorted{services.begin(), services.end()};
    std::ranges::sort(sorted);
    std::string declarations;
    std::string rows;
    for (const auto& service : sorted) {
        declarations += fmt::format("extern const Service {}_service;\n", cpp_name(service));
        rows += fmt::format("    &generated::{}_service,\n", cpp_name(service));
    }
    return fmt::format(frame, declarations, rows);
}

}  // namespace strata::codegen
