#include "config/checks.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

std::string said(const Check& check, const Value& value) {
    const auto complaint = check(value);
    if (!complaint) return "fine";
    return complaint->remedy.empty() ? complaint->what : complaint->what + " | " + complaint->remedy;
}

TEST(Ipv4Network, TakesNetworksOfTheSizesThatEc2Takes) {
    EXPECT_EQ(said(ipv4_network(), "10.0.0.0/16"), "fine");
    EXPECT_EQ(said(ipv4_network(), "192.168.4.240/28"), "fine");
    EXPECT_EQ(said(ipv4_network(0, 32), "0.0.0.0/0"), "fine");
    EXPECT_EQ(said(ipv4_network(0, 32), "10.1.2.3/32"), "fine");
}

TEST(Ipv4Network, SaysWhatIsWrong) {
    const auto check = ipv4_network();
    for (const std::string text :
         {"10.0.0/16", "10.0.0.0", "10.0.0.256/16", "10.0.0.0/", "10.0.0.0/33", "10.0.00.0/16", "a.b.c.d/16", "10.0.0.0/16/1", ""})
        EXPECT_EQ(said(check, text), "must be an IPv4 network in CIDR form, but is \"" + text + "\". | Write it like 10.0.0.0/16.");
    EXPECT_EQ(said(check, "10.0.0.0/8"), "must have a prefix from /16 to /28, but is 10.0.0.0/8.");
    EXPECT_EQ(said(check, "10.0.0.0/29"), "must have a prefix from /16 to /28, but is 10.0.0.0/29.");
    EXPECT_EQ(said(check, "10.0.3.7/22"), "must be the first address of its network, but is 10.0.3.7/22. | Write 10.0.0.0/22.");
}

TEST(Between, CountsBothEnds) {
    EXPECT_EQ(said(between(2, 3), 2), "fine");
    EXPECT_EQ(said(between(2, 3), 3), "fine");
    EXPECT_EQ(said(between(2, 3), 4), "must be between 2 and 3, but is 4.");
    EXPECT_EQ(said(at_least(30), 29), "must be at least 30, but is 29.");
    EXPECT_EQ(said(between_reals(0, 0.5), 0.75), "must be between 0 and 0.5, but is 0.75.");
    EXPECT_EQ(said(between_reals(0, 0.5), 0), "fine");
}

TEST(OneOf, OffersTheWordThatWasMeant) {
    const auto check = one_of({"single", "per_zone"});
    EXPECT_EQ(said(check, "single"), "fine");
    EXPECT_EQ(said(check, "singel"), "must be one of \"single\", \"per_zone\", but is \"singel\". | Did you mean \"single\"?");
    EXPECT_EQ(said(check, "none"), "must be one of \"single\", \"per_zone\", but is \"none\".");
}

TEST(Matching, LooksAtTheWholeText) {
    const auto check = matching("[a-z]+", "small letters");
    EXPECT_EQ(said(check, "abc"), "fine");
    EXPECT_EQ(said(check, "abc1"), "must be small letters, but is \"abc1\".");
    EXPECT_NE(said(check, std::string(100'000, 'a')), "fine");
}

TEST(AllOf, TheFirstComplaintCounts) {
    const auto check = all_of({not_empty(), matching("[a-z]+", "small letters")});
    EXPECT_EQ(said(check, ""), "must not be empty.");
    EXPECT_EQ(said(check, "A"), "must be small letters, but is \"A\".");
    EXPECT_EQ(said(check, "a"), "fine");
}

}  // namespace
}  // namespace strata
