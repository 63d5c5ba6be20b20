#include "engine/deploy/executor.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <queue>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/deploy/step_job.hpp"
#include "engine/deploy/worker_pool.hpp"

namespace strata {

namespace {

enum class StepStatus : std::uint8_t { waiting, running, done, failed, skipped };

/// What is known of a planned resource while the plan is carried out.
struct Present {
    std::string id;
    ValueMap outputs;
    ValueMap properties;  ///< resolved, of all facets
    bool shrunk = false;  ///< a "replace if changed" that turned out not to be needed
};

struct Message {                       ///< from a worker
    std::optional<StepResult> result;  ///< empty: a word of progress
    std::size_t index = 0;
    std::string text;
};

class Executor {
public:
    explicit Executor(const ExecutorInput& input)
        : in_{input},
          plan_{*input.plan},
          state_{input.session->state()},
          resolver_{*input.graph->graph,
                    {.resource = [this](std::uint32_t resource, const std::string& output) { return output_of(resource, output); },
                     .lookup = input.lookup,
                     .stack_output = input.stack_output},
                    diagnostics_} {}

    Outcome run() {
        prepare();
        WorkerPool workers{in_.parallel};
        while (true) {
            start_ready(workers);
            if (running_ == 0) break;
            receive(mail_.take());
        }
        for (std::size_t s = 0; s < plan_.steps.size(); ++s)
            if (status_[s] == StepStatus::waiting) skip(s, outcome_.interrupted ? "the run was interrupted" : "state could not be written");
        for (const auto& output : in_.graph->graph->outputs())
            if (auto value = resolver_.resolve(output.value); !value.has_unknown()) outcome_.outputs[output.name] = std::move(value);
        return std::move(outcome_);
    }

private:
    // --- order ---

    void prepare() {
        const auto count = plan_.steps.size();
        status_.assign(count, StepStatus::waiting);
        blockers_.assign(count, 0);
        dependents_.assign(count, {});
        started_.assign(count, {});
        for (std::size_t s = 0; s < count; ++s) {
            blockers_[s] = plan_.steps[s].after.size();
            for (const auto before : plan_.steps[s].after) dependents_[before].push_back(s);
        }
        measure_chains();
        for (std::size_t s = 0; s < count; ++s)
            if (blockers_[s] == 0) ready_.emplace(chain_[s], s);
        for (const auto& planned : plan_.resources) present_.push_back(present_before(planned));
        for (std::size_t r = 0; r < plan_.resources.size(); ++r) planned_at_.emplace(plan_.resources[r].address, r);
    }

    /// chain_[s]: steps on the longest way from s to an end; the longest is started first.
    void measure_chains() {
        chain_.assign(plan_.steps.size(), 0);
        std::vector<std::size_t> open(plan_.steps.size());
        std::vector<std::size_t> ends;
        for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
            open[s] = dependents_[s].size();
            if (open[s] == 0) ends.push_back(s);
        }
        while (!ends.empty()) {
            const auto s = ends.back();
            ends.pop_back();
            for (const auto before : plan_.steps[s].after) {
                chain_[before] = std::max(chain_[before], chain_[s] + 1);
                if (--open[before] == 0) ends.push_back(before);
            }
        }
    }

    [[nodiscard]] Present present_before(const PlannedResource& planned) const {
        const auto& key = planned.former_address.empty() ? planned.address : planned.former_address;
        Present present{.id = planned.id, .outputs = {}, .properties = {}};
        if (const auto* known = state_.find(key); known != nullptr && known->id == planned.id) {
            present.outputs = known->outputs;
            present.properties = known->properties();
        }
        if (const auto at = in_.live->find(key); at != in_.live->end())
            if (const auto* live = std::get_if<Live>(&at->second)) {
                for (const auto& [name, value] : live->outputs) present.outputs.set(name, value);
                for (const auto& [name, value] : live->properties) present.properties.set(name, value);
            }
        return present;
    }

    void start_ready(WorkerPool& workers) {
        while (!ready_.empty() && running_ < in_.parallel && !outcome_.state_error) {
            if (in_.interrupt->draining()) {
                if (!outcome_.interrupted) emit({.kind = Event::Kind::draining});
                outcome_.interrupted = true;
                return;
            }
            const auto s = ready_.top().second;
            ready_.pop();
            start(s, workers);
        }
    }

    void finish(std::size_t s, StepStatus status) {
        status_[s] = status;
        for (const auto next : dependents_[s])
            if (--blockers_[next] == 0) settle_blocked(next);
    }

