#include "providers/aws/model/loaded_model.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata::aws {

namespace {

template <typename T>
using Word = std::pair<std::string_view, T>;

constexpr std::array<Word<ShapeType>, 12> shape_types = {{{"structure", ShapeType::structure},
                                                          {"list", ShapeType::list},
                                                          {"map", ShapeType::map},
                                                          {"string", ShapeType::string},
                                                          {"character", ShapeType::string},
                                                          {"integer", ShapeType::integer},
                                                          {"long", ShapeType::integer},
                                                          {"float", ShapeType::real},
                                                          {"double", ShapeType::real},
                                                          {"boolean", ShapeType::boolean},
                                                          {"timestamp", ShapeType::timestamp},
                                                          {"blob", ShapeType::blob}}};
constexpr std::array<Word<WireLocation>, 5> wire_locations = {{{"uri", WireLocation::uri},
                                                               {"querystring", WireLocation::query_string},
                                                               {"header", WireLocation::header},
                                                               {"headers", WireLocation::headers},
                                                               {"statusCode", WireLocation::status_code}}};
constexpr std::array<Word<TimestampFormat>, 3> timestamp_formats = {
    {{"iso8601", TimestampFormat::iso8601}, {"rfc822", TimestampFormat::rfc822}, {"unixTimestamp", TimestampFormat::unix_time}}};
constexpr std::array<Word<Protocol>, 5> protocols = {{{"ec2", Protocol::ec2},
                                                      {"query", Protocol::query},
                                                      {"json", Protocol::json},
                                                      {"rest-json", Protocol::rest_json},
                                                      {"rest-xml", Protocol::rest_xml}}};
constexpr std::array<Word<Acceptor::Matcher>, 5> matchers = {{{"path", Acceptor::Matcher::path},
                                                              {"pathAll", Acceptor::Matcher::path_all},
                                                              {"pathAny", Acceptor::Matcher::path_any},
                                                              {"status", Acceptor::Matcher::status},
                                                              {"error", Acceptor::Matcher::error}}};
constexpr std::array<Word<Acceptor::State>, 3> states = {
    {{"success", Acceptor::State::success}, {"failure", Acceptor::State::failure}, {"retry", Acceptor::State::retry}}};

template <typename Table>
auto meaning(const Table& table, std::string_view word) -> std::optional<typename Table::value_type::second_type> {
    for (const auto& [known, value] : table)
        if (known == word) return value;
    return std::nullopt;
}

const ValueMap& map_at(const Value* value) {
    static const ValueMap nothing;
    const auto* found = value ? value->map() : nullptr;
    return found ? *found : nothing;
}

const ValueList& list_at(const Value* value) {
    static const ValueList nothing;
    const auto* found = value ? value->list() : nullptr;
    return found ? *found : nothing;
}

std::string_view text_at(const Value* value) { return value ? value->text_or({}) : std::string_view{}; }
bool flag_at(const Value* value) { return value && value->boolean_or(false); }

std::optional<double> number_at(const Value* value) {
    if (!value) return std::nullopt;
    if (const auto* whole = value->integer()) return static_cast<double>(*whole);
    if (const auto* real = value->real()) return *real;
    return std::nullopt;
}

/// `otherwise` also where the number is none that a count or a time in seconds can be.
std::int32_t count_at(const Value* value, std::int32_t otherwise) {
    const auto number = value ? value->integer_or(otherwise) : otherwise;
    return number >= 0 && number <= std::numeric_limits<std::int32_t>::max() ? static_cast<std::int32_t>(number) : otherwise;
}

/// The entry for `key` at a reference to a shape, or else at the shape itself: so botocore resolves references.
const Value* merged(const Value& reference, const Value& shape, std::string_view key) {
    const auto* own = reference.find(key);
    return own ? own : shape.find(key);
}

/// Builds the tables once; afterwards nothing is added, so that every pointer between them holds.
class ReadModel final : public LoadedModel {
public:
    ReadModel(const Value& document, std::string_view name) : document_{document}, name_{name} {}

    [[nodiscard]] const Service& service() const override { return service_; }
    [[nodiscard]] std::span<const Shape> shapes() const override { return shapes_; }

