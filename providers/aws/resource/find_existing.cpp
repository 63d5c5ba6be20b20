#include <algorithm>
#include <cctype>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/model/registry.hpp"
#include "providers/aws/resource/aws_provider.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/form.hpp"
#include "providers/aws/resource/naming.hpp"
#include "providers/aws/resource/reader.hpp"
#include "providers/aws/resource/search.hpp"
#include "providers/aws/resource/step_runner.hpp"
#include "providers/aws/resource/tags.hpp"

// Finding what there is for declared resources of which state knows nothing.

namespace strata::aws {

namespace {

using How = OrphanRule::How;
using Ids = std::set<std::string>;

std::string text_of_tag(const ValueMap& tags, std::string_view key) {
    const auto* value = tags.find(key);
    return value != nullptr ? std::string{value->text_or("")} : std::string{};
}

bool carries_our_tags(const ResourceType& type) {
    const auto& tags = detail_of(type).tags;
    return tags.supported && tags.bookkeeping;
}

/// The last part of an ARN, a path or a joined id. Names that Strata makes hold none of these signs.
std::string_view last_part(std::string_view text) { return text.substr(text.find_last_of("/:|") + 1); }

/// "arn:aws:logs:...": the service.
std::string_view service_of(std::string_view arn) {
    std::size_t from = 0;
    for (int colons = 0; colons < 2; ++colons) from = arn.find(':', from) + 1;
    return arn.substr(from, arn.find(':', from) - from);
}

/// Whether the name has the form of one that Strata made for what is sought.
bool is_generated(const Sought& sought, std::string_view name) {
    constexpr std::string_view suffix = "00000000";
    return std::ranges::any_of(sought.name_starts, [&](const std::string& start) {
        const auto form = make_name(detail_of(*sought.type).name, *sought.type, sought.desired, start, suffix);
        const auto at = form.rfind(suffix);
        if (name.size() != form.size() || at == std::string::npos) return false;
        const auto digits = name.substr(at, suffix.size());
        const bool random = std::ranges::all_of(digits, [](unsigned char c) { return std::isxdigit(c) != 0; });
        const auto end = at + suffix.size();
        return random && name.substr(0, at) == std::string_view{form}.substr(0, at) &&
               name.substr(end) == std::string_view{form}.substr(end);
    });
}

/// A request that lists everything of the type, whatever its ids; nullptr where there is none.
const Source* listing_of(const ResourceType& type) {
    const auto& detail = detail_of(type);
    if (detail.orphan.list != nullptr && !detail.orphan.list->key.empty()) return detail.orphan.list;
    const auto lists_all = [](const Source& source) { return !source.key.empty() && !uses(source.in, Expression::Kind::ids); };
    const auto at = std::ranges::find_if(detail.read_many, lists_all);
    return at != detail.read_many.end() ? &*at : nullptr;
}

/// What a listing shows of a thing is as it is wanted, as far as both have it.
bool agrees(const Value& object, const ValueMap& desired) {
    return std::ranges::all_of(desired, [&](const auto& property) {
        const auto* shown = object.find(property.first);
        return shown == nullptr || property.second.has_unknown() || shown->string() == nullptr || *shown == property.second.revealed();
    });
}

Error cannot_be_looked_for(const Sought& sought) {
    return {.kind = ErrorKind::outcome_unknown,
            .summary = "It cannot be looked for",
            .cause = fmt::format("A {} has neither tags nor a name by which it could be found.", sought.type->name),
            .remedy = {}};
}

/// One search for many things. Whatever several need is asked for once.
class Search {
public:
    Search(Client& client, Clock& clock, const ProviderIdentity& who, std::string_view stack)
        : client_{client}, clock_{clock}, who_{who}, stack_{stack} {}

    std::vector<Result<std::vector<Candidate>>> run(std::span<const Sought> sought) {
        std::vector<Result<std::vector<Candidate>>> answers;
        for (const auto& one : sought) {
            auto ids = ids_of(one);
            if (ids) look_later(one, answers.size(), *ids);
            answers.push_back(ids ? Result<std::vector<Candidate>>{std::vector<Candidate>{}} : std::move(ids).error());
        }
        const auto seen = Reader{client_, who_}.read(items_, ReadDepth::direct);
        for (std::size_t i = 0; i < items_.size(); ++i) judge(sought[of_[i]], items_[i].id, seen[i], answers[of_[i]]);
        return answers;
    }

    /// Everything that the tagging API lists under the stack's tag; ids are ARNs.
    const Result<std::vector<TaggedThing>>& tagged() {
        if (!tagged_) tagged_ = ask_tagging_api();
        return *tagged_;
    }

private:
    [[nodiscard]] StepRunner runner(const Sought& sought) const { return {client_, clock_, who_, Step{.type = sought.type}}; }

