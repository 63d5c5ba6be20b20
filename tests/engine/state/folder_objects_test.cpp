#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/state/folder_objects.hpp"
#include "tests/engine/state/object_store_contract.hpp"
#include "tests/scratch_folder.hpp"

namespace strata {
namespace {

class StoreInAFolder final : public StoreUnderTest {
public:
    std::unique_ptr<ObjectStore> open() override { return folder_objects(folder_.path, real_files()); }

private:
    ScratchFolder folder_;
};

std::unique_ptr<StoreUnderTest> store_in_a_folder() { return std::make_unique<StoreInAFolder>(); }

INSTANTIATE_TEST_SUITE_P(Folder, ObjectStoreContract, testing::Values(&store_in_a_folder));

}  // namespace
}  // namespace strata
