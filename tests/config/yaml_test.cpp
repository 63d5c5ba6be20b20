#include "config/yaml.hpp"

#include <gtest/gtest.h>

#include "config/scalar.hpp"
#include "tests/bounded.hpp"

namespace strata {
namespace {

std::string mistake_in(std::string_view text, const YamlLimits& limits = {}) {
    const auto read = parse_yaml(text, "config/dev.yaml", limits);
    return read ? "no mistake" : read.error().text();
}

/// The same of a reader that may take 64 MB.
std::string mistake_in_bounds(std::string_view text) {
    return bounded([&] { return mistake_in(text); }).said;
}

TEST(Yaml, KnowsWhereEveryValueAndKeyStands) {
    const auto root = parse_yaml("network:\n  cidr: 10.0.0.0/16   # ours\n  zones:\n    - a\n    - \"b\"\n", "config/dev.yaml");

    ASSERT_TRUE(root.ok()) << root.error().text();
    const auto* network = root->find("network");
    ASSERT_NE(network, nullptr);
    const auto* cidr = network->find("cidr");
    ASSERT_NE(cidr, nullptr);
    EXPECT_EQ(cidr->text, "10.0.0.0/16");
    EXPECT_EQ(cidr->place.text(), "config/dev.yaml:2");
    EXPECT_EQ(cidr->column, 9U);
    EXPECT_EQ(cidr->key_column, 3U);
    const auto* zones = network->find("zones");
    ASSERT_NE(zones, nullptr);
    ASSERT_EQ(zones->children.size(), 2U);
    EXPECT_EQ(zones->children[1].place.line, 5U);
    EXPECT_TRUE(zones->children[1].quoted);
    EXPECT_FALSE(zones->children[0].quoted);
    EXPECT_EQ(network->find("nat"), nullptr);
}

TEST(Yaml, AKeyWithoutValueStandsOnItsOwnLine) {
    const auto root = parse_yaml("a:\n\n\nb: 1\n", "x.yaml");

    ASSERT_TRUE(root.ok());
    EXPECT_EQ(root->find("a")->kind, ConfigNode::Kind::null);
    EXPECT_EQ(root->find("a")->place.line, 1U);
}

TEST(Yaml, TellsSealedTextFromOtherText) {
    const auto root = parse_yaml("a: !sealed AAAA==\nb: '!sealed x'\nc: !!str 12\n", "x.yaml");

    ASSERT_TRUE(root.ok());
    EXPECT_TRUE(root->find("a")->sealed);
    EXPECT_EQ(root->find("a")->text, "AAAA==");
    EXPECT_FALSE(root->find("b")->sealed);
    EXPECT_EQ(root->find("b")->text, "!sealed x");
    EXPECT_TRUE(root->find("c")->quoted);
}

TEST(Yaml, AnAliasStandsForWhatItsAnchorMarks) {
    const auto root = parse_yaml("a: &small {cpu: 256}\nb: *small\n", "x.yaml");

    ASSERT_TRUE(root.ok());
    EXPECT_EQ(root->find("b")->find("cpu")->text, "256");
    EXPECT_EQ(root->find("b")->place.line, 2U);
    EXPECT_TRUE(root->find("b")->anchored);
}

TEST(Yaml, ReadsFilesWithWindowsLineEnds) {
    const auto root = parse_yaml("a: 1\r\nb: x\r\n", "x.yaml");

    ASSERT_TRUE(root.ok());
    EXPECT_EQ(root->find("b")->text, "x");
    EXPECT_EQ(root->find("b")->place.line, 2U);
}

TEST(Yaml, RefusesAKeyGivenTwice) {
    EXPECT_EQ(mistake_in("network:\n  cidr: a\n  zones: 2\n  cidr: b\n"),
              "Setting given twice\n"
              "  config/dev.yaml:4: \"cidr\" is set in line 2 already.\n"
              "  Remove one of the two.");
}

TEST(Yaml, RefusesAnEmptyFile) {
    EXPECT_EQ(mistake_in(""), "Configuration is empty\n  config/dev.yaml: nothing is set.");
    EXPECT_EQ(mistake_in("# only a comment\n"), "Configuration is empty\n  config/dev.yaml: nothing is set.");
}

TEST(Yaml, RefusesTabsInTheIndentation) {
    constexpr auto expected =
        "Configuration is not valid YAML\n"
        "  config/dev.yaml:2: the line is indented with a tab.\n"
        "  Indent with spaces.";
    EXPECT_EQ(mistake_in("network:\n\tcidr: a\n"), expected);
    EXPECT_EQ(mistake_in("a: 1\n\tb: 2\n"), expected);
}

TEST(Yaml, RefusesBadIndentation) {
    EXPECT_EQ(mistake_in("network:\n    cidr: a\n  zones: 2\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:3: this does not continue the section above it.\n"
              "  Check the indentation of this line and of the one above, and put text that holds \": \" in quotes.");
    EXPECT_EQ(mistake_in("- a\nb: 1\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:2: this does not continue the list or section above it.\n"
              "  Check the indentation.");
}

TEST(Yaml, RefusesAColonInsideUnquotedText) {
    EXPECT_EQ(mistake_in("a: 1\nnote: see: below\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:2: a \":\" stands where no setting can begin.\n"
              "  Check the indentation of this line and of the one above, and put text that holds \": \" in quotes.");
}

TEST(Yaml, SaysWhereAListOpensThatIsNotClosed) {
    EXPECT_EQ(mistake_in("a: 1\nzones: [x, y\nb: 2\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:2: the list that opens here with [ is not closed.\n"
              "  Add the missing ] or comma.");
}

TEST(Yaml, RefusesWhatIsNotText) {
    EXPECT_EQ(mistake_in("a: 1\nb: \xFF\xFE\n"),
              "Configuration is not valid YAML\n  config/dev.yaml:2: the line is not UTF-8 text.\n  Save the file as UTF-8.");
    EXPECT_EQ(mistake_in(std::string_view{"a: 1\0\n", 6}),
              "Configuration is not valid YAML\n  config/dev.yaml:1: the line holds a control character.\n  Remove it.");
}

TEST(Yaml, RefusesASecondDocument) {
    EXPECT_EQ(mistake_in("---\na: 1\n---\nb: 2\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:3: a second document begins here; a configuration file holds one.\n"
              "  Remove this line and what follows it.");
}

TEST(Yaml, RefusesTagsAndKeysWithoutMeaning) {
    EXPECT_EQ(mistake_in("a: !secret x\n"),
              "Configuration is not valid YAML\n  config/dev.yaml:1: the tag !secret has no meaning here.\n  Remove it.");
    EXPECT_EQ(mistake_in("a: !!binary x\n"),
              "Configuration is not valid YAML\n  config/dev.yaml:1: the tag !!binary has no meaning here.\n  Remove it.");
    EXPECT_EQ(
        mistake_in("[a]: x\n"),
        "Configuration is not valid YAML\n  config/dev.yaml:1: the name of a setting must be text.\n  Put it in quotes if it is meant so.");
    EXPECT_EQ(mistake_in("a: &x {b: 1}\nc:\n  <<: *x\n"),
              "Configuration is not valid YAML\n  config/dev.yaml:3: merge keys (<<) are not part of YAML 1.2.\n  Write the settings out.");
}

TEST(Yaml, RefusesAliasesThatLeadNowhere) {
    EXPECT_EQ(mistake_in("a: *none\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:1: the alias (*) names no anchor (&) above it.\n"
              "  Define the anchor first, or put the text in quotes.");
    EXPECT_EQ(mistake_in("a: &x [*x]\n"),
              "Configuration is not valid YAML\n"
              "  config/dev.yaml:1: an alias (*) stands inside the very value that it names.\n"
              "  Write the value out.");
}

TEST(Yaml, EndsAnAliasBombWithOneError) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const auto below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below + repeated(", " + below, 9) + "]\n";
    }

    EXPECT_EQ(mistake_in_bounds(bomb),
              "Configuration is too large\n"
              "  config/dev.yaml:5: more than 100000 values, counting what aliases repeat.\n"
              "  Remove what is not configuration.");
}

TEST(Yaml, EndsRepeatedLongTextWithOneError) {
    const auto text = "a: &a " + std::string(100'000, 'x') + "\nb: [" + repeated("*a, ", 100) + "*a]\n";

    EXPECT_EQ(mistake_in_bounds(text),
              "Configuration is too large\n"
              "  config/dev.yaml:2: more than 8 MB of text, counting what aliases repeat.\n"
              "  Remove what is not configuration.");
}

std::string nested_sections(std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += std::string(i, ' ') + "a:\n";
    return text;
}

TEST(Yaml, EndsDeepNestingWithOneError) {
    constexpr auto expected =
        "Configuration is too large\n  config/dev.yaml:1: lists and maps nest deeper than 100 levels.\n  Flatten them.";
    EXPECT_EQ(mistake_in_bounds(repeated("[", 100'000)), expected);
    EXPECT_EQ(mistake_in_bounds(repeated("{", 100'000)), expected);
    EXPECT_EQ(mistake_in_bounds(repeated("- ", 100'000)), expected);
    EXPECT_EQ(mistake_in_bounds(repeated("? ", 100'000)), expected);
    EXPECT_EQ(mistake_in_bounds(nested_sections(1000)),
              "Configuration is too large\n  config/dev.yaml:101: lists and maps nest deeper than 100 levels.\n  Flatten them.");
    EXPECT_EQ(mistake_in_bounds(repeated("[", 100) + repeated("]", 100)), "no mistake");
}

TEST(Yaml, EndsTextThatNeverComesToAValueWithOneError) {
    const auto expected = [](std::string_view line) {
        return "Configuration is too large\n  config/dev.yaml:" + std::string{line} +
               ": no value ends within 128 KB from here.\n  Close what is open, or shorten the text.";
    };
    EXPECT_EQ(mistake_in_bounds("a: 1\nb:\n  " + repeated("[", 4'000'000)), expected("2"));
    EXPECT_EQ(mistake_in_bounds("a: 1\nb: " + std::string(200'000, 'x')), expected("2"));
    EXPECT_EQ(mistake_in_bounds(repeated("# comment\n", 200'000)), expected("1"));
    EXPECT_EQ(mistake_in_bounds("a: 1\nb: " + std::string(100'000, 'x') + "\nc: [" + repeated("1, ", 90'000) + "1]\n"), "no mistake");
}

TEST(Yaml, EndsAHugeFileWithOneError) {
    EXPECT_EQ(mistake_in_bounds(std::string((4U << 20U) + 1, '#')),
              "Configuration is too large\n  config/dev.yaml: more than 4194304 bytes.\n  Remove what is not configuration.");
}

TEST(Yaml, EndsTooManyValuesWithOneError) {
    EXPECT_EQ(mistake_in_bounds("[" + repeated(",", 100'000)),
              "Configuration is too large\n  config/dev.yaml:1: more than 100000 values, counting what aliases repeat.\n"
              "  Remove what is not configuration.");
    EXPECT_EQ(mistake_in_bounds(repeated("- a\n", 200'000)),
              "Configuration is too large\n  config/dev.yaml:100000: more than 100000 values, counting what aliases repeat.\n"
              "  Remove what is not configuration.");
}

TEST(Yaml, RefusesTheEscapesThatItsParserCannotRead) {
    constexpr auto expected =
        "Configuration is not valid YAML\n  config/dev.yaml:1: the escapes \\N and \\_ cannot be read.\n  Write \\u0085 and \\u00a0 "
        "instead.";
    EXPECT_EQ(mistake_in("a: \"\\N\"\n"), expected);
    EXPECT_EQ(mistake_in("a: \"x\\_y\"\n"), expected);
    EXPECT_EQ(mistake_in("a: \"\\u0085\\u00a0\\L\\P\"\n"), "no mistake");
}

TEST(Yaml, EveryPrefixOfAFileEndsInATreeOrAnErrorWithAPlace) {
    const std::string text =
        "# head\na: &x [1, {b: \"two\\n\", c: 'it''s'}]\nd: |\n  block\n  text\ne: !sealed QUJD\nf: *x\n\"g h\": >-\n  folded\n- bad\n? "
        "odd\n";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto read = parse_yaml(text.substr(0, size), "x.yaml");
        const auto place = read.ok() ? read->place.text() : read.error().cause;
        EXPECT_EQ(place.substr(0, 6), "x.yaml") << text.substr(0, size);
    }
    EXPECT_FALSE(parse_yaml(text, "x.yaml").ok());
}

ConfigNode plain(std::string text) { return {.kind = ConfigNode::Kind::scalar, .text = std::move(text)}; }

TEST(CoreSchema, ReadsPlainScalarsAsYaml12Does) {
    EXPECT_EQ(core_value(plain("true")), Value{true});
    EXPECT_EQ(core_value(plain("FALSE")), Value{false});
    EXPECT_EQ(core_value(plain("yes")), Value{"yes"});
    EXPECT_EQ(core_value(plain("-12")), Value{-12});
    EXPECT_EQ(core_value(plain("+7")), Value{7});
    EXPECT_EQ(core_value(plain("0o17")), Value{15});
    EXPECT_EQ(core_value(plain("0x1F")), Value{31});
    EXPECT_EQ(core_value(plain("0x-1")), Value{"0x-1"});
    EXPECT_EQ(core_value(plain("+-7")), Value{"+-7"});
    EXPECT_TRUE(core_value(plain("16.4")).real() != nullptr);
    EXPECT_TRUE(core_value(plain("1e3")).real() != nullptr);
    EXPECT_TRUE(core_value(plain("-.inf")).real() != nullptr);
    EXPECT_EQ(core_value(plain("inf")), Value{"inf"});
    EXPECT_EQ(core_value(plain("nan")), Value{"nan"});
    EXPECT_EQ(core_value(plain("16.4.1")), Value{"16.4.1"});
    EXPECT_TRUE(core_value(plain("99999999999999999999")).real() != nullptr);
}

TEST(CoreSchema, QuotedScalarsStayText) {
    auto node = plain("12");
    node.quoted = true;

    EXPECT_EQ(core_value(node), Value{"12"});
}

TEST(CoreSchema, WritesTextSoThatItIsReadBackAsText) {
    for (const std::string text : {"plain",     "two words", "",   "12", "true", "null", "~",          "a: b",       "a #b",   "#x",
                                   "- x",       "*x",        "&x", "!x", "[x",   "it's", "say \"hi\"", " lead",      "trail ", "tab\there",
                                   "new\nline", "\xC3\xA9",  "@x", "%x", "---",  "1e3",  "a:",         "back\\slash"}) {
        const auto read = parse_yaml("key: " + text_as_yaml(text) + "\n", "x.yaml");
        ASSERT_TRUE(read.ok()) << text;
        EXPECT_EQ(core_value(read->children.at(0)), Value{text}) << text_as_yaml(text);
    }
    EXPECT_EQ(text_as_yaml("two words"), "two words");
    EXPECT_EQ(text_as_yaml("12"), "\"12\"");
}

}  // namespace
}  // namespace strata
