#include "providers/aws/resource/lookups.hpp"

#include <utility>

namespace strata::aws {

Found::Found(const Scope& scope, std::string_view kind, Declared arguments, const LookupOptions& options, const std::source_location& where)
    : graph_{&scope.stack().graph()}, kind_{kind}, provider_{scope.provider_for(options)}, where_{Location::of(where)} {
    if (arguments.value.map() != nullptr) arguments_ = std::move(*arguments.value.map());
}

std::uint32_t Found::add(std::string_view member) const {
    return graph_->add(Node{
        LookupNode{.kind = kind_, .provider = provider_, .arguments = arguments_, .output = std::string{member}, .declared_at = where_}});
}

Declared fields(const LookupFilter& value) { return gather({{"Name", &value.name}, {"Values", &value.values}}); }

namespace ec2 {

Declared fields(const Image::Query& value) {
    return gather({{"Filters", &value.filters}, {"ImageIds", &value.image_ids}, {"Owners", &value.owners}});
}
Declared fields(const AvailabilityZones::Query& value) { return gather({{"Filters", &value.filters}}); }
Declared fields(const PrefixList::Query& value) { return gather({{"Filters", &value.filters}, {"PrefixListIds", &value.prefix_list_ids}}); }

}  // namespace ec2

}  // namespace strata::aws
