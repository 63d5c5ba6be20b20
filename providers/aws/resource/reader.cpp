#include "providers/aws/resource/reader.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/form.hpp"
#include "providers/aws/resource/tags.hpp"

namespace strata::aws {

namespace {

/// resourcegroupstaggingapi GetResources takes as many ARNs in one call.
constexpr std::size_t arns_per_call = 100;

bool means_absent(const Error& error, const Source& source) {
    if (error.kind == ErrorKind::not_found) return true;
    return std::ranges::find(source.absent, error.code) != source.absent.end();
}

constexpr Source tagging_source{.service = "resourcegroupstaggingapi", .operation = "GetResources"};

}  // namespace

Context Reader::context_of(const Reading& reading) const {
    return {.type = reading.item->type,
            .identity = &identity_,
            .id = reading.item->id,
            .arn = reading.arn,
            .properties = &reading.item->properties,
            .outputs = &reading.item->outputs};
}

std::span<const Source> Reader::sources_of(const Reading& reading) {
    return reading.batched ? reading.detail->read_many : reading.detail->read;
}

std::vector<Reader::Seen> Reader::read(std::span<const ReadItem> items, ReadDepth depth) {
    std::map<const ResourceType*, Readings> groups;
    const auto first = readings_.size();
    for (const auto& item : items) {
        auto& reading = readings_.emplace_back();
        reading.item = &item;
        reading.detail = &detail_of(*item.type);
        reading.arn = arn_of(context_of(reading));
        groups[item.type].push_back(&reading);
    }
    for (const auto& [type, group] : groups) {
        const auto& detail = detail_of(*type);
        const bool batched = depth == ReadDepth::batched && !detail.read_many.empty() && group.size() >= detail.batch_from;
        for (auto* reading : group) {
            reading->batched = batched;
            reading->objects.resize(sources_of(*reading).size(), nullptr);
        }
        ask_core(group);
        for (auto* reading : group) {
            ask_facets(*reading);
            ask_tags(*reading);
        }
    }
    ask_tagging_api();
    session_.run();
    std::vector<Seen> out;
    for (std::size_t i = first; i < readings_.size(); ++i) out.push_back(assemble(readings_[i]));
    return out;
}

void Reader::ask_core(const Readings& group) {
    const auto sources = sources_of(*group.front());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        // What needs the first answer is asked for when that has come.
        if (uses(sources[i].in, Expression::Kind::read)) continue;
        if (uses(sources[i].in, Expression::Kind::ids)) ask_by_ids(group, i);
        else
            for (auto* reading : group) ask_one(*reading, i);
    }
}

/// What names no ids in the request (the cluster of a service) must be the same for all that share a call.
void Reader::ask_by_ids(const Readings& group, std::size_t source) {
    std::map<std::string, Readings> by_rest;
    for (auto* reading : group)
        by_rest[to_json(Value{request_of(sources_of(*reading)[source].in, context_of(*reading))})].push_back(reading);
    for (const auto& [rest, same] : by_rest) ask_in_chunks(same, source);
}

/// As many ids a call as the operation takes, each once: an id given twice makes some services fail.
void Reader::ask_in_chunks(const Readings& group, std::size_t source) {
    const std::size_t limit = std::max<std::size_t>(sources_of(*group.front())[source].limit, 1);
    std::map<std::string_view, Readings> by_id;
    for (auto* reading : group) by_id[reading->item->id].push_back(reading);
    Readings chunk;
    std::size_t ids = 0;
    for (const auto& [id, same] : by_id) {
        chunk.insert(chunk.end(), same.begin(), same.end());
        if (++ids < limit) continue;
        ask_ids(std::exchange(chunk, {}), source);
        ids = 0;
    }
    if (!chunk.empty()) ask_ids(std::move(chunk), source);
}

