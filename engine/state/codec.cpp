#include "engine/state/codec.hpp"

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr std::string_view secret_mark = "$secret";
constexpr std::string_view bytes_mark = "$bytes";
constexpr std::string_view text_mark = "$text";  // of what is not UTF-8, and so no text in JSON
constexpr std::string_view asset_mark = "$asset";
constexpr std::string_view hash_mark = "$keyed_hash";

Error unreadable(std::string cause) {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be read",
                 .cause = std::move(cause),
                 .remedy = "Nothing was written. Restore the file from a backup, or from the version history of its bucket."};
}

std::string text_of(const Value& map, std::string_view key) {
    const auto* found = map.find(key);
    return found != nullptr ? std::string{found->text_or("")} : std::string{};
}

std::uint64_t number_of(const Value& map, std::string_view key) {
    const auto* found = map.find(key);
    return found != nullptr ? static_cast<std::uint64_t>(found->integer_or(0)) : 0;
}

bool flag_of(const Value& map, std::string_view key) {
    const auto* found = map.find(key);
    return found != nullptr && found->boolean_or(false);
}

Value texts(const std::vector<std::string>& items) {
    ValueList list;
    for (const auto& item : items) list.emplace_back(item);
    return list;
}

std::vector<std::string> texts_of(const Value& map, std::string_view key) {
    std::vector<std::string> out;
    const auto* found = map.find(key);
    if (found != nullptr && found->list() != nullptr)
        for (const auto& item : *found->list()) out.emplace_back(item.text_or(""));
    return out;
}

void set_unless_empty(ValueMap& map, std::string_view key, const std::string& text) {
    if (!text.empty()) map.set(key, text);
}

}  // namespace

Value StateCodec::encode(const Value& value) const {
    switch (value.kind()) {
        case Value::Kind::secret:
            return Value::map({{std::string{secret_mark}, base64_encode(seal(key_, to_json(encode(value.revealed())), context_))}});
        case Value::Kind::bytes: return Value::map({{std::string{bytes_mark}, base64_encode(value.bytes()->data)}});
        case Value::Kind::string:
            return is_utf8(*value.string()) ? value : Value::map({{std::string{text_mark}, base64_encode(*value.string())}});
        case Value::Kind::asset: {
            const auto& asset = *value.asset();
            return Value::map(
                {{std::string{asset_mark},
                  Value::map({{"path", asset.path}, {"sha256", asset.sha256}, {"size", static_cast<std::int64_t>(asset.size)}})}});
        }
        case Value::Kind::list: {
            ValueList items;
            for (const auto& item : *value.list()) items.push_back(encode(item));
            return items;
        }
        case Value::Kind::map: {
            if (is_keyed_hash(value)) return value;
            ValueMap members;
            for (const auto& [key, member] : *value.map()) members.set(key.starts_with('$') ? "$" + key : key, encode(member));
            return members;
        }
        default: return value;
    }
}

ValueMap StateCodec::encode(const ValueMap& values) const {
    ValueMap encoded;
    for (const auto& [key, value] : values) encoded.set(key.starts_with('$') ? "$" + key : key, encode(value));
    return encoded;
}

Result<Value> StateCodec::decode_mark(std::string_view mark, const Value& content) const {
    if (mark == hash_mark) return Value::map({{std::string{hash_mark}, content}});
    if (mark == asset_mark)
        return Value{Asset{.path = text_of(content, "path"),
                           .sha256 = text_of(content, "sha256"),
                           .size = static_cast<std::uint64_t>(content.find("size") ? content.find("size")->integer_or(0) : 0)}};
    auto raw = base64_decode(content.text_or("!"));
    if (!raw) return unreadable(fmt::format("A {} mark does not hold base64.", mark));
    if (mark == bytes_mark) return Value{Bytes{std::move(*raw)}};
    if (mark == text_mark) return Value{std::move(*raw)};
    if (mark != secret_mark) return unreadable(fmt::format("Unknown mark {}.", mark));

    auto opened = open_sealed(key_, *raw, context_);
    if (!opened) return std::move(opened).error();
    auto inner = parse_json(*opened, "a sealed value");
    if (!inner) return unreadable("A sealed value does not hold what Strata writes.");
    auto decoded = decode(*inner);
    if (!decoded) return decoded;
    return Value::secret(std::move(*decoded));
}

