// How long the engine itself takes, without any network: over a cloud in memory everything is made, then nothing changes, then
// everything is replaced, then destroyed. Prints one JSON line a size: for each run the wall time of its parts and the CPU time of all, in
// seconds; at last the peak memory in MiB. State goes to TMPDIR: what each step must find on disk before it starts is most of "carry_out"
// there, and next to nothing on a file system in memory.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/files.hpp"
#include "engine/deploy/stack_run.hpp"
#include "engine/state/folder_objects.hpp"
#include "tests/engine/fake_cloud.hpp"

namespace {

using namespace strata;

/// Chains of five: a box, two boxes that use it, a key that uses one of them, and a box that uses the key.
/// @param generation  part of every name, and a change of name replaces
void declare(Stack& stack, std::size_t resources, int generation) {
    for (std::size_t i = 0; i < resources / 5; ++i) {
        struct Group : Component {
            Group(const Scope& scope, std::size_t number, int generation) : Component{scope, fmt::format("group-{}", number)} {
                const auto name = [&](const char* part) { return fmt::format("{}-{}-{}", part, number, generation); };
                const fake::Box base{
                    *this, "base", {.content = "x", .lock = true, .name = name("base"), .size = 2, .tags = {{"env", "bench"}}}};
                const fake::Box left{*this, "left", {.content = base.arn(), .name = name("left"), .rules = {"a", "b", "c"}}};
                fake::Box{*this, "right", {.content = concat({base.arn(), "/*"}), .name = name("right"), .shelves = {"a", "b"}}};
                const fake::Key key{*this, "key", {.algorithm = "rsa", .box = left.id()}};
                fake::Box{*this, "last", {.content = key.id(), .name = name("last")}};
            }
        };
        Group{stack, i, generation};
    }
}

struct Measured {
    double evaluate = 0;
    double plan = 0;
    double carry_out = 0;
    double cpu = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
    struct rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Measured run_once(fake::Cloud& cloud, const std::filesystem::path& folder, std::size_t resources, int generation, bool destroy = false) {
    const auto cpu_before = cpu_seconds();
    const std::vector<ProviderKind> kinds{fake::kind(cloud)};
    ProviderSet set{kinds, {}};
    const Interrupt interrupt;
    RunContext context{.environment = {.name = "bench"},
                       .providers = {ProviderDeclaration{.name = "fake", .kind = "fake"}},
                       .provider_set = &set,
                       .clock = &real_clock(),
                       .interrupt = &interrupt,
                       .options = {.destroy = destroy}};
    const StackProgram program{.name = "mix", .declare = [&](Stack& stack) { declare(stack, resources, generation); }};
    const auto objects = folder_objects(folder, real_files());
    StateStore store{*objects, "mix"};
    StackRun run{program, context, store, SealKey{"0123456789abcdef0123456789abcdef"}};
    Measured measured;
    Diagnostics diagnostics;
    auto start = std::chrono::steady_clock::now();
    run.evaluate(diagnostics);
    measured.evaluate = seconds_since(start);
    start = std::chrono::steady_clock::now();
    const LockRequest lock{.owner = {.run = "bench", .user = "", .host = "", .process = 0, .purpose = "bench", .since = ""}};
    if (!run.open_state(lock) || !run.read() || !run.make_plan(diagnostics) || !diagnostics.ok()) std::abort();
    measured.plan = seconds_since(start);
    start = std::chrono::steady_clock::now();
    if (!run.carry_out_plan().ok()) std::abort();
    measured.carry_out = seconds_since(start);
    measured.cpu = cpu_seconds() - cpu_before;
    return measured;
}

double peak_mib() {
    struct rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string shown(const Measured& run) {
    return fmt::format(R"({{"evaluate":{:.3f},"plan":{:.3f},"carry_out":{:.3f},"cpu":{:.3f}}})", run.evaluate, run.plan, run.carry_out,
                       run.cpu);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::size_t> sizes;
    for (int i = 1; i < argc; ++i) sizes.push_back(std::stoul(argv[i]));
    if (sizes.empty()) sizes = {1'000, 10'000};
    for (const auto size : sizes) {
        const auto folder = std::filesystem::temp_directory_path() / ("strata-bench-" + strata::random_token());
        strata::fake::Cloud cloud;
        const auto first = run_once(cloud, folder, size, 1);
        const auto second = run_once(cloud, folder, size, 1);
        const auto third = run_once(cloud, folder, size, 2);
        const auto fourth = run_once(cloud, folder, size, 2, true);
        std::filesystem::remove_all(folder);
        fmt::print(R"({{"resources":{},"first":{},"no_change":{},"replace_all":{},"destroy":{},"peak_mib":{:.0f}}})"
                   "\n",
                   size, shown(first), shown(second), shown(third), shown(fourth), peak_mib());
    }
    return 0;
}
