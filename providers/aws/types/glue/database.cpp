#include <algorithm>
#include <string>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::glue {

// Glue stores the names of databases and tables in lower case (AWS Glue API, CreateDatabase and CreateTable).
void check_database(const ValueMap& properties, const Provider::Report& report) {
    const auto* name = properties.find("Name");
    const auto text = std::string{name != nullptr ? name->text_or("") : ""};
    if (text != lower(text)) report("Name", "Names of databases are stored in lower case.", "Write \"" + lower(text) + "\".");
}

}  // namespace strata::aws::hooks::glue
