#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/codegen/types_resolve.hpp"

namespace strata::codegen {

/// How the shapes of one service's resource types are written in C++.
class Names {
public:
    Names(std::span<const ResolvedType> types, Problems& problems);

    /// Structures in an order in which each stands after those that it holds; enums sorted by name.
    [[nodiscard]] const std::vector<const aws::Shape*>& structures() const { return structures_; }
    [[nodiscard]] const std::vector<const aws::Shape*>& enums() const { return enums_; }

    /// The C++ name of a structure or enum.
    [[nodiscard]] std::string of(const aws::Shape* shape) const;
    /// "Input<std::string>", "List<Route>", "Map<Value>": the type of an argument that holds `shape`.
    [[nodiscard]] std::string argument(const aws::Shape* shape) const;
    /// "std::string", "std::int64_t", ... of an output.
    [[nodiscard]] static std::string output(const aws::Shape* shape);

    /// True for what is free JSON, refers to itself, or reaches too many structures to be typed.
    [[nodiscard]] bool untyped(const aws::Shape* shape) const;
    /// True when the file wants this member untyped.
    [[nodiscard]] bool untyped_member(const aws::Shape* structure, std::string_view member) const;
    [[nodiscard]] static bool is_enum(const aws::Shape* shape);

private:
    void collect(const aws::Shape* shape);
    void read_untyped(const ResolvedType& type);
    [[nodiscard]] std::string element(const aws::Shape* shape) const;

    Problems& problems_;
    std::vector<const aws::Shape*> structures_;
    std::vector<const aws::Shape*> enums_;
    std::map<std::string, const aws::Shape*> by_name_;
    std::set<std::string> taken_;  ///< names of resource classes and their arguments
    std::set<std::pair<const aws::Shape*, std::string>> untyped_members_;
    mutable std::map<const aws::Shape*, bool> untyped_;
};

/// A name of C++: `snake_case` with `_` after a keyword.
std::string cpp_member(std::string_view label);
/// The enumerators of an enum, in the order of its values: "aws:kms" -> "aws_kms", "3" -> "v3".
std::vector<std::string> enumerators(const aws::Shape* shape);

}  // namespace strata::codegen
