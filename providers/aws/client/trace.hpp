#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// `value` for people's eyes: what the model or its name calls secret, and what the program marked so, reads "(secret)". Of bytes
/// that would fill more than a line only the number is left: "(5242880 bytes)".
Value masked(const Value& value, const Shape* shape);

/// True for names of members that hold passwords and the like, where the model does not say so.
bool sounds_secret(std::string_view name);

/// Takes a call's secrets out of texts that may repeat them: a service's message, above all.
class Redactor {
public:
    Redactor() = default;
    /// @param params  of the call, with their secret marks
    Redactor(const Value& params, const Shape* shape);
    [[nodiscard]] std::string redacted(std::string text) const;

private:
    std::vector<std::string> secrets_;
};

/// A request with its credentials masked: request line, a line for each header field, and after an empty
/// line the body, where there is one.
/// @param redactor  of the call that made it, for the body
std::string shown_request(const wire::Request& request, const Redactor& redactor);

}  // namespace strata::aws
