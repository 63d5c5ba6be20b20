#include "config/edit_line.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

std::string without(std::string_view text, std::string_view path) {
    const auto result = without_setting(text, "config/dev.yaml", path);
    return result ? *result : result.error().text();
}
std::string in_lines(std::string_view text, std::string_view name) {
    const auto result = with_section_in_lines(text, "config/dev.yaml", name);
    return result ? *result : result.error().text();
}

TEST(WithoutSetting, TakesOneLine) {
    EXPECT_EQ(without("# all\na: 1   # one\nb:\n  c: 2\n\n  d: 3\n", "b.c"), "# all\na: 1   # one\nb:\n\n  d: 3\n");
    EXPECT_EQ(without("a: 1\nb: 2", "b"), "a: 1\n");
}

TEST(WithoutSetting, TakesASectionWithAllBelowIt) {
    EXPECT_EQ(without("a:\n  next:\n    b: 1\n    # of b\n\n    c: [1,\n        2]\n  d:\n  - 1\n# of e\ne: 2\n", "a.next"),
              "a:\n  d:\n  - 1\n# of e\ne: 2\n");
    EXPECT_EQ(without("a:\n  d:\n  - 1\n  - 2\n  e: 3\n", "a.d"), "a:\n  e: 3\n");
}

TEST(WithoutSetting, LeavesASectionThatIsEmptyThen) { EXPECT_EQ(without("a:\n  b: 1\nc: 2\n", "a.b"), "a:\nc: 2\n"); }

TEST(WithoutSetting, LeavesATextWithoutIt) { EXPECT_EQ(without("a: 1\n", "b.c"), "a: 1\n"); }

TEST(WithoutSetting, RefusesWhatDoesNotStandOnItsOwn) {
    EXPECT_EQ(without("a: {b: 1, c: 2}\n", "a.b"),
              "Setting cannot be edited in place\n  config/dev.yaml:1: a.b stands in {braces}.\n  Edit the file by hand.");
    EXPECT_EQ(without("a:\n  b: &x 1\nc: *x\n", "a.b"),
              "Setting cannot be edited in place\n  config/dev.yaml:2: a.b does not stand on lines of its own.\n  Edit the file by hand.");
}

TEST(WithSectionInLines, WritesASettingALine) {
    EXPECT_EQ(in_lines("a: 1\nb: {c: x, d: \"#}\", 'e': 7}   # why\nf: 2\n", "b"), "a: 1\nb:   # why\n  c: x\n  d: \"#}\"\n  e: 7\nf: 2\n");
    EXPECT_EQ(in_lines("b: {c: x}\r\nf: 2\r\n", "b"), "b:\r\n  c: x\r\nf: 2\r\n");
}

TEST(WithSectionInLines, LeavesWhatNeedsNoChange) {
    EXPECT_EQ(in_lines("b:\n  c: x\n", "b"), "b:\n  c: x\n");
    EXPECT_EQ(in_lines("a: 1\n", "b"), "a: 1\n");
}

TEST(WithSectionInLines, RefusesMoreThanSingleValuesOnOneLine) {
    const std::string refusal =
        "Setting cannot be edited in place\n  config/dev.yaml:1: b is more than single values in {braces} on one line.\n"
        "  Edit the file by hand.";
    EXPECT_EQ(in_lines("b: {c: x,\n  d: y}\n", "b"), refusal);
    EXPECT_EQ(in_lines("b: {c: [1]}\n", "b"), refusal);
}

}  // namespace
}  // namespace strata
