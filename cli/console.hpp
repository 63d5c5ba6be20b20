#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/deploy/interrupt.hpp"

namespace strata::cli {

/// Where a command writes and whom it asks; tests hand in one that keeps what was written. Thread-safe.
class Console {
public:
    virtual ~Console() = default;
    virtual void out(std::string_view text) = 0;
    virtual void err(std::string_view text) = 0;
    /// One line without its end; empty at the end of input, or when the run is interrupted meanwhile.
    virtual std::optional<std::string> read_line(const Interrupt& interrupt) = 0;

    [[nodiscard]] virtual bool output_is_terminal() const = 0;
    /// True when a person can answer: input and output are terminals.
    [[nodiscard]] virtual bool can_ask() const = 0;
    /// Of the terminal, now: it may be resized at any time.
    [[nodiscard]] virtual std::size_t columns() const = 0;
    [[nodiscard]] virtual std::size_t rows() const = 0;
};

/// The process's own standard streams. A reader that went away is no error: a deployment goes on without it.
Console& real_console();

}  // namespace strata::cli