    // --- what may be it ---

    Result<Ids> ids_of(const Sought& sought) {
        Ids ids;
        if (const auto id = id_before(*sought.type, sought.desired, who_); !id.empty()) ids.insert(id);
        const auto& detail = detail_of(*sought.type);
        if (ids.empty() && detail.orphan.list != nullptr && sought.name_starts.empty()) {
            auto found = ids_by_listing_one(sought);
            if (!found) return found;
            ids.merge(*found);
        }
        if (carries_our_tags(*sought.type)) {
            auto found = ids_by_tags(sought);
            if (!found && ids.empty()) return found;
            if (found) ids.merge(*found);
        }
        if (sought.name_starts.empty()) return ids;
        auto found = ids_by_generated_name(sought);
        if (!found) return found;
        ids.merge(*found);
        return ids;
    }

    /// Where only the service knows the id of what has the wanted name, or of what cannot carry tags.
    Result<Ids> ids_by_listing_one(const Sought& sought) {
        auto call = runner(sought);
        const auto* source = detail_of(*sought.type).orphan.list;
        if (source->key.empty()) {
            auto id = id_of_name(call, *sought.type, sought.desired);
            if (!id) return std::move(id).error();
            return id->empty() ? Ids{} : Ids{*id};
        }
        if (carries_our_tags(*sought.type)) return Ids{};
        const auto& listed = listed_by(sought, *source, request_for(sought, *source));
        if (!listed) return listed.error();
        Ids ids;
        for (const auto& object : objects_in(*listed, *source))
            if (const auto* key = locate(*object, source->key, store_); key != nullptr && agrees(*object, sought.desired))
                ids.insert(attribute_text(*key));
        return ids;
    }

    Result<Ids> ids_by_tags(const Sought& sought) {
        const auto& detail = detail_of(*sought.type);
        if (detail.orphan.how == How::by_tag_filter && detail.orphan.list == nullptr) return ids_by_tag_filter(sought);
        const auto& all = tagged();
        if (!all) return all.error();
        Ids ids;
        for (const auto& thing : *all) {
            const bool its_address = std::ranges::find(sought.addresses, thing.address) != sought.addresses.end();
            if (!its_address || service_of(thing.id) != detail.service) continue;
            auto id = id_of_arn(sought, thing.id);
            if (!id) return std::move(id).error();
            if (!id->empty()) ids.insert(*id);
        }
        return ids;
    }

    Result<Ids> ids_by_tag_filter(const Sought& sought) {
        const auto& detail = detail_of(*sought.type);
        const auto& source = detail.read_many.empty() ? detail.read.front() : detail.read_many.front();
        const auto& listed = listed_by(sought, source, request_with_tag_filter(source, stack_tag, stack_));
        if (!listed) return listed.error();
        Ids ids;
        for (const auto* object : objects_in(*listed, source)) {
            const auto* tags = locate(*object, detail.tags.from_read, store_);
            const auto* key = locate(*object, source.key, store_);
            if (tags == nullptr || key == nullptr) continue;
            const auto address = text_of_tag(decode_tags(*tags), address_tag);
            if (std::ranges::find(sought.addresses, address) != sought.addresses.end()) ids.insert(attribute_text(*key));
        }
        return ids;
    }

    /// The service of the tagging API does not cover every type, and some types take no tags.
    Result<Ids> ids_by_generated_name(const Sought& sought) {
        const auto* source = listing_of(*sought.type);
        if (source == nullptr) return carries_our_tags(*sought.type) ? Result<Ids>{Ids{}} : cannot_be_looked_for(sought);
        const auto& listed = listed_by(sought, *source, request_for(sought, *source));
        if (!listed) return listed.error();
        Ids ids;
        for (const auto* object : objects_in(*listed, *source)) {
            const auto* key = locate(*object, source->key, store_);
            const auto text = key != nullptr ? attribute_text(*key) : std::string{};
            if (!is_generated(sought, last_part(text))) continue;
            auto id = id_of_named(sought, last_part(text));
            if (!id) return std::move(id).error();
            if (!id->empty()) ids.insert(*id);
        }
        return ids;
    }

    // --- from names and ARNs to ids ---

    Result<std::string> id_of_named(const Sought& sought, std::string_view name) {
        auto named = sought.desired;
        named.set(sought.type->name_property, Value{name});
        if (auto id = id_before(*sought.type, named, who_); !id.empty()) return id;
        auto call = runner(sought);
        return id_of_name(call, *sought.type, named);
    }

