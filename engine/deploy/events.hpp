#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/plan/plan.hpp"

namespace strata {

/// Something that happened while a command ran; text, live progress and JSON are made from these.
struct Event {
    enum class Kind : std::uint8_t {
        pass,           ///< text: what planning is busy with ("reading 84 resources")
        recovered,      ///< address, text: how an unfinished step of an earlier run was settled
        step_started,   ///< seconds: since then, where it is told of late
        step_progress,  ///< text: as the provider says it
        step_finished,  ///< seconds
        step_failed,    ///< error, seconds
        step_skipped,   ///< text: why
        draining,       ///< the run was interrupted: nothing new is started; text: who asked from elsewhere, "" for a signal
        warning,        ///< error
    };
    Kind kind = Kind::pass;
    std::string stack = {};
    std::string address = {};
    std::string facet = {};
    std::string type = {};
    std::string id = {};
    std::optional<StepKind> step = {};
    bool old = false;        ///< works on what a replacement leaves behind
    bool lets_go = false;    ///< an update ahead of another, which only lets go of what a replacement deletes first
    bool run_ended = false;  ///< with step_skipped: not for its own sake, the whole run came to its end
    double seconds = 0;
    std::string text = {};
    std::optional<Error> error = {};
};

/// Called on the thread that runs the command, in order.
using EventSink = std::function<void(const Event&)>;

}  // namespace strata
