// A member that a structure inside of a list does not have.
// expect: strata::aws::ecs::ContainerDefinition
// expect: imag
#include "providers/aws/ecs.hpp"

namespace ecs = strata::aws::ecs;

#ifdef MISTAKE
const ecs::TaskDefinitionArgs task{.container_definitions = {ecs::ContainerDefinition{.imag = "worker:1", .name = "worker"}}};
#else
const ecs::TaskDefinitionArgs task{.container_definitions = {ecs::ContainerDefinition{.image = "worker:1", .name = "worker"}}};
#endif
