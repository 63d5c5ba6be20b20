#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/deploy/test_stack.hpp"
#include "tests/providers/aws/types/emulated_aws.hpp"

namespace strata::aws {

/// A stack with its state on disk, whose resources are in an emulator.
class EmulatedStack : public TestStack {
public:
    explicit EmulatedStack(EmulatedAws& aws, std::map<std::string, std::string> default_tags = {},
                           std::vector<std::string> ignore_tags = {})
        : TestStack{{.name = "dev", .account = "123456789012", .region = "ca-central-1"},
                    {{.name = "aws",
                      .kind = "aws",
                      .config = {},
                      .default_tags = std::move(default_tags),
                      .ignore_tags = std::move(ignore_tags),
                      .declared_at = {}}}} {
        serve(aws.kind());
    }
};

}  // namespace strata::aws
