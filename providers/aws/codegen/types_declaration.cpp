#include "providers/aws/codegen/types_declaration.hpp"

#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_expression.hpp"

namespace strata::codegen {

namespace {

using Per = aws::OperationUse::Per;

std::optional<Expr> read_optional_expression(const Yaml& node) {
    if (!node.present()) return std::nullopt;
    return read_expression(node);
}

/// An expression, or `{not: expression}`.
std::optional<Expr> read_condition(const Yaml& node) {
    if (!node.present()) return std::nullopt;
    if (!node.is_map() || !node.at("not").present()) return read_expression(node);
    node.allow({"not"});
    return Expr{.kind = aws::Expression::Kind::negated, .items = {read_expression(node.at("not"))}, .place = node.place()};
}

std::map<std::string, std::string> read_texts_by_key(const Yaml& node) {
    std::map<std::string, std::string> out;
    for (const auto& [key, value] : node.entries()) out[key] = value.text();
    return out;
}

/// `GetJob`, or `{op: GetJob, ...}`.
SourceDecl read_source(const Yaml& node, std::string_view service) {
    SourceDecl out{.service = std::string{service}, .place = node.place()};
    if (node.is_scalar()) {
        out.op = node.text();
        return out;
    }
    node.allow({"op", "service", "in", "out", "key", "match", "limit", "map", "absent"});
    out.op = node.at("op").text();
    out.service = node.at("service").text(service);
    out.in = read_optional_expression(node.at("in"));
    out.out = node.at("out").text();
    out.key = node.at("key").text();
    out.match = read_optional_expression(node.at("match"));
    out.limit = node.at("limit").number(0);
    out.paths = read_texts_by_key(node.at("map"));
    out.absent = node.at("absent").texts();
    return out;
}

std::optional<SourceDecl> read_optional_source(const Yaml& node, std::string_view service) {
    if (!node.present()) return std::nullopt;
    return read_source(node, service);
}

void read_per(const Yaml& node, UseDecl& out) {
    if (!node.present()) return;
    if (node.is_scalar()) {
        if (node.text() == "attributes") out.per = Per::attribute;
        else node.problems().add(node.place(), "\"per\" is \"attributes\", or names the list whose items are meant.");
        return;
    }
    node.allow({"added", "removed", "replaced", "by"});
    constexpr std::array<std::pair<std::string_view, Per>, 3> kinds = {
        {{"added", Per::added}, {"removed", Per::removed}, {"replaced", Per::replaced}}};
    for (const auto& [word, kind] : kinds)
        if (node.at(word).present()) {
            out.per = kind;
            out.per_property = node.at(word).text();
        }
    out.per_by = node.at("by").texts();
}

UseDecl read_use(const Yaml& node, std::string_view service) {
    UseDecl out{.service = std::string{service}, .place = node.place()};
    if (node.is_scalar()) {
        out.op = node.text();
        return out;
    }
    node.allow({"op", "service", "in", "when", "for", "send", "per", "each", "limit", "ignore", "settle", "id"});
    out.op = node.at("op").text();
    out.service = node.at("service").text(service);
    out.in = read_optional_expression(node.at("in"));
    out.when = read_condition(node.at("when"));
    out.triggers = node.at("for").texts();
    out.send_all = node.at("send").text() == "all";
    read_per(node.at("per"), out);
    out.each = read_optional_source(node.at("each"), service);
    out.limit = node.at("limit").number(0);
    out.ignore = node.at("ignore").texts();
    out.settle = node.at("settle").flag();
    return out;
}

std::vector<UseDecl> read_uses(const Yaml& node, std::string_view service) {
    std::vector<UseDecl> out;
    for (const auto& item : node.items()) out.push_back(read_use(item, service));
    return out;
}

std::vector<SourceDecl> read_sources(const Yaml& node, std::string_view service) {
    std::vector<SourceDecl> out;
    for (const auto& item : node.items()) out.push_back(read_source(item, service));
    return out;
}

void read_id(const Yaml& type, TypeDecl& out) {
    const auto node = type.at("id");
    if (!node.present()) return type.problems().add(type.place(), "\"id\" is missing: say what identifies the thing.");
    if (!node.is_map()) {
        out.id_parts = node.texts();
        out.id_separator = type.at("separator").text("/");
        return;
    }
    node.allow({"answer", "planned", "fixed"});
    out.id_answer = node.at("answer").text();
    out.id_planned = read_optional_expression(node.at(node.at("fixed").present() ? "fixed" : "planned"));
}

FacetKind read_facet_kind(const Yaml& node) {
    const auto word = node.text("document");
    if (word == "document") return FacetKind::document;
    if (word == "set") return FacetKind::set;
    if (word == "map") return FacetKind::map;
    node.problems().add(node.place(), fmt::format("\"{}\" is no kind of facet: document, set or map.", word));
    return FacetKind::document;
}

FacetDecl read_facet(const std::string& label, const Yaml& node, std::string_view service) {
    node.allow({"kind",   "name",   "from",          "batch", "get", "get_item", "entry", "put",          "add",       "replace",
                "remove", "delete", "identified_by", "item",  "as",  "shape",    "omit",  "detach_first", "exclusive", "preset"});
    FacetDecl out{.label = label, .place = node.place()};
    out.name = node.at("name").text();
    out.kind = read_facet_kind(node.at("kind"));
    out.from_read = node.at("from").text();
    out.from_batch = node.at("batch").text();
    out.get = read_optional_source(node.at("get"), service);
    out.get_item = read_optional_source(node.at("get_item"), service);
    out.entry_key = node.at("entry").at("key").text();
    out.entry_value = node.at("entry").at("value").text();
    out.put = read_uses(node.at("put"), service);
    out.add = read_uses(node.at("add"), service);
    out.replace = read_uses(node.at("replace"), service);
    out.remove = read_uses(node.at(node.at("remove").present() ? "remove" : "delete"), service);
    out.identified_by = node.at("identified_by").texts();
    for (const auto& [member, path] : node.at("item").entries()) out.item.emplace_back(member, path.text());
    out.as = node.at("as").text();
    out.shape = node.at("shape").text();
    out.omit = node.at("omit").texts();
    out.detach_first = node.at("detach_first").flag();
    out.exclusive = node.at("exclusive").flag(true);
    out.preset = node.at("preset").flag();
    return out;
}

/// `tags: {ec2: vpc}`: how every taggable thing of EC2 is tagged.
void read_ec2_tags(const Yaml& node, TagsDecl& out) {
    const auto call = [&](std::string_view op, aws::Expression::Kind tags) {
        using Kind = aws::Expression::Kind;
        Expr id{.kind = Kind::id, .place = node.place()};
        Expr ids{.kind = Kind::list, .items = {id}, .place = node.place()};
        Expr marks{.kind = tags, .place = node.place()};
        Expr in{.kind = Kind::map, .members = {{"Resources", ids}, {"Tags", marks}}, .place = node.place()};
        return UseDecl{.service = "ec2", .op = std::string{op}, .in = in, .place = node.place()};
    };
    out.create = "TagSpecifications";
    out.resource = node.at("ec2").text();
    out.from_read = node.at("read").text("Tags");
    out.add = call("CreateTags", aws::Expression::Kind::tags);
    out.remove = call("DeleteTags", aws::Expression::Kind::tag_keys);
}

TagsDecl read_tags(const Yaml& node, std::string_view service) {
    TagsDecl out{.place = node.place()};
    if (!node.present()) return out;
    node.allow({"ec2", "create", "resource", "read", "add", "remove", "put", "batch", "limit", "bookkeeping"});
    out.present = true;
    out.limit = node.at("limit").number(50);
    out.bookkeeping = node.at("bookkeeping").flag(true);
    if (node.at("ec2").present()) {
        read_ec2_tags(node, out);
        return out;
    }
    out.create = node.at("create").text();
    out.resource = node.at("resource").text();
    const auto read = node.at("read");
    if (read.is_map()) out.read = read_source(read, service);
    else out.from_read = read.text();
    out.replaces_all = node.at("put").present();
    const auto add = node.at(out.replaces_all ? "put" : "add");
    if (add.present()) out.add = read_use(add, service);
    if (node.at("remove").present()) out.remove = read_use(node.at("remove"), service);
    out.tagging_api = node.at("batch").text() == "tagging_api";
    return out;
}

std::vector<PendingDecl> read_pending(const Yaml& node) {
    std::vector<PendingDecl> out;
    for (const auto& rule : node.items()) {
        rule.allow({"path", "pending", "failed", "deleting", "gone", "reason", "when"});
        out.push_back({.path = rule.at("path").text(),
                       .pending = rule.at("pending").texts(),
                       .failed = rule.at("failed").texts(),
                       .deleting = rule.at("deleting").texts(),
                       .gone = rule.at("gone").texts(),
                       .reason = rule.at("reason").text(),
                       .when = read_condition(rule.at("when"))});
    }
    return out;
}

void read_outputs(const Yaml& node, TypeDecl& out) {
    for (const auto& [name, value] : node.entries()) {
        OutputDecl output{.place = value.place()};
        if (value.is_map()) {
            value.allow({"from", "value", "stable", "secret", "shape"});
            output.path = value.at("from").text();
            output.value = read_optional_expression(value.at("value"));
            output.stable = value.at("stable").flag();
            output.secret = value.at("secret").flag();
            output.shape = value.at("shape").text();
        } else {
            output.path = value.text();
        }
        out.outputs.emplace_back(name, std::move(output));
    }
}

void read_properties(const Yaml& node, TypeDecl& out) {
    for (const auto& [name, value] : node.entries()) {
        value.allow({"from", "shape", "local", "required"});
        out.properties[name] = {.from = value.at("from").text(),
                                .shape = value.at("shape").text(),
                                .local = value.at("local").flag(),
                                .required = value.at("required").flag(),
                                .place = value.place()};
    }
}

void read_naming(const Yaml& node, TypeDecl& out) {
    if (!node.present()) return;
    node.allow({"property", "limit", "lower", "characters", "suffix", "suffix_when", "generated"});
    out.naming = {.property = node.at("property").text(),
                  .limit = node.at("limit").number(0),
                  .lower = node.at("lower").flag(),
                  .characters = node.at("characters").text("-"),
                  .suffix = node.at("suffix").text(),
                  .suffix_when = node.at("suffix_when").text(),
                  .generated = node.at("generated").flag(true)};
}

void read_recovery(const Yaml& node, std::string_view service, TypeDecl& out) {
    using How = aws::OrphanRule::How;
    if (node.is_map()) node.allow({"class", "by", "list"});
    const auto word = (node.is_scalar() ? node : node.at("class")).text("name");
    if (word == "token") {
        out.recovery = RecoveryClass::token;
        out.orphan.how = service == "ec2" ? How::by_tag_filter : How::by_id;
    } else if (word == "tags") {
        out.recovery = RecoveryClass::tags;
        out.orphan.how = How::by_tag_filter;
    } else if (word != "name") {
        node.problems().add(node.place(), fmt::format("\"{}\" is no recovery class: name, token or tags.", word));
    }
    if (node.is_map() && node.at("by").text() == "tagging_api") out.orphan.how = How::by_tagging_api;
    if (node.is_map()) out.orphan.list = read_optional_source(node.at("list"), service);
}

void read_retries(const Yaml& node, TypeDecl& out) {
    for (const auto& rule : node.items()) {
        rule.allow({"code", "message", "seconds", "waiting_for"});
        for (const auto& code : rule.at("code").texts())
            out.retries.push_back({.code = code,
                                   .message = rule.at("message").text(),
                                   .seconds = rule.at("seconds").number(120),
                                   .waiting_for = rule.at("waiting_for").text()});
    }
}

void read_errors(const Yaml& node, TypeDecl& out) {
    for (const auto& rule : node.items()) {
        rule.allow({"code", "message", "remedy"});
        for (const auto& code : rule.at("code").texts())
            out.errors.push_back({.code = code, .message = rule.at("message").text(), .remedy = read_expression(rule.at("remedy"))});
    }
}

void read_service_defaults(const Yaml& node, TypeDecl& out) {
    for (const auto& [name, rules] : node.entries())
        for (const auto& rule : rules.items()) {
            rule.allow({"value", "where"});
            if (!rule.at("value").present()) rule.problems().add(rule.place(), "\"value\" is missing: what does the service put there?");
            out.service_defaults.push_back(
                {.property = name, .value = read_expression(rule.at("value")), .where = rule.at("where").text(), .place = rule.place()});
        }
}

void read_annotations(const Yaml& node, TypeDecl& out) {
    out.exclude = node.at("exclude").texts();
    out.replaces = node.at("replaces").texts();
    out.keeps = node.at("keeps").texts();
    out.write_only = node.at("write_only").texts();
    for (const auto& [name, output] : node.at("witness").entries()) out.witness[name] = output.text();
    out.secret = node.at("secret").texts();
    out.sets = node.at("sets").texts();
    out.json = node.at("json").texts();
    out.untyped = node.at("untyped").texts();
    out.required = node.at("required").texts();
    out.optional = node.at("optional").texts();
    for (const auto& [path, members] : node.at("identified_by").entries()) out.identified_by[path] = members.texts();
    out.same = read_texts_by_key(node.at("same"));
    out.grows = read_texts_by_key(node.at("grows"));
    out.paths = read_texts_by_key(node.at("map"));
    out.decode = read_texts_by_key(node.at("decode"));
    for (const auto& [name, value] : node.at("defaults").entries()) out.defaults[name] = value.json();
    read_service_defaults(node.at("service_defaults"), out);
}

void read_attributes(const Yaml& node, TypeDecl& out) {
    if (!node.present()) return;
    node.allow({"in", "out", "members", "after_create"});
    out.attributes_in = node.at("in").text("Attributes");
    out.attributes_out = node.at("out").text("Attributes");
    for (const auto& [name, shape] : node.at("members").entries()) out.attributes.emplace_back(name, shape.text());
    out.attributes_after_create = node.at("after_create").texts();
}

void read_hooks(const Yaml& node, TypeDecl& out) {
    if (!node.present()) return;
    node.allow({"planned_id", "prepare", "after_read", "before_delete", "check", "canonical"});
    out.hook_planned_id = node.at("planned_id").text();
    out.hook_prepare = node.at("prepare").text();
    out.hook_after_read = node.at("after_read").text();
    out.hook_before_delete = node.at("before_delete").text();
    out.hook_check = node.at("check").text();
    out.canonical = read_texts_by_key(node.at("canonical"));
}

void read_life(const Yaml& node, TypeDecl& out) {
    if (node.at("create").present()) out.create = read_use(node.at("create"), out.service);
    out.read = read_sources(node.at("read"), out.service);
    out.read_many = read_sources(node.at("read_many"), out.service);
    out.batch_from = node.at("batch_from").number(1);
    out.update = read_uses(node.at("update"), out.service);
    out.remove = read_uses(node.at("delete"), out.service);
    out.tags = read_tags(node.at("tags"), out.service);
    for (const auto& [label, facet] : node.at("facets").entries()) out.facets.push_back(read_facet(label, facet, out.service));
    out.pending = read_pending(node.at("pending"));
    out.waits_until_gone = node.at("wait_until_gone").flag();
    out.interval_ms = node.at("interval_ms").number(2000);
    const auto timeouts = node.at("minutes");
    timeouts.allow({"create", "update", "delete"});
    out.create_minutes = timeouts.at("create").number(10);
    out.update_minutes = timeouts.at("update").number(10);
    out.remove_minutes = timeouts.at("delete").number(20);
}

/// What may stand at the top of a type's file.
// clang-format off
const std::vector<std::string> type_members = {
    "type", "service", "about", "id", "separator", "arn", "name", "create", "read", "read_many", "batch_from", "update", "delete",
    "tags", "facets", "properties", "exclude", "map", "decode", "pending", "wait_until_gone", "interval_ms", "minutes", "outputs",
    "replaces", "keeps", "write_only", "witness", "secret", "sets", "identified_by", "json", "same", "grows", "defaults",
    "service_defaults", "untyped", "required", "optional", "attributes", "recovery", "holds_data", "create_before_delete", "retry", "errors", "hooks",
    "schema_version",
};
// clang-format on

}  // namespace

TypeDecl read_type(const std::string& path, const std::string& text, Problems& problems) {
    TypeDecl out;
    out.file = path;
    YAML::Node document;
    try {
        document = YAML::Load(text);
    } catch (const YAML::Exception& mistake) {
        problems.add({path, static_cast<std::uint32_t>(mistake.mark.line + 1)}, mistake.msg);
        return out;
    }
    const Yaml node{document, out.file, problems};
    node.allow(type_members);
    out.place = node.place();
    out.name = node.at("type").text();
    out.service = node.at("service").text();
    out.about = node.at("about").text();
    if (out.name.empty() || out.service.empty() || out.about.empty())
        problems.add(out.place, "\"type\", \"service\" and \"about\" are wanted.");
    read_id(node, out);
    out.arn = read_optional_expression(node.at("arn"));
    read_naming(node.at("name"), out);
    read_life(node, out);
    read_annotations(node, out);
    read_properties(node.at("properties"), out);
    read_outputs(node.at("outputs"), out);
    read_attributes(node.at("attributes"), out);
    if (node.at("recovery").present()) read_recovery(node.at("recovery"), out.service, out);
    out.holds_data = node.at("holds_data").flag();
    out.create_before_delete = node.at("create_before_delete").flag(true);
    out.schema_version = node.at("schema_version").number(1);
    read_retries(node.at("retry"), out);
    read_errors(node.at("errors"), out);
    read_hooks(node.at("hooks"), out);
    return out;
}

}  // namespace strata::codegen
