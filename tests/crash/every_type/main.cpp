// At least one resource of every type that the AWS provider knows, in stacks of a few resources each: what the crash rig deploys, kills
// and deploys again. The rig compares the types of these stacks with those under providers/aws/types.
#include "cli/run.hpp"
#include "tests/crash/every_type/stacks.hpp"

int main(int argc, char** argv) {
    using namespace every_type;
    return strata::run(argc, argv, load_settings,
                       {{"network", network},
                        {"groups", groups},
                        {"gateways", gateways},
                        {"roles", roles},
                        {"people", people},
                        {"secrets", secrets},
                        {"objects", objects},
                        {"databases", databases},
                        {"catalog", catalog},
                        {"containers", containers},
                        {"messages", messages},
                        {"watch", watch}});
}
