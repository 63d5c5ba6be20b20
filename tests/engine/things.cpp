#include "tests/engine/things.hpp"

#include <array>

namespace strata::things {

namespace {

constexpr Schema text{.shape = PropertyShape::text};
constexpr Schema number{.shape = PropertyShape::integer};
constexpr Schema real{.shape = PropertyShape::real};
constexpr Schema flag{.shape = PropertyShape::boolean};
constexpr Schema bytes{.shape = PropertyShape::bytes};
constexpr Schema anything{};
constexpr Schema text_set{.shape = PropertyShape::set, .element = &text};
constexpr Schema text_map{.shape = PropertyShape::map, .element = &text};
constexpr std::array<PropertySchema, 4> part_members = {{{.name = "Label", .label = "label", .schema = &text},
                                                         {.name = "Mode", .label = "mode", .schema = &text},
                                                         {.name = "On", .label = "on", .schema = &flag},
                                                         {.name = "Size", .label = "size", .schema = &number}}};
constexpr Schema part_schema{.shape = PropertyShape::structure, .name = "Part", .members = part_members};
constexpr Schema part_list{.shape = PropertyShape::list, .element = &part_schema};

constexpr std::array<PropertySchema, 9> properties = {{{.name = "Anything", .label = "anything", .schema = &anything},
                                                       {.name = "Code", .label = "code", .schema = &bytes},
                                                       {.name = "Labels", .label = "labels", .schema = &text_map},
                                                       {.name = "Mode", .label = "mode", .schema = &text},
                                                       {.name = "Part", .label = "part", .schema = &part_schema},
                                                       {.name = "Parts", .label = "parts", .schema = &part_list},
                                                       {.name = "Ratio", .label = "ratio", .schema = &real},
                                                       {.name = "Rules", .label = "rules", .schema = &text_set, .facet = 1},
                                                       {.name = "Text", .label = "text", .schema = &text}}};
constexpr std::array<Facet, 2> facets = {
    {{.label = "", .kind = FacetKind::core}, {.label = "rules", .kind = FacetKind::set, .detach_first = true}}};
constexpr std::array<OutputSchema, 2> outputs = {{{.name = "Id", .label = "id", .stable = true}, {.name = "Size", .label = "size"}}};

}  // namespace

constinit const ResourceType thing_type{
    .name = "test.Thing", .provider = "test", .properties = properties, .facets = facets, .outputs = outputs};

std::string_view text_of(Mode mode) { return mode == Mode::fast ? "FAST" : "SLOW"; }

Declared fields(const Part& part) {
    return gather({{"Label", &part.label}, {"Mode", &part.mode}, {"On", &part.on}, {"Size", &part.size}}, &part.additional);
}

Declared fields(const ThingArgs& args) {
    return gather({{"Anything", &args.anything},
                   {"Code", &args.code},
                   {"Labels", &args.labels},
                   {"Mode", &args.mode},
                   {"Part", &args.part},
                   {"Parts", &args.parts},
                   {"Ratio", &args.ratio},
                   {"Rules", &args.rules},
                   {"Text", &args.text}},
                  &args.additional);
}

Thing::Thing(const Scope& scope, std::string_view name, const ThingArgs& args, const Options& options, std::source_location where)
    : Resource{scope, name, thing_type, fields(args), options, where} {}

}  // namespace strata::things
