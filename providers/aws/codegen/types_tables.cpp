#include "providers/aws/codegen/types_tables.hpp"

#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/model_literal.hpp"

namespace strata::codegen {

using Kind = aws::Expression::Kind;

namespace {

/// In the order of aws::Expression::Kind.
constexpr std::array kind_names = {"text",
                                   "integer",
                                   "boolean",
                                   "map",
                                   "list",
                                   "id",
                                   "arn",
                                   "token",
                                   "property",
                                   "previous",
                                   "output",
                                   "read",
                                   "item",
                                   "value",
                                   "key",
                                   "items",
                                   "ids",
                                   "tags",
                                   "tag_keys",
                                   "all",
                                   "changed",
                                   "attributes_all",
                                   "attributes_changed",
                                   "added",
                                   "removed",
                                   "negated"};
static_assert(kind_names.size() == static_cast<std::size_t>(Kind::negated) + 1);
constexpr std::array tag_form_names = {"map", "list", "specifications", "keys", "key_list"};
constexpr std::array per_names = {"none", "added", "removed", "replaced", "attribute"};
constexpr std::array how_names = {"by_id", "by_tag_filter", "by_tagging_api"};

/// ".name = value, " unless the value is empty.
std::string part(std::string_view name, const std::string& value) {
    return value.empty() ? std::string{} : fmt::format(".{} = {}, ", name, value);
}
std::string text_part(std::string_view name, const std::string& value) {
    return value.empty() ? std::string{} : part(name, cpp_literal(value));
}
std::string number_part(std::string_view name, int value) { return value == 0 ? std::string{} : part(name, std::to_string(value)); }
std::string flag_part(std::string_view name, bool value) { return value ? part(name, "true") : std::string{}; }

std::string tag_form(const aws::TagForm& form, const std::string& resource) {
    return fmt::format("{{.kind = TagForm::Kind::{}, .key = {}, .value = {}, .resource = {}}}",
                       tag_form_names[static_cast<std::size_t>(form.kind)], cpp_literal(form.key), cpp_literal(form.value),
                       cpp_literal(form.kind == aws::TagForm::Kind::specifications ? resource : std::string{}));
}

}  // namespace

std::string Tables::array(std::string_view element, std::string_view prefix, const std::vector<std::string>& items) {
    if (items.empty()) return {};
    const auto content = fmt::format("constexpr {} @[] = {{{}}};\n", element, join(items, ", "));
    if (const auto at = known_.find(content); at != known_.end()) return at->second;
    const auto name = fmt::format("{}{}", prefix, ++next_);
    text_ += fmt::format("constexpr {} {}[] = {{{}}};\n", element, name, join(items, ", "));
    return known_[content] = name;
}

std::string Tables::constant(std::string_view type, std::string_view prefix, const std::string& value) {
    const auto content = fmt::format("constexpr {} @{};\n", type, value);
    if (const auto at = known_.find(content); at != known_.end()) return at->second;
    const auto name = fmt::format("{}{}", prefix, ++next_);
    text_ += fmt::format("constexpr {} {}{};\n", type, name, value);
    return known_[content] = name;
}

std::string Tables::texts(const std::vector<std::string>& items) {
    std::vector<std::string> literals;
    for (const auto& item : items) literals.push_back(cpp_literal(item));
    return array("std::string_view", "t", literals);
}

std::string Tables::expression(const Expr& expression) {
    std::string body = fmt::format(".kind = K::{}, ", kind_names[static_cast<std::size_t>(expression.kind)]);
    body += text_part("text", expression.text);
    if (expression.number != 0) body += part("number", std::to_string(expression.number));
    std::vector<std::string> members;
    for (const auto& [name, value] : expression.members)
        members.push_back(fmt::format("{{{}, {}}}", cpp_literal(name), this->expression(value)));
    body += part("members", array("NamedExpression", "m", members));
    std::vector<std::string> items;
    for (const auto& item : expression.items) items.push_back(this->expression(item));
    body += part("items", array("Expression", "i", items));
    body += part("names", texts(expression.names));
    if (expression.tags) body += part("tags", "&" + constant("TagForm", "g", tag_form(*expression.tags, expression.tags_resource)));
    return fmt::format("{{{}}}", body);
}

std::string Tables::pointer(const std::optional<Expr>& expression) {
    if (!expression || (expression->kind == Kind::map && expression->members.empty())) return {};
    return "&" + constant("Expression", "x", this->expression(*expression));
}

std::string Tables::fields(const std::vector<std::pair<std::string, std::string>>& fields,
                           const std::map<std::string, std::string>& decode) {
    std::vector<std::string> rows;
    for (const auto& [name, path] : fields) {
        const bool url = decode.contains(name) && decode.at(name) == "url";
        rows.push_back(
            fmt::format("{{{}, {}, {}}}", cpp_literal(name), cpp_literal(path), url ? "Field::Decode::url" : "Field::Decode::none"));
    }
    return array("Field", "f", rows);
}

std::string Tables::source(const SourceDecl& source, const TypeDecl& type) {
    return fmt::format("{{.service = {}, .operation = {}, {}{}{}{}{}{}{}}}", cpp_literal(source.service), cpp_literal(source.op),
                       part("in", pointer(source.in)), text_part("out", source.out), text_part("key", source.key),
                       part("match", pointer(source.match)), number_part("limit", source.limit),
                       part("fields", fields(source.fields, type.decode)), part("absent", texts(source.absent)));
}

std::string Tables::source_pointer(const std::optional<SourceDecl>& source, const TypeDecl& type) {
    return source ? "&" + constant("Source", "s", this->source(*source, type)) : std::string{};
}

std::string Tables::sources(const std::vector<SourceDecl>& list, const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& item : list) rows.push_back(source(item, type));
    return array("Source", "r", rows);
}

