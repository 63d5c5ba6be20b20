#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace strata {

/// Everything that a run has to say about its input, so that one run shows every mistake.
class Diagnostics {
public:
    void error(Error found) { errors_.push_back(std::move(found)); }
    /// A warning never fails a run; `kind` is not looked at.
    void warning(Error found) { warnings_.push_back(std::move(found)); }

    [[nodiscard]] bool ok() const { return errors_.empty(); }
    [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }
    [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }

    void add(Diagnostics other) {
        for (auto& found : other.errors_) errors_.push_back(std::move(found));
        for (auto& found : other.warnings_) warnings_.push_back(std::move(found));
    }

private:
    std::vector<Error> errors_;
    std::vector<Error> warnings_;
};

}  // namespace strata
