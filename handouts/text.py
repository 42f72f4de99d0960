"""What a character is, and how HTML is read: shared by content, sheets and PDF.

In: a string. Out: character classes for patterns, and a tree of HTML.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from io import StringIO

import tinyhtml5

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, as the inside of a character class."""

WIDE = HAN + r"\u3000-\u303f\uff00-\uffef“”‘’…—·①-⑳"
"""Characters that fill a full square in Chinese text: Han and its punctuation."""


def tree(html: str) -> etree.Element:
    """Return `<body>` with HTML in it. A short string would be taken for the name of a file, hence StringIO."""
    return tinyhtml5.parse(StringIO(html), namespace_html_elements=False).find("body")
