#include "engine/deploy/executor.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "engine/deploy/job_maker.hpp"
#include "engine/deploy/present.hpp"
#include "engine/deploy/step_effects.hpp"
#include "engine/deploy/step_job.hpp"
#include "engine/deploy/step_queue.hpp"
#include "engine/deploy/worker_pool.hpp"

namespace strata {

namespace {

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
          state_{*input.before},
          presence_{plan_, state_, *input.live},
          jobs_{input, state_, presence_},
          queue_{plan_.steps},
          started_(plan_.steps.size()) {}

    Outcome run() {
        WorkerPool workers{in_.parallel};
        while (true) {
            start_ready(workers);
            if (running_ == 0) break;
            receive(mail_.take());
        }
        for (const auto s : queue_.waiting())
            skipped(s, outcome_.interrupted ? "the run was interrupted" : "state could not be written", true);
        for (const auto& output : in_.graph->graph->outputs())
            if (auto value = jobs_.resolve(output.value); !value.has_unknown()) outcome_.outputs[output.name] = std::move(value);
        return std::move(outcome_);
    }

private:
    void start_ready(WorkerPool& workers) {
        while (running_ < in_.parallel && !outcome_.state_error && !outcome_.interrupted) {
            if (in_.interrupt->draining()) return drain();
            const auto s = queue_.take();
            if (!s) return;
            start(*s, workers);
        }
    }

    /// Nothing is started any more; what runs is waited for.
    void drain() {
        if (queue_.waiting().empty()) return;
        outcome_.interrupted = true;
        emit({.kind = Event::Kind::draining});
    }

    void start(std::size_t s, WorkerPool& workers) {
        const auto& step = plan_.steps[s];
        started_[s] = in_.clock->steady();
        // Of a replacement that turned out not to be needed, the old one stays.
        if (step.old && jobs_.is_spared(step.resource)) return settled_without_a_call(s);
        if (step.kind == StepKind::adopt || step.kind == StepKind::forget) return record_only(s);
        const bool ahead = !step.lets_go_of.empty();
        if (ahead && std::ranges::all_of(step.lets_go_of, [&](std::size_t r) { return jobs_.is_spared(r); }))
            return settled_without_a_call(s);

        const auto& planned = plan_.resources[step.resource];
        auto provider = in_.providers->get(step.old ? planned.provider_in_state() : planned.provider);
        if (!provider) return failed(s, std::move(provider).error());
        auto made = jobs_.make(s, *provider);
        if (!made) return failed(s, std::move(made).error());
        auto& job = made->job;
        if (!job) return record_instead(s, std::move(made->instead));
        send(s, std::move(*job), workers);
    }

    void send(std::size_t s, StepJob job, WorkerPool& workers) {
        emit(event_of(s, Event::Kind::step_started));
        ++running_;
        workers.run([this, s, job = std::move(job)] {
            auto result = run_step(job, *in_.session, *in_.interrupt,
                                   [&](const std::string& text) { mail_.put({.result = {}, .index = s, .text = text}); });
            mail_.put({.result = std::move(result), .index = s, .text = {}});
        });
    }

    // --- steps without a call ---

    void record_only(std::size_t s) {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        emit(event_of(s, Event::Kind::step_started));
        auto effects = step.kind == StepKind::adopt ? effects_of_adopting(planned, presence_[step.resource], in_.session->hash_key())
                                                    : effects_of_forgetting(planned, step, state_);
        if (recorded(s, std::move(effects))) succeeded(s);
    }

    void record_instead(std::size_t s, std::vector<Mutation> effects) {
        if (recorded(s, std::move(effects))) settled_without_a_call(s);
    }

    bool recorded(std::size_t s, std::vector<Mutation> effects) {
        auto written = in_.session->record(std::move(effects));
        if (written) return true;
        outcome_.state_error = std::move(written).error();
        settle(s, StepQueue::Status::failed);
        return false;
    }

    void settled_without_a_call(std::size_t s) {
        ++outcome_.done;
        settle(s, StepQueue::Status::done);
    }

    // --- what workers tell ---

    void receive(Message message) {
        const auto s = message.index;
        if (!message.result) {
            auto event = event_of(s, Event::Kind::step_progress);
            event.text = std::move(message.text);
            return emit(event);
        }
        --running_;
        auto& result = *message.result;
        if (result.state_error) outcome_.state_error = std::move(result.state_error);
        if (result.error) return failed(s, std::move(*result.error));
        if (outcome_.state_error) return settle(s, StepQueue::Status::failed);
        if (result.handed_over) {
            outcome_.interrupted = true;
            skipped(s, "not seen to its end; the next run finds out and goes on");
            return settle(s, StepQueue::Status::skipped);
        }
        learn(s, result.progress);
        succeeded(s);
    }

    void learn(std::size_t s, const Progress& progress) {
        const auto& step = plan_.steps[s];
        if (step.kind == StepKind::remove) return;
        auto& present = presence_[step.resource];
        if (step.kind == StepKind::create && step.facet == 0 && !present.shrunk) {
            present.id = progress.id;
            present.outputs = progress.outputs;
            return;
        }
        for (const auto& [name, value] : progress.outputs) present.outputs.set(name, value);
    }

    // --- how a step ends ---

    void succeeded(std::size_t s) {
        ++outcome_.done;
        emit(event_of(s, Event::Kind::step_finished));
        settle(s, StepQueue::Status::done);
    }

    void failed(std::size_t s, Error error) {
        const auto& step = plan_.steps[s];
        auto event = event_of(s, Event::Kind::step_failed);
        event.error = error;
        emit(event);
        outcome_.failures.push_back(
            {.address = plan_.resources[step.resource].address, .facet = event.facet, .step = step.kind, .error = std::move(error)});
        settle(s, StepQueue::Status::failed);
    }

    void skipped(std::size_t s, std::string why, bool run_ended = false) {
        ++outcome_.skipped;
        auto event = event_of(s, Event::Kind::step_skipped);
        event.run_ended = run_ended;
        event.text = std::move(why);
        emit(event);
    }

    void settle(std::size_t s, StepQueue::Status status) {
        const auto& step = plan_.steps[s];
        if (status == StepQueue::Status::done && is_making_of_core(step)) presence_[step.resource].pending = false;
        for (const auto& blocked : queue_.settle(s, status))
            skipped(blocked.step, fmt::format("{} did not succeed", plan_.resources[plan_.steps[blocked.by].resource].address));
    }

    [[nodiscard]] Event event_of(std::size_t s, Event::Kind kind) const {
        const auto& step = plan_.steps[s];
        const auto& planned = plan_.resources[step.resource];
        Event event{.kind = kind,
                    .address = planned.address,
                    .type = planned.type_name,
                    // The one that is there by now may be its replacement.
                    .id = step.old ? planned.id : presence_[step.resource].id,
                    .step = step.kind,
                    .old = step.old,
                    .lets_go = !step.lets_go_of.empty()};
        if (planned.type != nullptr) event.facet = planned.type->facet_label(step.facet);
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
    const State& state_;  ///< as it was when the plan was made
    Presence presence_;
    JobMaker jobs_;
    StepQueue queue_;
    Outcome outcome_;
    Mailbox<Message> mail_;
    std::vector<std::chrono::steady_clock::time_point> started_;
    std::size_t running_ = 0;
};

}  // namespace

Outcome carry_out(const ExecutorInput& input) { return Executor{input}.run(); }

}  // namespace strata