Result<Value> StateCodec::decode(const Value& stored) const {
    if (const auto* items = stored.list()) {
        ValueList decoded;
        for (const auto& item : *items) {
            auto one = decode(item);
            if (!one) return one;
            decoded.push_back(std::move(*one));
        }
        return Value{std::move(decoded)};
    }
    const auto* members = stored.map();
    if (members == nullptr) return stored;
    if (members->size() == 1 && members->begin()->first.starts_with('$') && !members->begin()->first.starts_with("$$"))
        return decode_mark(members->begin()->first, members->begin()->second);
    ValueMap decoded;
    for (const auto& [key, member] : *members) {
        auto one = decode(member);
        if (!one) return one;
        decoded.set(key.starts_with("$$") ? std::string_view{key}.substr(1) : std::string_view{key}, std::move(*one));
    }
    return Value{std::move(decoded)};
}

Value StateCodec::encode(const ResourceState& resource) const {
    ValueMap facets;
    for (const auto& [label, facet] : resource.facets) {
        ValueMap one{{"properties", encode(facet.properties)}};
        if (!facet.dependencies.empty()) one.set("dependencies", texts(facet.dependencies));
        facets.set(label, std::move(one));
    }
    ValueMap out{{"address", resource.address},   {"type", resource.type}, {"schema", resource.schema_version},
                 {"provider", resource.provider}, {"id", resource.id},     {"outputs", encode(resource.outputs)},
                 {"facets", std::move(facets)}};
    set_unless_empty(out, "token", resource.token);
    if (resource.protect) out.set("protect", true);
    if (resource.retain_on_delete) out.set("retain_on_delete", true);
    if (resource.tainted) out.set("tainted", true);
    return out;
}

Result<ResourceState> StateCodec::decode_resource(const Value& stored) const {
    ResourceState resource{.address = text_of(stored, "address"),
                           .type = text_of(stored, "type"),
                           .schema_version = static_cast<int>(stored.find("schema") ? stored.find("schema")->integer_or(1) : 1),
                           .provider = text_of(stored, "provider"),
                           .id = text_of(stored, "id"),
                           .outputs = {},
                           .facets = {},
                           .token = text_of(stored, "token"),
                           .protect = flag_of(stored, "protect"),
                           .retain_on_delete = flag_of(stored, "retain_on_delete"),
                           .tainted = flag_of(stored, "tainted")};
    if (const auto* outputs = stored.find("outputs")) {
        auto decoded = decode(*outputs);
        if (!decoded) return std::move(decoded).error();
        if (auto* map = decoded->map()) resource.outputs = std::move(*map);
    }
    const auto* facets = stored.find("facets");
    if (facets == nullptr || facets->map() == nullptr) return unreadable(fmt::format("{} has no facets.", resource.address));
    for (const auto& [label, facet] : *facets->map()) {
        const auto* properties = facet.find("properties");
        auto decoded = properties != nullptr ? decode(*properties) : Result<Value>{Value{ValueMap{}}};
        if (!decoded) return std::move(decoded).error();
        if (decoded->map() == nullptr) return unreadable(fmt::format("{} has properties that are no map.", resource.address));
        resource.facets[label] = {.properties = std::move(*decoded->map()), .dependencies = texts_of(facet, "dependencies")};
    }
    return resource;
}

Value StateCodec::encode(const OpenStep& step) const {
    return Value::map({{"step", step.step},
                       {"action", step.action},
                       {"address", step.address},
                       {"facet", step.facet},
                       {"type", step.type},
                       {"provider", step.provider},
                       {"id", step.id},
                       {"token", step.token},
                       {"properties", encode(step.properties)},
                       {"cursor", encode(step.cursor)}});
}

