#pragma once

#include "engine/base/value.hpp"
#include "engine/model/schema.hpp"

namespace strata {

/// True when both mean the same to the service, by the property's rule. Secret marks do not count.
bool same(Sameness rule, const Value& a, const Value& b);

/// A JSON document (text or tree) in one form. In IAM policy documents statements and lists of texts lose
/// their order, a list of one text becomes the text, an account id as principal its root ARN, and condition
/// values become text: IAM itself stores and answers any of these forms.
Value canonical_document(const Value& document);

}  // namespace strata
