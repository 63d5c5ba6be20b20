#pragma once

#include <map>
#include <string>
#include <vector>

#include "providers/aws/codegen/types_declaration.hpp"
#include "providers/aws/codegen/types_models.hpp"

namespace strata::codegen {

/// What a type file says about one place inside its properties ("VpcConfig.SubnetIds").
struct Note {
    bool set = false;
    bool secret = false;
    bool untyped = false;
    std::vector<std::string> identified_by;
    std::string sameness;  ///< name of an enumerator of strata::Sameness
};

struct Property {
    std::string name;
    std::string label;
    const aws::Shape* shape = nullptr;
    bool required = false;
    bool replaces = false;
    bool write_only = false;
    std::string witness;
    bool local = false;
    bool exclusive = true;
    std::string default_json;
    std::string canonical;
    std::size_t facet = 0;
};

struct Output {
    std::string name;
    std::string label;
    const aws::Shape* shape = nullptr;
    bool stable = false;
    bool secret = false;
};

/// A type file together with what the model says to it: all that the tables are written from.
struct ResolvedType {
    TypeDecl decl;                     ///< its expressions and sources completed
    std::vector<Property> properties;  ///< sorted by name
    std::vector<Output> outputs;
    std::map<std::string, Note> notes;  ///< by dotted path, list steps left out
    std::vector<std::string> created_with;
};

/// Compares a declaration with the models; every name that they do not have is a problem with its line.
ResolvedType resolve(TypeDecl decl, Models& models, Problems& problems);

}  // namespace strata::codegen
