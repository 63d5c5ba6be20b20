#include "tests/engine/state/any_mutation.hpp"

#include <string>

#include "engine/base/json.hpp"

namespace strata {

namespace {

using Kind = Mutation::Kind;

rc::Gen<std::string> any_text() {
    return rc::gen::element<std::string>("", "a", "$secret", "$", "$$bytes", "\"quoted\"\\", "line\nline\ttab",
                                         "gr\xc3\xbc\xc3\x9f"
                                         "e",
                                         std::string("nul \0 nul", 9), "\x01\x1f\x7f", "\xff\xfe not UTF-8", "\xed\xa0\x80", "(secret)",
                                         "9007199254740993", "null");
}

rc::Gen<std::string> any_key() {
    return rc::gen::element<std::string>("Name", "a", "", "$secret", "$bytes", "$asset", "$keyed_hash", "$", "$$", "\xc3\xbc",
                                         "with \"quotes\"");
}

rc::Gen<Value> plain_value() {
    return rc::gen::oneOf(
        rc::gen::just(Value{}), rc::gen::map(rc::gen::arbitrary<bool>(), [](bool flag) { return Value{flag}; }),
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t number) { return Value{number}; }),
        rc::gen::map(rc::gen::element(0.0, -0.5, 1.0, 1e300, 0.1, 123456789.125), [](double number) { return Value{number}; }),
        rc::gen::map(any_text(), [](std::string text) { return Value{std::move(text)}; }),
        rc::gen::map(any_text(), [](std::string text) { return Value{Bytes{std::move(text)}}; }),
        rc::gen::just(Value{Asset{.path = "code", .sha256 = std::string(64, 'a'), .size = 12}}));
}

rc::Gen<Value> value_of_depth(int depth) {
    if (depth == 0) return plain_value();
    const auto inner = value_of_depth(depth - 1);
    return rc::gen::oneOf(
        plain_value(), rc::gen::map(inner, [](Value value) { return Value::secret(std::move(value)); }),
        rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<Value>>(inner)),
                     [](std::vector<Value> items) { return Value{std::move(items)}; }),
        rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<std::pair<std::string, Value>>>(rc::gen::pair(any_key(), inner))),
                     [](const std::vector<std::pair<std::string, Value>>& members) {
                         ValueMap map;
                         for (const auto& [key, value] : members) map.set(key, value);
                         return Value{std::move(map)};
                     }));
}

rc::Gen<ValueMap> any_map() {
    return rc::gen::map(
        rc::gen::resize(3, rc::gen::container<std::vector<std::pair<std::string, Value>>>(rc::gen::pair(any_key(), any_value()))),
        [](const std::vector<std::pair<std::string, Value>>& members) {
            ValueMap map;
            for (const auto& [key, value] : members) map.set(key, value);
            return map;
        });
}

rc::Gen<std::string> few_addresses() { return rc::gen::element<std::string>("a", "a/b", "a/b#x", "c"); }
rc::Gen<std::string> few_labels() { return rc::gen::element<std::string>("", "rules", "lock"); }

FacetState any_facet() {
    return {.properties = *any_map(),
            .dependencies = *rc::gen::resize(
                3, rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("a", "a/b", "a/b#rules", "c", "a#x")))};
}

ResourceState any_resource(const std::string& provider) {
    ResourceState resource{.address = *few_addresses(),
                           .type = *rc::gen::element<std::string>("fake.Box", "fake.Key"),
                           .schema_version = *rc::gen::inRange(1, 4),
                           .provider = provider,
                           .id = *rc::gen::element<std::string>("id-1", "id-2"),
                           .outputs = *any_map(),
                           .facets = {},
                           .token = *rc::gen::element<std::string>("", std::string(32, 'f')),
                           .protect = *rc::gen::arbitrary<bool>(),
                           .retain_on_delete = *rc::gen::arbitrary<bool>(),
                           .tainted = *rc::gen::arbitrary<bool>()};
    resource.facets[""] = any_facet();
    if (*rc::gen::arbitrary<bool>()) resource.facets[*few_labels()] = any_facet();
    return resource;
}

OpenStep any_step() {
    return {.step = *rc::gen::element<std::string>("step-1", "step-2"),
            .action = *rc::gen::element<std::string>("create", "update", "remove"),
            .address = *few_addresses(),
            .facet = *few_labels(),
            .type = "fake.Box",
            .provider = "fake",
            .id = *rc::gen::element<std::string>("", "id-1"),
            .token = std::string(32, 'e'),
            .properties = *any_map(),
            .cursor = *any_value()};
}

Value value_for(Kind kind) {
    switch (kind) {
        case Kind::set_outputs: return *any_map();
        case Kind::set_options: return Value::map({{"protect", *rc::gen::arbitrary<bool>()}, {"tainted", *rc::gen::arbitrary<bool>()}});
        case Kind::used_by: {
            ValueList stacks;
            for (const auto& name : *rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(few_addresses())))
                stacks.emplace_back(name);
            return stacks;
        }
        case Kind::progress: return Value::map({{"id", *rc::gen::element<std::string>("id-1", "id-2")}, {"text", *any_text()}});
        case Kind::hash_key: return Value::secret(Bytes{std::string(32, 'k')});
        case Kind::update_begin: return Value::map({{"verb", "up"}, {"user", *any_text()}, {"began", "2026-11-21T00:00:00Z"}});
        case Kind::update_end:
            return Value::map(
                {{"result", "succeeded"}, {"seconds", 0.5 + *rc::gen::inRange(0, 9)}, {"counts", Value::map({{"created", 2}})}});
        case Kind::begin:
        case Kind::cursor:
        case Kind::end:
        case Kind::put_resource:
        case Kind::put_facet:
        case Kind::remove_facet:
        case Kind::remove_resource:
        case Kind::depose:
        case Kind::remove_deposed:
        case Kind::rename:
        case Kind::stack_output:
        case Kind::provider:
        case Kind::takeover: return *any_value();
    }
    return {};
}

