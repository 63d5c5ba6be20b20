#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "engine/model/provider.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {

/// What expressions are evaluated against. Pointers may be null: what they would give is then absent.
struct Context {
    const ResourceType* type = nullptr;
    const ProviderIdentity* identity = nullptr;
    std::string_view id = {};
    std::string_view arn = {};             ///< empty: by the type's rule
    const ValueMap* wanted = nullptr;      ///< looked into first ...
    const ValueMap* properties = nullptr;  ///< ... then this
    const ValueMap* previous = nullptr;
    const ValueMap* applied = nullptr;  ///< what we set last: the part of `previous` that is ours
    const ValueMap* outputs = nullptr;
    const Value* read = nullptr;  ///< the object of the first source, once it is known
    const Value* item = nullptr;
    const Value* value = nullptr;
    const Value* items = nullptr;  ///< a list
    const Value* ids = nullptr;    ///< a list
    std::string_view key = {};
    std::string_view token = {};
    const ValueMap* tags = nullptr;
    bool tags_are_all = false;           ///< `tags` is all that shall be there, none too
    const ValueMap* tag_keys = nullptr;  ///< only the keys count
    std::span<const std::string> changed = {};
};

const TypeDetail& detail_of(const ResourceType& type);

/// The value of an expression, secret marks removed; empty when it has none (a property that is not set).
std::optional<Value> evaluate(const Expression& expression, const Context& context);
/// The members of a request; empty when there is no expression.
ValueMap request_of(const Expression* expression, const Context& context);
/// True when there is no condition, or it has a value that is neither false nor empty.
bool holds(const Expression* condition, const Context& context);
/// True when some part of the expression is of that kind.
bool uses(const Expression* expression, Expression::Kind kind);

/// A wanted property: a part of the id, or as set; a reset one is the type's default. Empty when it is not set.
std::optional<Value> wanted_property(std::string_view name, const Context& context);
/// The ARN by the type's rule; empty when it needs something that is not known.
std::string arn_of(const Context& context);
/// The parts of an id that is made of properties, in their order; empty when it does not have that form.
std::vector<std::string> id_parts(const IdSpec& spec, std::string_view id);

/// A property as the text that attribute maps want: "true", "30", JSON for lists and maps.
std::string attribute_text(const Value& value);

}  // namespace strata::aws
