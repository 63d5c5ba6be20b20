#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/verb_list.hpp"
#include "cli/verbs.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

/// What may stand behind the words of a verb.
struct Words {
    std::string verb;  ///< "state mv"
    std::vector<std::string> flags;
    std::map<std::string, std::string> after_flag;  ///< flag -> how its value is completed
    std::string in_place;                           ///< how a word that is no flag is completed
};

/// A shell expression that yields the candidates, one a word.
std::string candidates(const Flag& flag, const LinkedProgram& program) {
    if (!flag.allowed.empty()) return join(flag.allowed, " ");
    switch (flag.completion) {
        case Completion::stack: return join(program.stacks, " ");
        case Completion::environment: return "$(_strata_environments)";
        case Completion::file: return "@files";
        case Completion::folder: return "@folders";
        case Completion::nothing: return "";
    }
    return "";
}

std::vector<Words> all_words(const LinkedProgram& program) {
    std::vector<Words> all;
    for (const auto& verb : verbs()) {
        Arguments unused;
        FlagList flags;
        verb.add_flags(flags, unused);
        Words words{.verb = std::string{verb.name}, .flags = {"--help"}, .after_flag = {}, .in_place = {}};
        for (const auto& flag : flags) {
            if (flag.is_word()) {
                if (words.in_place.empty()) words.in_place = candidates(flag, program);
                continue;
            }
            words.flags.push_back(flag.name);
            if (!flag.value.empty()) words.after_flag[flag.name] = candidates(flag, program);
        }
        all.push_back(std::move(words));
    }
    return all;
}

std::string verb_case(const Words& words) {
    auto out = fmt::format("    \"{}\")\n      case \"$previous\" in\n", words.verb);
    for (const auto& [flag, values] : words.after_flag) out += fmt::format("        {}) words=\"{}\"; return;;\n", flag, values);
    return out + fmt::format("      esac\n      case \"$current\" in -*) words=\"{}\";; *) words=\"{}\";; esac;;\n", join(words.flags, " "),
                             words.in_place);
}

/// Sets `words` for what is being typed; the same for both shells.
std::string shared_part(const LinkedProgram& program) {
    std::set<std::string> groups;
    std::map<std::string, std::string> below;
    std::string first;
    for (const auto& verb : verbs()) {
        const auto parts = split(verb.name, ' ');
        if (parts.size() == 1) first += fmt::format("{} ", verb.name);
        else if (groups.insert(parts[0]).second) first += fmt::format("{} ", parts[0]);
        if (parts.size() == 2) below[parts[0]] += parts[1] + " ";
    }
    std::string out =
        "_strata_environments() { local f; for f in config/*.yaml; do [ -e \"$f\" ] && f=${f##*/} && printf '%s ' \"${f%.yaml}\"; done; }\n"
        "_strata_words() {\n  local verb=\"$1\" previous=\"$2\" current=\"$3\"\n  words=\"\"\n  case \"$verb\" in\n";
    out += fmt::format("    \"\") words=\"{}--help\";;\n", first);
    for (const auto& [group, names] : below) out += fmt::format("    \"{}\") words=\"{}--help\";;\n", group, names);
    for (const auto& words : all_words(program)) out += verb_case(words);
    std::vector<std::string> group_names{groups.begin(), groups.end()};
    out += "  esac\n}\n";
    out += fmt::format(
        "_strata_verb() {{\n  verb=\"\"\n  [ $# -lt 1 ] && return\n  case \"$1\" in\n    -*) return;;\n    {}) case \"$2\" in \"\"|-*) "
        "verb=\"$1\";; *) verb=\"$1 $2\";; esac;;\n    *) verb=\"$1\";;\n  esac\n}}\n",
        join(group_names, "|"));
    return out;
}

constexpr std::string_view bash_part = R"(_strata() {
  local words verb
  _strata_verb "${COMP_WORDS[@]:1:COMP_CWORD-1}"
  _strata_words "$verb" "${COMP_WORDS[COMP_CWORD-1]}" "${COMP_WORDS[COMP_CWORD]}"
  case "$words" in
    @files) COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"));;
    @folders) COMPREPLY=($(compgen -d -- "${COMP_WORDS[COMP_CWORD]}"));;
    *) COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"));;
  esac
}
complete -F _strata strata
)";

constexpr std::string_view zsh_part = R"(_strata() {
  emulate -L zsh
  setopt local_options sh_word_split
  local verb candidates
  local typed=("${(@)words[2,CURRENT-1]}") before="${words[CURRENT-1]}" now="${words[CURRENT]}"
  _strata_verb $typed
  () { local words; _strata_words "$verb" "$before" "$now"; candidates="$words"; }
  case "$candidates" in
    @files) _files;;
    @folders) _files -/;;
    *) compadd -- $candidates;;
  esac
}
if [ "$funcstack[1]" = "_strata" ]; then _strata; else compdef _strata strata; fi
)";

}  // namespace

void add_completion_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "SHELL", .help = "bash or zsh", .target = &into.first, .required = true, .allowed = {"bash", "zsh"}});
}

Result<ExitCode> run_completion(Command& command) {
    const bool zsh = command.arguments.first == "zsh";
    command.report.raw((zsh ? "#compdef strata\n" : "") + shared_part(command.program) + std::string{zsh ? zsh_part : bash_part});
    return ExitCode::ok;
}

}  // namespace strata::cli
