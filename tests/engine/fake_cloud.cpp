#include "tests/engine/fake_cloud.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace strata::fake {

namespace {

constexpr Schema text{.shape = PropertyShape::text};
constexpr Schema number{.shape = PropertyShape::integer};
constexpr Schema flag{.shape = PropertyShape::boolean};
constexpr Schema texts{.shape = PropertyShape::list, .element = &text};
constexpr Schema text_set{.shape = PropertyShape::set, .element = &text};
constexpr Schema text_map{.shape = PropertyShape::map, .element = &text};

constexpr std::array<PropertySchema, 9> box_properties = {{
    {.name = "Content", .label = "content", .schema = &text},
    {.name = "Force", .label = "force", .schema = &flag, .local = true},
    {.name = "Lock", .label = "lock", .schema = &flag, .facet = 1},
    {.name = "Name", .label = "name", .schema = &text, .replaces = true},
    {.name = "Password", .label = "password", .schema = &text, .write_only = true, .secret = true},
    {.name = "Rules", .label = "rules", .schema = &text_set, .default_json = "[]", .facet = 2},
    {.name = "Shelves", .label = "shelves", .schema = &texts},
    {.name = "Size", .label = "size", .schema = &number, .default_json = "1"},
    {.name = "Tags", .label = "tags", .schema = &text_map},
}};
constexpr std::array<Facet, 3> box_facets = {{{.label = "", .kind = FacetKind::core},
                                              {.label = "lock", .kind = FacetKind::document},
                                              {.label = "rules", .kind = FacetKind::set, .detach_first = true}}};
constexpr std::array<OutputSchema, 3> box_outputs = {
    {{.name = "Arn", .label = "arn", .stable = true}, {.name = "Etag", .label = "etag"}, {.name = "Id", .label = "id", .stable = true}}};

constexpr std::array<PropertySchema, 2> key_properties = {{
    {.name = "Algorithm", .label = "algorithm", .schema = &text, .replaces = true},
    {.name = "Box", .label = "box", .schema = &text, .replaces = true},
}};
constexpr std::array<Facet, 1> key_facets = {{{.label = "", .kind = FacetKind::core}}};
constexpr std::array<OutputSchema, 1> key_outputs = {{{.name = "Id", .label = "id", .stable = true}}};

std::string facet_name(const Step& step) { return std::string{step.type->facets[step.facet].label}; }

class FakeProvider final : public Provider {
public:
    FakeProvider(Cloud& cloud, std::string instance) : cloud_{cloud}, instance_{std::move(instance)} {}

    Result<ProviderIdentity> configure() override {
        return ProviderIdentity{.account = cloud_.account,
                                .region = cloud_.regions.contains(instance_) ? cloud_.regions[instance_] : "here",
                                .partition = "fake",
                                .principal = "tester"};
    }

    void check(const ResourceType& type, const ValueMap& properties, const Report& report) const override {
        const auto* size = properties.find("Size");
        if (&type == &box_type && size != nullptr && size->integer_or(1) < 0) report("Size", "it is below 0.", "Give 0 or more.");
    }

    std::string generate_name(const ResourceType&, const ValueMap&, std::string_view wanted, std::string_view suffix) const override {
        return fmt::format("{}-{}", wanted, suffix);
    }

    std::string planned_id(const ResourceType& type, const ValueMap& properties) const override {
        const auto* name = properties.find("Name");
        return &type == &box_type && name != nullptr && name->string() != nullptr ? *name->string() : std::string{};
    }

    ValueMap planned_outputs(const ResourceType& type, const ValueMap& properties) const override {
        const auto id = planned_id(type, properties);
        return id.empty() ? ValueMap{} : ValueMap{{"Id", id}, {"Arn", "arn:fake:" + id}};
    }

    std::vector<Value> service_defaults(const ResourceType&, std::string_view property, const Live& live, const ValueMap&) const override {
        if (property == "Lock") return {Value{false}};
        if (property == "Content") return {Value{"first page of " + live.id}};
        return {};
    }

    std::vector<ReadResult> read(std::span<const ReadItem> items, ReadDepth depth) override {
        const std::scoped_lock hold{cloud_.mutex};
        std::vector<ReadResult> results;
        for (const auto& item : items) {
            ++cloud_.reads;
            const auto at = cloud_.objects.find(item.id);
            if (cloud_.unreadable.contains(item.id))
                results.emplace_back(
                    Unreadable{Error{.kind = ErrorKind::access_denied, .summary = "Access denied", .cause = item.address}});
            else if (at == cloud_.objects.end() || (depth == ReadDepth::batched && cloud_.batched_read_misses.contains(item.id)))
                results.emplace_back(Absent{});
            else
                results.emplace_back(Live{.id = item.id,
                                          .properties = at->second.properties,
                                          .outputs = at->second.outputs,
                                          .pending = cloud_.pending.contains(item.id)});
        }
        return results;
    }

