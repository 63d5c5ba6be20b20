#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace strata {

/// What hostile input may cost a reader beyond the text itself.
inline constexpr std::size_t reader_memory = std::size_t{64} << 20;

/// How a piece of work ended that ran in a process of its own.
struct Bounded {
    std::string said;  ///< what the work returned; "(out of memory)", "(hangs)" or "(crashed: SIGNAL)" when it did not come to that
    double seconds = 0;
    std::size_t bytes = 0;  ///< by which the resident memory grew at the most; 0 where the system does not tell
};

/// Runs `work` in a child process that may take `memory` more bytes than this one has now, and that is ended after half a
/// minute: a guard against a hang, not a measure. A sanitizer's own memory cannot be told from the work's: under one only
/// the guard remains.
Bounded bounded(const std::function<std::string()>& work, std::size_t memory = reader_memory);

/// `piece`, `times` times.
std::string repeated(std::string_view piece, std::size_t times);

}  // namespace strata
