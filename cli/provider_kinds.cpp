#include "cli/provider_kinds.hpp"

#include "cli/aws_kind.hpp"

namespace strata::cli {

std::vector<ProviderKind> provider_kinds(Connections& connections) {
    return {
        aws_kind(connections),
    };
}

}  // namespace strata::cli
