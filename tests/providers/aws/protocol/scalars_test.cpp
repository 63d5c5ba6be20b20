#include "providers/aws/protocol/scalars.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>

namespace strata::aws {
namespace {

constexpr Shape text{.name = "Text", .type = ShapeType::string};
constexpr Shape integer{.name = "Count", .type = ShapeType::integer};
constexpr Shape real{.name = "Share", .type = ShapeType::real};
constexpr Shape flag{.name = "Flag", .type = ShapeType::boolean};
constexpr Shape time{.name = "When", .type = ShapeType::timestamp};
constexpr Shape blob{.name = "Data", .type = ShapeType::blob};

std::string read_time(std::string_view written) { return std::string{read_text(time, written)->text_or("(none)")}; }

TEST(Moment, IsReadFromEveryFormThatServicesUse) {
    EXPECT_EQ(read_time("2026-11-21T03:40:55Z"), "2026-11-21T03:40:55Z");
    EXPECT_EQ(read_time("2026-11-21T03:40:55.250+01:00"), "2026-11-21T02:40:55.250Z");
    EXPECT_EQ(read_time("Sat, 21 Nov 2026 03:40:55 GMT"), "2026-11-21T03:40:55Z");
    EXPECT_EQ(read_time("1795232455"), "2026-11-21T03:40:55Z");
    EXPECT_EQ(read_time("1.795232455E9"), "2026-11-21T03:40:55Z");
    EXPECT_EQ(read_time("soon"), "soon");
}

TEST(Moment, OutsideTheCalendarIsNone) {
    EXPECT_FALSE(moment(Value{1e300}).has_value());
    EXPECT_FALSE(moment(Value{std::numeric_limits<double>::quiet_NaN()}).has_value());
    EXPECT_FALSE(moment(Value{std::numeric_limits<std::int64_t>::max()}).has_value());
    EXPECT_FALSE(moment(Value{true}).has_value());
}

TEST(Moment, IsWrittenInTheFormThatIsAskedFor) {
    const auto when = *moment(Value{1795232455.5});

    EXPECT_EQ(write_timestamp(when, TimestampFormat::iso8601), "2026-11-21T03:40:55.500Z");
    EXPECT_EQ(write_timestamp(when, TimestampFormat::unix_time), "1795232455.5");
    EXPECT_EQ(write_timestamp(when, TimestampFormat::rfc822), "Sat, 21 Nov 2026 03:40:55 GMT");
    EXPECT_EQ(write_timestamp(*moment(Value{-1}), TimestampFormat::iso8601), "1969-12-31T23:59:59Z");
}

TEST(Real, KeepsItsPointAndItsNames) {
    EXPECT_EQ(write_real(2), "2.0");
    EXPECT_EQ(write_real(0.1), "0.1");
    EXPECT_EQ(write_real(-std::numeric_limits<double>::infinity()), "-Infinity");
    EXPECT_TRUE(std::isnan(*read_text(real, "NaN")->real()));
    EXPECT_EQ(*read_text(real, " 1.5e3 ")->real(), 1500.0);
}

TEST(Scalar, ReadsWhatItsShapeSays) {
    EXPECT_EQ(*read_text(integer, "-5"), Value{-5});
    EXPECT_EQ(*read_text(flag, "True"), Value{true});
    EXPECT_EQ(*read_text(text, " kept "), Value{" kept "});
    EXPECT_EQ(*read_text(blob, "AP8="), (Value{Bytes{std::string{"\x00\xFF", 2}}}));
}

TEST(Scalar, ThatIsEmptyIsNullUnlessItIsText) {
    EXPECT_TRUE(read_text(integer, "")->is_null());
    EXPECT_TRUE(read_text(flag, " ")->is_null());
    EXPECT_TRUE(read_text(time, "")->is_null());
    EXPECT_EQ(*read_text(text, ""), Value{""});
}

TEST(Scalar, RefusesWhatItsShapeCannotBe) {
    EXPECT_FALSE(read_text(integer, "1.5").has_value());
    EXPECT_FALSE(read_text(integer, "9223372036854775808").has_value());
    EXPECT_FALSE(read_text(real, "1,5").has_value());
    EXPECT_FALSE(read_text(flag, "yes").has_value());
    EXPECT_FALSE(read_text(blob, "*").has_value());
}

}  // namespace
}  // namespace strata::aws
