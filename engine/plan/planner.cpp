#include "engine/plan/planner.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/graph/resolve.hpp"
#include "engine/plan/delete_first.hpp"
#include "engine/plan/desired.hpp"
#include "engine/plan/facet_values.hpp"
#include "engine/plan/generated_name.hpp"
#include "engine/plan/known.hpp"
#include "engine/plan/outputs.hpp"
#include "engine/plan/refusals.hpp"
#include "engine/plan/removal.hpp"
#include "engine/plan/selection.hpp"
#include "engine/plan/steps.hpp"
#include "engine/plan/unfinished.hpp"
#include "engine/plan/unseen.hpp"
#include "engine/state/codec.hpp"

namespace strata {

namespace {

Error program_error(std::string summary, std::string cause, std::string remedy, Location where) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = std::move(summary),
                 .cause = std::move(cause),
                 .remedy = std::move(remedy),
                 .location = std::move(where)};
}

Value hash_with(const void* key, const Value& value) { return keyed_hash(*static_cast<const SealKey*>(key), value); }

class Planner {
public:
    Planner(const PlannerInput& input, Diagnostics& diagnostics)
        : in_{input},
          known_{input},
          resolver_{*input.graph->graph,
                    {.resource = [this](std::uint32_t resource, const std::string& output) { return planned_output(resource, output); },
                     .lookup = input.lookup,
                     .stack_output = input.stack_output},
                    diagnostics} {}

    Plan run() {
        plan_.stack = in_.state->stack;
        plan_.environment = in_.state->environment;
        plan_.offline = in_.offline;
        plan_.destroy = in_.destroy;
        plan_.lineage = in_.state->lineage;
        plan_.serial = in_.state->serial;
        if (!in_.destroy) plan_declared();
        plan_removals();
        plan_deposed();
        if (!in_.destroy) involve_users_of_what_goes_first(plan_, *in_.graph, *in_.state, selected_);
        plan_outputs(*in_.graph->graph, *in_.state, resolver_, plan_);
        hold_back_what_needs_unseen_things(plan_, *in_.graph);
        hold_back_what_unseen_things_use(plan_, *in_.state);
        refuse_protected(*in_.state, plan_);
        plan_.steps = order_steps(plan_, *in_.graph, *in_.state, in_.destroy);
        refuse_circle(plan_);
        return std::move(plan_);
    }

private:
    // --- declared resources, in an order in which everything comes after what it uses ---

    void plan_declared() {
        select();
        planned_at_.resize(in_.graph->graph->resources().size());
        for (const auto n : in_.graph->order) {
            const auto& node = in_.graph->nodes[n];
            if (node.facet > 0) continue;
            begin_resource(node);
        }
        for (const auto n : in_.graph->order) plan_node(n, in_.graph->nodes[n]);
        for (auto& resource : plan_.resources) settle(resource);
    }

    void begin_resource(const GraphNode& node) {
        const auto& declaration = in_.graph->declaration(node);
        const auto at = state_address(*in_.state, declaration);
        const auto* recorded = in_.state->find(at, declaration.type->name);
        PlannedResource planned{.address = declaration.address,
                                .former_address = at != declaration.address ? at : std::string{},
                                .type = declaration.type,
                                .type_name = std::string{declaration.type->name},
                                .provider = provider_of(declaration),
                                .id = recorded != nullptr ? recorded->id : declaration.options.import_id,
                                .holds_data = declaration.type->holds_data,
                                .protect = declaration.options.protect,
                                .retain_on_delete = declaration.options.retain_on_delete,
                                .declared_at = declaration.declared_at};
        if (recorded != nullptr && recorded->provider != planned.provider) planned.former_provider = recorded->provider;
        planned_at_[node.resource] = plan_.resources.size();
        plan_.resources.push_back(std::move(planned));
    }

    void plan_node(std::uint32_t index, const GraphNode& node) {
        auto& planned = plan_.resources[planned_at_[node.resource]];
        const auto& declaration = in_.graph->declaration(node);
        PlannedFacet facet{.facet = node.facet,
                           .action = {},
                           .diff = {},
                           .desired = with_tags(*in_.graph, node, resolver_.resolve(node.properties), in_.stack_tag),
                           .previous = {},
                           .dependencies = dependency_keys(index)};
        if (node.facet == 0) name_it(planned, facet.desired);
        if (!selected_[node.resource] || (node.facet == 0 && refuses_name(planned, facet.desired))) {
            planned.facets.push_back(std::move(facet));
            return;
        }
        if (node.facet == 0) decide_core(planned, declaration, facet);
        else decide_facet(planned, declaration, facet);
        planned.facets.push_back(std::move(facet));
    }

