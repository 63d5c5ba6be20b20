#pragma once

#include <map>
#include <mutex>
#include <string>

#include "engine/state/object_store.hpp"

namespace strata {

/// Objects in memory that keep the contract of ObjectStore: for tests that need thousands of stores, and of disks nothing.
class MemoryObjects final : public ObjectStore {
public:
    using Contents = std::map<std::string, Object, std::less<>>;

    std::string location(std::string_view name) const override;
    Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override;
    Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) override;
    Status copy(const std::string& from, const std::string& to, std::string_view expected) override;
    Status remove(std::span<const std::string> names) override;
    Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) override;
    Result<std::vector<std::string>> folders() override;
    bool wants_probe() const override { return false; }

    /// Everything that is there, by name.
    [[nodiscard]] Contents contents() const;
    /// As whoever has write access to the place may do, without any condition.
    void put(const std::string& name, std::string content);

private:
    std::string put_locked(const std::string& name, std::string content);

    mutable std::mutex mutex_;
    Contents objects_;
    std::size_t writes_ = 0;
};

}  // namespace strata
