#include "components/policy_document.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/components/declared_stack.hpp"

namespace components {
namespace {

/// The document as a stack's output, which is where a test can see it.
std::string written(DeclaredStack& declared, const strata::Output<std::string>& document) {
    declared.stack.output("document", document);
    return declared.output("document");
}

std::string written(const std::vector<Statement>& statements) {
    DeclaredStack declared;
    return written(declared, policy_document(declared.stack, statements));
}

TEST(PolicyDocument, LeavesOutWhatIsEmpty) {
    EXPECT_EQ(written({{.actions = {"s3:GetObject"}, .resources = {"*"}}}),
              R"({"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"})");
}

TEST(PolicyDocument, WritesEveryPartOfAStatement) {
    EXPECT_EQ(written({{.conditions = {{"StringEquals", "aws:SourceAccount", {"1"}},
                                       {"StringEquals", "aws:x", {"a", "b"}},
                                       {"Bool", "aws:y", {"true"}}},
                        .deny = true,
                        .not_actions = {"iam:GetUser", "iam:ListUsers"},
                        .principals = {{"AWS", {"arn:1"}}, {"Service", {"a.amazonaws.com", "b.amazonaws.com"}}},
                        .resources = {"r"},
                        .sid = "All"}}),
              R"({"Statement":[{"Condition":{"Bool":{"aws:y":["true"]},"StringEquals":{"aws:SourceAccount":["1"],"aws:x":["a","b"]}},)"
              R"("Effect":"Deny","NotAction":["iam:GetUser","iam:ListUsers"],)"
              R"("Principal":{"AWS":["arn:1"],"Service":["a.amazonaws.com","b.amazonaws.com"]},"Resource":["r"],"Sid":"All"}],)"
              R"("Version":"2012-10-17"})");
}

TEST(PolicyDocument, WritesEverybodyAsAStar) {
    EXPECT_EQ(written({{.actions = {"a"}, .principals = {{"*", {}}}}}),
              R"({"Statement":[{"Action":"a","Effect":"Allow","Principal":"*"}],"Version":"2012-10-17"})");
}

TEST(PolicyDocument, TakesOutputsWhereverTextsStand) {
    DeclaredStack declared;
    const auto arn = declared.stack.reference<std::string>("lake", "arn");

    EXPECT_EQ(written(declared, policy_document(declared.stack, {{.actions = {"a"},
                                                                  .conditions = {{"ArnEquals", "ecs:cluster", {arn}}},
                                                                  .principals = {{"AWS", {arn}}},
                                                                  .resources = {arn, strata::concat({arn, "/*"})}}})),
              R"({"Statement":[{"Action":"a","Condition":{"ArnEquals":{"ecs:cluster":["${lake/arn}"]}},"Effect":"Allow",)"
              R"("Principal":{"AWS":["${lake/arn}"]},"Resource":["${lake/arn}","${lake/arn}/*"]}],"Version":"2012-10-17"})");
}

TEST(PolicyDocument, RefusesTwoConditionsOfWhichOneWouldBeLost) {
    DeclaredStack declared;
    const Statement statement{.actions = {"a"}, .conditions = {{"StringLike", "aws:x", {"one"}}, {"StringLike", "aws:x", {"two"}}}};

    EXPECT_THROW((void)policy_document(declared.stack, {statement}), std::invalid_argument);
}

TEST(PolicyDocument, LetsServicesAssumeARoleForThisAccountOnly) {
    DeclaredStack declared;
    EXPECT_EQ(
        written(declared, trusted_by_services(declared.stack, {"glue.amazonaws.com"})),
        R"({"Statement":[{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":["123456789012"]}},"Effect":"Allow",)"
        R"("Principal":{"Service":["glue.amazonaws.com"]}}],"Version":"2012-10-17"})");
}

}  // namespace
}  // namespace components
