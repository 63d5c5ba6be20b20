#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/files.hpp"
#include "engine/deploy/stack_run.hpp"
#include "engine/state/folder_objects.hpp"
#include "tests/scratch_folder.hpp"

namespace strata {

/// A stack called "test" in environment "dev", with its state in a folder of its own: what the commands do to a stack,
/// without a command line. Providers are handed in.
class TestStack {
public:
    using Program = std::function<void(Stack&)>;

    /// What one command did.
    struct Result {
        Plan plan;
        DriftReport drift;
        Rediscovery rediscovery;
        Outcome outcome;
        std::vector<Error> errors;       ///< of evaluating or planning; then nothing was carried out
        std::vector<std::string> calls;  ///< changes that reached the service, where the test's provider notes them

        /// Planned and carried out without any error.
        [[nodiscard]] bool ok() const { return errors.empty() && outcome.ok(); }
        /// Every error, of planning and of steps, one after another; "" when there is none.
        [[nodiscard]] std::string error_text() const;
    };

    TestStack(Environment environment, std::vector<ProviderDeclaration> providers);
    virtual ~TestStack() = default;
    TestStack(const TestStack&) = delete;
    TestStack& operator=(const TestStack&) = delete;

    Result up(const Program& program) { return run(program, Purpose::up); }
    Result preview(const Program& program) { return run(program, Purpose::preview); }
    Result destroy();
    /// `strata import ADDRESS ID`: takes what exists into state as it is.
    Result import(const Program& program, const std::string& address, const std::string& id);

    /// `strata refresh`.
    Result refresh(const Program& program) { return run(program, Purpose::refresh); }
    /// `strata state recover`.
    Result recover(const Program& program) { return run(program, Purpose::recover); }
    /// `strata drift --full`.
    Result drift(const Program& program) { return run(program, Purpose::drift); }

    [[nodiscard]] State state();
    [[nodiscard]] std::unique_ptr<StateStore> store() { return std::make_unique<StateStore>(*objects, "test"); }

    /// Makes a kind of provider known.
    void serve(ProviderKind kind) { kinds_.push_back(std::move(kind)); }

    /// What the next command finds: nobody has asked it to stop.
    void forget_interrupt() { std::construct_at(&interrupt); }

    RunOptions options;
    Interrupt interrupt;
    std::vector<Event> events;
    const ScratchFolder scratch{ScratchFolder::in_memory()};
    const std::filesystem::path& folder = scratch.path;
    std::unique_ptr<ObjectStore> objects = folder_objects(folder, real_files());
    Clock* clock = &real_clock();
    LockRequest lock{.owner = {.run = "r1", .user = "u", .host = "h", .process = 1, .purpose = "up", .since = "now"},
                     .terms = {.renew_every = Milliseconds{0}}};
    const SealKey seal_key{"0123456789abcdef0123456789abcdef"};

protected:
    enum class Purpose : std::uint8_t { preview, up, import, recover, drift, refresh };
    virtual Result run(const Program& program, Purpose purpose, const std::string& address = {});

private:
    Environment environment_;
    std::vector<ProviderDeclaration> providers_;
    std::vector<ProviderKind> kinds_;
};

/// A resource of any type, its properties by wire name; nothing about it is checked by the compiler.
class AnyResource : public Resource {
public:
    AnyResource(const Scope& scope, std::string_view name, const ResourceType& type, ValueMap properties, const Options& options = {},
                std::source_location where = std::source_location::current())
        : Resource{scope, name, type, Declared{.value = std::move(properties), .locations = {}}, options, where} {}

    [[nodiscard]] Output<Value> any_output(std::string_view name) const { return output<Value>(name); }
};

}  // namespace strata
