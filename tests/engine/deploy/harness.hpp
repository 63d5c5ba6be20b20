#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/crypto.hpp"
#include "engine/base/files.hpp"
#include "engine/deploy/stack_run.hpp"
#include "engine/state/file_store.hpp"
#include "tests/engine/fake_cloud.hpp"

namespace strata::fake {

/// What one `up` did.
struct UpResult {
    Plan plan;
    Outcome outcome;
    std::vector<Error> errors;       ///< of evaluating or planning; then nothing was carried out
    std::vector<std::string> calls;  ///< changes that reached the cloud
};

/// A stack called "test" in environment "dev", with state on disk and the fake cloud behind it.
class Harness {
public:
    Harness() { providers_.push_back(kind(cloud)); }
    ~Harness() { std::filesystem::remove_all(folder); }
    Harness(const Harness&) = delete;
    Harness& operator=(const Harness&) = delete;

    UpResult up(const std::function<void(Stack&)>& program) { return run(program, true); }
    UpResult preview(const std::function<void(Stack&)>& program) { return run(program, false); }
    UpResult destroy() {
        options.destroy = true;
        auto result = run([](Stack&) {}, true);
        options.destroy = false;
        return result;
    }
    [[nodiscard]] State state() {
        auto session = StateSession::open(*store(), key, {.stack = "test", .environment = "dev"});
        return (*session)->state();
    }
    [[nodiscard]] std::unique_ptr<StateStore> store() { return file_store(folder / "test", real_files()); }

    UpResult run(const std::function<void(Stack&)>& program, bool carry_out);

    Cloud cloud;
    RunOptions options;
    Interrupt interrupt;
    std::vector<Event> events;
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("strata-test-" + random_token());
    const SealKey key{"0123456789abcdef0123456789abcdef"};

private:
    std::vector<ProviderKind> providers_;
};

}  // namespace strata::fake
