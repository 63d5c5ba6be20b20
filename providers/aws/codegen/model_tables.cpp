#include "providers/aws/codegen/model_tables.hpp"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "providers/aws/codegen/model_literal.hpp"

namespace strata::codegen {

namespace {

using namespace aws;

constexpr std::string_view type_name(ShapeType type) {
    switch (type) {
        case ShapeType::structure: return "structure";
        case ShapeType::list: return "list";
        case ShapeType::map: return "map";
        case ShapeType::string: return "string";
        case ShapeType::integer: return "integer";
        case ShapeType::real: return "real";
        case ShapeType::boolean: return "boolean";
        case ShapeType::timestamp: return "timestamp";
        case ShapeType::blob: return "blob";
    }
    return {};
}

constexpr std::string_view location_name(WireLocation location) {
    switch (location) {
        case WireLocation::body: return "body";
        case WireLocation::uri: return "uri";
        case WireLocation::query_string: return "query_string";
        case WireLocation::header: return "header";
        case WireLocation::headers: return "headers";
        case WireLocation::status_code: return "status_code";
    }
    return {};
}

constexpr std::string_view format_name(TimestampFormat format) {
    switch (format) {
        case TimestampFormat::unset: return "unset";
        case TimestampFormat::iso8601: return "iso8601";
        case TimestampFormat::rfc822: return "rfc822";
        case TimestampFormat::unix_time: return "unix_time";
    }
    return {};
}

constexpr std::string_view protocol_name(Protocol protocol) {
    switch (protocol) {
        case Protocol::ec2: return "ec2";
        case Protocol::query: return "query";
        case Protocol::json: return "json";
        case Protocol::rest_json: return "rest_json";
        case Protocol::rest_xml: return "rest_xml";
    }
    return {};
}

constexpr std::string_view matcher_name(Acceptor::Matcher matcher) {
    switch (matcher) {
        case Acceptor::Matcher::path: return "path";
        case Acceptor::Matcher::path_all: return "path_all";
        case Acceptor::Matcher::path_any: return "path_any";
        case Acceptor::Matcher::status: return "status";
        case Acceptor::Matcher::error: return "error";
    }
    return {};
}

constexpr std::string_view state_name(Acceptor::State state) {
    switch (state) {
        case Acceptor::State::success: return "success";
        case Acceptor::State::failure: return "failure";
        case Acceptor::State::retry: return "retry";
    }
    return {};
}

/// Collects `.field = value` of what differs from the default, in the order of declaration.
class Initializer {
public:
    Initializer& raw(std::string_view field, std::string_view value) {
        text_ += fmt::format("{}.{} = {}", text_.empty() ? "" : ", ", field, value);
        return *this;
    }
    Initializer& text(std::string_view field, std::string_view value) { return value.empty() ? *this : raw(field, cpp_literal(value)); }
    Initializer& flag(std::string_view field, bool value) { return value ? raw(field, "true") : *this; }
    Initializer& number(std::string_view field, std::optional<double> value) {
        return value ? raw(field, fmt::format("{:.17g}", *value)) : *this;
    }
    [[nodiscard]] std::string braced() const { return fmt::format("{{{}}}", text_); }

private:
    std::string text_;
};

/// Rows of one constant array. A span of it is written as `{array + first, count}`.
class Table {
public:
    Table(std::string_view type, std::string_view name) : type_{type}, name_{name} {}

    std::size_t add(std::string row) {
        rows_.push_back(std::move(row));
        return rows_.size() - 1;
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::string span(std::size_t first, std::size_t count) const {
        return fmt::format("{{{} + {}, {}}}", name_, first, count);
    }
    [[nodiscard]] std::string declaration() const {
        return rows_.empty() ? "" : fmt::format("extern const {} {}[{}];\n", type_, name_, rows_.size());
    }
    [[nodiscard]] std::string definition() const {
        if (rows_.empty()) return {};
        auto out = fmt::format("\nconstinit const {} {}[{}] = {{\n", type_, name_, rows_.size());
        for (const auto& row : rows_) out += fmt::format("    {},\n", row);
        return out + "};\n";
    }

private:
    std::string type_;
    std::string name_;
    std::vector<std::string> rows_;
};

class Writer {
public:
    explicit Writer(const LoadedModel& model) : model_{model} {}

