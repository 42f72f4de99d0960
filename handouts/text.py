"""Classes of characters, and the parser of HTML: shared by content, sheets and PDF.

In: a string. Out: the insides of character classes for regular expressions, and an element tree.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from io import StringIO

import tinyhtml5.inputstream

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, as the inside of a character class."""

WIDE = HAN + r"\u3000-\u303f\uff00-\uffef“”‘’…—·①-⑳"
"""Characters that fill a full square in Chinese text: Han and its punctuation."""


class _Patterns(dict):
    """The patterns that find the end of a piece of text, built once each.

    tinyhtml5 means to keep them, but files each under itself and builds it again at every tag: half of the time it takes
    to read a page (docs/upstream.md).
    """

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        listed = "".join(f"\\x{ord(char):02x}" for char in sorted(characters))
        self[key] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return self[key]


tinyhtml5.inputstream.characters_until_regex = _Patterns()


def tree(html: str) -> etree.Element:
    """Parse HTML; return its `<body>`."""
    # A short string would be taken for a file name, hence StringIO.
    return tinyhtml5.parse(StringIO(html), namespace_html_elements=False).find("body")
