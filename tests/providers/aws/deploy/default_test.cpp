#include "providers/aws/s3.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

/// What becomes of a part that the program had set and sets no longer.
class TakenOff : public AwsStackTest {
protected:
    static Value answer(std::string_view operation) { return call("s3", operation, {{"Bucket", "open-data"}}); }
    EmulatedStack stack_{aws()};
};

TEST_F(TakenOff, AWayInFromOutsideIsShutAgainAsInANewBucket) {
    const auto fresh = [](Stack& stack) { s3::Bucket{stack, "data", {.bucket = "open-data"}}; };
    const auto open = [](Stack& stack) {
        s3::Bucket{stack,
                   "data",
                   {.bucket = "open-data",
                    .ownership =
                        s3::OwnershipControls{.rules = {s3::OwnershipControlsRule{.object_ownership = s3::ObjectOwnership::object_writer}}},
                    .public_access_block = s3::PublicAccessBlockConfiguration{.block_public_acls = false, .block_public_policy = false}}};
    };
    ASSERT_TRUE(stack_.up(fresh).ok());
    const auto ownership = answer("GetBucketOwnershipControls");
    const auto block = answer("GetPublicAccessBlock");
    ASSERT_TRUE(stack_.up(open).ok());
    ASSERT_NE(answer("GetBucketOwnershipControls"), ownership);
    ASSERT_NE(answer("GetPublicAccessBlock"), block);
    const auto shut = stack_.up(fresh);

    EXPECT_TRUE(shut.ok()) << shut.error_text();
    EXPECT_EQ(answer("GetBucketOwnershipControls"), ownership);
    EXPECT_EQ(answer("GetPublicAccessBlock"), block);
    EXPECT_FALSE(stack_.drift(fresh).drift.drifted());
}

}  // namespace
}  // namespace strata::aws
