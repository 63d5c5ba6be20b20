#include <algorithm>

#include <fmt/format.h>

#include "providers/aws/resource/form.hpp"
#include "providers/aws/resource/reader.hpp"
#include "providers/aws/resource/tags.hpp"

namespace strata::aws {

namespace {

bool is_among(std::span<const std::string_view> words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

/// An item of a set as a program writes it.
Value item_of(const Value& raw, const FacetDetail& facet, const Schema& schema, std::deque<Value>& store) {
    if (facet.item.empty()) return in_form_of(raw, schema);
    ValueMap out;
    for (const auto& field : facet.item)
        if (const auto* value = locate(raw, field.path, store)) out.set(field.name, *value);
    return in_form_of(Value{std::move(out)}, schema);
}

ValueMap entries_of(const ValueList& items, const FacetDetail& facet, const Schema& value_schema, std::deque<Value>& store) {
    ValueMap out;
    for (const auto& item : items) {
        const auto* key = locate(item, facet.entry_key, store);
        const auto* value = locate(item, facet.entry_value, store);
        if (key != nullptr && value != nullptr) out.set(attribute_text(*key), in_form_of(decoded(*value, facet.decode), value_schema));
    }
    return out;
}

bool is_empty(const Value& value) {
    return value.is_null() || (value.list() != nullptr && value.list()->empty()) || (value.map() != nullptr && value.map()->empty());
}

}  // namespace

/// A number that the service raised by itself, within the bound that allows it, is what was asked for.
void Reader::forgive_growth(const Reading& reading, Live& live) {
    for (const auto& rule : reading.detail->grows) {
        const auto* wanted = reading.item->properties.find(rule.property);
        const auto* present = live.properties.find(rule.property);
        const auto* bound = live.properties.find(rule.bound);
        if (wanted == nullptr || present == nullptr || bound == nullptr) continue;
        const auto grown = present->integer_or(0);
        if (grown > wanted->integer_or(grown) && grown <= bound->integer_or(0)) live.properties.set(rule.property, wanted->without_marks());
    }
}

void Reader::set_facet(Reading& reading, const FacetDetail& facet, const Value& raw) {
    const auto* property = reading.item->type->property(facet.property);
    if (property == nullptr) return;
    Value value;
    const auto* items = raw.list();
    if (!facet.entry_key.empty()) {
        if (items != nullptr) value = entries_of(*items, facet, *property->schema->element, store_);
    } else if (items != nullptr && property->schema->element != nullptr) {
        ValueList out;
        for (const auto& item : *items) out.push_back(item_of(decoded(item, facet.decode), facet, *property->schema->element, store_));
        value = std::move(out);
    } else {
        value = item_of(decoded(raw, facet.decode), facet, *property->schema, store_);
    }
    if (!is_empty(value)) reading.facets.set(facet.property, std::move(value));
}

/// The object that all sources together show; of a member that several have, the first one's counts.
const Value& Reader::merged(const Reading& reading) {
    const Value* only = nullptr;
    std::size_t seen = 0;
    for (const auto* object : reading.objects)
        if (object != nullptr) {
            only = only == nullptr ? object : only;
            ++seen;
        }
    if (seen == 0) return store_.emplace_back(ValueMap{});
    if (seen == 1) return *only;
    ValueMap out;
    for (const auto* object : reading.objects)
        if (object != nullptr && object->map() != nullptr)
            for (const auto& [name, value] : *object->map())
                if (!out.contains(name)) out.set(name, value);
    return store_.emplace_back(std::move(out));
}

void Reader::set_from_core(Reading& reading, const Value& object) {
    const auto& details = reading.detail->facets;
    for (std::size_t i = 1; i < details.size(); ++i) {
        const auto& facet = details[i];
        if (i >= reading.item->facets.size() || !reading.item->facets[i]) continue;
        const bool from_batch = reading.batched && !facet.from_batch.empty();
        if (!from_batch && (facet.get != nullptr || facet.from_read.empty())) continue;
        if (const auto* raw = locate(object, from_batch ? facet.from_batch : facet.from_read, store_)) set_facet(reading, facet, *raw);
    }
    const auto& tags = reading.detail->tags;
    if (!tags.supported || tags.from_read.empty()) return;
    const auto* raw = locate(object, tags.from_read, store_);
    reading.tags = raw != nullptr ? decode_tags(*raw) : ValueMap{};
}

void Reader::fill_properties(const Reading& reading, Live& live) {
    const auto sources = sources_of(reading);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (reading.objects[i] == nullptr) continue;
        for (const auto& field : sources[i].fields) {
            if (live.properties.contains(field.name)) continue;
            const auto* property = reading.item->type->property(field.name);
            const auto* value = locate(*reading.objects[i], field.path, store_);
            if (property == nullptr || value == nullptr) continue;
            auto formed = in_form_of(decoded(*value, field.decode), *property->schema);
            if (!is_empty(formed)) live.properties.set(field.name, property->secret ? Value::secret(std::move(formed)) : std::move(formed));
        }
    }
    const auto& spec = reading.detail->id;
    const auto parts = id_parts(spec, reading.item->id);
    for (std::size_t i = 0; i < spec.parts.size() && i < parts.size(); ++i) live.properties.set(spec.parts[i], Value{parts[i]});
    for (const auto& [name, value] : reading.facets) live.properties.set(name, value);
    if (reading.tags)
        if (auto own = own_tags(*reading.tags); !own.empty()) live.properties.set("Tags", Value{std::move(own)});
}

void Reader::fill_outputs(const Reading& reading, const Value& object, Live& live) {
    const auto* type = reading.item->type;
    for (const auto& field : reading.detail->outputs) {
        const auto* value = locate(object, field.path, store_);
        if (value == nullptr) continue;
        const auto* output = type->output(field.name);
        live.outputs.set(field.name, output != nullptr && output->secret ? Value::secret(*value) : *value);
    }
    live.outputs.set("Id", Value{live.id});
    auto context = context_of(reading);
    context.wanted = &live.properties;
    context.outputs = &live.outputs;
    if (!live.outputs.contains("Arn"))
        if (auto arn = arn_of(context); !arn.empty()) live.outputs.set("Arn", Value{std::move(arn)});
    for (const auto& part : reading.detail->id.parts)
        if (const auto* value = live.properties.find(part)) {
            live.outputs.set(part, *value);
            if (reading.detail->id.parts.size() == 1) live.outputs.set("Name", *value);
        }
    for (const auto& [name, expression] : reading.detail->computed_outputs)
        if (auto value = evaluate(expression, context)) live.outputs.set(name, std::move(*value));
}

void Reader::judge_state(const Reading& reading, const Value& object, Seen& seen, Live& live) {
    auto context = context_of(reading);
    context.wanted = &reading.item->properties;
    for (const auto& rule : reading.detail->pending) {
        if (!holds(rule.when, context)) continue;
        const auto* found = locate(object, rule.path, store_);
        if (found == nullptr) continue;
        const auto word = attribute_text(*found);
        if (is_among(rule.gone, word)) seen.result = Absent{};
        if (is_among(rule.pending, word)) live.pending = true;
        if (is_among(rule.deleting, word)) live.deleting = true;
        if (!is_among(rule.failed, word)) continue;
        const auto* reason = rule.reason.empty() ? nullptr : locate(object, rule.reason, store_);
        seen.failure = reason != nullptr ? fmt::format("{}: {}", word, attribute_text(*reason)) : word;
    }
}

Reader::Seen Reader::assemble(Reading& reading) {
    Seen seen{.result = Absent{}, .bookkeeping = {}, .usable = true, .failure = {}};
    if (reading.absent) return seen;
    if (reading.error) {
        seen.result = Unreadable{*reading.error};
        return seen;
    }
    const auto& object = merged(reading);
    set_from_core(reading, object);
    Live live{.id = reading.item->id, .properties = {}, .outputs = {}};
    fill_properties(reading, live);
    forgive_growth(reading, live);
    fill_outputs(reading, object, live);
    seen.result = Live{};
    judge_state(reading, object, seen, live);
    if (std::holds_alternative<Absent>(seen.result)) return seen;
    if (reading.detail->hooks.after_read != nullptr) reading.detail->hooks.after_read(object, identity_, live.properties, live.outputs);
    const auto& details = reading.detail->facets;
    for (std::size_t i = 1; i < details.size(); ++i)
        if (i >= reading.item->facets.size() || !reading.item->facets[i]) live.properties.erase(details[i].property);
    if (reading.tags)
        for (const auto& [key, value] : *reading.tags)
            if (key.starts_with("strata:")) seen.bookkeeping.set(key, value);
    seen.usable = !live.pending && !live.deleting;
    seen.result = std::move(live);
    return seen;
}

}  // namespace strata::aws