    /// A name stands in state, in what is shown, and in addresses. Providers refuse one that the program itself marks as secret; this one
    /// was computed.
    bool refuses_name(const PlannedResource& planned, const ValueMap& desired) {
        const auto* property = planned.type->property(planned.type->name_property);
        const auto* name = property != nullptr ? desired.find(property->name) : nullptr;
        if (name == nullptr || !name->has_secret()) return false;
        plan_.errors.push_back(program_error("A secret cannot be a name",
                                             fmt::format("The {} of {} is made from a secret: whoever sees the thing, or a list of such, "
                                                         "would see it.",
                                                         property->label, planned.address),
                                             "Use a text that is no secret.", planned.declared_at));
        return true;
    }

    /// A resource that the program gives no name keeps the one that was made for it or that it is taken over with, or gets one now.
    void name_it(const PlannedResource& planned, ValueMap& desired) const {
        const auto property = planned.type->name_property;
        if (property.empty() || desired.contains(property)) return;
        if (const auto* known = known_.recorded(planned); known != nullptr && known->facets.contains("")) {
            if (const auto* name = known->facets.at("").properties.find(property)) return desired.set(property, *name);
        }
        if (planned.id.empty()) return desired.set(property, fresh_name(planned, desired));
        const auto* seen = known_.live(planned);
        const auto* name = seen != nullptr ? seen->properties.find(property) : nullptr;
        if (name != nullptr && known_.recorded(planned) == nullptr) desired.set(property, *name);
    }

    [[nodiscard]] std::string fresh_name(const PlannedResource& planned, const ValueMap& desired) const {
        const auto wanted = start_of_name(in_.state->stack, planned.address);
        const auto* provider = in_.provider(planned.provider);
        if (const auto* begun = known_.handed_over(planned, "create"))
            if (const auto* name = begun->properties.find(planned.type->name_property)) return std::string{name->text_or("")};
        const auto suffix = random_token().substr(0, 8);
        return provider != nullptr ? provider->generate_name(*planned.type, desired, wanted, suffix) : wanted;
    }

    /// Where the program leaves the name to us, a replacement gets a new one: both can exist at once.
    void rename_for_replacement(const PlannedResource& planned, const ResourceDeclaration& declaration, PlannedFacet& facet) const {
        const auto property = planned.type->name_property;
        if (!property.empty() && !declaration.properties.contains(property))
            facet.desired.set(property, fresh_name(planned, facet.desired));
    }

    void decide_core(PlannedResource& planned, const ResourceDeclaration& declaration, PlannedFacet& facet) {
        const auto* known = known_.recorded(planned);
        const auto* found = known_.read(planned);
        if (known == nullptr && declaration.options.import_id.empty()) return create(planned, facet, "not yet there");
        if (found != nullptr && std::holds_alternative<Unreadable>(*found)) {
            planned.action = PlanAction::unreadable;
            planned.unreadable = std::get<Unreadable>(*found).why;
            return;
        }
        if (go_on_with_replacement(known_, planned)) {
            compare(planned, declaration, facet);
            facet.action = StepAction::create;
            return;
        }
        const auto* seen = known_.live(planned);
        const bool gone = (found != nullptr && std::holds_alternative<Absent>(*found)) || (seen != nullptr && seen->deleting);
        if (known == nullptr && gone) {
            planned.action = PlanAction::unreadable;
            planned.unreadable = program_error(
                "Nothing to import", fmt::format("{}: there is no {} with id \"{}\".", planned.address, planned.type_name, planned.id),
                "Correct import_id, or take it away to create a new one.", declaration.declared_at);
            plan_.errors.push_back(*planned.unreadable);
            return;
        }
        if (gone) {
            planned.missing = true;
            return create(planned, facet, "deleted outside Strata");
        }
        compare(planned, declaration, facet);
        if (known == nullptr) planned.action = PlanAction::adopt;
        decide_replacement(planned, declaration, facet, known);
        if (wait_for_change(in_, planned)) facet.action = StepAction::update;
    }