    Status read() {
        read_metadata();
        read_shapes();
        read_paginators();
        read_operations();
        read_waiters();
        if (mistake_.empty()) return {};
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "Not a service model",
                     .cause = fmt::format("{}: {}.", name_, mistake_),
                     .remedy = "Give a botocore service-2.json, or a file of the same form."};
    }

private:
    /// The first mistake counts; what follows from it would only confuse.
    void wrong(std::string what) {
        if (mistake_.empty()) mistake_ = std::move(what);
    }

    /// Some models give a version as a number.
    std::string_view version_at(const Value* value) {
        if (!value || value->string()) return text_at(value);
        return made_texts_.emplace_back(to_json(*value));
    }

    std::span<const std::string_view> texts(const Value* value) {
        if (value && value->string()) return texts_.emplace_back(std::vector{std::string_view{*value->string()}});
        std::vector<std::string_view> found;
        for (const auto& item : list_at(value)) found.push_back(item.text_or({}));
        return found.empty() ? std::span<const std::string_view>{} : texts_.emplace_back(std::move(found));
    }

    const Shape* shape(std::string_view shape_name, std::string_view user) {
        const auto at = std::ranges::lower_bound(shapes_, shape_name, {}, &Shape::name);
        if (at != shapes_.end() && at->name == shape_name) return &*at;
        wrong(fmt::format("{} names the shape \"{}\", which is not there", user, shape_name));
        return nullptr;
    }

    void read_metadata();
    void read_shapes();
    void read_shape(const Value& source, Shape& shape);
    void read_constraints(const Value& source, Shape& shape);
    Member read_member(std::string_view name, const Value& reference, std::string_view user);
    const Member* read_part(const Value* reference, std::string_view user);
    void read_paginators();
    void read_operations();
    void read_operation(const Value& source, Operation& operation);
    void read_checksum(const Value& source, Operation& operation);
    void read_waiters();
    Acceptor read_acceptor(const Value& source, std::string_view waiter);

    Value document_;
    std::string name_;
    std::string mistake_;
    Service service_;
    std::vector<Shape> shapes_;
    std::vector<Operation> operations_;
    std::vector<Waiter> waiters_;
    std::vector<std::pair<std::string_view, Paginator>> paginators_;
    std::deque<std::vector<Member>> members_;
    std::deque<std::vector<std::string_view>> texts_;
    std::deque<std::vector<const Shape*>> errors_;
    std::deque<std::vector<Acceptor>> acceptors_;
    std::deque<std::string> made_texts_;
};

void ReadModel::read_metadata() {
    const Value nothing;
    const auto* found = document_.find("metadata");
    const auto& metadata = found ? *found : nothing;
    const auto protocol = meaning(protocols, text_at(metadata.find("protocol")));
    if (!protocol) wrong(fmt::format("metadata.protocol \"{}\" is not one that Strata speaks", text_at(metadata.find("protocol"))));

    const auto* namespace_of = metadata.find("xmlNamespace");
    const bool plain = namespace_of && namespace_of->string();
    service_ = Service{.name = name_,
                       .service_id = text_at(metadata.find("serviceId")),
                       .endpoint_prefix = text_at(metadata.find("endpointPrefix")),
                       .signing_name = text_at(metadata.find("signingName")),
                       .api_version = text_at(metadata.find("apiVersion")),
                       .target_prefix = text_at(metadata.find("targetPrefix")),
                       .json_version = version_at(metadata.find("jsonVersion")),
                       .protocol = protocol.value_or(Protocol::json),
                       .xml_prefix = plain || !namespace_of ? "" : text_at(namespace_of->find("prefix")),
                       .xml_uri = plain || !namespace_of ? text_at(namespace_of) : text_at(namespace_of->find("uri")),
                       .query_compatible = metadata.find("awsQueryCompatible") != nullptr};
}

void ReadModel::read_shapes() {
    const auto& sources = map_at(document_.find("shapes"));
    shapes_.reserve(sources.size());
    for (const auto& [shape_name, source] : sources) {
        const auto type = meaning(shape_types, text_at(source.find("type")));
        if (!type) wrong(fmt::format("the type of shape {} is not known", shape_name));
        shapes_.push_back(Shape{.name = shape_name, .type = type.value_or(ShapeType::string)});
    }
    std::size_t i = 0;
    for (const auto& [shape_name, source] : sources) read_shape(source, shapes_[i++]);
}

