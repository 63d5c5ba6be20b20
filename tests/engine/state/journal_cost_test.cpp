#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/memory_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

constexpr int resources = 10'000;
constexpr int changes = 1'000;

/// As large in state as the average resource of a mixed AWS stack: 850 bytes.
ResourceState dataset(int number, int version) {
    const auto name = fmt::format("dataset-{}", number);
    ResourceState resource = StoredLake::bucket(name);
    resource.facets[""].properties.set("Description", fmt::format("version {}", version));
    resource.facets[""].properties.set("Tags", Value::map({{"strata:address", name}, {"strata:stack", "lake.dev"}, {"env", "dev"}}));
    resource.facets["versioning"] = {.properties = {{"Status", "Enabled"}}, .dependencies = {name}};
    resource.facets["encryption"] = {.properties = {{"Rule", std::string(160, 'r')}}, .dependencies = {name}};
    return resource;
}

/// The two records of a step, each in a segment of its own: more than that no step costs.
Status change(StateSession& session, int number) {
    const auto resource = dataset(number, 2);
    const auto step = fmt::format("step-{}", number);
    const OpenStep open{.step = step,
                        .action = "update",
                        .address = resource.address,
                        .type = resource.type,
                        .provider = resource.provider,
                        .id = resource.id,
                        .properties = resource.facets.at("").properties};
    if (auto begun = session.record({{.kind = Mutation::Kind::begin, .open = open}}); !begun) return begun;
    return session.record({{.kind = Mutation::Kind::end, .key = step},
                           {.kind = Mutation::Kind::put_facet, .address = resource.address, .facet = resource.facets.at("")}});
}

class JournalCost : public testing::Test {
protected:
    JournalCost() {
        auto session = open("run-1");
        std::vector<Mutation> all{{.kind = Mutation::Kind::provider,
                                   .key = "aws",
                                   .provider = ProviderState{.kind = "aws", .account = "1", .region = "r", .instance = {}}}};
        for (int i = 0; i < resources; ++i) all.push_back({.kind = Mutation::Kind::put_resource, .resource = dataset(i, 1)});
        session->begin_update();
        EXPECT_TRUE(session->record(std::move(all)).ok());
        EXPECT_TRUE(session->finish({}).ok());
        session.reset();
        uploaded = 0;
    }
    std::unique_ptr<StateSession> open(const std::string& run) {
        auto opened =
            StateSession::open(store, keys, {.stack = "lake", .environment = "dev"}, {.lock = StoredLake::run(run), .clock = &clock});
        EXPECT_TRUE(opened.ok()) << opened.error().text();
        return std::move(*opened);
    }

    std::size_t uploaded = 0;  ///< bytes
    MemoryObjects below;
    HookedObjects objects{below, [this](const StoreCall& call) {
                              uploaded += call.content.size();
                              return CallFate::carried_out;
                          }};
    StateStore store{objects, "lake"};
    KeyRing keys{SealKey{"0123456789abcdef0123456789abcdef"}};
    HandClock clock;
};

TEST_F(JournalCost, AThousandChangesOfTenThousandResourcesUploadLessThan20MB) {
    auto session = open("run-2");
    session->begin_update();
    for (int i = 0; i < changes; ++i) ASSERT_TRUE(change(*session, i * (resources / changes)).ok());
    ASSERT_TRUE(session->finish({}).ok());
    session.reset();

    RecordProperty("uploaded_bytes", static_cast<int>(uploaded));
    EXPECT_LT(uploaded, 20'000'000U);
    EXPECT_EQ(open("run-3")->state().find("dataset-990")->facets.at("").properties.find("Description")->text_or(""), "version 2");
}

TEST_F(JournalCost, OneChangeUploadsWhatItChanges) {
    auto session = open("run-2");
    session->begin_update();
    ASSERT_TRUE(change(*session, 7).ok());
    ASSERT_TRUE(session->finish({}).ok());
    session.reset();

    EXPECT_LT(uploaded, 10'000U);
}

}  // namespace
}  // namespace strata