    std::string source() {
        for (const auto& shape : model_.shapes()) add_shape(shape);
        for (const auto& operation : model_.service().operations) add_operation(operation);
        for (const auto& waiter : model_.service().waiters) add_waiter(waiter);
        return assembled();
    }

private:
    std::string shape_address(const Shape* shape) { return fmt::format("shapes + {}", shape - model_.shapes().data()); }

    std::string member_row(const Member& member) {
        Initializer row;
        row.text("name", member.name).raw("shape", shape_address(member.shape));
        row.text("location_name", member.location_name).text("query_name", member.query_name);
        if (member.location != WireLocation::body) row.raw("location", fmt::format("WireLocation::{}", location_name(member.location)));
        if (member.timestamp != TimestampFormat::unset)
            row.raw("timestamp", fmt::format("TimestampFormat::{}", format_name(member.timestamp)));
        row.flag("required", member.required).flag("streaming", member.streaming).flag("flattened", member.flattened);
        row.flag("xml_attribute", member.xml_attribute).flag("idempotency_token", member.idempotency_token);
        row.flag("host_label", member.host_label).flag("json_value", member.json_value).flag("sensitive", member.sensitive);
        row.text("xml_prefix", member.xml_prefix).text("xml_uri", member.xml_uri);
        return row.braced();
    }

    std::string part(const Member* member) { return fmt::format("members + {}", members_.add(member_row(*member))); }

    std::string texts(std::span<const std::string_view> values) {
        const auto first = texts_.size();
        for (const auto value : values) texts_.add(cpp_literal(value));
        return texts_.span(first, values.size());
    }

    void add_shape(const Shape& shape) {
        const auto first = members_.size();
        for (const auto& member : shape.members) members_.add(member_row(member));

        Initializer row;
        row.text("name", shape.name).raw("type", fmt::format("ShapeType::{}", type_name(shape.type)));
        if (!shape.members.empty()) row.raw("members", members_.span(first, shape.members.size()));
        if (shape.element) row.raw("element", part(shape.element));
        if (shape.key) row.raw("key", part(shape.key));
        row.text("location_name", shape.location_name).text("payload", shape.payload);
        if (shape.timestamp != TimestampFormat::unset)
            row.raw("timestamp", fmt::format("TimestampFormat::{}", format_name(shape.timestamp)));
        row.flag("flattened", shape.flattened).flag("wrapper", shape.wrapper).flag("is_union", shape.is_union);
        row.flag("document", shape.document).flag("exception", shape.exception).flag("sensitive", shape.sensitive);
        row.flag("fault", shape.fault).text("error_code", shape.error_code);
        if (shape.error_status != 0) row.raw("error_status", std::to_string(shape.error_status));
        if (!shape.enum_values.empty()) row.raw("enum_values", texts(shape.enum_values));
        row.number("min", shape.min).number("max", shape.max).text("pattern", shape.pattern);
        row.text("xml_prefix", shape.xml_prefix).text("xml_uri", shape.xml_uri);
        shapes_.add(row.braced());
    }

    std::string paginator(const Paginator& paginator) {
        Initializer row;
        if (!paginator.input_token.empty()) row.raw("input_token", texts(paginator.input_token));
        if (!paginator.output_token.empty()) row.raw("output_token", texts(paginator.output_token));
        if (!paginator.result_key.empty()) row.raw("result_key", texts(paginator.result_key));
        row.text("limit_key", paginator.limit_key).text("more_results", paginator.more_results);
        return fmt::format("paginators + {}", paginators_.add(row.braced()));
    }

