#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/model/loaded_model.hpp"
#include "providers/aws/protocol/json_shapes.hpp"
#include "providers/aws/protocol/protocol.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

using aws::Member;
using aws::Operation;
using aws::Service;
using aws::Shape;
using aws::ShapeType;

bool fits(const Member& member, const Value& value);

bool fits(const Shape& structure, const ValueMap& members) {
    return std::ranges::all_of(members, [&](const auto& entry) {
        const auto* member = structure.member(entry.first);
        return member != nullptr && fits(*member, entry.second);
    });
}

/// Null stands for what an answer leaves empty inside a list or a map.
bool fits(const Member& member, const Value& value) {
    const auto& shape = *member.shape;
    if (value.is_null() || shape.document || member.json_value) return true;
    const auto each = [&](const auto& items, auto value_of) {
        return std::ranges::all_of(items, [&](const auto& item) { return fits(*shape.element, value_of(item)); });
    };
    switch (shape.type) {
        case ShapeType::structure: return value.map() != nullptr && fits(shape, *value.map());
        case ShapeType::list: return value.list() != nullptr && each(*value.list(), [](const Value& item) { return item; });
        case ShapeType::map: return value.map() != nullptr && each(*value.map(), [](const auto& entry) { return entry.second; });
        case ShapeType::string:
        case ShapeType::timestamp: return value.string() != nullptr;
        case ShapeType::integer: return value.integer() != nullptr;
        case ShapeType::real: return value.real() != nullptr || value.integer() != nullptr;
        case ShapeType::boolean: return value.boolean() != nullptr;
        case ShapeType::blob: return value.bytes() != nullptr;
    }
    return false;
}

/// "providers/aws/models/ec2.json" -> its service, read once.
const Service& service_in(const std::string& file) {
    static std::map<std::string, std::unique_ptr<aws::LoadedModel>> models;
    auto& model = models[file];
    if (!model) {
        const auto text = real_files().read(fmt::format("{}/{}", STRATA_SOURCE_DIR, file));
        const auto document = text ? parse_json(*text, file) : text.error();
        require(document.ok(), "the model can be read");
        auto loaded = aws::LoadedModel::load(*document, "service");
        require(loaded.ok(), "the model is one");
        model = *std::move(loaded);
    }
    return model->service();
}

struct Exchange {
    const Service* service;
    const Operation* operation;
    wire::Response response;
};

std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

/// A line "GetUser 200", lines of header, an empty line, and the body. An operation that no service has stands for the
/// first of the first.
Exchange exchange_in(std::string_view input, const std::vector<std::string>& files) {
    const auto words = split(take_line(input), ' ');
    const auto& first = service_in(files.front());
    Exchange made{.service = &first, .operation = &first.operations.front(), .response = {.status = 200}};
    for (const auto& file : files)
        if (const auto* found = service_in(file).operation(words.front())) {
            made.service = &service_in(file);
            made.operation = found;
        }
    std::from_chars(words.back().data(), words.back().data() + words.back().size(), made.response.status);
    for (auto line = take_line(input); !line.empty(); line = take_line(input)) {
        const auto colon = std::min(line.find(':'), line.size());
        made.response.headers.add(std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(std::min(colon + 1, line.size())))});
    }
    made.response.body = input;
    return made;
}

void require_printable(const Error& error) {
    require_readable(error);
    require(is_printable(error.text()), "an error can be printed");
}

void require_members_fit(const Exchange& exchange, const std::string& code, const Value& members) {
    for (const auto* shape : exchange.operation->errors)
        if (shape->name == code || shape->error_code == code) {
            require(members.map() != nullptr && fits(*shape, *members.map()), "an error's members are of the kinds that the model says");
            return;
        }
}

void read_error(const Exchange& exchange) {
    require_printable(aws::parse_error(*exchange.service, *exchange.operation, exchange.response));
    const auto members = aws::parse_error_members(*exchange.service, *exchange.operation, exchange.response);
    if (members) require_members_fit(exchange, members->code, members->members);
    else require_printable(members.error());
}

/// JSON can be written as it is read, and what was read from it reads the same again.
void require_same_in_json(const Shape& structure, const Value& value) {
    const auto first = aws::from_json_form(structure, aws::to_json_form(structure, *value.map()));
    require(first.ok(), "an answer in JSON can be read");
    const auto second = aws::from_json_form(structure, aws::to_json_form(structure, *first->map()));
    require(second.ok() && to_json(*first) == to_json(*second), "an answer in JSON reads the same again");
}

void read_answer(const Exchange& exchange) {
    const auto value = aws::parse(*exchange.service, *exchange.operation, exchange.response);
    if (!value) return require_printable(value.error());
    const auto* output = exchange.operation->output;
    require(value->map() != nullptr, "an answer is a map");
    if (output == nullptr) return require(value->map()->empty(), "an operation that answers nothing gives nothing");
    require(fits(*output, *value->map()), "an answer's members are of the kinds that the model says");
    if (exchange.service->protocol == aws::Protocol::json) require_same_in_json(*output, *value);
}

void read(std::string_view input, const std::vector<std::string>& files) {
    const auto exchange = exchange_in(input, files);
    if (aws::is_error(*exchange.service, *exchange.operation, exchange.response)) read_error(exchange);
    else read_answer(exchange);
}

}  // namespace

void answer_ec2(std::string_view input) { read(input, {"providers/aws/models/ec2.json"}); }
void answer_json(std::string_view input) { read(input, {"providers/aws/models/dynamodb.json", "providers/aws/models/ecs.json"}); }
void answer_query(std::string_view input) { read(input, {"providers/aws/models/iam.json", "providers/aws/models/rds.json"}); }
void answer_rest_json(std::string_view input) { read(input, {"tests/fuzz/models/lambda.json"}); }
void answer_rest_xml(std::string_view input) { read(input, {"providers/aws/models/s3.json"}); }

}  // namespace strata::fuzz
