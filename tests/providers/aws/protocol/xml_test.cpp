#include "providers/aws/protocol/xml.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/bounded.hpp"

namespace strata::aws {
namespace {

/// What a reader says that may take 64 MB.
std::string outcome(const std::string& text) {
    return bounded([&] {
               const auto document = XmlDocument::parse(text);
               return document ? std::string{"read"} : document.error().text();
           })
        .said;
}

std::string nested(int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "<a>";
    for (int i = 0; i < levels; ++i) text += "</a>";
    return text;
}

TEST(Xml, GivesElementsWithoutTheirPrefix) {
    const auto document = XmlDocument::parse(R"(<s:root xmlns:s="u" s:kind="k"><!-- no --><s:a>1</s:a><b/><s:a>2</s:a></s:root>)");

    ASSERT_TRUE(document.ok());
    const auto root = document->root();
    EXPECT_EQ(root.name(), "root");
    EXPECT_EQ(root.attribute("s:kind"), "k");
    EXPECT_EQ(root.attribute("kind"), std::nullopt);
    EXPECT_EQ(root.child("a").text(), "1");
    EXPECT_EQ(root.child("a").next_same().text(), "2");
    EXPECT_FALSE(root.child("a").next_same().next_same());
    EXPECT_EQ(root.first().next().name(), "b");
}

TEST(Xml, AsksNothingOfNoElement) {
    const XmlElement none;

    EXPECT_FALSE(none);
    EXPECT_EQ(none.name(), "");
    EXPECT_EQ(none.text(), "");
    EXPECT_FALSE(none.child("a"));
    EXPECT_FALSE(none.next());
    EXPECT_EQ(none.attribute("a"), std::nullopt);
}

TEST(Xml, ResolvesTheFiveEntitiesAndCharacterNumbers) {
    const auto document = XmlDocument::parse("<a>&lt;&gt;&amp;&quot;&apos;&#233;&#x1F600;<![CDATA[<raw> ]]></a>");

    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root().text(), "<>&\"'\xC3\xA9\xF0\x9F\x98\x80<raw> ");
}

TEST(Xml, ExpandsNoEntityOfADocumentType) {
    const auto document = XmlDocument::parse(R"(<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY f SYSTEM "file:///etc/passwd">]><a>&b;&f;</a>)");

    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root().text(), "&b;&f;");
}

TEST(Xml, KeepsTextThatIsOnlySpace) {
    const auto document = XmlDocument::parse("<a> <b>  </b>\n</a>");

    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root().child("b").text(), "  ");
}

TEST(Xml, RefusesWhatIsNotWhole) {
    for (const auto* const text : {"", "   ", "text", "<a>", "<a><b></a>", "<a", "<a></b>", "<?xml version=\"1.0\"?>"})
        EXPECT_FALSE(XmlDocument::parse(text).ok()) << text;
}

TEST(Xml, EndsDeepNestingWithOneError) {
    constexpr auto expected = "XML is too large\n  nested deeper than 100 levels\n  Check that this is what it is taken for.";
    EXPECT_EQ(outcome(nested(100)), "read");
    EXPECT_EQ(outcome(nested(102)), expected);
    EXPECT_EQ(outcome(nested(100'000)), expected);
    EXPECT_EQ(outcome(repeated("<a>", 100'000)),
              "Not valid XML\n  byte 299999: Start-end tags mismatch\n  Check that this is what it is taken for.");
}

TEST(Xml, EndsTextThatIsTooLongBeforeItIsRead) {
    EXPECT_EQ(outcome("<a>" + std::string(64U << 20U, 'a') + "</a>"),
              "XML is too large\n  more than 8388608 bytes\n  Check that this is what it is taken for.");
    EXPECT_EQ(outcome("<a>" + std::string(8'000'000, 'a') + "</a>"), "read");
}

TEST(Xml, EndsTooManyElementsOrAttributesWithOneError) {
    constexpr auto expected = "XML is too large\n  its elements take more than 16 MB\n  Check that this is what it is taken for.";
    EXPECT_EQ(outcome("<r>" + repeated("<a/>", 2'000'000) + "</r>"), expected);
    EXPECT_EQ(outcome("<r " + repeated("a='' ", 1'600'000) + "/>"), expected);
    EXPECT_EQ(outcome("<r>" + repeated("<![CDATA[]]>", 650'000) + "</r>"), expected);
    EXPECT_EQ(outcome("<r>" + repeated("<a>1</a>", 200'000) + "</r>"), "read");
}

TEST(Xml, EndsAnEntityBombUnexpanded) {
    std::string text = "<!DOCTYPE b [<!ENTITY e0 \"bomb\">";
    for (int i = 1; i < 30; ++i) text += fmt::format("<!ENTITY e{} \"&e{};&e{};\">", i, i - 1, i - 1);
    text += "]><b>&e29;</b>";

    EXPECT_EQ(bounded([&] { return XmlDocument::parse(text)->root().text(); }).said, "&e29;");
}

TEST(Xml, ParsersOfOthersHaveTheirMemoryAfterAnError) {
    ASSERT_FALSE(XmlDocument::parse("<r>" + repeated("<a/>", 2'000'000) + "</r>").ok());

    EXPECT_TRUE(XmlDocument::parse("<r>" + repeated("<a/>", 200'000) + "</r>").ok());
}

TEST(Xml, TextStandsBeforeBetweenAndAfterElements) {
    const auto document = XmlDocument::parse("<a>one<b/>two<![CDATA[ three]]></a>");

    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root().text(), "onetwo three");
    EXPECT_EQ(document->root().child("b").text(), "");
}

TEST(XmlEscaped, WritesWhatXmlReserves) {
    EXPECT_EQ(xml_escaped("a<b>&\"c\"'\xC3\xA9"), "a&lt;b&gt;&amp;&quot;c&quot;'\xC3\xA9");
    EXPECT_EQ(xml_escaped("tab\tline\r\nbell\a"), "tab&#9;line&#13;&#10;bell");
}

}  // namespace
}  // namespace strata::aws
