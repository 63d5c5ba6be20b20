#include "engine/wire/ca_bundle.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::wire {
namespace {

class CaBundle : public testing::Test {
protected:
    CaBundle() { EXPECT_TRUE(real_files().replace(present(), "pem")); }

    std::string present() const { return folder_ / "ca.pem"; }
    std::string absent() const { return folder_ / "absent.pem"; }

    ScratchFolder folder_;
};

TEST_F(CaBundle, TakesTheVariablesInOrder) {
    EXPECT_EQ(*find_ca_bundle("", fixed_environment({{"SSL_CERT_FILE", present()}, {"CURL_CA_BUNDLE", absent()}}), {}), present());
    EXPECT_EQ(*find_ca_bundle("", fixed_environment({{"AWS_CA_BUNDLE", present()}, {"SSL_CERT_FILE", absent()}}), {}), present());
    EXPECT_EQ(*find_ca_bundle(present(), fixed_environment({{"AWS_CA_BUNDLE", absent()}}), {}), present());
}

TEST_F(CaBundle, AnUnreadableOneThatWasAskedForIsAnErrorAndNoFallback) {
    const auto text = present();
    const std::array<std::string_view, 1> usual = {text};

    const auto found = find_ca_bundle("", fixed_environment({{"AWS_CA_BUNDLE", absent()}}), usual);

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().text(), fmt::format("Cannot read CA bundle\n  AWS_CA_BUNDLE names {}: No such file or directory.\n"
                                                "  Correct AWS_CA_BUNDLE, or unset it to use the system's own bundle.",
                                                absent()));
    EXPECT_FALSE(find_ca_bundle("", fixed_environment({{"AWS_CA_BUNDLE", testing::TempDir()}}), usual));
}

TEST_F(CaBundle, IsTheFirstOfTheUsualPathsThatCanBeRead) {
    const auto missing = absent();
    const auto there = present();
    const std::array<std::string_view, 2> usual = {missing, there};

    EXPECT_EQ(*find_ca_bundle("", fixed_environment({}), usual), there);
}

TEST_F(CaBundle, WhereThereIsNoneEveryPathTriedIsNamed) {
    const std::array<std::string_view, 2> usual = {"/no/such/a.pem", "/no/such/b.pem"};

    const auto found = find_ca_bundle("", fixed_environment({}), usual);

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::io);
    EXPECT_EQ(found.error().cause,
              "Certificates cannot be verified. AWS_CA_BUNDLE, SSL_CERT_FILE and CURL_CA_BUNDLE are not set; "
              "tried:\n/no/such/a.pem\n/no/such/b.pem");
}

}  // namespace
}  // namespace strata::wire