void ReadModel::read_shape(const Value& source, Shape& shape) {
    shape.location_name = text_at(source.find("locationName"));
    shape.payload = text_at(source.find("payload"));
    shape.timestamp = meaning(timestamp_formats, text_at(source.find("timestampFormat"))).value_or(TimestampFormat::unset);
    shape.flattened = flag_at(source.find("flattened"));
    shape.wrapper = flag_at(source.find("wrapper"));
    shape.is_union = flag_at(source.find("union"));
    shape.document = flag_at(source.find("document"));
    shape.exception = flag_at(source.find("exception"));
    shape.sensitive = flag_at(source.find("sensitive"));
    shape.fault = flag_at(source.find("fault"));
    if (const auto* space = source.find("xmlNamespace")) {
        shape.xml_prefix = text_at(space->find("prefix"));
        shape.xml_uri = space->string() ? text_at(space) : text_at(space->find("uri"));
    }
    read_constraints(source, shape);

    shape.element = read_part(source.find(shape.type == ShapeType::map ? "value" : "member"), shape.name);
    shape.key = read_part(source.find("key"), shape.name);
    auto& members = members_.emplace_back();
    for (const auto& [member_name, reference] : map_at(source.find("members")))
        members.push_back(read_member(member_name, reference, shape.name));
    for (const auto& required : list_at(source.find("required")))
        for (auto& member : members)
            if (member.name == required.text_or({})) member.required = true;
    shape.members = members;
    const bool lacks_part = (shape.type == ShapeType::list || shape.type == ShapeType::map) && !shape.element;
    if (lacks_part || (shape.type == ShapeType::map && !shape.key)) wrong(fmt::format("shape {} does not say what it holds", shape.name));
}

void ReadModel::read_constraints(const Value& source, Shape& shape) {
    shape.enum_values = texts(source.find("enum"));
    shape.min = number_at(source.find("min"));
    shape.max = number_at(source.find("max"));
    shape.pattern = text_at(source.find("pattern"));
    if (const auto* error = source.find("error")) {
        shape.error_code = text_at(error->find("code"));
        shape.error_status = count_at(error->find("httpStatusCode"), 0);
    }
}

Member ReadModel::read_member(std::string_view member_name, const Value& reference, std::string_view user) {
    Member member{.name = member_name};
    member.shape = shape(text_at(reference.find("shape")), fmt::format("{}.{}", user, member_name));
    const Value nothing;
    const auto* target = member.shape ? document_.find("shapes")->find(member.shape->name) : &nothing;
    const auto own = [&](std::string_view key) { return merged(reference, *target, key); };

    // Not the shape's: that names the shape where it is a document's root.
    member.location_name = text_at(reference.find("locationName"));
    member.query_name = text_at(own("queryName"));
    member.location = meaning(wire_locations, text_at(own("location"))).value_or(WireLocation::body);
    member.timestamp = meaning(timestamp_formats, text_at(own("timestampFormat"))).value_or(TimestampFormat::unset);
    member.streaming = flag_at(own("streaming"));
    member.flattened = flag_at(own("flattened"));
    member.xml_attribute = flag_at(own("xmlAttribute"));
    member.idempotency_token = flag_at(own("idempotencyToken"));
    member.host_label = flag_at(own("hostLabel"));
    member.json_value = flag_at(own("jsonvalue"));
    member.sensitive = flag_at(own("sensitive"));
    if (const auto* space = own("xmlNamespace")) {
        member.xml_prefix = text_at(space->find("prefix"));
        member.xml_uri = space->string() ? text_at(space) : text_at(space->find("uri"));
    }
    return member;
}

const Member* ReadModel::read_part(const Value* reference, std::string_view user) {
    if (!reference) return nullptr;
    auto& part = members_.emplace_back(std::vector{read_member({}, *reference, user)});
    return part.data();
}

void ReadModel::read_paginators() {
    const auto* found = document_.find("paginators");
    for (const auto& [operation_name, source] : map_at(found ? found : document_.find("pagination"))) {
        Paginator paginator{.input_token = texts(source.find("input_token")),
                            .output_token = texts(source.find("output_token")),
                            .result_key = texts(source.find("result_key")),
                            .limit_key = text_at(source.find("limit_key")),
                            .more_results = text_at(source.find("more_results"))};
        paginators_.emplace_back(operation_name, paginator);
    }
}

