"""Classes of characters, and the parser of HTML: shared by content, sheets and PDF.

In: a string. Out: the insides of character classes for regular expressions, and an element tree.
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
    """Parse HTML; return its `<body>`."""
    # A short string would be taken for a file name, hence StringIO.
    return tinyhtml5.parse(StringIO(html), namespace_html_elements=False).find("body")
