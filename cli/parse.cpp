#include "cli/parse.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::string_view exit_codes_in_short =
    "Exit codes: 0 ok, 1 usage, config, program or declined, 2 changes pending (--exit-code),\n"
    "3 some resources failed, 4 lock held, 5 state unreadable, 6 state not saved, 7 wrong account,\n"
    "8 stale plan, 9 outcome unknown, 130/143 interrupted. More: docs/exit-codes.md";

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

void add_flag(CLI::App& app, const Flag& flag, Arguments& arguments) {
    CLI::Option* option = nullptr;
    if (auto* const* toggle = std::get_if<bool*>(&flag.target)) option = app.add_flag(flag.name, **toggle, flag.help);
    else if (auto* const* text = std::get_if<std::string*>(&flag.target)) option = app.add_option(flag.name, **text, flag.help);
    else if (auto* const* number = std::get_if<std::size_t*>(&flag.target))
        option = app.add_option(flag.name, **number, flag.help)->check(CLI::Range(std::size_t{1}, std::size_t{10'000}).description(""));
    else option = app.add_option(flag.name, *std::get<std::vector<std::string>*>(flag.target), flag.help)->allow_extra_args(flag.is_word());
    if (!flag.value.empty()) option->type_name(flag.value);
    else if (flag.is_word()) option->type_name("");
    if (!flag.allowed.empty()) option->check(CLI::IsMember(flag.allowed));
    if (flag.required) option->required();
    if (flag.is_word() && std::get_if<std::string*>(&flag.target) != nullptr &&
        *std::get_if<std::string*>(&flag.target) == &arguments.second)
        option->each([&arguments](const std::string&) { arguments.has_second = true; });
}

std::string footer_of(const Verb& verb, std::string_view name) {
    std::string footer = "Examples:\n";
    for (const auto& line : split(verb.examples, '\n')) footer += fmt::format("  {} {}\n", name, line);
    return footer;
}

/// The application that CLI11 walks, and which of our rows each of its parts is.
struct Tree {
    CLI::App app;
    std::map<const CLI::App*, const Verb*> verb_of;
};

/// The part of the tree that verbs of this first word stand in; made with the first of them.
CLI::App* group_of(CLI::App& app, std::string_view name) {
    const std::string text{name};
    const auto present = app.get_subcommands([&](const CLI::App* candidate) { return candidate->get_name() == text; });
    if (!present.empty()) return present.front();
    const auto group = std::ranges::find(verb_groups(), name, &VerbGroup::name);
    return app.add_subcommand(text, std::string{group->summary})->require_subcommand(1);
}

void add_verb(Tree& tree, const Verb& verb, std::string_view name, Arguments& arguments) {
    auto* parent = &tree.app;
    auto own = verb.name;
    if (const auto space = own.find(' '); space != std::string_view::npos) {
        parent = group_of(tree.app, own.substr(0, space));
        own.remove_prefix(space + 1);
    }
    auto* app = parent->add_subcommand(std::string{own}, std::string{verb.summary});
    app->footer(footer_of(verb, name));
    FlagList flags;
    verb.add_flags(flags, arguments);
    for (const auto& flag : flags) add_flag(*app, flag, arguments);
    tree.verb_of[app] = &verb;
}

void plant(Tree& tree, std::string_view name, Arguments& arguments) {
    tree.app.name(std::string{name});
    tree.app.description("Infrastructure as a C++ program: preview what would change, then make it so.");
    tree.app.footer(std::string{exit_codes_in_short});
    tree.app.require_subcommand(1);
    tree.app.get_formatter()->column_width(28);
    tree.app.option_defaults()->always_capture_default(false);
    for (const auto& verb : verbs()) add_verb(tree, verb, name, arguments);
}

/// The innermost part of the tree that the words lead to.
const CLI::App* reached(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? &app : reached(*chosen.front());
}

std::vector<std::string> names_below(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
    return names;
}

/// As it is typed: "strata state history".
std::string path_of(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : fmt::format("{} {}", path_of(*app.get_parent()), app.get_name());
}

Error unknown_word(const CLI::App& app, const std::string& word) {
    const auto path = path_of(app);
    const auto more = fmt::format("See what there is:\n  {} --help", path);
    const auto with_hint = [&](const std::optional<std::string>& near) {
        return near ? fmt::format("Did you mean \"{}\"?\n{}", *near, more) : more;
    };
    if (!word.starts_with('-'))
        return usage_error("Unknown command", fmt::format("{} has no command \"{}\".", path, word),
                           with_hint(nearest(word, names_below(app))));
    std::vector<std::string> known;
    for (const auto* option : app.get_options()) known.push_back(option->get_name());
    return usage_error("Unknown flag", fmt::format("{} has no flag \"{}\".", path, word), with_hint(nearest(word, known)));
}

/// CLI11 says "--x: message" or "x is required"; ours says what and where, and how to see more.
Error wrong_usage(const CLI::App& app, const CLI::ParseError& thrown) {
    const auto* at = reached(app);
    const auto path = path_of(*at);
    if (at->get_subcommands([](const CLI::App*) { return true; }).empty()) {
        std::string what = thrown.what();
        return usage_error("Wrong usage", fmt::format("{}: {}{}", path, what, what.ends_with('.') ? "" : "."),
                           fmt::format("See how it is used:\n  {} --help", path));
    }
    return usage_error("Command is missing", fmt::format("{} wants one of: {}.", path, join(names_below(*at), ", ")),
                       fmt::format("See what each does:\n  {} --help", path));
}

}  // namespace

Result<Parsed> parse(std::span<const std::string> words, std::string_view name) {
    Parsed parsed;
    Tree tree;
    plant(tree, name, parsed.arguments);
    std::vector<std::string> reversed{words.rbegin(), words.rend()};  // the form in which CLI11 takes them
    try {
        tree.app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        parsed.help = tree.app.help();
        return parsed;
    } catch (const CLI::ParseError& thrown) {
        const auto* at = reached(tree.app);
        if (const auto extra = at->remaining(true); !extra.empty()) return unknown_word(*at, extra.front());
        if (const auto extra = tree.app.remaining(true); !extra.empty()) return unknown_word(*at, extra.front());
        return wrong_usage(tree.app, thrown);
    }
    parsed.verb = tree.verb_of.at(reached(tree.app));
    return parsed;
}

}  // namespace strata::cli
