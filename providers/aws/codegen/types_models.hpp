#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/aws/model/loaded_model.hpp"

namespace strata::codegen {

/// The service models that type files are compared with, and the shapes that those files add to them.
class Models {
public:
    explicit Models(std::string folder) : folder_{std::move(folder)} {}

    /// nullptr when there is no such model (see error()).
    const aws::Service* service(std::string_view name);
    [[nodiscard]] const std::string& error() const { return error_; }

    /// "text", "integer", "real", "boolean", "any", "list<text>", "map<text>"; nullptr for another word.
    static const aws::Shape* builtin(std::string_view word);
    /// A shape of the model by name; nullptr when there is none.
    const aws::Shape* shape(std::string_view service, std::string_view name);

    const aws::Shape* list_of(const aws::Shape* item);
    const aws::Shape* map_of(const aws::Shape* value);
    /// Keeps a text as long as the models, for tables that only look at it.
    std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }
    /// A structure called `name` with copies of `members`.
    const aws::Shape* structure(std::string name, std::vector<aws::Member> members);

private:
    struct Made {
        std::string name;
        std::vector<aws::Member> members;
        aws::Member element;
        aws::Member key;
        aws::Shape shape;
    };

    std::string folder_;
    std::string error_;
    std::map<std::string, std::unique_ptr<aws::LoadedModel>, std::less<>> loaded_;
    std::deque<Made> made_;
    std::deque<std::string> kept_;
};

/// The member of a structure, or nullptr.
const aws::Member* find_member(const aws::Shape* shape, std::string_view name);
std::vector<std::string> member_names(const aws::Shape* shape);

/// True when the path makes a list of what stands behind `[]`, `[*]` or a filter; follow() then tells the shape of one item.
bool makes_list(std::string_view path);

/// What a path of providers/aws/model/path.hpp leads to from a value of `shape`. nullptr when a name on the way does not exist
/// (`missing` then names it and `beside` where it was looked for). Filters are stepped over, not looked into.
const aws::Shape* follow(const aws::Shape* shape, std::string_view path, std::string* missing, const aws::Shape** beside);

}  // namespace strata::codegen
