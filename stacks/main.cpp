#include "cli/run.hpp"
#include "stacks/data_lake.hpp"
#include "stacks/foundation.hpp"
#include "stacks/orchestration.hpp"
#include "stacks/settings.hpp"

int main(int argc, char** argv) {
    return strata::run(argc, argv, stacks::load_settings,
                       {{"foundation", stacks::foundation}, {"data-lake", stacks::data_lake}, {"orchestration", stacks::orchestration}});
}