    void create(PlannedResource& planned, PlannedFacet& facet, std::string why) const {
        planned.action = PlanAction::create;
        planned.reasons.push_back(std::move(why));
        facet.action = StepAction::create;
    }

    void compare(const PlannedResource& planned, const ResourceDeclaration& declaration, PlannedFacet& facet) {
        const auto* known = known_.recorded(planned);
        const auto label = std::string{planned.type->facet_label(facet.facet)};
        const FacetState* applied = nullptr;
        if (known != nullptr)
            if (const auto at = known->facets.find(label); at != known->facets.end()) applied = &at->second;
        const auto* seen = known_.live(planned);
        const auto* provider = declared_provider(*in_.graph->graph, planned.provider);
        const ValueMap nothing;
        const auto taken_over = known == nullptr ? wishes_that_no_read_answers(*planned.type, facet.desired) : nothing;
        facet.diff = diff({.type = planned.type,
                           .facet = facet.facet,
                           .desired = &facet.desired,
                           .applied = applied != nullptr   ? &applied->properties
                                      : taken_over.empty() ? nullptr
                                                           : &taken_over,
                           .live = seen != nullptr ? &seen->properties
                                   : in_.offline   ? (applied != nullptr ? nullptr : &nothing)
                                                   : &nothing,
                           .applied_outputs = known != nullptr ? &known->outputs : nullptr,
                           .live_outputs = seen != nullptr ? &seen->outputs : nullptr,
                           .imported = known == nullptr,
                           .locations = &declaration.locations,
                           .ignore_changes = &declaration.options.ignore_changes,
                           .replace_on_changes = &declaration.options.replace_on_changes,
                           .ignore_tags = provider != nullptr ? &provider->ignore_tags : nullptr,
                           .hash = &hash_with,
                           .hash_key = in_.hash_key});
        facet.previous = present_properties(*planned.type, facet.facet, applied != nullptr ? applied->properties : nothing, seen);
        const auto ignored = ignored_parts(*in_.graph->graph, declaration);
        keep_ignored(ignored, *planned.type, facet.previous, facet.desired);
        if (applied != nullptr) keep_ignored_hashes(ignored, *planned.type, applied->properties, facet.desired);
        restore_defaults(facet);
    }

    void decide_replacement(PlannedResource& planned, const ResourceDeclaration& declaration, PlannedFacet& facet,
                            const ResourceState* known) {
        const bool asked = std::ranges::any_of(in_.selection.replaces,
                                               [&](const std::string& pattern) { return names_address(pattern, planned.address); });
        const bool tainted = known != nullptr && known->tainted;
        const bool moves = !planned.former_provider.empty() && !in_.same_place(planned.former_provider, planned.provider);
        if (known == nullptr) refuse_import_to_replace(planned, facet);
        if (known != nullptr && (asked || tainted || moves || facet.diff.replaces())) {
            planned.action = PlanAction::replace;
            planned.replace_if_changed = !asked && !tainted && !moves && facet.diff.replaces_if_changed();
            rename_for_replacement(planned, declaration, facet);
            planned.create_first = creates_first(planned, declaration, facet, *known);
            if (planned.retain_on_delete) retain_old(planned);
            facet.action = StepAction::create;
            if (asked) planned.reasons.emplace_back("--replace asks for it");
            if (tainted) planned.reasons.emplace_back("its creation did not finish");
            if (moves)
                planned.reasons.push_back(
                    fmt::format("provider {} leads elsewhere than {}, which made it", planned.provider, planned.former_provider));
            for (const auto& change : facet.diff.changes)
                if (change.forces_replacement)
                    planned.reasons.push_back(change.after && change.after->has_unknown()
                                                  ? fmt::format("{} may change, which would force replacement", change.path)
                                                  : fmt::format("{} changed, which forces replacement", change.path));
            return;
        }
        if (facet.diff.empty()) return;
        facet.action = StepAction::update;
        if (planned.action == PlanAction::keep) planned.action = PlanAction::update;
    }

    void retain_old(PlannedResource& planned) {
        planned.reasons.emplace_back("retain_on_delete keeps the old one at the service");
        if (planned.create_first) return;
        plan_.errors.push_back(program_error(
            "A replacement cannot keep the old one",
            fmt::format("{} is to be kept by retain_on_delete, but its replacement cannot exist beside it.", planned.address),
            "Give the new one another name, or none; or take retain_on_delete away to have the old one deleted.", planned.declared_at));
    }