std::string key_for(Kind kind) {
    switch (kind) {
        case Kind::cursor:
        case Kind::progress:
        case Kind::end: return *rc::gen::element<std::string>("step-1", "step-2", "step-3");
        case Kind::put_facet:
        case Kind::remove_facet: return *few_labels();
        case Kind::rename: return *few_addresses();
        case Kind::remove_deposed: return *rc::gen::element<std::string>("id-1", "id-2");
        case Kind::provider: return *rc::gen::element<std::string>("fake", "other");
        case Kind::update_begin:
        case Kind::update_end: return *rc::gen::element<std::string>("run-1", "run-2");
        case Kind::begin:
        case Kind::put_resource:
        case Kind::set_outputs:
        case Kind::set_options:
        case Kind::remove_resource:
        case Kind::depose:
        case Kind::stack_output:
        case Kind::used_by:
        case Kind::hash_key:
        case Kind::takeover: return *any_key();
    }
    return {};
}

Mutation mutation_of(Kind kind, const std::string& provider) {
    Mutation mutation{.kind = kind, .address = *few_addresses(), .key = key_for(kind), .value = value_for(kind)};
    if (kind == Kind::begin) mutation.open = any_step();
    if (kind == Kind::put_resource) mutation.resource = any_resource(provider);
    if (kind == Kind::put_facet) mutation.facet = any_facet();
    if (kind == Kind::provider)
        mutation.provider = ProviderState{.kind = "fake", .account = "1", .region = *few_labels(), .instance = *few_labels()};
    return mutation;
}

Value plain(const FacetState& facet) {
    ValueList dependencies;
    for (const auto& key : facet.dependencies) dependencies.emplace_back(key);
    return Value::map({{"properties", facet.properties}, {"dependencies", std::move(dependencies)}});
}

Value plain(const ResourceState& resource) {
    ValueMap facets;
    for (const auto& [label, facet] : resource.facets) facets.set(label, plain(facet));
    return Value::map({{"address", resource.address},
                       {"type", resource.type},
                       {"schema", resource.schema_version},
                       {"provider", resource.provider},
                       {"id", resource.id},
                       {"outputs", resource.outputs},
                       {"facets", std::move(facets)},
                       {"token", resource.token},
                       {"protect", resource.protect},
                       {"retain", resource.retain_on_delete},
                       {"tainted", resource.tainted}});
}

Value plain(const OpenStep& step) {
    return Value::map({{"step", step.step},
                       {"action", step.action},
                       {"address", step.address},
                       {"facet", step.facet},
                       {"type", step.type},
                       {"provider", step.provider},
                       {"id", step.id},
                       {"token", step.token},
                       {"properties", step.properties},
                       {"cursor", step.cursor}});
}

Value plain(const Update& update) {
    return Value::map({{"number", static_cast<std::int64_t>(update.number)},
                       {"run", update.run},
                       {"verb", update.verb},
                       {"user", update.user},
                       {"began", update.began},
                       {"result", update.result},
                       {"seconds", update.seconds},
                       {"counts", update.counts},
                       {"before", static_cast<std::int64_t>(update.before)},
                       {"serial", static_cast<std::int64_t>(update.serial)}});
}

Value plain(const ProviderState& provider) { return Value::list({provider.kind, provider.account, provider.region, provider.instance}); }
Value plain(const Value& value) { return value; }
Value plain(const std::vector<std::string>& texts) {
    ValueList out;
    for (const auto& text : texts) out.emplace_back(text);
    return out;
}
Value plain(std::uint64_t number) { return static_cast<std::int64_t>(number); }

template <typename Map>
Value plain_map(const Map& map) {
    ValueMap out;
    for (const auto& [key, item] : map) out.set(key, plain(item));
    return out;
}

template <typename List>
Value plain_list(const List& list) {
    ValueList out;
    for (const auto& item : list) out.push_back(plain(item));
    return out;
}

}  // namespace

rc::Gen<Value> any_value() { return value_of_depth(2); }

rc::Gen<Mutation> any_mutation() {
    return rc::gen::exec([] {
        const auto kind = static_cast<Kind>(*rc::gen::inRange(0, static_cast<int>(Kind::update_end) + 1));
        return mutation_of(kind, *rc::gen::element<std::string>("", "fake"));
    });
}

rc::Gen<Mutation> sound_mutation() {
    return rc::gen::exec([] {
        const auto kind = *rc::gen::element(Kind::begin, Kind::cursor, Kind::progress, Kind::end, Kind::put_resource, Kind::put_resource,
                                            Kind::put_facet, Kind::set_outputs, Kind::set_options, Kind::remove_resource, Kind::depose,
                                            Kind::remove_deposed, Kind::rename, Kind::stack_output, Kind::used_by);
        return mutation_of(kind, "");
    });
}

Value plain(const State& state) {
    return Value::map({{"lineage", state.lineage},
                       {"serial", plain(state.serial)},
                       {"stack", state.stack},
                       {"environment", state.environment},
                       {"providers", plain_map(state.providers)},
                       {"resources", plain_map(state.resources)},
                       {"deposed", plain_list(state.deposed)},
                       {"outputs", plain_map(state.outputs)},
                       {"open", plain_map(state.open)},
                       {"used_by", plain_map(state.used_by)},
                       {"hash_key", Bytes{state.hash_key}},
                       {"updates", plain_list(state.updates)},
                       {"takeovers", plain_list(state.takeovers)}});
}

}  // namespace strata
