#include "engine/state/mutation.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace strata {

namespace {

using Kind = Mutation::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 20> kind_names = {{
    {Kind::begin, "begin"},
    {Kind::cursor, "cursor"},
    {Kind::progress, "progress"},
    {Kind::end, "end"},
    {Kind::put_resource, "put_resource"},
    {Kind::put_facet, "put_facet"},
    {Kind::set_outputs, "set_outputs"},
    {Kind::set_options, "set_options"},
    {Kind::remove_facet, "remove_facet"},
    {Kind::remove_resource, "remove_resource"},
    {Kind::depose, "depose"},
    {Kind::remove_deposed, "remove_deposed"},
    {Kind::rename, "rename"},
    {Kind::stack_output, "stack_output"},
    {Kind::provider, "provider"},
    {Kind::used_by, "used_by"},
    {Kind::hash_key, "hash_key"},
    {Kind::takeover, "takeover"},
    {Kind::update_begin, "update_begin"},
    {Kind::update_end, "update_end"},
}};

std::string_view name_of(Kind kind) { return std::ranges::find(kind_names, kind, &std::pair<Kind, std::string_view>::first)->second; }

Error unreadable(std::string cause) {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "Journal cannot be read",
                 .cause = std::move(cause),
                 .remedy = "Nothing was written. Restore the journal's folder from a backup."};
}

void set_options(ResourceState& resource, const Value& options) {
    const auto flag = [&](std::string_view name) { return options.find(name) != nullptr && options.find(name)->boolean_or(false); };
    resource.protect = flag("protect");
    resource.retain_on_delete = flag("retain_on_delete");
    resource.tainted = flag("tainted");
}

void depose(State& state, const std::string& address) {
    auto old = state.resources.extract(address);
    if (!old.empty()) state.deposed.push_back(std::move(old.mapped()));
}

void rename(State& state, const std::string& from, const std::string& to) {
    auto moved = state.resources.extract(from);
    if (moved.empty()) return;
    moved.key() = to;
    moved.mapped().address = to;
    state.resources.insert(std::move(moved));
    const auto fix = [&](ResourceState& resource) {
        for (auto& [label, facet] : resource.facets)
            for (auto& key : facet.dependencies)
                if (key == from || key.starts_with(from + "#")) key.replace(0, from.size(), to);
    };
    for (auto& [address, resource] : state.resources) fix(resource);
    for (auto& resource : state.deposed) fix(resource);
}

void set_used_by(State& state, const Mutation& mutation) {
    auto& stacks = state.used_by[mutation.key];
    stacks.clear();
    if (const auto* names = mutation.value.list())
        for (const auto& name : *names) stacks.emplace_back(name.text_or(""));
    if (stacks.empty()) state.used_by.erase(mutation.key);
}

constexpr std::size_t most_updates = 100;

void begin_update(State& state, const Mutation& mutation) {
    const auto text = [&](std::string_view name) {
        const auto* found = mutation.value.find(name);
        return std::string{found != nullptr ? found->text_or("") : ""};
    };
    state.updates.push_back({.number = state.updates.empty() ? 1 : state.updates.back().number + 1,
                             .run = mutation.key,
                             .verb = text("verb"),
                             .user = text("user"),
                             .began = text("began"),
                             .before = state.serial - 1});
    if (state.updates.size() > most_updates) state.updates.erase(state.updates.begin());
}

void end_update(State& state, const Mutation& mutation) {
    if (state.updates.empty() || state.updates.back().run != mutation.key) return;
    auto& update = state.updates.back();
    const auto* result = mutation.value.find("result");
    const auto* seconds = mutation.value.find("seconds");
    const auto* counts = mutation.value.find("counts");
    update.result = result != nullptr ? std::string{result->text_or("")} : std::string{};
    update.seconds = seconds != nullptr && seconds->real() != nullptr ? *seconds->real() : 0;
    update.counts = counts != nullptr && counts->map() != nullptr ? *counts->map() : ValueMap{};
    update.serial = state.serial;
}

/// Once the service has named what a step makes, the name is worth more than any search for it.
void note_progress(State& state, const Mutation& mutation) {
    const auto at = state.open.find(mutation.key);
    const auto* id = mutation.value.find("id");
    if (at != state.open.end() && id != nullptr) at->second.id = id->text_or("");
}

ResourceState* resource_at(State& state, const std::string& address) {
    const auto at = state.resources.find(address);
    return at != state.resources.end() ? &at->second : nullptr;
}

void apply_to_resource(ResourceState& resource, const Mutation& mutation) {
    if (mutation.kind == Kind::put_facet && mutation.facet) resource.facets[mutation.key] = *mutation.facet;
    if (mutation.kind == Kind::remove_facet) resource.facets.erase(mutation.key);
    if (mutation.kind == Kind::set_options) set_options(resource, mutation.value);
    if (mutation.kind == Kind::set_outputs && mutation.value.map() != nullptr) resource.outputs = *mutation.value.map();
}

}  // namespace

