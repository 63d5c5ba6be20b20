#include "providers/aws/protocol/xml.hpp"

#include <gtest/gtest.h>

namespace strata::aws {
namespace {

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

TEST(Xml, RefusesWhatIsTooDeepOrTooLong) {
    EXPECT_TRUE(XmlDocument::parse(nested(200)).ok());
    EXPECT_FALSE(XmlDocument::parse(nested(202)).ok());
    EXPECT_FALSE(XmlDocument::parse(nested(500'000)).ok());
    EXPECT_FALSE(XmlDocument::parse("<a>123456789</a>", {.bytes = 10}).ok());
}

TEST(XmlEscaped, WritesWhatXmlReserves) {
    EXPECT_EQ(xml_escaped("a<b>&\"c\"'\xC3\xA9"), "a&lt;b&gt;&amp;&quot;c&quot;'\xC3\xA9");
    EXPECT_EQ(xml_escaped("tab\tline\r\nbell\a"), "tab&#9;line&#13;&#10;bell");
}

}  // namespace
}  // namespace strata::aws