    Result<Progress> begin(const Step& step) override {
        const std::scoped_lock hold{cloud_.mutex};
        if (step.timeout.count() > 0) cloud_.timeouts[step.address] = step.timeout;
        cloud_.changed_by.push_back(instance_);
        if (cloud_.refuse)
            if (auto refused = cloud_.refuse(step)) return *refused;
        auto progress = step.facet == 0 ? change_core(step) : change_facet(step);
        if (cloud_.lose_answer && cloud_.lose_answer(step))
            return Error{.kind = ErrorKind::outcome_unknown, .summary = "The answer was lost", .cause = step.address, .remedy = {}};
        return progress;
    }

    Result<Progress> poll(const Step& step, const Value& cursor) override {
        const auto left = cursor.find("left")->integer_or(0);
        const std::string id{cursor.find("id")->text_or("")};
        const std::scoped_lock hold{cloud_.mutex};
        if (cloud_.poll_fails)
            return Error{.kind = ErrorKind::service, .summary = "It did not become usable", .cause = step.id, .remedy = {}};
        if (left > 1 && !cloud_.ready) return waiting(left - 1, id);
        const auto made = cloud_.objects.find(id);
        if (step.action == StepAction::remove) {
            if (made != cloud_.objects.end()) cloud_.objects.erase(made);
            return Progress{.done = true, .id = id};
        }
        if (made == cloud_.objects.end())
            return Error{.kind = ErrorKind::not_found, .summary = "Gone again", .cause = step.address, .remedy = {}};
        return Progress{.done = true, .id = id, .outputs = made->second.outputs};
    }

    Result<std::optional<std::string>> find_orphan(const Step& step) override {
        const std::scoped_lock hold{cloud_.mutex};
        for (const auto& [id, object] : cloud_.objects)
            if (object.token == step.token) return std::optional{id};
        return std::optional<std::string>{};
    }

    std::vector<Result<std::vector<Candidate>>> find_existing(std::string_view stack, std::span<const Sought> sought) override {
        const std::scoped_lock hold{cloud_.mutex};
        std::vector<Result<std::vector<Candidate>>> answers;
        for (const auto& one : sought) answers.push_back(candidates(stack, one));
        return answers;
    }

    Result<std::vector<TaggedThing>> find_tagged(std::string_view stack) override {
        const std::scoped_lock hold{cloud_.mutex};
        std::vector<TaggedThing> things;
        for (const auto& [id, object] : cloud_.objects)
            if (tag(object, "strata:stack") == stack) things.push_back({.id = "arn:fake:" + id, .address = tag(object, "strata:address")});
        return things;
    }

    Result<ValueMap> look_up(std::string_view kind, const ValueMap& arguments) override {
        if (arguments.contains("Missing"))
            return Error{.kind = ErrorKind::not_found, .summary = "Nothing found", .cause = std::string{kind}, .remedy = {}};
        auto answer = arguments;
        answer.set("Instance", instance_);
        return answer;
    }

private:
    static Progress waiting(std::int64_t left, const std::string& id) {
        return {.cursor = Value::map({{"left", left}, {"id", id}}), .again_in = Milliseconds{1}, .text = "waiting", .id = id};
    }

    static std::string tag(const Object& object, std::string_view key) {
        const auto* tags = object.properties.find("Tags");
        const auto* value = tags != nullptr ? tags->find(key) : nullptr;
        return value != nullptr ? std::string{value->text_or("")} : std::string{};
    }

    Result<std::vector<Candidate>> candidates(std::string_view stack, const Sought& sought) {
        if (sought.type == &key_type)
            return Error{.kind = ErrorKind::outcome_unknown, .summary = "Not to be found", .cause = "Keys carry no tags.", .remedy = {}};
        std::vector<Candidate> found;
        for (const auto& [id, object] : cloud_.objects) {
            const bool named = id == planned_id(*sought.type, sought.desired);
            const auto address = tag(object, "strata:address");
            const bool ours =
                tag(object, "strata:stack") == stack && std::ranges::find(sought.addresses, address) != sought.addresses.end();
            if (named && cloud_.unreadable.contains(id))
                return Error{.kind = ErrorKind::access_denied, .summary = "Access denied", .cause = id, .remedy = {}};
            if (ours) found.push_back({.id = id});
            else if (named) found.push_back({.id = id, .ours = false, .claim = "it carries other tags"});
        }
        return found;
    }