void ReadModel::read_operations() {
    const auto& sources = map_at(document_.find("operations"));
    if (sources.empty()) wrong("it has no operations");
    operations_.reserve(sources.size());
    for (const auto& [operation_name, source] : sources)
        read_operation(source, operations_.emplace_back(Operation{.name = operation_name}));
    service_.operations = operations_;
}

void ReadModel::read_operation(const Value& source, Operation& operation) {
    if (const auto* http = source.find("http")) {
        if (const auto* method = http->find("method")) operation.method = text_at(method);
        if (const auto* uri = http->find("requestUri")) operation.request_uri = text_at(uri);
    }
    if (const auto* input = source.find("input")) {
        operation.input = shape(text_at(input->find("shape")), operation.name);
        operation.input_root = text_at(input->find("locationName"));
        if (const auto* space = input->find("xmlNamespace")) operation.input_xml_uri = text_at(space->find("uri"));
    }
    if (const auto* output = source.find("output")) {
        operation.output = shape(text_at(output->find("shape")), operation.name);
        operation.result_wrapper = text_at(output->find("resultWrapper"));
    }
    auto& errors = errors_.emplace_back();
    for (const auto& error : list_at(source.find("errors")))
        errors.push_back(shape(error.string() ? *error.string() : text_at(error.find("shape")), operation.name));
    operation.errors = errors;
    if (const auto* endpoint = source.find("endpoint")) operation.host_prefix = text_at(endpoint->find("hostPrefix"));
    const auto authorization = text_at(source.find("authtype"));
    operation.unsigned_payload = authorization == "v4-unsigned-body" || flag_at(source.find("unsignedPayload"));
    operation.anonymous = authorization == "none";
    operation.compressed = source.find("requestcompression") != nullptr;
    read_checksum(source, operation);
    for (const auto& [paged, paginator] : paginators_)
        if (paged == operation.name) operation.paginator = &paginator;
}

void ReadModel::read_checksum(const Value& source, Operation& operation) {
    operation.checksum_required = flag_at(source.find("httpChecksumRequired"));
    const auto* checksum = source.find("httpChecksum");
    if (!checksum) return;
    operation.checksum_required |= flag_at(checksum->find("requestChecksumRequired"));
    operation.checksum_member = text_at(checksum->find("requestAlgorithmMember"));
}

void ReadModel::read_waiters() {
    const auto& sources = map_at(document_.find("waiters"));
    waiters_.reserve(sources.size());
    for (const auto& [waiter_name, source] : sources) {
        auto& acceptors = acceptors_.emplace_back();
        for (const auto& acceptor : list_at(source.find("acceptors"))) acceptors.push_back(read_acceptor(acceptor, waiter_name));
        const auto* operation = service_.operation(text_at(source.find("operation")));
        if (!operation) wrong(fmt::format("waiter {} polls an operation that is not there", waiter_name));
        waiters_.push_back(Waiter{.name = waiter_name,
                                  .operation = operation,
                                  .delay_seconds = count_at(source.find("delay"), 15),
                                  .max_attempts = count_at(source.find("maxAttempts"), 40),
                                  .acceptors = acceptors});
    }
    service_.waiters = waiters_;
}

Acceptor ReadModel::read_acceptor(const Value& source, std::string_view waiter) {
    const auto matcher = meaning(matchers, text_at(source.find("matcher")));
    const auto state = meaning(states, text_at(source.find("state")));
    const auto* expected = source.find("expected");
    if (!matcher || !state || !expected) {
        wrong(fmt::format("waiter {} has an acceptor that is not complete", waiter));
        return {};
    }
    const auto text = expected->string() ? std::string_view{*expected->string()} : made_texts_.emplace_back(to_json(*expected));
    return Acceptor{.matcher = *matcher, .state = *state, .argument = text_at(source.find("argument")), .expected = text};
}

}  // namespace

Result<std::unique_ptr<LoadedModel>> LoadedModel::load(const Value& document, std::string_view name) {
    auto model = std::make_unique<ReadModel>(document, name);
    if (auto read = model->read(); !read) return std::move(read).error();
    return std::unique_ptr<LoadedModel>{std::move(model)};
}

}  // namespace strata::aws
