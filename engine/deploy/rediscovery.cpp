#include "engine/deploy/rediscovery.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/plan/desired.hpp"
#include "engine/plan/generated_name.hpp"

namespace strata {

namespace {

std::vector<std::string> ids_of(const std::vector<Candidate>& candidates, bool ours) {
    std::vector<std::string> ids;
    for (const auto& candidate : candidates)
        if (candidate.ours == ours) ids.push_back(candidate.id);
    return ids;
}

std::string claims_of(const std::vector<Candidate>& candidates) {
    std::vector<std::string> claims;
    for (const auto& candidate : candidates) claims.push_back(fmt::format("{} is there, but {}", candidate.id, candidate.claim));
    return join(claims, "; ") + ".";
}

bool comes_by_itself(const PlannedResource& planned) {
    return planned.type != nullptr && planned.action == PlanAction::create && !planned.missing && !planned.facets.empty();
}

}  // namespace

/// What was planned to be created has a name for once, where the program gives none: that one nobody has.
Sought Rediscoverer::sought(const PlannedResource& planned) const {
    const auto& declaration = graph_.graph->resources()[graph_.resource_at.find(planned.address)->second];
    Sought sought{.type = planned.type, .addresses = {planned.address}, .desired = planned.facets.front().desired, .name_starts = {}};
    std::ranges::copy(declaration.options.aliases, std::back_inserter(sought.addresses));
    const auto name = planned.type->name_property;
    if (name.empty() || declaration.properties.contains(name)) return sought;
    sought.desired.erase(name);
    for (const auto& address : sought.addresses) sought.name_starts.push_back(start_of_name(state_.stack, address));
    return sought;
}

Result<std::map<std::string, std::string>> Rediscoverer::look_for(const Plan& plan) {
    std::map<std::string, std::vector<Sought>> wanted;
    for (const auto& planned : plan.resources) {
        if (!comes_by_itself(planned)) continue;
        auto what = sought(planned);
        const auto before = answers_.find(planned.address);
        if (before == answers_.end() || before->second.desired != what.desired) wanted[planned.provider].push_back(std::move(what));
    }
    std::map<std::string, std::string> found;
    for (const auto& [instance, all] : wanted) {
        auto provider = providers_.get(instance);
        if (!provider) return std::move(provider).error();
        const auto answers = (*provider)->find_existing(stack_tag_, all);
        for (std::size_t i = 0; i < all.size(); ++i) {
            note(all[i], answers[i]);
            const auto& answer = answers_[all[i].addresses.front()];
            if (answer.why_not.empty() && answer.ids.size() == 1) found.emplace(all[i].addresses.front(), answer.ids.front());
        }
    }
    return found;
}

void Rediscoverer::note(const Sought& sought, const Result<std::vector<Candidate>>& candidates) {
    auto& answer = answers_.insert_or_assign(sought.addresses.front(), Answer{.desired = sought.desired}).first->second;
    if (!candidates) {
        answer.why_not = candidates.error().cause.empty() ? candidates.error().summary : candidates.error().cause;
        return;
    }
    answer.ids = ids_of(*candidates, true);
    if (answer.ids.size() > 1)
        answer.why_not = fmt::format("{} carry the tags of this stack and address: {}.", answer.ids.size(), join(answer.ids, ", "));
    if (!answer.ids.empty()) return;
    answer.ids = ids_of(*candidates, false);
    if (!answer.ids.empty()) answer.why_not = claims_of(*candidates);
}

Result<Rediscovery> Rediscoverer::report(const Plan& plan) {
    Rediscovery report{.stack = plan.stack, .missing = {}, .unmatched = {}, .undeclared = {}};
    for (const auto& planned : plan.resources) {
        const auto answer = answers_.find(planned.address);
        if (planned.unreadable && state_.find(planned.address) == nullptr)
            report.unmatched.push_back({.address = planned.address,
                                        .type = planned.type_name,
                                        .why = planned.unreadable->cause,
                                        .ids = planned.id.empty() ? std::vector<std::string>{} : std::vector{planned.id}});
        if (!comes_by_itself(planned) || answer == answers_.end()) continue;
        const auto& [desired, ids, why_not] = answer->second;
        if (why_not.empty()) report.missing.push_back({.address = planned.address, .type = planned.type_name});
        else report.unmatched.push_back({.address = planned.address, .type = planned.type_name, .why = why_not, .ids = ids});
    }
    auto others = undeclared();
    if (!others) return std::move(others).error();
    report.undeclared = std::move(*others);
    return report;
}

Result<std::vector<TaggedThing>> Rediscoverer::undeclared() {
    std::set<std::string, std::less<>> known;
    std::set<std::string, std::less<>> instances;
    for (const auto& [address, resource] : state_.resources) {
        known.insert(address);
        instances.insert(resource.provider);
    }
    for (const auto& declaration : graph_.graph->resources()) {
        known.insert(declaration.address);
        known.insert(declaration.options.aliases.begin(), declaration.options.aliases.end());
        instances.insert(provider_of(declaration));
    }
    std::map<std::string, TaggedThing> others;  // two instances may lead to the same place
    for (const auto& instance : instances) {
        auto provider = providers_.get(instance);
        if (!provider) return std::move(provider).error();
        auto tagged = (*provider)->find_tagged(stack_tag_);
        if (!tagged) return std::move(tagged).error();
        for (auto& thing : *tagged)
            if (!known.contains(thing.address)) others.insert_or_assign(thing.id, thing);
    }
    std::vector<TaggedThing> out;
    for (auto& [id, thing] : others) out.push_back(std::move(thing));
    return out;
}

}  // namespace strata