    /// What is imported is taken over as it is: to replace it at once would be to lose it.
    void refuse_import_to_replace(const PlannedResource& planned, const PlannedFacet& facet) {
        for (const auto& change : facet.diff.changes)
            if (change.forces_replacement && (!change.after || !change.after->has_unknown()))
                plan_.errors.push_back(program_error(
                    "An import would replace what it takes over",
                    fmt::format("{} is to take over \"{}\", but its {} is not as the program says, and changing that forces replacement.",
                                planned.address, planned.id, change.path),
                    "Let the program say what is there, deploy, and change it afterwards.",
                    change.where.known() ? change.where : planned.declared_at));
    }

    /// Two of one name cannot exist: a name that the program gives and that stays the same means delete first; so does any
    /// other id that would stay the same, or the delete would take away what was just made.
    [[nodiscard]] bool creates_first(const PlannedResource& planned, const ResourceDeclaration& declaration, const PlannedFacet& facet,
                                     const ResourceState& known) const {
        if (declaration.options.delete_before_replace || !planned.type->create_before_delete) return false;
        const auto* provider = in_.provider(planned.provider);
        if (provider != nullptr && provider->planned_id(*planned.type, facet.desired) == known.id) return false;
        const auto name = planned.type->name_property;
        if (name.empty()) return true;
        const auto* wanted = facet.desired.find(name);
        if (wanted == nullptr) return true;
        const auto core = known.facets.find("");
        const auto* present = core != known.facets.end() ? core->second.properties.find(name) : nullptr;
        return present == nullptr || !(*present == *wanted);
    }

    void decide_facet(PlannedResource& planned, const ResourceDeclaration& declaration, PlannedFacet& facet) {
        if (planned.action == PlanAction::unreadable) return;
        const bool fresh = planned.action == PlanAction::create || planned.action == PlanAction::replace;
        if (fresh) {
            if (!is_born_with(*planned.type, facet.desired)) facet.action = StepAction::create;
            if (planned.action == PlanAction::replace) compare(planned, declaration, facet);
            return;
        }
        compare(planned, declaration, facet);
        if (facet.diff.empty()) return;
        const auto* known = known_.recorded(planned);
        const bool applied = known != nullptr && known->facets.contains(planned.type->facets[facet.facet].label);
        facet.action = applied ? StepAction::update : StepAction::create;
        if (planned.action == PlanAction::keep) planned.action = PlanAction::update;
    }

    /// After all facets were looked at: facets that the program no longer has, and why the resource is updated.
    void settle(PlannedResource& planned) {
        const auto* known = known_.recorded(planned);
        if (planned.type == nullptr || planned.action == PlanAction::unreadable) return;
        const auto declared = in_.graph->resource_at.find(planned.address);
        if (declared == in_.graph->resource_at.end() || !selected_[declared->second]) return;
        go_on_with_creation(in_, in_.graph->graph->resources()[declared->second], planned);
        if (known == nullptr) return;
        if (planned.action == PlanAction::create || planned.action == PlanAction::replace) return;
        for (std::size_t i = 1; i < planned.type->facets.size(); ++i) {
            const auto at = known->facets.find(planned.type->facets[i].label);
            const bool wanted = std::ranges::any_of(planned.facets, [&](const PlannedFacet& facet) { return facet.facet == i; });
            if (at == known->facets.end() || wanted) continue;
            remove_facet(planned, i, at->second);
        }
    }

    void remove_facet(PlannedResource& planned, std::size_t index, const FacetState& applied) {
        PlannedFacet gone{.facet = index,
                          .action = StepAction::remove,
                          .diff = {},
                          .desired = {},
                          .previous = applied.properties,
                          .dependencies = applied.dependencies};
        const auto* seen = known_.live(planned);
        for (const auto& [name, value] : applied.properties) {
            const auto* property = planned.type->property(name);
            const auto* now = seen != nullptr ? seen->properties.find(name) : &value;
            if (now == nullptr) continue;
            gone.previous.set(name, *now);
            gone.diff.changes.push_back({.path = property != nullptr ? std::string{property->label} : snake_case(name),
                                         .property = name,
                                         .before = *now,
                                         .after = {},
                                         .origin = Origin::yours,
                                         .where = {}});
        }
        planned.facets.push_back(std::move(gone));
        if (planned.action == PlanAction::keep) planned.action = PlanAction::update;
    }

