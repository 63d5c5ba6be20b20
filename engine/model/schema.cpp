#include "engine/model/schema.hpp"

#include <algorithm>

namespace strata {

const PropertySchema* ResourceType::property(std::string_view wire_name) const {
    const auto at = std::ranges::lower_bound(properties, wire_name, {}, &PropertySchema::name);
    return at != properties.end() && at->name == wire_name ? &*at : nullptr;
}

const OutputSchema* ResourceType::output(std::string_view output_name) const {
    const auto at = std::ranges::find(outputs, output_name, &OutputSchema::name);
    return at != outputs.end() ? &*at : nullptr;
}

}  // namespace strata
