#include <gtest/gtest.h>

#include "tests/engine/things.hpp"

// A finding points at the line of the property.

namespace strata::things {
namespace {

constexpr std::uint32_t here(std::source_location where = std::source_location::current()) { return where.line(); }

/// Lines below `first` of the places that `paths` have.
std::vector<std::int64_t> lines(const Declared& declared, std::uint32_t first, const std::vector<std::string>& paths) {
    std::vector<std::int64_t> found;
    for (const auto& path : paths) found.push_back(static_cast<std::int64_t>(declared.locations.find(path).line) - first);
    return found;
}

using Lines = std::vector<std::int64_t>;

TEST(Location, PointsAtTheLineOfEachTextNumberAndEnum) {
    const auto first = here();
    const ThingArgs args{
        .mode = Mode::fast,
        .ratio = 0.5,
        .text = "a",
    };

    EXPECT_EQ(lines(fields(args), first, {"Mode", "Ratio", "Text"}), (Lines{2, 3, 4}));
}

TEST(Location, PointsAtTheLineOfAnOutputThatIsUsed) {
    Stack stack{"test", {}};
    const Thing other{stack, "other", {}};
    const auto first = here();
    const ThingArgs args{
        .labels = {{"id", other.id()}},
        .text = other.id(),
    };

    EXPECT_EQ(lines(fields(args), first, {"Labels.id", "Text"}), (Lines{2, 3}));
}

TEST(Location, PointsAtTheLineOfANestedLeaf) {
    const auto first = here();
    const ThingArgs args{
        .labels =
            {
                {"a", "1"},
                {"b", "2"},
            },
        .part =
            Part{
                .label = "x",
                .size = 4,
            },
        .parts =
            {
                Part{.label = "y"},
                Part{
                    .mode = Mode::slow,
                },
            },
    };

    EXPECT_EQ(lines(fields(args), first, {"Labels.a", "Labels.b", "Part.Label", "Part.Size", "Parts[0].Label", "Parts[1].Mode"}),
              (Lines{4, 5, 9, 10, 14, 16}));
}

TEST(Location, PointsAtTheLineOfAListThatIsGivenWhole) {
    const std::vector<std::string> rules{"in", "out"};
    const auto first = here();
    const ThingArgs args{
        .mode = Mode::fast,
        .rules = rules,
    };

    EXPECT_EQ(lines(fields(args), first, {"Rules", "Rules[1]"}), (Lines{3, 3}));
}

TEST(Location, OfATextInBracesIsThatOfTheNearestLeafWithALineOfItsOwn) {
    const auto first = here();
    const ThingArgs args{
        .mode = Mode::fast,
        .rules =
            {
                "in",
                "out",
            },
        .text = "a",
    };

    EXPECT_EQ(lines(fields(args), first, {"Rules", "Rules[0]", "Rules[1]"}), (Lines{2, 2, 8}));
}

TEST(Location, OfAFlagOrAStructureIsThatOfTheNearestLeafInside) {
    const auto first = here();
    const ThingArgs args{
        .part =
            Part{
                .label = "x",
                .on = true,
            },
        .text = "a",
    };

    EXPECT_EQ(lines(fields(args), first, {"Part", "Part.On"}), (Lines{4, 4}));
}

TEST(Location, OfAMissingMemberIsThatOfTheNearestPartAround) {
    const auto first = here();
    const ThingArgs args{
        .part = Part{.label = "x"},
        .text = "a",
    };

    EXPECT_EQ(lines(fields(args), first, {"Part.Size", "Text.Deeper"}), (Lines{2, 3}));
}

TEST(Location, IsThatOfTheStatementWhereNothingBetterIsKnown) {
    const auto first = here();
    const ThingArgs args{.rules = {"in"}};

    EXPECT_EQ(lines(fields(args), first, {"Rules"}), (Lines{1}));
}

TEST(Location, IsUnknownForWhatWasNeverSet) {
    const ThingArgs args{.text = "a"};

    EXPECT_FALSE(fields(args).locations.find("Textile").known());
    EXPECT_FALSE(fields(args).locations.find("Mode").known());
}

TEST(Location, OfAResourceIsTheLineThatDeclaresItAndNamesTheFileFromTheRoot) {
    Stack stack{"test", {}};
    const auto first = here();
    const Thing thing{stack, "thing", {.text = "a"}};

    EXPECT_EQ(stack.graph().resources()[0].declared_at, (Location{.file = "tests/engine/model/location_test.cpp", .line = first + 1}));
    EXPECT_EQ(stack.graph().resources()[0].locations.find("Text"),
              (Location{.file = "tests/engine/model/location_test.cpp", .line = first + 1}));
}

}  // namespace
}  // namespace strata::things
