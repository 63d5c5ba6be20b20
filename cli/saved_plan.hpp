#pragma once

#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/operation.hpp"
#include "engine/base/value.hpp"

namespace strata::cli {

/// A plan in a file: JSON, without any secret's value, bound to program, state, account and region. It is not carried out by
/// itself: `up --plan` evaluates and plans again, and goes ahead only when the same comes out.
class SavedPlan {
public:
    /// Reads the file that --plan names. @errors usage, io; stale_plan for a file of another version
    static Result<SavedPlan> load(Command& command);

    [[nodiscard]] std::vector<std::string> stacks() const;
    /// The command's own arguments, with those that shaped the plan when it was saved.
    [[nodiscard]] Arguments arguments() const { return arguments_; }
    /// @errors stale_plan, naming the first difference
    [[nodiscard]] Status fits(const Operation& operation) const;

private:
    SavedPlan(std::string file, Value document, Arguments arguments)
        : file_{std::move(file)}, document_{std::move(document)}, arguments_{std::move(arguments)} {}

    std::string file_;
    Value document_;
    Arguments arguments_;
};

/// Writes the plans of `operation` to the file that --save-plan names.
Status save_plan(Command& command, const Operation& operation);

/// The document of such a file.
Value saved_plan_document(const std::vector<const Plan*>& plans, const Arguments& arguments, const std::string& time);

}  // namespace strata::cli