std::string Tables::use(const UseDecl& use, const TypeDecl& type) {
    const auto per = use.per == aws::OperationUse::Per::none
                         ? std::string{}
                         : fmt::format("OperationUse::Per::{}", per_names[static_cast<std::size_t>(use.per)]);
    return fmt::format("{{.service = {}, .operation = {}, {}{}{}{}{}{}{}{}{}{}}}", cpp_literal(use.service), cpp_literal(use.op),
                       part("in", pointer(use.in)), part("when", pointer(use.when)), part("triggers", texts(use.triggers)),
                       part("per", per), text_part("per_property", use.per_property), part("per_by", texts(use.per_by)),
                       part("each", source_pointer(use.each, type)), number_part("limit", use.limit), part("ignore", texts(use.ignore)),
                       flag_part("settle", use.settle));
}

std::string Tables::uses(const std::vector<UseDecl>& list, const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& item : list) rows.push_back(use(item, type));
    return array("OperationUse", "u", rows);
}

std::string Tables::use_pointer(const std::optional<UseDecl>& use, const TypeDecl& type) {
    return use ? "&" + constant("OperationUse", "u", this->use(*use, type)) : std::string{};
}

std::string Tables::id(const TypeDecl& type) {
    return fmt::format("{{{}{}{}{}}}", part("parts", texts(type.id_parts)), part("separator", cpp_literal(type.id_separator)),
                       text_part("answer", type.id_answer), part("planned", pointer(type.id_planned)));
}

std::string Tables::tags(const TypeDecl& type) {
    const auto& tags = type.tags;
    if (!tags.present) return {};
    return fmt::format("{{.supported = true, {}{}{}{}{}{}{}.limit = {}, .bookkeeping = {}}}", flag_part("on_create", !tags.create.empty()),
                       flag_part("tagging_api", tags.tagging_api), text_part("from_read", tags.from_read),
                       part("read", source_pointer(tags.read, type)), part("add", use_pointer(tags.add, type)),
                       part("remove", use_pointer(tags.remove, type)), flag_part("replaces_all", tags.replaces_all), tags.limit,
                       tags.bookkeeping);
}

std::string Tables::facet(const FacetDecl& facet, const TypeDecl& type) {
    const bool url = type.decode.contains(facet.name) && type.decode.at(facet.name) == "url";
    return fmt::format("{{{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}}}", text_part("property", facet.name), text_part("from_read", facet.from_read),
                       text_part("from_batch", facet.from_batch), part("get", source_pointer(facet.get, type)),
                       part("get_item", source_pointer(facet.get_item, type)), text_part("entry_key", facet.entry_key),
                       text_part("entry_value", facet.entry_value), url ? ".decode = Field::Decode::url, " : "",
                       part("item", fields(facet.item, {})), part("put", uses(facet.put, type)), part("add", uses(facet.add, type)),
                       part("replace", uses(facet.replace, type)), part("remove", uses(facet.remove, type)),
                       part("identified_by", texts(facet.identified_by)), flag_part("preset", facet.preset));
}

std::string Tables::facets(const TypeDecl& type) {
    if (type.facets.empty()) return {};
    std::vector<std::string> rows = {"{}"};
    for (const auto& item : type.facets) rows.push_back(facet(item, type));
    return array("FacetDetail", "d", rows);
}