    void settle_blocked(std::size_t s) {
        const auto& after = plan_.steps[s].after;
        const auto broken = std::ranges::find_if(
            after, [&](std::size_t before) { return status_[before] == StepStatus::failed || status_[before] == StepStatus::skipped; });
        if (broken == after.end()) ready_.emplace(chain_[s], s);
        else skip(s, fmt::format("{} did not succeed", plan_.resources[plan_.steps[*broken].resource].address));
    }

    void skip(std::size_t s, std::string why) {
        ++outcome_.skipped;
        auto event = event_of(s, Event::Kind::step_skipped);
        event.text = std::move(why);
        emit(event);
        finish(s, StepStatus::skipped);
    }

    // --- one step ---

    void start(std::size_t s, WorkerPool& workers) {
        const auto& step = plan_.steps[s];
        started_[s] = in_.clock->steady();
        if (step.kind == StepKind::adopt || step.kind == StepKind::forget) return record_only(s);
        if (not_needed(s)) {
            ++outcome_.done;
            return finish(s, StepStatus::done);
        }
        const auto& planned = plan_.resources[step.resource];
        auto provider = in_.providers->get(planned.provider);
        if (!provider) return failed(s, std::move(provider).error());
        auto job = make_job(s, *provider);
        if (!job) return failed(s, std::move(job).error());
        if (!*job) {
            ++outcome_.done;
            return finish(s, StepStatus::done);
        }
        emit(event_of(s, Event::Kind::step_started));
        status_[s] = StepStatus::running;
        ++running_;
        workers.run([this, s, job = std::move(**job)] {
            auto result = run_step(job, *in_.session, *in_.interrupt,
                                   [&](const std::string& text) { mail_.put({.result = {}, .index = s, .text = text}); });
            mail_.put({.result = std::move(result), .index = s, .text = {}});
        });
    }

    /// Steps of a replacement that turned out not to be needed: the old one stays.
    [[nodiscard]] bool not_needed(std::size_t s) const {
        const auto& step = plan_.steps[s];
        return step.old && present_[step.resource].shrunk;
    }

    /// Empty when, everything known, nothing differs any more.
    Result<std::optional<StepJob>> make_job(std::size_t s, Provider* provider) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        if (step.kind == StepKind::remove) return std::optional{removal_job(s, provider)};
        const auto facet = std::ranges::find(planned.facets, step.facet, &PlannedFacet::facet);
        auto desired = resolve(planned, *facet);
        if (!diagnostics_.ok()) return diagnostics_.errors().back();
        if (std::ranges::any_of(desired, [](const auto& entry) { return entry.second.has_unknown(); }))
            return Error{.kind = ErrorKind::internal,
                         .summary = "A value is still not known",
                         .cause = fmt::format("{} uses an output that its resource did not give.", planned.address),
                         .remedy = "Please report this as a mistake in Strata."};
        for (const auto& [name, value] : desired) present_[step.resource].properties.set(name, value);
        const auto changes = diff_now(planned, *facet, desired);
        if (planned.replace_if_changed && step.facet == 0 && !changes.replaces()) present_[step.resource].shrunk = true;
        const bool creates = step.kind == StepKind::create && !present_[step.resource].shrunk;
        if (!creates && changes.empty()) {
            record_unchanged(s, *facet, desired);
            return std::optional<StepJob>{};
        }
        return std::optional{making_job(s, provider, *facet, std::move(desired), creates, changes)};
    }

    ValueMap resolve(const PlannedResource& planned, const PlannedFacet& facet) {
        const auto at = in_.graph->resource_at.find(planned.address);
        for (const auto n : in_.graph->nodes_of[at->second]) {
            const auto& node = in_.graph->nodes[n];
            if (node.facet != facet.facet) continue;
            auto desired = with_tags(*in_.graph, node, resolver_.resolve(node.properties), in_.stack_tag);
            // What planning put in (defaults to go back to, ignored properties as they are) stays in.
            for (const auto& [name, value] : facet.desired)
                if (!desired.contains(name) || is_ignored(planned, name)) desired.set(name, value);
            return desired;
        }
        return facet.desired;
    }

    [[nodiscard]] bool is_ignored(const PlannedResource& planned, std::string_view name) const {
        const auto* property = planned.type->property(name);
        const auto& declaration = in_.graph->graph->resources()[in_.graph->resource_at.find(planned.address)->second];
        return property != nullptr && planned.action != PlanAction::create &&
               covered_by(declaration.options.ignore_changes, property->label);
    }

