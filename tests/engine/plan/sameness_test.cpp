#include "engine/plan/sameness.hpp"

#include <ostream>

#include <gtest/gtest.h>

#include "engine/base/json.hpp"

namespace strata {
namespace {

bool same_policy(const char* a, const char* b) { return same(Sameness::json, Value{a}, Value{b}); }

TEST(Sameness, ComparesPolicyDocumentsByMeaning) {
    EXPECT_TRUE(same_policy(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":["a"]}})",
                            R"({"Statement":[{"Resource":"a","Action":["s3:GetObject"],"Effect":"Allow"}],"Version":"2012-10-17"})"));
    EXPECT_TRUE(
        same_policy(R"({"Statement":[{"Action":["a","b"]},{"Action":"c"}]})", R"({"Statement":[{"Action":"c"},{"Action":["b","a"]}]})"));
    EXPECT_TRUE(same_policy(R"({"Statement":[{"Principal":{"AWS":"123456789012"}}]})",
                            R"({"Statement":[{"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]})"));
    EXPECT_TRUE(same_policy(R"({"Statement":[{"Condition":{"Bool":{"aws:SecureTransport":false}}}]})",
                            R"({"Statement":[{"Condition":{"Bool":{"aws:SecureTransport":["false"]}}}]})"));
}

TEST(Sameness, SeesEveryRealDifferenceOfAPolicy) {
    EXPECT_FALSE(same_policy(R"({"Statement":[{"Effect":"Allow","Action":"a"}]})", R"({"Statement":[{"Effect":"Deny","Action":"a"}]})"));
    EXPECT_FALSE(same_policy(R"({"Statement":[{"Action":["a","b"]}]})", R"({"Statement":[{"Action":["a"]}]})"));
    EXPECT_FALSE(same_policy(R"({"Statement":[{"Action":"a"}]})", R"({"Statement":[{"NotAction":"a"}]})"));
}

TEST(Sameness, KeepsTheOrderOfListsInDocumentsThatAreNoPolicies) {
    EXPECT_FALSE(same_policy(R"({"steps":["a","b"]})", R"({"steps":["b","a"]})"));
    EXPECT_TRUE(same_policy(R"({"steps": ["a", "b"], "x": 1})", R"({"x":1,"steps":["a","b"]})"));
}

TEST(Sameness, ComparesATextWithTheTreeThatItHolds) { EXPECT_TRUE(same(Sameness::json, Value{R"({"a":1})"}, Value::map({{"a", 1}}))); }

struct Case {
    Sameness rule;
    Value a;
    Value b;
    bool same;
};
void PrintTo(const Case& given, std::ostream* out) { *out << to_json(given.a) << " and " << to_json(given.b); }

class SamenessOfTexts : public testing::TestWithParam<Case> {};

TEST_P(SamenessOfTexts, HoldsInBothDirections) {
    const auto& given = GetParam();
    EXPECT_EQ(same(given.rule, given.a, given.b), given.same);
    EXPECT_EQ(same(given.rule, given.b, given.a), given.same);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, SamenessOfTexts,
    testing::Values(Case{Sameness::arn_or_id, "arn:aws:kms:ca-central-1:1:key/abc-1", "abc-1", true},
                    Case{Sameness::arn_or_id, "arn:aws:kms:ca-central-1:1:alias/lake", "alias/lake", true},
                    Case{Sameness::arn_or_id, "arn:aws:kms:ca-central-1:1:key/abc-1", "abc-2", false},
                    Case{Sameness::arn_or_id, "arn:aws:iam::1:role/a", "arn:aws:iam::2:role/a", false},
                    Case{Sameness::arn_or_id, "arn:aws:x", "", false}, Case{Sameness::without_case, "Postgres", "postgres", true},
                    Case{Sameness::exact, "Postgres", "postgres", false}, Case{Sameness::cidr, "10.0.0.1/16", "10.0.0.0/16", true},
                    Case{Sameness::cidr, "10.0.0.0/16", "10.0.0.0/17", false}, Case{Sameness::cidr, "10.1.0.0/16", "10.0.0.0/16", false},
                    Case{Sameness::version_prefix, "15", "15.4", true}, Case{Sameness::version_prefix, "1", "15.4", false},
                    Case{Sameness::number_text, "1.0", 1, true}, Case{Sameness::number_text, "a", 1, false},
                    Case{Sameness::trailing_newline, "a\n", "a", true}, Case{Sameness::exact, Value::secret("a"), "a", true},
                    Case{Sameness::exact, Value::secret("a"), "b", false}));

}  // namespace
}  // namespace strata