std::string Tables::pending(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& rule : type.pending)
        rows.push_back(fmt::format("{{.path = {}, {}{}{}{}{}{}}}", cpp_literal(rule.path), part("pending", texts(rule.pending)),
                                   part("failed", texts(rule.failed)), part("deleting", texts(rule.deleting)),
                                   part("gone", texts(rule.gone)), text_part("reason", rule.reason), part("when", pointer(rule.when))));
    return array("PendingRule", "n", rows);
}

std::string Tables::retries(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& rule : type.retries)
        rows.push_back(fmt::format("{{.code = {}, {}.seconds = {}, {}}}", cpp_literal(rule.code), text_part("message", rule.message),
                                   rule.seconds, text_part("waiting_for", rule.waiting_for)));
    return array("RetryRule", "y", rows);
}

std::string Tables::errors(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& rule : type.errors)
        rows.push_back(fmt::format("{{.code = {}, {}.remedy = {}}}", cpp_literal(rule.code), text_part("message", rule.message),
                                   expression(rule.remedy)));
    return array("ErrorRule", "w", rows);
}

std::string Tables::growths(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& [name, bound] : type.grows)
        rows.push_back(fmt::format("{{.property = {}, .bound = {}}}", cpp_literal(name), cpp_literal(bound)));
    return array("GrowthRule", "u", rows);
}

std::string Tables::service_defaults(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& rule : type.service_defaults)
        rows.push_back(fmt::format("{{.property = {}, .value = {}, {}}}", cpp_literal(rule.property), expression(rule.value),
                                   text_part("where", rule.where)));
    return array("ServiceDefault", "b", rows);
}

std::string Tables::output_fields(const TypeDecl& type) {
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [name, output] : type.outputs)
        if (!output.value && !output.path.empty()) found.emplace_back(name, output.path);
    return fields(found, type.decode);
}

std::string Tables::computed_outputs(const TypeDecl& type) {
    std::vector<std::string> rows;
    for (const auto& [name, output] : type.outputs)
        if (output.value) rows.push_back(fmt::format("{{{}, {}}}", cpp_literal(name), expression(*output.value)));
    return array("NamedExpression", "o", rows);
}

std::string Tables::orphan(const TypeDecl& type) {
    return fmt::format("{{.how = OrphanRule::How::{}, {}}}", how_names[static_cast<std::size_t>(type.orphan.how)],
                       part("list", source_pointer(type.orphan.list, type)));
}

std::string Tables::naming(const TypeDecl& type) {
    const auto& naming = type.naming;
    if (naming.property.empty()) return {};
    return fmt::format("{{.property = {}, .limit = {}, {}.characters = {}, {}{}}}", cpp_literal(naming.property), naming.limit,
                       flag_part("lower", naming.lower), cpp_literal(naming.characters), text_part("suffix", naming.suffix),
                       text_part("suffix_when", naming.suffix_when));
}

std::string Tables::hooks(const TypeDecl& type) {
    const auto hook = [&](std::string_view name, const std::string& function) {
        return function.empty() ? std::string{} : part(name, fmt::format("hooks::{}::{}", cpp_name(type.service), function));
    };
    return fmt::format("{{{}{}{}{}{}}}", hook("planned_id", type.hook_planned_id), hook("prepare", type.hook_prepare),
                       hook("after_read", type.hook_after_read), hook("before_delete", type.hook_before_delete),
                       hook("check", type.hook_check));
}

void Tables::detail(const ResolvedType& resolved) {
    const auto& type = resolved.decl;
    std::string body = part("service", cpp_literal(type.service)) + part("id", id(type)) + part("arn", pointer(type.arn));
    if (type.create) body += part("create", use(*type.create, type));
    body += part("update", uses(type.update, type)) + part("remove", uses(type.remove, type)) +
            part("created_with", texts(resolved.created_with));
    body += part("read", sources(type.read, type)) + part("read_many", sources(type.read_many, type)) +
            number_part("batch_from", type.batch_from);
    body += part("tags", tags(type)) + part("facets", facets(type)) + part("pending", pending(type)) + part("retries", retries(type)) +
            part("errors", errors(type)) + part("grows", growths(type)) + part("service_defaults", service_defaults(type));
    body += part("outputs", output_fields(type)) + part("computed_outputs", computed_outputs(type)) +
            number_part("interval_ms", type.interval_ms);
    body += number_part("create_minutes", type.create_minutes) + number_part("update_minutes", type.update_minutes) +
            number_part("remove_minutes", type.remove_minutes);
    body += flag_part("waits_until_gone", type.waits_until_gone) + part("name", naming(type)) + part("orphan", orphan(type)) +
            part("hooks", hooks(type));
    text_ += fmt::format("constexpr TypeDetail {}_detail{{{}}};\n\n", type.class_name(), body);
}

}  // namespace strata::codegen