    Result<std::string> id_of_arn(const Sought& sought, std::string_view arn) {
        if (detail_of(*sought.type).orphan.how == How::by_tagging_api) return id_in_arn(*sought.type, arn, who_);
        if (sought.type->name_property.empty()) return id_in_arn(*sought.type, arn, who_);
        return id_of_named(sought, last_part(arn));
    }

    // --- asking, each thing once ---

    [[nodiscard]] ValueMap request_for(const Sought& sought, const Source& source) const {
        return request_of(source.in, {.type = sought.type, .identity = &who_, .wanted = &sought.desired});
    }

    const Result<Value>& listed_by(const Sought& sought, const Source& source, ValueMap request) {
        const auto key = fmt::format("{} {} {}", source.service, source.operation, to_json(Value{request}));
        const auto at = listed_.find(key);
        if (at != listed_.end()) return at->second;
        return listed_.emplace(key, runner(sought).pages(source.service, source.operation, std::move(request))).first->second;
    }

    std::vector<const Value*> objects_in(const Value& answer, const Source& source) {
        std::vector<const Value*> objects;
        const auto* list = locate(answer, source.out, store_);
        if (list != nullptr && list->list() != nullptr)
            for (const auto& object : *list->list()) objects.push_back(&object);
        return objects;
    }

    Result<std::vector<TaggedThing>> ask_tagging_api() {
        const auto* service = find_service("resourcegroupstaggingapi");
        const auto answer = client_.call_all_pages_and_wait(
            {.service = service, .operation = service->operation("GetResources"), .params = Value{tagging_request(stack_tag, stack_)}});
        if (!answer) return answer.error();
        std::vector<TaggedThing> things;
        const auto* list = answer->find("ResourceTagMappingList");
        if (list == nullptr || list->list() == nullptr) return things;
        for (const auto& entry : *list->list()) {
            const auto* arn = entry.find("ResourceARN");
            const auto* tags = entry.find("Tags");
            if (arn == nullptr || tags == nullptr) continue;
            things.push_back({.id = std::string{arn->text_or("")}, .address = text_of_tag(decode_tags(*tags), address_tag)});
        }
        return things;
    }

    // --- looking at what may be it ---

    void look_later(const Sought& sought, std::size_t at, const Ids& ids) {
        ValueMap known;
        for (const auto& [name, value] : sought.desired)
            if (!value.has_unknown()) known.set(name, value.without_marks());
        for (const auto& id : ids) {
            std::vector<bool> core(std::max<std::size_t>(sought.type->facets.size(), 1), false);
            core[0] = true;
            items_.push_back({.type = sought.type,
                              .address = sought.addresses.front(),
                              .id = id,
                              .properties = known,
                              .outputs = {},
                              .facets = std::move(core)});
            of_.push_back(at);
        }
    }

    void judge(const Sought& sought, const std::string& id, const Reader::Seen& seen, Result<std::vector<Candidate>>& answer) const {
        if (!answer) return;
        if (const auto* unreadable = std::get_if<Unreadable>(&seen.result)) {
            answer = unreadable->why;
            return;
        }
        const auto* live = std::get_if<Live>(&seen.result);
        if (live == nullptr || live->deleting) return;
        const auto stack = text_of_tag(seen.bookkeeping, stack_tag);
        const auto address = text_of_tag(seen.bookkeeping, address_tag);
        const bool its_address = std::ranges::find(sought.addresses, address) != sought.addresses.end();
        if (!carries_our_tags(*sought.type) || (stack == stack_ && its_address)) answer->push_back({.id = id});
        else if (stack.empty()) answer->push_back({.id = id, .ours = false, .claim = "it carries no tags of Strata"});
        else answer->push_back({.id = id, .ours = false, .claim = fmt::format("its tags say {} of stack {}", address, stack)});
    }

    Client& client_;
    Clock& clock_;
    const ProviderIdentity& who_;
    std::string stack_;
    std::optional<Result<std::vector<TaggedThing>>> tagged_;
    std::map<std::string, Result<Value>> listed_;  ///< answers by request
    std::deque<Value> store_;
    std::vector<ReadItem> items_;
    std::vector<std::size_t> of_;  ///< by item: whose candidate it is
};

}  // namespace

std::vector<Result<std::vector<Candidate>>> AwsProvider::find_existing(std::string_view stack, std::span<const Sought> sought) {
    for (const auto& one : sought) client_->secrets().add_marked(one.desired);
    const auto who = identity();
    return Search{*client_, clock_, who, stack}.run(sought);
}

Result<std::vector<TaggedThing>> AwsProvider::find_tagged(std::string_view stack) {
    const auto who = identity();
    return Search{*client_, clock_, who, stack}.tagged();
}

}  // namespace strata::aws