void Reader::ask_ids(Readings chunk, std::size_t index) {
    const auto& source = sources_of(*chunk.front())[index];
    ValueList ids;
    for (const auto* reading : chunk)
        if (ids.empty() || *ids.back().string() != reading->item->id) ids.emplace_back(reading->item->id);
    const Value list{std::move(ids)};
    auto context = context_of(*chunk.front());
    context.ids = &list;
    session_.ask(source.service, source.operation, request_of(source.in, context),
                 [this, chunk = std::move(chunk), index](const Result<Value>& answer) { take_chunk(chunk, index, answer); });
}

void Reader::take_chunk(const Readings& chunk, std::size_t index, const Result<Value>& answer) {
    const auto& source = sources_of(*chunk.front())[index];
    // One missing id fails the whole call in some services: then each is asked for alone.
    const bool several = std::ranges::any_of(chunk, [&](const auto* reading) { return reading->item->id != chunk.front()->item->id; });
    if (!answer && several && means_absent(answer.error(), source)) {
        for (auto* reading : chunk) ask_ids({reading}, index);
        return;
    }
    for (auto* reading : chunk) take_object(*reading, index, answer);
}

void Reader::ask_one(Reading& reading, std::size_t index) {
    const auto& source = sources_of(reading)[index];
    auto context = context_of(reading);
    context.read = reading.objects.front();
    session_.ask(source.service, source.operation, request_of(source.in, context),
                 [this, &reading, index](const Result<Value>& answer) { take_object(reading, index, answer); });
}

bool Reader::failed(Reading& reading, const Source& source, const Result<Value>& answer, bool absence_is_absent) {
    if (answer) return false;
    if (means_absent(answer.error(), source)) reading.absent |= absence_is_absent;
    else if (!reading.error) reading.error = answer.error();
    return true;
}

const std::unordered_map<std::string, const Value*>& Reader::index_of(const Value& answer, const Source& source) {
    auto& index = indexes_[{&answer, &source}];
    if (!index.empty()) return index;
    const auto* found = locate(answer, source.out, store_);
    const auto* objects = found != nullptr ? found->list() : nullptr;
    if (objects == nullptr) return index;
    for (const auto& object : *objects)
        if (const auto* key = locate(object, source.key, store_)) index.emplace(attribute_text(*key), &object);
    return index;
}

void Reader::take_object(Reading& reading, std::size_t index, const Result<Value>& answer) {
    find_object(reading, index, answer);
    if (index != 0 || reading.objects.front() == nullptr) return;
    const auto sources = sources_of(reading);
    for (std::size_t i = 1; i < sources.size(); ++i)
        if (uses(sources[i].in, Expression::Kind::read)) ask_one(reading, i);
}

void Reader::find_object(Reading& reading, std::size_t index, const Result<Value>& answer) {
    const auto& source = sources_of(reading)[index];
    if (failed(reading, source, answer, index == 0)) return;
    if (source.key.empty()) {
        const auto* object = locate(*answer, source.out, store_);
        if (object != nullptr) reading.objects[index] = object;
        // An answer without content (HeadBucket) says that the thing is there.
        else if (source.out.empty()) reading.objects[index] = &store_.emplace_back(ValueMap{});
        else reading.absent |= index == 0;
        return;
    }
    std::string wanted = reading.item->id;
    if (source.match != nullptr)
        if (const auto value = evaluate(*source.match, context_of(reading))) wanted = attribute_text(*value);
    const auto& objects = index_of(*answer, source);
    const auto at = objects.find(wanted);
    if (at != objects.end()) reading.objects[index] = at->second;
    else reading.absent |= index == 0;
}

void Reader::ask_facets(Reading& reading) {
    const auto& details = reading.detail->facets;
    for (std::size_t i = 1; i < details.size(); ++i) {
        const bool wanted = i < reading.item->facets.size() && reading.item->facets[i];
        const bool in_core = details[i].get == nullptr || (reading.batched && !details[i].from_batch.empty());
        if (wanted && !in_core) ask_facet(reading, details[i]);
    }
}

