#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// A model read at run time, for `aws call --model FILE`, for codegen and for the protocol conformance tests. Owns
/// all it points to.
class LoadedModel {
public:
    /// @param document  botocore `service-2.json` form, or the trimmed form of providers/aws/models, in which
    ///                  `paginators` and `waiters` stand in the same document
    /// @param name      of the service, as botocore calls it
    /// @errors invalid_config when the document is no service model (the place inside it is named)
    static Result<std::unique_ptr<LoadedModel>> load(const Value& document, std::string_view name);
    virtual ~LoadedModel() = default;
    [[nodiscard]] virtual const Service& service() const = 0;
    /// Every shape of the document, ascending by name; operations point into it.
    [[nodiscard]] virtual std::span<const Shape> shapes() const = 0;
};

}  // namespace strata::aws
