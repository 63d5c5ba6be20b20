#include "engine/deploy/former_program.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/graph/closed_graph.hpp"
#include "engine/model/output.hpp"
#include "engine/plan/desired.hpp"
#include "engine/state/codec.hpp"

namespace strata {

namespace {

/// A text that stands in state because another resource answered it.
struct Answer {
    std::string text;
    std::uint32_t resource = 0;  ///< index in the graph
    std::string output;
};

/// Shorter ones ("1", "true") stand in properties by chance.
constexpr std::size_t least_length = 4;

/// Puts references in the place of what other resources had answered.
class Linker {
public:
    Linker(Graph& graph, std::vector<Answer> answers) : graph_{graph}, answers_{std::move(answers)} {
        // "vpc-1/subnet-2" before "vpc-1".
        std::ranges::stable_sort(answers_, std::greater{}, [](const Answer& answer) { return answer.text.size(); });
    }

    ValueMap link(const ValueMap& values) {
        ValueMap linked;
        for (const auto& [name, value] : values) linked.set(name, link(value));
        return linked;
    }

private:
    Value link(const Value& value) {
        if (const auto* text = value.string()) return link_text(*text);
        if (const auto* items = value.list()) {
            ValueList linked;
            for (const auto& item : *items) linked.push_back(link(item));
            return linked;
        }
        if (const auto* members = value.map()) return link(*members);
        return value;
    }

    Value link_text(const std::string& text) {
        auto pieces = pieces_of(text);
        if (pieces.size() == 1) return pieces.front();
        std::vector<std::uint32_t> inputs;
        for (const auto& piece : pieces)
            if (const auto* reference = piece.reference()) inputs.push_back(reference->node);
        const auto join = [pieces](const std::vector<Value>& known) {
            std::string joined;
            std::size_t next = 0;
            for (const auto& piece : pieces) joined += piece.reference() != nullptr ? known[next++].text_or("") : piece.text_or("");
            return Value{std::move(joined)};
        };
        return Reference{graph_.add(Node{MappedNode{.inputs = std::move(inputs), .compute = join, .made_of = Value{pieces}}})};
    }

    /// The text cut at every answer in it; itself when there is none.
    ValueList pieces_of(const std::string& text) {
        for (const auto& answer : answers_) {
            const auto at = text.find(answer.text);
            if (at == std::string::npos) continue;
            ValueList pieces;
            if (at > 0) pieces = pieces_of(text.substr(0, at));
            pieces.emplace_back(Reference{node_of(answer)});
            const auto rest = text.substr(at + answer.text.size());
            if (!rest.empty()) std::ranges::move(pieces_of(rest), std::back_inserter(pieces));
            return pieces;
        }
        return ValueList{Value{text}};
    }

    std::uint32_t node_of(const Answer& answer) {
        const auto [at, added] = nodes_.try_emplace({answer.resource, answer.output}, 0);
        if (added) at->second = graph_.add(Node{OutputNode{.resource = answer.resource, .output = answer.output}});
        return at->second;
    }

    Graph& graph_;
    std::vector<Answer> answers_;
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> nodes_;
};

/// Addresses of what a facet used.
std::set<std::string> needs_of(const FacetState& facet) {
    std::set<std::string> needs;
    for (const auto& key : facet.dependencies) needs.insert(key.substr(0, key.find('#')));
    return needs;
}

class Former {
public:
    Former(const FormerProgramInput& input, Stack& stack) : in_{input}, graph_{stack.graph()} {}

    void declare(Stack& stack) {
        provider_instances(stack);
        for (const auto& [address, resource] : in_.before.resources) add(resource);
        for (const auto& [address, index] : indices_) set_properties(in_.before.resources.at(address), index);
        for (const auto& [name, value] : in_.before.outputs) graph_.add(StackOutput{.name = name, .value = linked_output(value)});
    }

private:
    void provider_instances(Stack& stack) {
        Stack now{stack.name(), stack.environment()};
        in_.present(now);
        for (const auto& provider : now.graph().providers()) graph_.add(provider);
    }

    void add(const ResourceState& resource) {
        const auto* type = in_.find_type(resource.type);
        if (type == nullptr) {
            graph_.diagnostics().error(
                Error{.kind = ErrorKind::invalid_program,
                      .summary = "Unknown resource type",
                      .cause = fmt::format("{} was a {}, which this program does not know.", resource.address, resource.type),
                      .remedy = "Link the provider that it belongs to."});
            return;
        }
        ResourceOptions options{.protect = resource.protect, .provider = resource.provider, .retain_on_delete = resource.retain_on_delete};
        for (const auto& need : needs_of(resource.facets.at("")))
            if (needs_all_of(resource, need)) options.depends_on.push_back(need);
        indices_[resource.address] = graph_.add(ResourceDeclaration{.address = resource.address,
                                                                    .type = type,
                                                                    .properties = {},
                                                                    .locations = {},
                                                                    .options = std::move(options),
                                                                    .fragments = {},
                                                                    .declared_at = {}});
    }