void apply(State& state, const Mutation& mutation) {
    switch (mutation.kind) {
        case Kind::begin:
            if (mutation.open) state.open[mutation.open->step] = *mutation.open;
            return;
        case Kind::cursor:
            if (const auto at = state.open.find(mutation.key); at != state.open.end()) at->second.cursor = mutation.value;
            return;
        case Kind::progress: note_progress(state, mutation); return;
        case Kind::end: state.open.erase(mutation.key); return;
        case Kind::put_resource:
            if (mutation.resource) state.resources[mutation.resource->address] = *mutation.resource;
            return;
        case Kind::put_facet:
        case Kind::remove_facet:
        case Kind::set_options:
        case Kind::set_outputs:
            if (auto* resource = resource_at(state, mutation.address)) apply_to_resource(*resource, mutation);
            return;
        case Kind::remove_resource: state.resources.erase(mutation.address); return;
        case Kind::depose: depose(state, mutation.address); return;
        case Kind::remove_deposed:
            std::erase_if(state.deposed,
                          [&](const ResourceState& old) { return old.address == mutation.address && old.id == mutation.key; });
            return;
        case Kind::rename: rename(state, mutation.address, mutation.key); return;
        case Kind::stack_output:
            if (mutation.value.is_null()) state.outputs.erase(mutation.key);
            else state.outputs[mutation.key] = mutation.value;
            return;
        case Kind::provider:
            if (mutation.provider) state.providers[mutation.key] = *mutation.provider;
            return;
        case Kind::used_by: set_used_by(state, mutation); return;
        case Kind::hash_key:
            if (const auto* bytes = mutation.value.revealed().bytes()) state.hash_key = bytes->data;
            return;
        case Kind::takeover: state.takeovers.push_back(state.serial); return;
        case Kind::update_begin: begin_update(state, mutation); return;
        case Kind::update_end: end_update(state, mutation); return;
    }
}

Value encode(const StateCodec& codec, const Mutation& mutation) {
    ValueMap out{{"kind", name_of(mutation.kind)}};
    if (!mutation.address.empty()) out.set("address", mutation.address);
    if (!mutation.key.empty()) out.set("key", mutation.key);
    if (!mutation.value.is_null()) out.set("value", codec.encode(mutation.value));
    if (mutation.open) out.set("open", codec.encode(*mutation.open));
    if (mutation.resource) out.set("resource", codec.encode(*mutation.resource));
    if (mutation.facet) {
        ValueList dependencies;
        for (const auto& key : mutation.facet->dependencies) dependencies.emplace_back(key);
        out.set("facet", Value::map({{"properties", codec.encode(mutation.facet->properties)}, {"dependencies", std::move(dependencies)}}));
    }
    if (mutation.provider)
        out.set("provider", Value::map({{"kind", mutation.provider->kind},
                                        {"account", mutation.provider->account},
                                        {"region", mutation.provider->region},
                                        {"instance", mutation.provider->instance}}));
    return out;
}

namespace {

Result<FacetState> decode_facet(const StateCodec& codec, const Value& stored) {
    FacetState facet;
    if (const auto* properties = stored.find("properties")) {
        auto decoded = codec.decode(*properties);
        if (!decoded) return std::move(decoded).error();
        if (auto* map = decoded->map()) facet.properties = std::move(*map);
    }
    if (const auto* keys = stored.find("dependencies"); keys != nullptr && keys->list() != nullptr)
        for (const auto& key : *keys->list()) facet.dependencies.emplace_back(key.text_or(""));
    return facet;
}

ProviderState decode_provider(const Value& stored) {
    const auto text = [&](std::string_view name) {
        const auto* found = stored.find(name);
        return found != nullptr ? std::string{found->text_or("")} : std::string{};
    };
    return {.kind = text("kind"), .account = text("account"), .region = text("region"), .instance = text("instance")};
}

/// Kinds whose payload must be there before apply() may look at it.
bool lacks_payload(const Mutation& mutation) {
    switch (mutation.kind) {
        case Kind::begin: return !mutation.open;
        case Kind::put_resource: return !mutation.resource;
        case Kind::put_facet: return !mutation.facet;
        case Kind::provider: return !mutation.provider;
        default: return false;
    }
}

Status decode_payload(const StateCodec& codec, const Value& stored, Mutation& mutation) {
    if (const auto* open = stored.find("open")) {
        auto step = codec.decode_step(*open);
        if (!step) return std::move(step).error();
        mutation.open = std::move(*step);
    }
    if (const auto* resource = stored.find("resource")) {
        auto decoded = codec.decode_resource(*resource);
        if (!decoded) return std::move(decoded).error();
        mutation.resource = std::move(*decoded);
    }
    if (const auto* facet = stored.find("facet")) {
        auto decoded = decode_facet(codec, *facet);
        if (!decoded) return std::move(decoded).error();
        mutation.facet = std::move(*decoded);
    }
    if (const auto* provider = stored.find("provider")) mutation.provider = decode_provider(*provider);
    return {};
}

}  // namespace

Result<Mutation> decode_mutation(const StateCodec& codec, const Value& stored) {
    const auto* kind = stored.find("kind");
    const auto name = kind != nullptr ? kind->text_or("") : std::string_view{};
    const auto known = std::ranges::find(kind_names, name, &std::pair<Kind, std::string_view>::second);
    if (known == kind_names.end()) return unreadable(fmt::format("It holds a record of an unknown kind \"{}\".", name));

    Mutation mutation{.kind = known->first};
    if (const auto* address = stored.find("address")) mutation.address = address->text_or("");
    if (const auto* key = stored.find("key")) mutation.key = key->text_or("");
    if (const auto* value = stored.find("value")) {
        auto decoded = codec.decode(*value);
        if (!decoded) return std::move(decoded).error();
        mutation.value = std::move(*decoded);
    }
    if (auto payload = decode_payload(codec, stored, mutation); !payload) return std::move(payload).error();
    if (lacks_payload(mutation)) return unreadable(fmt::format("A record of kind {} lacks its content.", name));
    return mutation;
}

}  // namespace strata
