#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/known_secrets.hpp"
#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// `value` for people's eyes: what the model or its name calls secret, and what the program marked so, reads "(secret)". Of bytes
/// that would fill more than a line only the number is left: "(5242880 bytes)".
Value masked(const Value& value, const Shape* shape);

/// An answer for people's eyes: as masked(), and of texts that somebody may have put there only how long they are ("(12 characters)").
/// Ids, ARNs, names, states and times are shown: no secret is used as one.
Value outlined(const Value& answer, const Shape* shape);

/// True for names of members that hold passwords and the like, where the model does not say so.
bool sounds_secret(std::string_view name);

/// Takes secrets out of texts about a call: a service's message may repeat what it was sent. Beside those that the command knows of, what
/// the model or its name calls secret among the call's parameters. Works nothing out before it is used.
class Redactor {
public:
    /// @param known  must outlive this, as must `params`
    /// @param params  of the call
    Redactor(const KnownSecrets& known, const Value& params, const Shape* shape) : known_{known}, params_{params}, shape_{shape} {}
    [[nodiscard]] std::string operator()(std::string_view text) const;

private:
    const KnownSecrets& known_;
    const Value& params_;
    const Shape* shape_;
    mutable std::unique_ptr<KnownSecrets> own_;
};

/// A request with its credentials masked: request line, a line for each header field, and after an empty
/// line the body, where there is one.
/// @param redactor  of the call that made it, for the body
std::string shown_request(const wire::Request& request, const Redactor& redactor);

}  // namespace strata::aws
