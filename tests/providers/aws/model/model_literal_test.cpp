#include "providers/aws/codegen/model_literal.hpp"

#include <gtest/gtest.h>

namespace strata::codegen {
namespace {

TEST(CppLiteral, EscapesWhatCppWouldReadOtherwise) {
    EXPECT_EQ(cpp_literal("plain"), R"("plain")");
    EXPECT_EQ(cpp_literal(R"(^[\w"]+$)"), R"("^[\\w\"]+$")");
    EXPECT_EQ(cpp_literal("tab\tnewline\n"), R"("tab\011newline\012")");
    EXPECT_EQ(cpp_literal("\xC3\xA9"), R"("\303\251")");
}

TEST(CppName, ReplacesWhatNoNameMayHold) {
    EXPECT_EQ(cpp_name("s3"), "s3");
    EXPECT_EQ(cpp_name("cognito-idp"), "cognito_idp");
}

}  // namespace
}  // namespace strata::codegen
