#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "engine/state/object_store.hpp"

namespace strata {

/// One call of an ObjectStore.
struct StoreCall {
    enum class Kind : std::uint8_t { read, write, copy, remove, list, folders };
    Kind kind = Kind::read;
    std::string name;  ///< of the object, the first of several, or the folder
    std::string content = {};
    bool conditional = false;  ///< a write, or a copy of one version

    [[nodiscard]] bool changes_something() const { return kind == Kind::write || kind == Kind::copy || kind == Kind::remove; }
};

/// What becomes of a call.
enum class CallFate : std::uint8_t {
    carried_out,
    fails,        ///< nothing is done, and an error answered
    conflicts,    ///< nothing is done, and a conflict answered; what has no condition fails
    answer_lost,  ///< it is done, and an error answered
};

/// Another store, with a say in what becomes of each call.
class HookedObjects final : public ObjectStore {
public:
    using Before = std::function<CallFate(const StoreCall&)>;
    using After = std::function<void(const StoreCall&, bool done)>;

    /// @param before  asked before each call
    /// @param after   told after each; may be empty
    HookedObjects(ObjectStore& below, Before before, After after = {})
        : below_{below}, before_{std::move(before)}, after_{std::move(after)} {}

    std::string location(std::string_view name) const override { return below_.location(name); }
    Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override {
        return attempt({.kind = StoreCall::Kind::read, .name = first_of(names)}, [&] { return below_.read(names); });
    }
    Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) override {
        return attempt({.kind = StoreCall::Kind::write, .name = name, .content = std::string{content}, .conditional = true},
                       [&] { return below_.write(name, content, expected); });
    }
    Status copy(const std::string& from, const std::string& to, std::string_view expected) override {
        return attempt({.kind = StoreCall::Kind::copy, .name = to, .conditional = !expected.empty()},
                       [&] { return below_.copy(from, to, expected); });
    }
    Status remove(std::span<const std::string> names) override {
        return attempt({.kind = StoreCall::Kind::remove, .name = first_of(names)}, [&] { return below_.remove(names); });
    }
    Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) override {
        return attempt({.kind = StoreCall::Kind::list, .name = folder}, [&] { return below_.list(folder, after); });
    }
    Result<std::vector<std::string>> folders() override {
        return attempt({.kind = StoreCall::Kind::folders, .name = {}}, [&] { return below_.folders(); });
    }
    bool wants_probe() const override { return below_.wants_probe(); }

private:
    static std::string first_of(std::span<const std::string> names) { return names.empty() ? std::string{} : names.front(); }

    template <typename Call>
    auto attempt(const StoreCall& call, const Call& carry_out) -> decltype(carry_out()) {
        const auto fate = before_(call);
        if (fate == CallFate::carried_out) {
            auto answer = carry_out();
            if (after_) after_(call, answer.ok());
            return answer;
        }
        const bool done = fate == CallFate::answer_lost && carry_out().ok();
        if (after_) after_(call, done);
        const bool conflict = fate == CallFate::conflicts && call.conditional;
        return Error{
            .kind = conflict ? ErrorKind::conflict : ErrorKind::network, .summary = "The store failed", .cause = call.name, .remedy = {}};
    }

    ObjectStore& below_;
    Before before_;
    After after_;
};

}  // namespace strata
