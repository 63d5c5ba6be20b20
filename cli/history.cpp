#include "cli/history.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t most_updates = 1000;

Value encode(const Update& update) {
    const auto number = [](std::uint64_t count) { return Value{static_cast<std::int64_t>(count)}; };
    return Value::map({{"verb", update.verb},
                       {"seconds", update.seconds},
                       {"time", update.time},
                       {"user", update.user},
                       {"result", update.result},
                       {"created", number(update.created)},
                       {"updated", number(update.updated)},
                       {"replaced", number(update.replaced)},
                       {"deleted", number(update.deleted)},
                       {"failed", number(update.failed)},
                       {"serial", number(update.serial)}});
}

Update decode(const Value& line) {
    const auto text = [&](std::string_view key) {
        const auto* found = line.find(key);
        return std::string{found != nullptr ? found->text_or("") : ""};
    };
    const auto number = [&](std::string_view key) {
        const auto* found = line.find(key);
        return static_cast<std::size_t>(std::max<std::int64_t>(found != nullptr ? found->integer_or(0) : 0, 0));
    };
    const auto* seconds = line.find("seconds");
    return {.verb = text("verb"),
            .seconds = seconds != nullptr && seconds->real() != nullptr ? *seconds->real() : 0,
            .time = text("time"),
            .user = text("user"),
            .result = text("result"),
            .created = number("created"),
            .updated = number("updated"),
            .replaced = number("replaced"),
            .deleted = number("deleted"),
            .failed = number("failed"),
            .serial = number("serial")};
}

std::filesystem::path history_file(const Workspace& workspace, const std::string& stack) {
    return workspace.folder_of(stack) / "history.jsonl";
}

}  // namespace

void note_update(const Workspace& workspace, Command& command, Update update, const StackOutcome& outcome,
                 std::span<const std::unique_ptr<StackRun>> runs) {
    const auto run =
        std::ranges::find_if(runs, [&](const std::unique_ptr<StackRun>& candidate) { return candidate->name() == outcome.stack; });
    const auto& plan = (*run)->plan();
    if (!plan.has_changes()) return;
    const auto counts = plan.counts();
    const auto owner = workspace.owner(update.verb);
    update.time = iso8601(command.around.clock.now());
    update.user = fmt::format("{}@{}", owner.user, owner.host);
    update.result = outcome.outcome.interrupted ? "interrupted" : outcome.outcome.ok() ? "succeeded" : "failed";
    update.created = counts.create + counts.adopt;
    update.updated = counts.update;
    update.replaced = counts.replace;
    update.deleted = counts.remove + counts.forget;
    update.failed = outcome.outcome.failures.size();
    update.serial = (*run)->session().state().serial;

    const auto file = history_file(workspace, outcome.stack);
    const auto before = command.around.files.read(file);
    auto lines = before.ok() ? split(*before, '\n') : std::vector<std::string>{};
    std::erase(lines, "");
    lines.push_back(to_json(encode(update)));
    if (lines.size() > most_updates) lines.erase(lines.begin(), lines.end() - most_updates);
    [[maybe_unused]] const auto written = command.around.files.replace(file, join(lines, "\n") + "\n");
}

std::vector<Update> read_history(const Workspace& workspace, Files& files, const std::string& stack) {
    std::vector<Update> updates;
    const auto content = files.read(history_file(workspace, stack));
    if (!content) return updates;
    for (const auto& line : split(*content, '\n')) {
        if (line.empty()) continue;
        if (const auto parsed = parse_json(line, "history"); parsed.ok()) updates.push_back(decode(*parsed));
    }
    return updates;
}

}  // namespace strata::cli
