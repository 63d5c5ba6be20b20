#include "engine/base/address.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

TEST(ShownUrl, LeavesOutUserQueryAndFragment) {
    EXPECT_EQ(shown_url("https://user:password@host:8443/path?password=x#y"), "https://host:8443/path");
    EXPECT_EQ(shown_url("http://127.0.0.1:4566"), "http://127.0.0.1:4566");
    EXPECT_EQ(shown_url("s3://user:pass@word@bucket/prefix"), "s3://bucket/prefix");
    EXPECT_EQ(shown_url("user:password@host"), "host");
    EXPECT_EQ(shown_url("host?password=://x"), "host");
}

TEST(ShownUrl, ShowsNoPasswordThatEndsTheHostEarly) {
    EXPECT_EQ(shown_url("http://user:pa/ss@host/path"), "http://...");
    EXPECT_EQ(shown_url("http://user:pa?ss@host"), "http://...");
    EXPECT_EQ(shown_url("http://user:pa#ss@host"), "http://...");
    EXPECT_EQ(shown_url("user:pa/ss@host"), "...");
}

}  // namespace
}  // namespace strata
