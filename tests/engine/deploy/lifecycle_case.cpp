#include "tests/engine/deploy/lifecycle_case.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "tests/engine/fake_cloud.hpp"

namespace strata::fake {

namespace {

using What = Doing::What;

constexpr std::array<std::string_view, 7> what_names = {"up",      "up with a target",      "preview", "refresh",
                                                        "destroy", "destroy with a target", "outside"};

rc::Gen<bool> one_in(int n) {
    return rc::gen::map(rc::gen::inRange(0, n), [n](int i) { return i == n - 1; });
}

/// 0 most of the time, else 1 to `most`.
rc::Gen<int> seldom(int n, int most) {
    return rc::gen::map(rc::gen::inRange(0, n * most), [=](int i) { return i > (n - 1) * most ? i - (n - 1) * most : 0; });
}

rc::Gen<Declared> any_declared() {
    return rc::gen::build<Declared>(
        rc::gen::set(&Declared::there, rc::gen::map(one_in(4), [](bool absent) { return !absent; })),
        rc::gen::set(&Declared::key, one_in(3)), rc::gen::set(&Declared::renamed, one_in(5)), rc::gen::set(&Declared::kept, one_in(8)),
        rc::gen::set(&Declared::delete_first, one_in(5)), rc::gen::set(&Declared::version, rc::gen::inRange(0, 3)),
        rc::gen::set(&Declared::content, rc::gen::inRange(0, 4)), rc::gen::set(&Declared::rules, rc::gen::inRange(0, 9)),
        rc::gen::set(&Declared::lock, rc::gen::inRange(0, 4)), rc::gen::set(&Declared::needs, rc::gen::inRange(0, 1 << (places - 1))));
}

std::string place_name(const Declared& declared, int place) {
    return fmt::format("{}{}-{}", declared.key ? "key" : "box", place, declared.renamed ? "new" : "old");
}

std::string other_name(const Declared& declared, int place) {
    auto other = declared;
    other.renamed = !other.renamed;
    return place_name(other, place);
}

Output<std::string> declare_box(Stack& stack, const Declared& declared, int place, int number,
                                const std::vector<Output<std::string>>& needed, const Options& options) {
    BoxArgs args{.name =
                     declared.kept ? fmt::format("left-behind-{}-{}", place, number) : fmt::format("box-{}-v{}", place, declared.version)};
    if (declared.content > 0) args.content = fmt::format("content {}", declared.content);
    if (declared.content == 3) args.password = secret("hunter2");
    if (declared.content > 1) args.size = declared.content;
    if (declared.lock == 1) args.lock = true;
    if (declared.lock == 2) args.lock = false;
    if (declared.lock == 3) args.lock = reset;
    if (declared.rules == 0) args.rules = none;
    for (int rule = 0; rule < 3 && declared.rules < 8; ++rule)
        if ((declared.rules & (1 << rule)) != 0) args.rules.add(fmt::format("rule {}", rule));
    for (std::size_t i = 0; i < needed.size(); ++i) args.tags.set(fmt::format("needs {}", i), needed[i]);
    return Box{stack, place_name(declared, place), args, options}.id();
}

Output<std::string> declare_key(Stack& stack, const Declared& declared, int place, const std::vector<Output<std::string>>& needed,
                                const Options& options) {
    KeyArgs args{.algorithm = fmt::format("algorithm {}", declared.version)};
    if (!needed.empty()) args.box = needed.front();
    return Key{stack, place_name(declared, place), args, options}.id();
}

}  // namespace

rc::Gen<Program> any_program() { return rc::gen::resize(rc::kNominalSize, rc::gen::container<Program>(places, any_declared())); }

rc::Gen<Trouble> any_trouble() {
    return rc::gen::build<Trouble>(
        rc::gen::set(&Trouble::refused_change, seldom(4, 8)), rc::gen::set(&Trouble::lost_change, seldom(4, 8)),
        rc::gen::set(&Trouble::interrupted_at, seldom(6, 8)), rc::gen::set(&Trouble::interrupts, rc::gen::inRange(1, 3)),
        rc::gen::set(&Trouble::store_call, seldom(4, 40)), rc::gen::set(&Trouble::store_fate, rc::gen::inRange(1, 4)),
        rc::gen::set(&Trouble::store_for_good, one_in(2)), rc::gen::set(&Trouble::unreadable, seldom(8, 2)),
        rc::gen::set(&Trouble::missed, seldom(6, 2)), rc::gen::set(&Trouble::polls, seldom(4, 1)));
}

rc::Gen<Doing> any_doing() {
    return rc::gen::resize(
        rc::kNominalSize,
        rc::gen::build<Doing>(rc::gen::set(&Doing::what, rc::gen::weightedElement<What>({{8, What::up},
                                                                                         {3, What::up_targets},
                                                                                         {1, What::preview},
                                                                                         {2, What::refresh},
                                                                                         {1, What::destroy},
                                                                                         {1, What::destroy_targets},
                                                                                         {2, What::outside}})),
                              rc::gen::set(&Doing::same_program, one_in(2)), rc::gen::set(&Doing::program, any_program()),
                              rc::gen::set(&Doing::target, rc::gen::inRange(0, places)), rc::gen::set(&Doing::trouble, any_trouble())));
}

void declare(Stack& stack, const Program& program, int number) {
    std::vector<std::optional<Output<std::string>>> ids(program.size());
    for (std::size_t i = 0; i < program.size(); ++i) {
        const auto& declared = program[i];
        if (!declared.there) continue;
        const auto place = static_cast<int>(i);
        std::vector<Output<std::string>> needed;
        for (std::size_t before = 0; before < i; ++before)
            if (const auto& id = ids[before]; id && (declared.needs & (1 << before)) != 0) needed.push_back(*id);
        // What is kept cannot go before its successor comes.
        const bool kept = is_kept(declared);
        const Options options{
            .aliases = {{other_name(declared, place)}}, .delete_before_replace = declared.delete_first && !kept, .retain_on_delete = kept};
        ids[i] = declared.key ? declare_key(stack, declared, place, needed, options)
                              : declare_box(stack, declared, place, number, needed, options);
    }
}

std::string address_of(const Program& program, int place) { return place_name(program[static_cast<std::size_t>(place)], place); }

bool is_kept(const Declared& declared) { return declared.kept && !declared.key; }

bool is_of(int place, const std::string& id) {
    return id.starts_with(fmt::format("box-{}-", place)) || id.starts_with(fmt::format("left-behind-{}-", place));
}

std::ostream& operator<<(std::ostream& out, const Program& program) {
    for (std::size_t i = 0; i < program.size(); ++i) {
        const auto& declared = program[i];
        if (!declared.there) continue;
        out << fmt::format("    {}{}{} version {} content {} rules {} lock {} needs {:b}\n", place_name(declared, static_cast<int>(i)),
                           declared.kept ? " kept" : "", declared.delete_first ? " delete-first" : "", declared.version, declared.content,
                           declared.rules, declared.lock, declared.needs);
    }
    return out;
}

std::ostream& operator<<(std::ostream& out, const Trouble& trouble) {
    const auto say = [&](std::string_view what, int number) {
        if (number > 0) out << fmt::format(", {} {}", what, number);
    };
    say("refused change", trouble.refused_change);
    say("lost answer of change", trouble.lost_change);
    if (trouble.interrupted_at > 0) out << fmt::format(", {} interrupts at change {}", trouble.interrupts, trouble.interrupted_at);
    if (trouble.store_call > 0)
        out << fmt::format(", store call {} with fate {}{}", trouble.store_call, trouble.store_fate,
                           trouble.store_for_good ? " for good" : "");
    say("unreadable", trouble.unreadable);
    say("missed", trouble.missed);
    say("polls", trouble.polls);
    return out;
}

std::ostream& operator<<(std::ostream& out, const Doing& doing) {
    out << "\n  " << what_names.at(static_cast<std::size_t>(doing.what)) << ", target " << doing.target << doing.trouble;
    if (doing.same_program) return out << ", the program of before";
    return out << "\n" << doing.program;
}

}  // namespace strata::fake
