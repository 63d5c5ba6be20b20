#include "tests/cli/harness.hpp"

#include <algorithm>

#include "cli/render/text_reporter.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

Cli::Cli() {
    stacks.emplace_back("shelf", one_box());
    variables = {{"USER", "tester"}, {"TMPDIR", (folder / "tmp").string()}};
    write_config("local", "account: 123456789012\nregion: ca-central-1\n");
    std::filesystem::create_directories(folder / "tmp");
}

void Cli::write_config(const std::string& environment, const std::string& content) {
    const auto made = real_files().make_folder(folder / "config");
    const auto written = real_files().replace(folder / "config" / (environment + ".yaml"), content);
    if (!made || !written) std::abort();
}

LinkedProgram Cli::program() const {
    LinkedProgram linked;
    for (const auto& [name, declare] : stacks) linked.stacks.push_back(name);
    linked.load = [this](ConfigReader& reader) {
        if (settings) settings(reader);
        std::vector<StackProgram> bound;
        for (const auto& entry : stacks)
            bound.push_back(
                {.name = entry.first, .declare = [declare = entry.second](Stack& stack) {
                     stack.provider(
                         {.name = "fake", .kind = "fake", .config = {}, .default_tags = {}, .ignore_tags = {}, .declared_at = {}});
                     declare(stack);
                 }});
        return bound;
    };
    return linked;
}

int Cli::run(const std::string& command_line) {
    auto words = split(command_line, ' ');
    std::erase(words, "");
    return run(words);
}

int Cli::run(std::vector<std::string> words) {
    const bool takes_environment = !words.empty() && words != std::vector<std::string>{"state"} && words.front() != "version" &&
                                   words.front() != "completion" && words.front().front() != '-' && words.back() != "--help";
    if (takes_environment) words.insert(words.end(), {"--config-dir", (folder / "config").string()});
    console.forget();
    auto around = surroundings();
    return static_cast<int>(run_program(words, program(), around));
}

Surroundings Cli::surroundings() {
    return {.console = console,
            .files = files,
            .clock = clock,
            .variables = [this](std::string_view name) -> std::optional<std::string> {
                const auto at = variables.find(name);
                return at != variables.end() ? std::optional{at->second} : std::nullopt;
            },
            .interrupt = interrupt,
            .provider_kinds = [this](Connections&) { return std::vector{fake::kind(cloud)}; }};
}

void Cli::with_command(const std::function<void(Command&)>& use) {
    auto around = surroundings();
    Arguments arguments;
    arguments.config_dir = (folder / "config").string();
    const auto linked = program();
    const auto report = text_reporter(console, clock, Style{false});
    Command command{.arguments = arguments, .program = linked, .around = around, .report = *report};
    use(command);
}

std::string Cli::readable(std::string text) const {
    for (auto at = text.find(folder.string()); at != std::string::npos; at = text.find(folder.string(), at))
        text.replace(at, folder.string().size(), "<folder>");
    return text;
}

Cli::Declare one_box(std::string content) {
    return [content](Stack& stack) {
        const fake::Box box{stack, "box", {.content = content, .name = "box-a", .size = 3}};
        stack.output("box_arn", box.arn());
    };
}

}  // namespace strata::cli