void Reader::ask_facet(Reading& reading, const FacetDetail& facet) {
    session_.ask(facet.get->service, facet.get->operation, request_of(facet.get->in, context_of(reading)),
                 [this, &reading, &facet](const Result<Value>& answer) { take_facet(reading, facet, answer); });
}

void Reader::take_facet(Reading& reading, const FacetDetail& facet, const Result<Value>& answer) {
    if (failed(reading, *facet.get, answer, false)) return;
    const auto* raw = locate(*answer, facet.get->out, store_);
    if (raw == nullptr) return;
    if (facet.get_item != nullptr) ask_entries(reading, facet, *raw);
    else set_facet(reading, facet, *raw);
}

/// A map whose keys are listed in one call and whose values come one by one.
void Reader::ask_entries(Reading& reading, const FacetDetail& facet, const Value& keys) {
    const auto* items = keys.list();
    if (items == nullptr) return;
    for (const auto& item : *items) {
        auto context = context_of(reading);
        const auto key = attribute_text(item);
        context.key = key;
        session_.ask(facet.get_item->service, facet.get_item->operation, request_of(facet.get_item->in, context),
                     [this, &reading, &facet, key](const Result<Value>& answer) {
                         if (failed(reading, *facet.get_item, answer, false)) return;
                         const auto* value = locate(*answer, facet.get_item->out, store_);
                         const auto* property = reading.item->type->property(facet.property);
                         if (value == nullptr || property == nullptr) return;
                         auto& entries = reading.facets[facet.property];
                         if (entries.map() == nullptr) entries = ValueMap{};
                         entries.map()->set(key, in_form_of(decoded(*value, facet.decode), *property->schema->element));
                     });
    }
}

void Reader::ask_tags(Reading& reading) {
    const auto& tags = reading.detail->tags;
    if (!tags.supported || tags.read == nullptr) return;
    if (reading.batched && tags.tagging_api && !reading.arn.empty()) {
        tag_queue_.push_back(&reading);
        return;
    }
    session_.ask(tags.read->service, tags.read->operation, request_of(tags.read->in, context_of(reading)),
                 [this, &reading, &tags](const Result<Value>& answer) { take_tags(reading, *tags.read, answer); });
}

void Reader::take_tags(Reading& reading, const Source& source, const Result<Value>& answer) {
    if (failed(reading, source, answer, false)) return;
    const auto* raw = locate(*answer, source.out, store_);
    reading.tags = raw != nullptr ? decode_tags(*raw) : ValueMap{};
}

void Reader::ask_tagging_api() {
    const auto queue = std::exchange(tag_queue_, {});
    for (std::size_t from = 0; from < queue.size(); from += arns_per_call) {
        const Readings chunk{queue.begin() + static_cast<std::ptrdiff_t>(from),
                             queue.begin() + static_cast<std::ptrdiff_t>(std::min(from + arns_per_call, queue.size()))};
        ValueList arns;
        for (const auto* reading : chunk) arns.emplace_back(reading->arn);
        session_.ask(tagging_source.service, tagging_source.operation, ValueMap{{"ResourceARNList", Value{std::move(arns)}}},
                     [this, chunk](const Result<Value>& answer) {
                         std::unordered_map<std::string_view, const Value*> by_arn;
                         const auto* found = answer ? answer->find("ResourceTagMappingList") : nullptr;
                         if (found != nullptr && found->list() != nullptr)
                             for (const auto& entry : *found->list())
                                 if (const auto* arn = entry.find("ResourceARN")) by_arn[arn->text_or("")] = entry.find("Tags");
                         for (auto* reading : chunk) {
                             if (failed(*reading, tagging_source, answer, false)) continue;
                             const auto at = by_arn.find(reading->arn);
                             reading->tags = at != by_arn.end() && at->second != nullptr ? decode_tags(*at->second) : ValueMap{};
                         }
                     });
    }
}

}  // namespace strata::aws