    Result<Progress> change_core(const Step& step) {
        if (step.action == StepAction::remove) {
            cloud_.calls.push_back("remove " + step.id);
            if (cloud_.polls_to_change > 0) return waiting(cloud_.polls_to_change, step.id);
            cloud_.objects.erase(step.id);
            return Progress{.done = true};
        }
        if (step.action == StepAction::update) {
            if (step.settle_first && step.changed.empty()) return waiting(1, step.id);
            cloud_.calls.push_back("update " + step.id);
            auto& object = cloud_.objects[step.id];
            for (const auto& [name, value] : step.desired) store(object.properties, name, value);
            object.outputs.set("Etag", fmt::format("v{}", cloud_.calls.size()));
            if (cloud_.polls_to_change > 0) return waiting(cloud_.polls_to_change, step.id);
            return Progress{.done = true, .id = step.id, .outputs = object.outputs};
        }
        const auto id = step.id.empty() ? fmt::format("key-{}", ++cloud_.keys_made) : step.id;
        cloud_.calls.push_back("create " + id);
        if (cloud_.objects.contains(id)) return Error{.kind = ErrorKind::conflict, .summary = "Exists already", .cause = id, .remedy = {}};
        Object object{.type = std::string{step.type->name},
                      .properties = {},
                      .outputs = {{"Id", id}, {"Arn", "arn:fake:" + id}, {"Etag", "v1"}},
                      .token = step.token,
                      .instance = instance_};
        for (const auto& [name, value] : step.desired) store(object.properties, name, value);
        cloud_.objects[id] = object;
        if (cloud_.polls_needed > 0) return waiting(cloud_.polls_needed, id);
        return Progress{.done = true, .id = id, .outputs = object.outputs};
    }

    Result<Progress> change_facet(const Step& step) {
        cloud_.calls.push_back(fmt::format("{} {} {}",
                                           step.action == StepAction::remove   ? "remove"
                                           : step.action == StepAction::create ? "create"
                                                                               : "update",
                                           step.id, facet_name(step)));
        auto& object = cloud_.objects[step.id];
        if (step.action == StepAction::remove)
            for (const auto& [name, value] : step.previous) object.properties.erase(name);
        for (const auto& [name, value] : step.desired) store(object.properties, name, value);
        return Progress{.done = true, .id = step.id};
    }

    static void store(ValueMap& properties, const std::string& name, const Value& value) {
        if (name == "Password" || name == "Force") return;
        if (value.is_null() && name == "Lock") properties.set(name, false);
        else if (value.is_null()) properties.erase(name);
        else properties.set(name, value.without_marks());
    }

    Cloud& cloud_;
    std::string instance_;
};

const ResourceType* find_type(std::string_view name) {
    if (name == box_type.name) return &box_type;
    if (name == key_type.name) return &key_type;
    return nullptr;
}

Declared fields(const BoxArgs& args) {
    return gather({{"Content", &args.content},
                   {"Force", &args.force},
                   {"Lock", &args.lock},
                   {"Name", &args.name},
                   {"Password", &args.password},
                   {"Rules", &args.rules},
                   {"Shelves", &args.shelves},
                   {"Size", &args.size},
                   {"Tags", &args.tags}});
}

Declared fields(const KeyArgs& args) { return gather({{"Algorithm", &args.algorithm}, {"Box", &args.box}}); }

}  // namespace

constinit const ResourceType box_type{.name = "fake.Box",
                                      .provider = "fake",
                                      .properties = box_properties,
                                      .facets = box_facets,
                                      .outputs = box_outputs,
                                      .holds_data = true,
                                      .tags_property = "Tags",
                                      .name_property = "Name"};
constinit const ResourceType key_type{.name = "fake.Key",
                                      .provider = "fake",
                                      .properties = key_properties,
                                      .facets = key_facets,
                                      .outputs = key_outputs,
                                      .recovery = RecoveryClass::token};

ProviderKind kind(Cloud& cloud) {
    return {.name = "fake",
            .make = [&cloud](const ProviderDeclaration& declaration) -> Result<std::unique_ptr<Provider>> {
                return std::unique_ptr<Provider>{std::make_unique<FakeProvider>(cloud, declaration.name)};
            },
            .find_type = &find_type};
}

Box::Box(const Scope& scope, std::string_view name, const BoxArgs& args, const Options& options, std::source_location where)
    : Resource{scope, name, box_type, fields(args), options, where} {}

Output<std::string> look_up(const Scope& scope, std::string_view output, ValueMap arguments, const LookupOptions& options,
                            std::source_location where) {
    auto& graph = scope.stack().graph();
    return {graph, graph.add(Node{LookupNode{.kind = "fake.Image",
                                             .provider = scope.provider_for(options),
                                             .arguments = std::move(arguments),
                                             .output = std::string{output},
                                             .declared_at = Location::of(where)}})};
}

Key::Key(const Scope& scope, std::string_view name, const KeyArgs& args, const Options& options, std::source_location where)
    : Resource{scope, name, key_type, fields(args), options, where} {}

}  // namespace strata::fake
