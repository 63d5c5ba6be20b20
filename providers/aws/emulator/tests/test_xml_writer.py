"""The XML writer writes what xmltodict writes."""

from __future__ import annotations

import pytest
import xmltodict

from strata_emulator.xml_writer import unparse

TREES = [
    {"a": {}},
    {"a": None},
    {"a": ""},
    {"a": {"@xmlns": "http://x/", "b": [1, 2.5, True, None, "", "q\"<&>'"], "c": []}},
    {"a": {"@x": 'q"<&', "@xmlns": {"xsi": "u", "": "v"}, "#text": "t & u"}},
    {"a": {"b": {"c": [{"d": "1"}, {"d": {"@type": "x", "e": b"bytes"}}, {}]}, "f": "ü\n"}},
]


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("short", [True, False])
def test_the_text_is_the_same(tree, full, short):
    expected = xmltodict.unparse(tree, full_document=full, short_empty_elements=short)
    assert unparse(tree, full_document=full, short_empty_elements=short) == expected
