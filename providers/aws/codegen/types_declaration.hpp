#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "providers/aws/codegen/types_yaml.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::codegen {

// A type file as it was written, before it is compared with the service model.

struct Expr {
    aws::Expression::Kind kind = aws::Expression::Kind::text;
    std::string text = {};
    std::int64_t number = 0;
    std::vector<std::pair<std::string, Expr>> members = {};
    std::vector<Expr> items = {};
    Location place = {};
    // Filled while resolving:
    std::vector<std::string> names = {};
    std::optional<aws::TagForm> tags = {};  ///< its `resource` is kept in tags_resource: declarations are moved around
    std::string tags_resource = {};
};

struct SourceDecl {
    std::string service;
    std::string op;
    std::optional<Expr> in;
    std::string out;
    std::string key;
    std::optional<Expr> match;
    int limit = 0;
    std::map<std::string, std::string> paths;  ///< `map:` of this source
    std::vector<std::string> absent;
    Location place;
    std::vector<std::pair<std::string, std::string>> fields;  ///< resolved: property or output -> path
};

struct UseDecl {
    std::string service;
    std::string op;
    std::optional<Expr> in;
    std::optional<Expr> when;
    std::vector<std::string> triggers;
    bool send_all = false;
    aws::OperationUse::Per per = aws::OperationUse::Per::none;
    std::string per_property;
    std::vector<std::string> per_by;
    std::optional<SourceDecl> each;
    int limit = 0;
    std::vector<std::string> ignore;
    bool settle = false;
    Location place;
};

struct FacetDecl {
    std::string label;
    std::string name;  ///< wire name of its property
    FacetKind kind = FacetKind::document;
    std::string from_read;
    std::string from_batch;
    std::optional<SourceDecl> get;
    std::optional<SourceDecl> get_item;
    std::string entry_key;
    std::string entry_value;
    std::vector<UseDecl> put, add, replace, remove;
    std::vector<std::string> identified_by;
    std::vector<std::pair<std::string, std::string>> item;  ///< member -> path
    std::string as;                                         ///< name of the generated structure
    std::string shape;                                      ///< builtin or model shape, when the call does not show it
    std::vector<std::string> omit;                          ///< members of the structure that are left out
    bool detach_first = false;
    bool exclusive = true;
    bool preset = false;
    Location place;
};

struct PropertyDecl {
    std::string from;  ///< Operation.Path
    std::string shape;
    bool local = false;
    bool required = false;
    Location place;
};

struct TagsDecl {
    bool present = false;
    std::string create;
    std::string resource;
    std::string from_read;
    std::optional<SourceDecl> read;
    std::optional<UseDecl> add, remove;
    bool replaces_all = false;
    bool tagging_api = false;
    int limit = 50;
    bool bookkeeping = true;
    Location place;
};

struct PendingDecl {
    std::string path;
    std::vector<std::string> pending, failed, deleting, gone;
    std::string reason;
    std::optional<Expr> when;
};

struct OutputDecl {
    std::string path;
    std::optional<Expr> value;
    bool stable = false;
    bool secret = false;
    std::string shape;
    Location place;
};

struct OrphanDecl {
    aws::OrphanRule::How how = aws::OrphanRule::How::by_id;
    std::optional<SourceDecl> list;
};

struct ServiceDefaultDecl {
    std::string property;
    Expr value;
    std::string where;
    Location place;
};

struct NameDecl {
    std::string property;
    int limit = 0;
    bool lower = false;
    std::string characters = "-";
    std::string suffix, suffix_when;
    bool generated = true;
};

struct TypeDecl {
    std::string file;
    std::string name;  ///< "aws.ec2.Vpc"
    std::string service;
    std::string about;
    std::vector<std::string> id_parts;
    std::string id_separator = "/";
    std::string id_answer;
    std::optional<Expr> id_planned;
    std::optional<Expr> arn;
    NameDecl naming;
    std::optional<UseDecl> create;
    std::vector<SourceDecl> read, read_many;
    int batch_from = 1;
    std::vector<UseDecl> update, remove;
    TagsDecl tags;
    std::vector<FacetDecl> facets;
    std::map<std::string, PropertyDecl> properties;
    std::vector<std::string> exclude;
    std::map<std::string, std::string> paths;  ///< `map:`
    std::map<std::string, std::string> decode;
    std::vector<PendingDecl> pending;
    std::vector<std::pair<std::string, OutputDecl>> outputs;
    std::map<std::string, std::string> witness;  ///< write-only property -> output that changes with it
    std::vector<std::string> replaces, keeps, write_only, secret, sets, json, untyped, required, optional;
    std::map<std::string, std::vector<std::string>> identified_by;
    std::map<std::string, std::string> same;
    std::map<std::string, std::string> grows;     ///< number that the service raises by itself -> the bound up to which it does
    std::map<std::string, std::string> defaults;  ///< JSON
    std::vector<ServiceDefaultDecl> service_defaults;
    std::string attributes_in, attributes_out;
    std::vector<std::pair<std::string, std::string>> attributes;  ///< name -> builtin shape
    std::vector<std::string> attributes_after_create;             ///< those that the create call does not take
    RecoveryClass recovery = RecoveryClass::name;
    OrphanDecl orphan;
    bool holds_data = false;
    bool create_before_delete = true;
    bool waits_until_gone = false;
    int schema_version = 1;
    int interval_ms = 2000;
    int create_minutes = 10, update_minutes = 10, remove_minutes = 20;
    struct Retry {
        std::string code, message;
        int seconds = 120;
        std::string waiting_for;
    };
    std::vector<Retry> retries;
    struct ErrorRule {
        std::string code, message;
        Expr remedy;
    };
    std::vector<ErrorRule> errors;
    std::string hook_planned_id, hook_prepare, hook_after_read, hook_before_delete, hook_check;
    std::map<std::string, std::string> canonical;  ///< property -> function
    Location place;

    [[nodiscard]] std::string class_name() const { return name.substr(name.rfind('.') + 1); }
};

/// Reads one type file. Mistakes go to `problems`; the result is then not to be used.
TypeDecl read_type(const std::string& path, const std::string& text, Problems& problems);

}  // namespace strata::codegen