    void add_operation(const Operation& operation) {
        Initializer row;
        row.text("name", operation.name).text("method", operation.method).text("request_uri", operation.request_uri);
        if (operation.input) row.raw("input", shape_address(operation.input));
        if (operation.output) row.raw("output", shape_address(operation.output));
        const auto first = errors_.size();
        for (const auto* error : operation.errors) errors_.add(shape_address(error));
        if (!operation.errors.empty()) row.raw("errors", errors_.span(first, operation.errors.size()));
        row.text("result_wrapper", operation.result_wrapper).text("input_root", operation.input_root);
        row.text("input_xml_uri", operation.input_xml_uri).text("host_prefix", operation.host_prefix);
        row.flag("unsigned_payload", operation.unsigned_payload).flag("anonymous", operation.anonymous);
        row.flag("checksum_required", operation.checksum_required).text("checksum_member", operation.checksum_member);
        row.flag("compressed", operation.compressed);
        if (operation.paginator) row.raw("paginator", paginator(*operation.paginator));
        operations_.add(row.braced());
    }

    void add_waiter(const Waiter& waiter) {
        const auto first = acceptors_.size();
        for (const auto& acceptor : waiter.acceptors) {
            Initializer row;
            row.raw("matcher", fmt::format("Acceptor::Matcher::{}", matcher_name(acceptor.matcher)));
            row.raw("state", fmt::format("Acceptor::State::{}", state_name(acceptor.state)));
            acceptors_.add(row.text("argument", acceptor.argument).text("expected", acceptor.expected).braced());
        }
        Initializer row;
        row.text("name", waiter.name);
        row.raw("operation", fmt::format("operations + {}", waiter.operation - model_.service().operations.data()));
        row.raw("delay_seconds", std::to_string(waiter.delay_seconds)).raw("max_attempts", std::to_string(waiter.max_attempts));
        waiters_.add(row.raw("acceptors", acceptors_.span(first, waiter.acceptors.size())).braced());
    }

    std::string service_row() {
        const auto& service = model_.service();
        Initializer row;
        row.text("name", service.name).text("service_id", service.service_id).text("endpoint_prefix", service.endpoint_prefix);
        row.text("signing_name", service.signing_name).text("api_version", service.api_version);
        row.text("target_prefix", service.target_prefix).text("json_version", service.json_version);
        row.raw("protocol", fmt::format("Protocol::{}", protocol_name(service.protocol)));
        row.text("xml_prefix", service.xml_prefix).text("xml_uri", service.xml_uri).flag("query_compatible", service.query_compatible);
        row.raw("operations", operations_.span(0, operations_.size()));
        if (waiters_.size() > 0) row.raw("waiters", waiters_.span(0, waiters_.size()));
        return row.braced();
    }

    std::string assembled() {
        const auto name = fmt::format("{}_service", cpp_name(model_.service().name));
        auto out = fmt::format(
            "// Made by strata_codegen from providers/aws/models/{}.json; change that instead.\n"
            "#include \"providers/aws/model/shape.hpp\"\n\nnamespace strata::aws::generated {{\n\n"
            "extern const Service {};\n\nnamespace {{\n\n",
            model_.service().name, name);
        const Table* tables[] = {&texts_, &shapes_, &members_, &errors_, &paginators_, &operations_, &acceptors_, &waiters_};
        for (const auto* table : tables) out += table->declaration();
        for (const auto* table : tables) out += table->definition();
        out += fmt::format("\n}}  // namespace\n\nconstinit const Service {} = {};\n\n}}  // namespace strata::aws::generated\n", name,
                           service_row());
        return out;
    }

    const LoadedModel& model_;
    Table texts_{"std::string_view", "texts"};
    Table shapes_{"Shape", "shapes"};
    Table members_{"Member", "members"};
    Table errors_{"Shape* const", "errors"};
    Table paginators_{"Paginator", "paginators"};
    Table operations_{"Operation", "operations"};
    Table acceptors_{"Acceptor", "acceptors"};
    Table waiters_{"Waiter", "waiters"};
};

}  // namespace

std::string model_tables(const LoadedModel& model) { return Writer{model}.source(); }

}  // namespace strata::codegen