    // --- what others see of a resource that is planned, but not carried out ---

    Value planned_output(std::uint32_t resource, const std::string& output) {
        const auto& declaration = in_.graph->graph->resources()[resource];
        const auto& planned = plan_.resources[planned_at_[resource]];
        const auto* schema = declaration.type->output(output);
        const auto mark = [&](Value value) { return schema != nullptr && schema->secret ? Value::secret(std::move(value)) : value; };
        const bool fresh = planned.action == PlanAction::create || planned.action == PlanAction::replace;
        if (fresh && !planned.facets.empty()) {
            const auto* provider = in_.provider(planned.provider);
            const auto known =
                provider != nullptr ? provider->planned_outputs(*declaration.type, planned.facets.front().desired) : ValueMap{};
            if (const auto* value = known.find(output); value != nullptr && !value->has_unknown()) return mark(*value);
            return Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
        }
        const bool changing = planned.action == PlanAction::update && !planned.facets.empty() && planned.facets.front().action.has_value();
        if (changing && (schema == nullptr || !schema->stable))
            return Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
        const auto* seen = known_.live(planned);
        const auto* known = known_.recorded(planned);
        const auto* value = seen != nullptr ? seen->outputs.find(output) : known != nullptr ? known->outputs.find(output) : nullptr;
        if (value == nullptr && known != nullptr) value = known->outputs.find(output);
        return value != nullptr ? mark(*value)
                                : Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
    }

    [[nodiscard]] std::vector<std::string> dependency_keys(std::uint32_t index) const {
        std::vector<std::string> keys;
        for (const auto before : in_.graph->nodes[index].dependencies) {
            const auto& node = in_.graph->nodes[before];
            const auto& declaration = in_.graph->declaration(node);
            keys.push_back(node_key(declaration.address, declaration.type->facet_label(node.facet)));
        }
        return keys;
    }

    // --- what is in state only ---

    void plan_removals() {
        std::set<std::string, std::less<>> wanted;
        const auto declared = plan_.resources.size();
        for (std::size_t r = 0; r < declared; ++r) {
            wanted.insert(plan_.resources[r].address_in_state());
            const bool comes = plan_.resources[r].action == PlanAction::create || plan_.resources[r].action == PlanAction::adopt;
            const auto* other = known_.displaced_by(plan_.resources[r]);
            if (comes && other != nullptr) plan_.resources.push_back(removal(*other, Removal::displaced));
        }
        const auto chosen = select_removals(in_.selection, *in_.state, wanted);
        std::set<std::string, std::less<>> forgotten;
        for (const auto& [address, where] : in_.graph->graph->forgotten()) forgotten.insert(address);
        const auto why = in_.destroy ? Removal::destroyed : Removal::undeclared;
        for (const auto& [address, known] : in_.state->resources) {
            if (!chosen.contains(address)) continue;
            plan_.resources.push_back(removal(known, forgotten.contains(address) ? Removal::forgotten : why));
        }
    }

    PlannedResource removal(const ResourceState& known, Removal why) {
        // What was read at the address of a deposed one is its successor.
        const auto* found = why != Removal::deposed ? known_.found_at(known.address) : nullptr;
        auto planned = plan_removal(known, in_.type(known.type), found, why);
        if (planned.unreadable && planned.type == nullptr) plan_.errors.push_back(*planned.unreadable);
        go_on_with_removal(known_, planned);
        return planned;
    }

    /// Left over by a replacement that did not come to its end.
    void plan_deposed() {
        for (const auto& old : in_.state->deposed) {
            plan_.resources.push_back(removal(old, Removal::deposed));
        }
    }

    // --- selection ---

    void select() {
        auto chosen = select_resources(in_.selection, *in_.graph, *in_.state);
        selected_ = std::move(chosen.selected);
        for (const auto& [address, needed] : chosen.held_back)
            plan_.warnings.push_back(
                program_error("Left out too", fmt::format("{} needs {}, which is left out and not there.", address, needed), {}, {}));
    }

    const PlannerInput& in_;
    Known known_;
    Resolver resolver_;
    Plan plan_;
    std::vector<std::size_t> planned_at_;  ///< by graph resource: index into plan_.resources
    std::vector<bool> selected_;           ///< by graph resource
};

}  // namespace

Plan make_plan(const PlannerInput& input, Diagnostics& diagnostics) { return Planner{input, diagnostics}.run(); }

}  // namespace strata
