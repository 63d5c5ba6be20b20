#include "engine/deploy/step_job.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/base/crypto.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

std::string_view action_name(StepAction action) {
    switch (action) {
        case StepAction::create: return "create";
        case StepAction::update: return "update";
        case StepAction::remove: return "remove";
    }
    return "update";
}

OpenStep open_record(const StepJob& job, const std::string& id, const StateSession& session) {
    const auto& step = job.step;
    return {.step = id,
            .action = std::string{action_name(step.action)},
            .address = step.address,
            .facet = std::string{step.type->facet_label(step.facet)},
            .type = std::string{step.type->name},
            .provider = job.instance,
            .id = step.id,
            .token = step.token,
            .properties = stored_form(*step.type, step.desired, session.hash_key()),
            .cursor = {}};
}

/// Sleeps in short pieces, so that an interrupt is noticed. False when it was interrupted.
bool sleep_unless_interrupted(Milliseconds time, const Interrupt& interrupt) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
        if (interrupt.draining()) return false;
        std::this_thread::sleep_for(
            std::min<std::chrono::steady_clock::duration>(Milliseconds{50}, until - std::chrono::steady_clock::now()));
    }
    return !interrupt.draining();
}

Mutation begin_record(const StepJob& job, const std::string& id, const StateSession& session) {
    ValueMap marks;
    if (job.old) marks.set("old", true);
    if (job.lets_go) marks.set("lets_go", true);
    return {.kind = Mutation::Kind::begin,
            .key = id,
            .value = marks.empty() ? Value{} : Value{std::move(marks)},
            .open = open_record(job, id, session)};
}

Value failure_of(const Error& error) {
    return Value::map({{"failure", Value::map({{"kind", name_of(error.kind)},
                                               {"summary", error.summary},
                                               {"cause", error.cause},
                                               {"remedy", error.remedy},
                                               {"code", error.code}})}});
}

class Run {
public:
    Run(const StepJob& job, StateSession& session, const Interrupt& interrupt, const std::function<void(const std::string&)>& report)
        : job_{job},
          session_{session},
          interrupt_{interrupt},
          report_{report},
          id_{job.continues.empty() ? random_token() : job.continues},
          sent_{job.step} {
        sent_.desired = without_hashes(job.step.desired);
    }

    StepResult run() {
        StepResult result{.index = job_.index};
        if (!(job_.continues.empty() ? record({begin_record(job_, id_, session_)}, result) : go_on(result))) return result;
        auto progress = job_.continues.empty() ? job_.provider->begin(sent_) : job_.provider->poll(sent_, job_.cursor);
        if (progress.ok() && progress->id.empty()) progress->id = result.progress.id;
        while (progress.ok() && !progress->done) {
            auto accepted = records_of(*progress, result.progress);
            result.progress = *progress;
            report_(progress->text);
            if (!record(std::move(accepted), result)) return result;
            // What needs no waiting is finished; what the service works on is left to the next run.
            if (progress->again_in > Milliseconds{0} && !sleep_unless_interrupted(progress->again_in, interrupt_)) {
                result.handed_over = true;
                return result;
            }
            const auto id = progress->id;
            const auto cursor = progress->cursor;
            progress = job_.provider->poll(sent_, cursor);
            if (progress.ok() && progress->id.empty()) progress->id = id;
        }
        if (!progress && progress.error().kind == ErrorKind::interrupted) {
            // The call was broken off: it may have been carried out, so the step stays open and the next run finds out.
            result.handed_over = true;
            return result;
        }
        if (!progress) return fail(std::move(result), std::move(progress).error());
        result.progress = std::move(*progress);
        auto mutations = job_.effects(result.progress);
        mutations.insert(mutations.begin(), Mutation{.kind = Mutation::Kind::end, .key = id_});
        record(std::move(mutations), result);
        return result;
    }

private:
    bool go_on(StepResult& result) {
        result.progress.id = job_.step.id;
        result.progress.text = job_.step.action == StepAction::remove ? "still being deleted" : "still being created";
        report_(result.progress.text);
        return record({{.kind = Mutation::Kind::progress, .key = id_, .value = Value::map({{"text", result.progress.text}})}}, result);
    }

    /// The cursor, and what is new of the rest.
    [[nodiscard]] std::vector<Mutation> records_of(const Progress& progress, const Progress& before) const {
        std::vector<Mutation> records{{.kind = Mutation::Kind::cursor, .key = id_, .value = progress.cursor}};
        ValueMap known;
        if (progress.id != before.id) known.set("id", progress.id);
        if (progress.text != before.text) known.set("text", progress.text);
        if (!known.empty()) records.push_back({.kind = Mutation::Kind::progress, .key = id_, .value = std::move(known)});
        return records;
    }

    bool record(std::vector<Mutation> mutations, StepResult& result) {
        auto written = session_.record(std::move(mutations));
        if (written) return true;
        result.state_error = std::move(written).error();
        return false;
    }

    /// A refusal closes the step. A lost answer leaves it open: the next run finds out. What exists already
    /// but did not become whole is kept in state, to be replaced.
    StepResult fail(StepResult result, Error error) {
        const bool created = job_.step.action == StepAction::create && job_.step.facet == 0 && !result.progress.id.empty();
        const bool unknown = error.kind == ErrorKind::outcome_unknown;
        std::vector<Mutation> mutations;
        mutations.push_back({.kind = unknown ? Mutation::Kind::progress : Mutation::Kind::end, .key = id_, .value = failure_of(error)});
        if (created && !unknown) {
            for (auto& mutation : job_.effects(result.progress)) {
                if (mutation.resource) mutation.resource->tainted = true;
                mutations.push_back(std::move(mutation));
            }
        }
        record(std::move(mutations), result);
        result.error = std::move(error);
        return result;
    }

    const StepJob& job_;
    StateSession& session_;
    const Interrupt& interrupt_;
    const std::function<void(const std::string&)>& report_;
    std::string id_;
    Step sent_;
};

}  // namespace

StepResult run_step(const StepJob& job, StateSession& session, const Interrupt& interrupt,
                    const std::function<void(const std::string&)>& report) {
    return Run{job, session, interrupt, report}.run();
}

}  // namespace strata