Result<OpenStep> StateCodec::decode_step(const Value& stored) const {
    OpenStep step{.step = text_of(stored, "step"),
                  .action = text_of(stored, "action"),
                  .address = text_of(stored, "address"),
                  .facet = text_of(stored, "facet"),
                  .type = text_of(stored, "type"),
                  .provider = text_of(stored, "provider"),
                  .id = text_of(stored, "id"),
                  .token = text_of(stored, "token"),
                  .properties = {},
                  .cursor = {}};
    if (const auto* properties = stored.find("properties")) {
        auto decoded = decode(*properties);
        if (!decoded) return std::move(decoded).error();
        if (auto* map = decoded->map()) step.properties = std::move(*map);
    }
    if (const auto* cursor = stored.find("cursor")) {
        auto decoded = decode(*cursor);
        if (!decoded) return std::move(decoded).error();
        step.cursor = std::move(*decoded);
    }
    return step;
}

namespace {

Value encode_update(const Update& update) {
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

Update decode_update(const Value& stored) {
    const auto* seconds = stored.find("seconds");
    const auto* counts = stored.find("counts");
    return {.number = number_of(stored, "number"),
            .run = text_of(stored, "run"),
            .verb = text_of(stored, "verb"),
            .user = text_of(stored, "user"),
            .began = text_of(stored, "began"),
            .result = text_of(stored, "result"),
            .seconds = seconds != nullptr && seconds->real() != nullptr ? *seconds->real() : 0,
            .counts = counts != nullptr && counts->map() != nullptr ? *counts->map() : ValueMap{},
            .before = number_of(stored, "before"),
            .serial = number_of(stored, "serial")};
}

}  // namespace

ValueMap StateCodec::encode(const State& state) const {
    ValueMap providers;
    for (const auto& [name, provider] : state.providers)
        providers.set(
            name,
            Value::map(
                {{"kind", provider.kind}, {"account", provider.account}, {"region", provider.region}, {"instance", provider.instance}}));
    ValueList resources;
    for (const auto& [address, resource] : state.resources) resources.push_back(encode(resource));
    ValueList deposed;
    for (const auto& resource : state.deposed) deposed.push_back(encode(resource));
    ValueMap outputs;
    for (const auto& [name, value] : state.outputs) outputs.set(name, encode(value));
    ValueList open;
    for (const auto& [id, step] : state.open) open.push_back(encode(step));
    ValueMap used_by;
    for (const auto& [name, stacks] : state.used_by) used_by.set(name, texts(stacks));
    ValueList updates;
    for (const auto& update : state.updates) updates.push_back(encode_update(update));
    ValueList takeovers;
    for (const auto serial : state.takeovers) takeovers.push_back(static_cast<std::int64_t>(serial));
    return ValueMap{{"format", state_format},
                    {"lineage", state.lineage},
                    {"serial", static_cast<std::int64_t>(state.serial)},
                    {"stack", state.stack},
                    {"environment", state.environment},
                    {"providers", std::move(providers)},
                    {"resources", std::move(resources)},
                    {"deposed", std::move(deposed)},
                    {"outputs", std::move(outputs)},
                    {"open", std::move(open)},
                    {"used_by", std::move(used_by)},
                    {"hash_key", encode(Value::secret(Bytes{state.hash_key}))},
                    {"updates", std::move(updates)},
                    {"takeovers", std::move(takeovers)}};
}

namespace {

/// What every snapshot has. A number or a map that is something else would be read as nothing, and resources forgotten.
Status check_form(const Value& stored) {
    using enum Value::Kind;
    for (const auto& [key, kind] : std::initializer_list<std::pair<std::string_view, Value::Kind>>{{"format", integer},
                                                                                                   {"lineage", string},
                                                                                                   {"serial", integer},
                                                                                                   {"stack", string},
                                                                                                   {"environment", string},
                                                                                                   {"providers", map},
                                                                                                   {"outputs", map},
                                                                                                   {"used_by", map}}) {
        const auto* found = stored.find(key);
        if (found == nullptr) return unreadable(fmt::format("It has no \"{}\".", key));
        if (!found->is(kind)) return unreadable(fmt::format("Its \"{}\" is not what Strata writes.", key));
    }
    return {};
}

/// The items of the list under `key`, each handed to `take`, which says what went wrong or nothing.
template <typename Take>
Status each_item(const Value& document, std::string_view key, Take take) {
    const auto* found = document.find(key);
    if (found == nullptr || found->list() == nullptr) return unreadable(fmt::format("It has no list \"{}\".", key));
    for (const auto& item : *found->list())
        if (auto taken = take(item); !taken) return taken;
    return {};
}

void decode_providers(const Value& stored, State& state) {
    const auto* providers = stored.find("providers");
    if (providers == nullptr || providers->map() == nullptr) return;
    for (const auto& [name, provider] : *providers->map())
        state.providers[name] = {.kind = text_of(provider, "kind"),
                                 .account = text_of(provider, "account"),
                                 .region = text_of(provider, "region"),
                                 .instance = text_of(provider, "instance")};
}

Status decode_history(const StateCodec& codec, const Value& stored, State& state) {
    const auto* hash_key = stored.find("hash_key");
    auto key = hash_key != nullptr ? codec.decode(*hash_key) : Result<Value>{Value{}};
    if (!key) return std::move(key).error();
    if (const auto* bytes = key->revealed().bytes()) state.hash_key = bytes->data;
    auto read_updates = each_item(stored, "updates", [&](const Value& item) -> Status {
        state.updates.push_back(decode_update(item));
        return {};
    });
    if (!read_updates) return read_updates;
    return each_item(stored, "takeovers", [&](const Value& item) -> Status {
        state.takeovers.push_back(static_cast<std::uint64_t>(item.integer_or(0)));
        return {};
    });
}

}  // namespace

Result<State> StateCodec::decode_state(const Value& stored) const {
    const auto* format = stored.find("format");
    if (format == nullptr) return unreadable("It does not say its format.");
    if (format->integer_or(0) != state_format)
        return unreadable(fmt::format("It has format {}, this Strata reads {}: it was written by {} version.", format->integer_or(0),
                                      state_format, format->integer_or(0) > state_format ? "a newer" : "an older"));
    if (auto sound = check_form(stored); !sound) return std::move(sound).error();
    State state{.lineage = text_of(stored, "lineage"),
                .serial = number_of(stored, "serial"),
                .stack = text_of(stored, "stack"),
                .environment = text_of(stored, "environment")};
    decode_providers(stored, state);

    const auto read_resources = each_item(stored, "resources", [&](const Value& item) -> Status {
        auto resource = decode_resource(item);
        if (!resource) return std::move(resource).error();
        auto address = resource->address;
        if (!state.resources.emplace(address, std::move(*resource)).second) return unreadable(fmt::format("It holds {} twice.", address));
        return {};
    });
    if (!read_resources) return read_resources.error();
    const auto read_deposed = each_item(stored, "deposed", [&](const Value& item) -> Status {
        auto resource = decode_resource(item);
        if (!resource) return std::move(resource).error();
        state.deposed.push_back(std::move(*resource));
        return {};
    });
    if (!read_deposed) return read_deposed.error();
    const auto read_open = each_item(stored, "open", [&](const Value& item) -> Status {
        auto step = decode_step(item);
        if (!step) return std::move(step).error();
        state.open[step->step] = *step;
        return {};
    });
    if (!read_open) return read_open.error();

    if (const auto* outputs = stored.find("outputs"); outputs != nullptr && outputs->map() != nullptr)
        for (const auto& [name, value] : *outputs->map()) {
            auto decoded = decode(value);
            if (!decoded) return std::move(decoded).error();
            state.outputs[name] = std::move(*decoded);
        }
    if (const auto* used = stored.find("used_by"); used != nullptr && used->map() != nullptr)
        for (const auto& [name, stacks] : *used->map()) state.used_by[name] = texts_of(*used, name);
    if (auto read_history = decode_history(*this, stored, state); !read_history) return std::move(read_history).error();
    if (auto breach = broken_invariant(state); !breach.empty()) return unreadable(fmt::format("It is not sound: {}.", breach));
    return state;
}

Value keyed_hash(const SealKey& key, const Value& value) {
    return Value::map({{std::string{hash_mark}, hex_encode(hmac_sha256(key.bytes(), "write-only\n" + to_json(value.without_marks())))}});
}

bool is_keyed_hash(const Value& stored) {
    const auto* members = stored.map();
    if (members == nullptr || members->size() != 1 || members->begin()->first != hash_mark) return false;
    constexpr std::size_t hex_digits = 64;
    const auto* hash = members->begin()->second.string();
    return hash != nullptr && hash->size() == hex_digits && hex_decode(*hash).has_value();
}

}  // namespace strata
