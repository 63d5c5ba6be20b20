#include <algorithm>

#include <fmt/format.h>

#include "providers/aws/model/registry.hpp"
#include "providers/aws/resource/aws_provider.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/form.hpp"
#include "providers/aws/resource/naming.hpp"
#include "providers/aws/resource/reader.hpp"
#include "providers/aws/resource/search.hpp"
#include "providers/aws/resource/step_runner.hpp"
#include "providers/aws/resource/tags.hpp"

// Finding what an interrupted create may have left.

namespace strata::aws {

namespace {

using Found = Result<std::optional<std::string>>;

Error ambiguous(const Step& step, std::size_t count) {
    return {.kind = ErrorKind::outcome_unknown,
            .summary = "Several things carry the same token",
            .cause = fmt::format("{}: {} of type {} are tagged {}={}.", step.address, count, step.type->name, token_tag, step.token),
            .remedy = "Delete all but one, or import one of them."};
}

}  // namespace

Found AwsProvider::look_for_orphan(const Step& step) {
    using How = OrphanRule::How;
    // Parts of a thing are found by reading the thing.
    if (step.facet != 0 || step.action != StepAction::create) return std::optional<std::string>{};
    switch (detail_of(*step.type).orphan.how) {
        case How::by_id: return find_by_id(step);
        case How::by_tag_filter: return find_by_tag(step);
        case How::by_tagging_api: return find_by_tagging_api(step);
    }
    return std::optional<std::string>{};
}

Found AwsProvider::find_by_id(const Step& step) {
    const auto who = identity();
    auto id = planned_id(*step.type, step.desired);
    if (id.empty()) {
        StepRunner runner{*client_, clock_, who, step};
        auto asked = id_of_name(runner, *step.type, step.desired);
        if (!asked) return asked.error();
        id = std::move(asked).value();
    }
    if (id.empty()) return std::optional<std::string>{};
    Step look_at = step;
    look_at.id = id;
    const auto seen = StepRunner{*client_, clock_, who, look_at}.look();
    if (const auto* unreadable = std::get_if<Unreadable>(&seen.result)) return unreadable->why;
    if (std::holds_alternative<Absent>(seen.result)) return std::optional<std::string>{};
    const auto& tags = detail_of(*step.type).tags;
    if (!tags.supported || !tags.bookkeeping) return std::optional{id};
    const auto* address = seen.bookkeeping.find(address_tag);
    const auto* stack = seen.bookkeeping.find(stack_tag);
    const bool ours = address != nullptr && address->text_or("") == step.address && (stack == nullptr || stack->text_or("") == step.stack);
    if (ours) return std::optional{id};
    // Tagged after it was made: between the two calls it has no tags at all.
    if (!tags.on_create && seen.bookkeeping.empty())
        return Error{
            .kind = ErrorKind::outcome_unknown,
            .summary = "Whose it is cannot be told",
            .cause =
                fmt::format("{}: {} {} exists and carries no tags of Strata; the run that may have made it ended before it could set them.",
                            step.address, step.type->name, id),
            .remedy = fmt::format("If it is yours, take it over with\n    strata import {} {}\nelse give the resource another name.",
                                  step.address, id)};
    return std::optional<std::string>{};
}

Found AwsProvider::find_by_tag(const Step& step) {
    const auto& detail = detail_of(*step.type);
    const auto& sources = detail.read_many.empty() ? detail.read : detail.read_many;
    const auto& source = detail.orphan.list != nullptr ? *detail.orphan.list : sources.front();
    const auto who = identity();
    StepRunner runner{*client_, clock_, who, step};
    auto request = detail.orphan.list != nullptr ? request_of(source.in, {.type = step.type, .identity = &who, .token = step.token})
                                                 : request_with_tag_filter(source, token_tag, step.token);
    const auto answer = runner.pages(source.service, source.operation, std::move(request));
    if (!answer) return answer.error();
    std::deque<Value> store;
    const auto* list = locate(*answer, source.out, store);
    std::vector<std::string> ids;
    if (list != nullptr && list->list() != nullptr)
        for (const auto& object : *list->list()) {
            // Not every emulation honours tag filters: what came is looked at again.
            const auto* tags = detail.tags.from_read.empty() ? nullptr : locate(object, detail.tags.from_read, store);
            const auto found = tags != nullptr ? decode_tags(*tags) : ValueMap{};
            const bool carries = tags == nullptr || (found.contains(token_tag) && found.find(token_tag)->text_or("") == step.token);
            const auto* key = locate(object, source.key, store);
            const bool gone = std::ranges::any_of(detail.pending, [&](const PendingRule& rule) {
                const auto* state = locate(object, rule.path, store);
                return state != nullptr && std::ranges::find(rule.gone, attribute_text(*state)) != rule.gone.end();
            });
            if (carries && key != nullptr && !gone) ids.push_back(attribute_text(*key));
        }
    if (ids.size() > 1) return ambiguous(step, ids.size());
    return ids.empty() ? std::optional<std::string>{} : std::optional{ids.front()};
}

Found AwsProvider::find_by_tagging_api(const Step& step) {
    const auto who = identity();
    StepRunner runner{*client_, clock_, who, step};
    const auto answer = runner.pages("resourcegroupstaggingapi", "GetResources", tagging_request(token_tag, step.token));
    if (!answer) return answer.error();
    std::vector<std::string> ids;
    const auto* list = answer->find("ResourceTagMappingList");
    if (list != nullptr && list->list() != nullptr)
        for (const auto& entry : *list->list())
            if (const auto* arn = entry.find("ResourceARN")) ids.push_back(id_in_arn(*step.type, arn->text_or(""), who));
    if (ids.size() > 1) return ambiguous(step, ids.size());
    return ids.empty() ? std::optional<std::string>{} : std::optional{ids.front()};
}

}  // namespace strata::aws
