#include <string>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::glue {

namespace {

/// True when the Iceberg table is described by its own structure, which leaves nothing for TableInput to say.
bool describes_iceberg(const ValueMap& params) {
    const auto* format = params.find("OpenTableFormatInput");
    const auto* iceberg = format != nullptr ? format->find("IcebergInput") : nullptr;
    const auto* input = params.find("TableInput");
    const bool only_name = input == nullptr || input->map() == nullptr || input->map()->size() <= 1;
    return iceberg != nullptr && iceberg->find("CreateIcebergTableInput") != nullptr && only_name;
}

}  // namespace

// The calls take the name twice: inside TableInput, and beside it for Iceberg tables that have no TableInput.
Status prepare_table(Caller& /*call*/, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    if (operation != "CreateTable" && operation != "UpdateTable") return {};
    params.erase(describes_iceberg(params) ? "TableInput" : "Name");
    return {};
}

// Glue stores the names of databases and tables in lower case (AWS Glue API, CreateDatabase and CreateTable).
void check_table(const ValueMap& properties, const Provider::Report& report) {
    for (const auto* member : {"DatabaseName", "Name"}) {
        const auto* name = properties.find(member);
        const auto text = std::string{name != nullptr ? name->text_or("") : ""};
        if (text != lower(text))
            report(member, "Names of databases and tables are stored in lower case.", "Write \"" + lower(text) + "\".");
    }
}

}  // namespace strata::aws::hooks::glue