    Diff diff_now(const PlannedResource& planned, const PlannedFacet& facet, const ValueMap& desired) const {
        const auto& declaration = in_.graph->graph->resources()[in_.graph->resource_at.find(planned.address)->second];
        const auto* known = state_.find(planned.former_address.empty() ? planned.address : planned.former_address);
        const FacetState* applied = nullptr;
        if (known != nullptr)
            if (const auto at = known->facets.find(planned.type->facets.empty() ? "" : planned.type->facets[facet.facet].label);
                at != known->facets.end())
                applied = &at->second;
        return diff({.type = planned.type,
                     .facet = facet.facet,
                     .desired = &desired,
                     .applied = applied != nullptr ? &applied->properties : nullptr,
                     .live = &facet.previous,
                     .locations = &declaration.locations,
                     .ignore_changes = &declaration.options.ignore_changes,
                     .replace_on_changes = &declaration.options.replace_on_changes,
                     .ignore_tags = nullptr,
                     .hash = [](const void* key, const Value& value) { return keyed_hash(*static_cast<const SealKey*>(key), value); },
                     .hash_key = &in_.session->key()});
    }

    Step base_step(const PlannedResource& planned, std::size_t resource, std::size_t facet) const {
        return {.action = StepAction::update,
                .type = planned.type,
                .facet = facet,
                .address = planned.address,
                .stack = in_.stack_tag,
                .id = present_[resource].id,
                .desired = {},
                .changed = {},
                .previous = {},
                .properties = present_[resource].properties,
                .outputs = present_[resource].outputs,
                .token = random_token()};
    }

