#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/state/folder_objects.hpp"
#include "engine/state/session.hpp"
#include "tests/scratch_folder.hpp"

namespace strata {

/// A clock that is moved by hand.
class HandClock final : public Clock {
public:
    WallTime now() override { return now_; }
    std::chrono::steady_clock::time_point steady() override { return {}; }
    void pass(Milliseconds time) { now_ += time; }

private:
    WallTime now_ = *parse_iso8601("2026-11-21T00:00:00Z");
};

/// The state of one stack, "lake" of "dev", in a folder of its own.
class StoredLake {
public:
    /// What a run asks of the lock; its lease is not renewed by itself.
    static LockRequest run(const std::string& id, Milliseconds patience = Milliseconds{0}) {
        return {.owner = {.run = id, .user = "ada", .host = "here", .process = 7, .purpose = "up", .since = "2026-11-21T00:00:00Z"},
                .terms = {.renew_every = Milliseconds{0}},
                .patience = patience};
    }
    static ResourceState bucket(const std::string& address) {
        ResourceState resource{.address = address,
                               .type = "aws.s3.Bucket",
                               .provider = "aws",
                               .id = address + "-id",
                               .outputs = {{"Arn", "arn"}},
                               .facets = {},
                               .token = {}};
        resource.facets[""] = {
            .properties = {{"Bucket", address}, {"Password", Value::secret("hunter2")}, {"$odd", Value::map({{"$key", 1}})}},
            .dependencies = {"network/vpc"}};
        return resource;
    }
    static Status put(StateSession& session, const std::string& address) {
        return session.record({{.kind = Mutation::Kind::provider,
                                .key = "aws",
                                .provider = ProviderState{.kind = "aws", .account = "1", .region = "r", .instance = {}}},
                               {.kind = Mutation::Kind::put_resource, .resource = bucket(address)}});
    }
    /// One update that puts one bucket into state.
    static Status update(StateSession& session, const std::string& address) {
        session.begin_update();
        if (auto recorded = put(session, address); !recorded) return recorded;
        return session.finish({});
    }

    Result<std::unique_ptr<StateSession>> open(const std::optional<LockRequest>& lock = {}) {
        return StateSession::open(store, keys, identity, {.lock = lock, .clock = &clock});
    }
    std::unique_ptr<StateSession> writer(const std::string& id = "run-1") {
        auto opened = open(run(id));
        EXPECT_TRUE(opened.ok()) << opened.error().text();
        return opened.ok() ? std::move(*opened) : nullptr;
    }
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return folder / "lake" / name; }
    [[nodiscard]] std::vector<std::string> segments() const { return *real_files().list(folder / "lake/journal"); }

    const ScratchFolder scratch{ScratchFolder::in_memory()};
    const std::filesystem::path& folder = scratch.path;
    const std::unique_ptr<ObjectStore> objects = folder_objects(folder, real_files());
    StateStore store{*objects, "lake"};
    KeyRing keys{SealKey{"0123456789abcdef0123456789abcdef"}};
    StateSession::Identity identity{.stack = "lake", .environment = "dev"};
    HandClock clock;
};

}  // namespace strata