    /// True of what `depends_on` had asked for: a value that is used needs the core only.
    bool needs_all_of(const ResourceState& resource, const std::string& need) const {
        const auto* needed = in_.before.find(need);
        const auto& keys = resource.facets.at("").dependencies;
        return needed != nullptr && std::ranges::all_of(needed->facets, [&](const auto& facet) {
                   return std::ranges::find(keys, node_key(need, facet.first)) != keys.end();
               });
    }

    /// Each facet is linked to what it used itself: that groups name each other in their rules makes no circle.
    void set_properties(const ResourceState& resource, std::uint32_t index) {
        for (const auto& [label, facet] : resource.facets) {
            std::vector<Answer> answers;
            for (const auto& need : needs_of(facet))
                if (need != resource.address) collect(need, answers);
            Linker linker{graph_, std::move(answers)};
            auto& declaration = graph_.resources()[index];
            for (const auto& [name, value] : linker.link(kept_properties(facet, declaration))) declaration.properties.set(name, value);
        }
    }

    /// Values of which only a hash is kept stay as they are; the tags of Strata are put on by the plan.
    static ValueMap kept_properties(const FacetState& facet, ResourceDeclaration& declaration) {
        ValueMap kept;
        for (const auto& [name, value] : facet.properties) {
            const auto* property = declaration.type->property(name);
            const bool hash = is_keyed_hash(value);
            if (!hash) kept.set(name, value);
            if (!hash || property == nullptr) continue;
            declaration.options.ignore_changes.emplace_back(property->label);
            if (property->required) kept.set(name, Value::unknown(fmt::format("{}, which is not kept", property->label)));
        }
        if (auto* tags = kept.find(declaration.type->tags_property); tags != nullptr && tags->map() != nullptr)
            for (const auto key : {stack_tag_key, address_tag_key, token_tag_key}) tags->map()->erase(key);
        return kept;
    }

    void collect(const std::string& address, std::vector<Answer>& answers) const {
        const auto* used = in_.before.find(address);
        const auto index = indices_.find(address);
        if (used == nullptr || index == indices_.end()) return;
        for (const auto& [name, value] : used->outputs)
            if (const auto* text = value.string(); text != nullptr && text->size() >= least_length)
                answers.push_back({.text = *text, .resource = index->second, .output = name});
    }

    Value linked_output(const Value& value) {
        std::vector<Answer> answers;
        for (const auto& [address, index] : indices_) collect(address, answers);
        auto linked = Linker{graph_, std::move(answers)}.link(ValueMap{{"value", value}});
        return *linked.find("value");
    }

    const FormerProgramInput& in_;
    Graph& graph_;
    std::map<std::string, std::uint32_t, std::less<>> indices_;
};

std::vector<std::string> hashed_properties(const PlannedResource& planned, const ResourceState& before) {
    std::vector<std::string> labels;
    for (const auto& [name, value] : before.properties())
        if (const auto* property = planned.type != nullptr ? planned.type->property(name) : nullptr;
            property != nullptr && is_keyed_hash(value))
            labels.emplace_back(property->label);
    return labels;
}

}  // namespace

std::function<void(Stack&)> former_program(FormerProgramInput input) {
    return [input = std::move(input)](Stack& stack) { Former{input, stack}.declare(stack); };
}

std::vector<std::string> beyond_recall(const Plan& plan, const State& before) {
    std::vector<std::string> found;
    for (const auto& planned : plan.resources) {
        const bool made_anew = planned.action == PlanAction::create || planned.action == PlanAction::replace;
        const auto* then = before.find(planned.address);
        if (planned.action == PlanAction::remove && planned.holds_data)
            found.push_back(fmt::format("{} goes, and what was put into it since.", planned.address));
        if (!made_anew || then == nullptr) continue;
        if (planned.holds_data) found.push_back(fmt::format("{} comes back empty: its data is not kept.", planned.address));
        for (const auto& label : hashed_properties(planned, *then))
            found.push_back(fmt::format("{}: the value of {} is not kept; set it again.", planned.address, label));
    }
    return found;
}

}  // namespace strata
