#include <gtest/gtest.h>
#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/model/path.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::aws {
namespace {

constexpr std::string_view models_folder = STRATA_SOURCE_DIR "/providers/aws/models/";

std::unique_ptr<LoadedModel> model_file(std::string_view service) {
    const auto text = real_files().read(std::string{models_folder} + std::string{service} + ".json");
    EXPECT_TRUE(text.ok()) << service;
    const auto document = parse_json(*text, service);
    EXPECT_TRUE(document.ok()) << service;
    auto model = LoadedModel::load(*document, service);
    EXPECT_TRUE(model.ok()) << service;
    return *std::move(model);
}

bool same_texts(std::span<const std::string_view> a, std::span<const std::string_view> b) { return std::ranges::equal(a, b); }

/// Compares two models from their operations down, each pair of shapes once.
class Comparison {
public:
    bool same(const Member* a, const Member* b) {
        if (!a || !b) return a == b;
        const auto fields = [](const Member& m) {
            return std::tuple{m.name,       m.location_name, m.query_name, m.location,      m.timestamp,
                              m.required,   m.streaming,     m.flattened,  m.xml_attribute, m.host_label,
                              m.json_value, m.sensitive,     m.xml_prefix, m.xml_uri,       m.idempotency_token};
        };
        return fields(*a) == fields(*b) && same(a->shape, b->shape);
    }

    bool same(const Shape* a, const Shape* b) {
        if (!a || !b) return a == b;
        if (!seen_.insert({a, b}).second) return true;
        const auto fields = [](const Shape& s) {
            return std::tuple{s.name,     s.type,  s.location_name, s.payload,    s.timestamp, s.flattened,  s.wrapper,
                              s.is_union, s.fault, s.document,      s.exception,  s.sensitive, s.error_code, s.error_status,
                              s.min,      s.max,   s.pattern,       s.xml_prefix, s.xml_uri};
        };
        const auto members = [this](const Member& x, const Member& y) { return same(&x, &y); };
        return fields(*a) == fields(*b) && same_texts(a->enum_values, b->enum_values) &&
               std::ranges::equal(a->members, b->members, members) && same(a->element, b->element) && same(a->key, b->key);
    }

    static bool same(const Paginator* a, const Paginator* b) {
        if (!a || !b) return a == b;
        return same_texts(a->input_token, b->input_token) && same_texts(a->output_token, b->output_token) &&
               same_texts(a->result_key, b->result_key) && a->limit_key == b->limit_key && a->more_results == b->more_results;
    }

    bool same(const Operation& a, const Operation& b) {
        const auto fields = [](const Operation& o) {
            return std::tuple{o.name,        o.method,           o.request_uri, o.result_wrapper,    o.input_root,      o.input_xml_uri,
                              o.host_prefix, o.unsigned_payload, o.anonymous,   o.checksum_required, o.checksum_member, o.compressed};
        };
        const auto shapes = [this](const Shape* x, const Shape* y) { return same(x, y); };
        return fields(a) == fields(b) && same(a.input, b.input) && same(a.output, b.output) &&
               std::ranges::equal(a.errors, b.errors, shapes) && same(a.paginator, b.paginator);
    }

private:
    std::set<std::pair<const Shape*, const Shape*>> seen_;
};

bool same_waiter(const Waiter& a, const Waiter& b) {
    const auto acceptor = [](const Acceptor& x, const Acceptor& y) {
        return std::tie(x.matcher, x.state, x.argument, x.expected) == std::tie(y.matcher, y.state, y.argument, y.expected);
    };
    return a.name == b.name && a.operation->name == b.operation->name && a.delay_seconds == b.delay_seconds &&
           a.max_attempts == b.max_attempts && std::ranges::equal(a.acceptors, b.acceptors, acceptor);
}

TEST(CompiledModels, AreTheFilesInTheModelsFolder) {
    const auto names = real_files().list(std::filesystem::path{models_folder});
    ASSERT_TRUE(names.ok());
    std::vector<std::string> files;
    for (const auto& name : *names)
        if (name.ends_with(".json")) files.push_back(name.substr(0, name.size() - 5));

    std::vector<std::string> compiled;
    for (const auto* service : compiled_services()) compiled.emplace_back(service->name);
    EXPECT_EQ(compiled, files);
}

TEST(CompiledModels, SayWhatTheirFilesSay) {
    for (const auto* service : compiled_services()) {
        const auto model = model_file(service->name);
        const auto& read = model->service();
        Comparison comparison;

        EXPECT_EQ(service->protocol, read.protocol) << service->name;
        EXPECT_EQ(service->target_prefix, read.target_prefix) << service->name;
        EXPECT_EQ(service->endpoint_prefix, read.endpoint_prefix) << service->name;
        EXPECT_EQ(service->xml_uri, read.xml_uri) << service->name;
        const auto operation = [&](const Operation& a, const Operation& b) { return comparison.same(a, b); };
        EXPECT_TRUE(std::ranges::equal(service->operations, read.operations, operation)) << service->name;
        EXPECT_TRUE(std::ranges::equal(service->waiters, read.waiters, same_waiter)) << service->name;
    }
}

TEST(CompiledModels, AreFoundByName) {
    for (const auto* service : compiled_services()) EXPECT_EQ(find_service(service->name), service);
    EXPECT_EQ(find_service("nope"), nullptr);
    EXPECT_EQ(find_service(""), nullptr);
}

TEST(CompiledModels, HoldOnlyPathsThatCanBeRead) {
    std::size_t checked = 0;
    const auto check = [&](std::string_view path) {
        if (path.empty()) return;
        EXPECT_TRUE(check_path(path).ok()) << path;
        ++checked;
    };
    for (const auto* service : compiled_services()) {
        for (const auto& waiter : service->waiters)
            for (const auto& acceptor : waiter.acceptors) check(acceptor.argument);
        for (const auto& operation : service->operations) {
            if (!operation.paginator) continue;
            std::ranges::for_each(operation.paginator->output_token, check);
            std::ranges::for_each(operation.paginator->result_key, check);
            check(operation.paginator->more_results);
        }
    }
    EXPECT_GT(checked, 200U);
}

TEST(CompiledModels, SpeakWhereBotocoreOffersSeveralProtocolsOneThatWeSpeak) {
    EXPECT_EQ(find_service("cloudwatch")->protocol, Protocol::json);
    EXPECT_EQ(find_service("cloudwatch")->target_prefix, "GraniteServiceVersion20100801");
    EXPECT_EQ(find_service("sqs")->protocol, Protocol::json);
}

}  // namespace
}  // namespace strata::aws