    StepJob making_job(std::size_t s, Provider* provider, const PlannedFacet& facet, ValueMap desired, bool creates, const Diff& changes) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        StepJob job{.index = s,
                    .provider = provider,
                    .instance = planned.provider,
                    .step = base_step(planned, step.resource, step.facet),
                    .effects = {},
                    .cursor = {}};
        job.step.action = creates ? StepAction::create : StepAction::update;
        job.step.desired = std::move(desired);
        job.step.changed = changes.changed_properties();
        job.step.timeout = timeout_of(planned, job.step.action);
        const bool core = step.facet == 0;
        if (const auto* known = state_.find(planned.former_address.empty() ? planned.address : planned.former_address);
            known != nullptr && !creates)
            if (const auto at = known->facets.find(planned.type->facets.empty() ? "" : planned.type->facets[step.facet].label);
                at != known->facets.end())
                job.step.applied = at->second.properties;
        if (!creates || (!core && planned.action != PlanAction::replace && planned.action != PlanAction::create))
            job.step.previous = facet.previous;
        if (creates && core) {
            job.step.id = in_.providers->peek(planned.provider)->planned_id(*planned.type, job.step.desired);
            job.step.outputs = {};
        }
        job.effects = [this, s, &facet, step = job.step, creates](const Progress& progress) {
            return made(s, facet, step, creates, progress);
        };
        return job;
    }

    [[nodiscard]] Milliseconds timeout_of(const PlannedResource& planned, StepAction action) const {
        const auto at = in_.graph->resource_at.find(planned.address);
        if (at == in_.graph->resource_at.end()) return Milliseconds{0};
        const auto& timeouts = in_.graph->graph->resources()[at->second].options.timeouts;
        const auto& chosen = action == StepAction::create   ? timeouts.create
                             : action == StepAction::update ? timeouts.update
                                                            : timeouts.remove;
        return chosen ? Milliseconds{*chosen} : Milliseconds{0};
    }

    StepJob removal_job(std::size_t s, Provider* provider) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        StepJob job{.index = s,
                    .provider = provider,
                    .instance = planned.provider,
                    .step = base_step(planned, step.resource, step.facet),
                    .effects = {},
                    .cursor = {}};
        job.step.action = StepAction::remove;
        job.step.timeout = timeout_of(planned, StepAction::remove);
        const auto before = step.old || planned.action == PlanAction::remove
                                ? before_removal(planned)
                                : Present{.id = job.step.id, .outputs = job.step.outputs, .properties = job.step.properties};
        job.step.id = before.id;
        job.step.outputs = before.outputs;
        job.step.properties = before.properties;
        for (const auto& [name, value] : before.properties)
            if (const auto* property = planned.type->property(name); property != nullptr && property->facet == step.facet)
                job.step.previous.set(name, value);
        const auto facet = std::ranges::find(planned.facets, step.facet, &PlannedFacet::facet);
        if (!step.old && facet != planned.facets.end()) job.step.previous = facet->previous;
        job.effects = [this, s](const Progress&) { return taken_away(s); };
        return job;
    }

    /// The resource as it was before this plan: present_ may speak of its replacement already.
    [[nodiscard]] Present before_removal(const PlannedResource& planned) const {
        auto before = present_before(planned);
        if (!before.properties.empty()) return before;
        for (const auto& old : state_.deposed)
            if (old.address == planned.address && old.id == planned.id)
                return {.id = old.id, .outputs = old.outputs, .properties = old.properties()};
        return before;
    }

    // --- what state holds afterwards (called on a worker's thread: reads only what no other step writes) ---

    std::vector<Mutation> made(std::size_t s, const PlannedFacet& facet, const Step& step, bool creates, const Progress& progress) const {
        const auto& planned = plan_.resources[plan_.steps[s].resource];
        FacetState applied{.properties = stored_form(*planned.type, step.desired, in_.session->key()), .dependencies = facet.dependencies};
        const auto label = planned.type->facets.empty() ? std::string{} : std::string{planned.type->facets[facet.facet].label};
        if (creates && facet.facet == 0) {
            std::vector<Mutation> mutations;
            if (planned.action == PlanAction::replace && planned.create_first)
                mutations.push_back({.kind = Mutation::Kind::depose, .address = planned.address});
            mutations.push_back(
                {.kind = Mutation::Kind::put_resource, .resource = record_of(planned, std::move(applied), step.token, progress)});
            return mutations;
        }
        std::vector<Mutation> mutations{
            {.kind = Mutation::Kind::put_facet, .address = planned.address, .key = label, .facet = std::move(applied)}};
        if (!progress.outputs.empty()) {
            auto outputs = step.outputs;
            for (const auto& [name, value] : progress.outputs) outputs.set(name, value);
            mutations.push_back({.kind = Mutation::Kind::set_outputs, .address = planned.address, .value = std::move(outputs)});
        }
        return mutations;
    }

    static ResourceState record_of(const PlannedResource& planned, FacetState core, std::string token, const Progress& progress) {
        ResourceState record{.address = planned.address,
                             .type = planned.type_name,
                             .schema_version = planned.type->schema_version,
                             .provider = planned.provider,
                             .id = progress.id,
                             .outputs = progress.outputs,
                             .facets = {},
                             .token = std::move(token),
                             .protect = planned.protect,
                             .retain_on_delete = planned.retain_on_delete};
        record.facets[""] = std::move(core);
        return record;
    }

    std::vector<Mutation> taken_away(std::size_t s) const {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        if (step.facet > 0) {
            if (step.old) return {};
            return {{.kind = Mutation::Kind::remove_facet,
                     .address = planned.address,
                     .key = std::string{planned.type->facets[step.facet].label}}};
        }
        const auto* known = state_.find(planned.address);
        const bool in_place = known != nullptr && known->id == planned.id && !(step.old && planned.create_first);
        if (in_place) return {{.kind = Mutation::Kind::remove_resource, .address = planned.address}};
        return {{.kind = Mutation::Kind::remove_deposed, .address = planned.address, .key = planned.id}};
    }

    // --- steps without a call ---

    void record_only(std::size_t s) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        emit(event_of(s, Event::Kind::step_started));
        auto written = in_.session->record(step.kind == StepKind::adopt ? adopted(planned, present_[step.resource]) : forgotten(planned));
        if (!written) {
            outcome_.state_error = std::move(written).error();
            return finish(s, StepStatus::failed);
        }
        succeeded(s);
    }

    /// Taken over as it is: what is live counts as applied, where the program sets the same property.
    std::vector<Mutation> adopted(const PlannedResource& planned, const Present& present) const {
        ResourceState record{.address = planned.address,
                             .type = planned.type_name,
                             .schema_version = planned.type->schema_version,
                             .provider = planned.provider,
                             .id = planned.id,
                             .outputs = present.outputs,
                             .facets = {},
                             .token = {},
                             .protect = planned.protect,
                             .retain_on_delete = planned.retain_on_delete};
        for (const auto& facet : planned.facets) {
            if (facet.facet > 0 && facet.action) continue;
            FacetState applied{.properties = {}, .dependencies = facet.dependencies};
            for (const auto& [name, value] : stored_form(*planned.type, facet.desired, in_.session->key())) {
                const auto* live = facet.previous.find(name);
                if (facet.diff.empty() || live == nullptr) applied.properties.set(name, value);
                else applied.properties.set(name, *live);
            }
            for (const auto& change : facet.diff.changes)
                if (!facet.previous.contains(change.property)) applied.properties.erase(change.property);
            record.facets[planned.type->facets.empty() ? "" : std::string{planned.type->facets[facet.facet].label}] = std::move(applied);
        }
        return {{.kind = Mutation::Kind::put_resource, .resource = std::move(record)}};
    }

    std::vector<Mutation> forgotten(const PlannedResource& planned) const {
        const auto* known = state_.find(planned.address);
        if (known != nullptr && known->id == planned.id) return {{.kind = Mutation::Kind::remove_resource, .address = planned.address}};
        return {{.kind = Mutation::Kind::remove_deposed, .address = planned.address, .key = planned.id}};
    }

    void record_unchanged(std::size_t s, const PlannedFacet& facet, const ValueMap& desired) {
        const auto& planned = plan_.resources[plan_.steps[s].resource];
        FacetState applied{.properties = stored_form(*planned.type, desired, in_.session->key()), .dependencies = facet.dependencies};
        auto written =
            in_.session->record({{.kind = Mutation::Kind::put_facet,
                                  .address = planned.address,
                                  .key = planned.type->facets.empty() ? "" : std::string{planned.type->facets[facet.facet].label},
                                  .facet = std::move(applied)}});
        if (!written) outcome_.state_error = std::move(written).error();
    }

    // --- results ---

    void receive(Message message) {
        if (!message.result) {
            auto event = event_of(message.index, Event::Kind::step_progress);
            event.text = std::move(message.text);
            return emit(event);
        }
        --running_;
        auto& result = *message.result;
        const auto s = result.index;
        if (result.state_error) outcome_.state_error = std::move(result.state_error);
        if (result.error) return failed(s, std::move(*result.error));
        if (outcome_.state_error) return finish(s, StepStatus::failed);
        if (result.handed_over) {
            outcome_.interrupted = true;
            return skip(s, "still being worked on by the service; the next run goes on waiting");
        }
        take_over(s, result.progress);
        succeeded(s);
    }

    void take_over(std::size_t s, const Progress& progress) {
        const auto& step = plan_.steps[s];
        if (step.kind == StepKind::remove) return;
        auto& present = present_[step.resource];
        if (step.kind == StepKind::create && step.facet == 0 && !present.shrunk) {
            present.id = progress.id;
            present.outputs = progress.outputs;
            return;
        }
        for (const auto& [name, value] : progress.outputs) present.outputs.set(name, value);
    }

    void succeeded(std::size_t s) {
        ++outcome_.done;
        auto event = event_of(s, Event::Kind::step_finished);
        event.id = present_[plan_.steps[s].resource].id;
        emit(event);
        finish(s, StepStatus::done);
    }

    void failed(std::size_t s, Error error) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        auto event = event_of(s, Event::Kind::step_failed);
        event.error = error;
        emit(event);
        outcome_.failures.push_back({.address = planned.address, .facet = event.facet, .step = step.kind, .error = std::move(error)});
        finish(s, StepStatus::failed);
    }

    Value output_of(std::uint32_t resource, const std::string& output) {
        const auto& declaration = in_.graph->graph->resources()[resource];
        const auto* schema = declaration.type->output(output);
        const auto unknown = [&] {
            return Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
        };
        const auto at = planned_at_.find(declaration.address);
        if (at == planned_at_.end()) return unknown();
        const auto* value = present_[at->second].outputs.find(output);
        if (value == nullptr) return unknown();
        return schema != nullptr && schema->secret ? Value::secret(*value) : *value;
    }

    [[nodiscard]] Event event_of(std::size_t s, Event::Kind kind) const {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        Event event{.kind = kind,
                    .address = planned.address,
                    .type = planned.type_name,
                    .id = present_[step.resource].id,
                    .step = step.kind,
                    .old = step.old};
        if (planned.type != nullptr && !planned.type->facets.empty()) event.facet = planned.type->facets[step.facet].label;
        if (started_[s] != std::chrono::steady_clock::time_point{})
            event.seconds = std::chrono::duration<double>(in_.clock->steady() - started_[s]).count();
        return event;
    }

    void emit(Event event) const {
        event.stack = plan_.stack;
        if (in_.events) in_.events(event);
    }

    const ExecutorInput& in_;
    const Plan& plan_;
    const State state_;  ///< as it was when the plan was made
    Diagnostics diagnostics_;
    Resolver resolver_;
    Outcome outcome_;
    Mailbox<Message> mail_;
    std::vector<StepStatus> status_;
    std::vector<std::size_t> blockers_;
    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::size_t> chain_;
    std::vector<std::chrono::steady_clock::time_point> started_;
    std::priority_queue<std::pair<std::size_t, std::size_t>> ready_;  ///< (chain, step)
    std::vector<Present> present_;                                    ///< by planned resource
    std::map<std::string, std::size_t, std::less<>> planned_at_;
    std::size_t running_ = 0;
};

}  // namespace

Outcome carry_out(const ExecutorInput& input) { return Executor{input}.run(); }

}  // namespace strata
