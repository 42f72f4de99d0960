"""Character classes for regular expressions, a test for Chinese, and an HTML parser.

In: text, or HTML. Out: whether it is Chinese; an element tree.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from io import StringIO

import tinyhtml5.inputstream

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, as the inside of a character class."""

WIDE = HAN + r"\u3000-\u303f\uff00-\uffef“”‘’…—·①-⑳"
"""Full-width characters: Chinese characters and punctuation."""


def has_han(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return bool(re.search(f"[{HAN}]", text))


class _Patterns(dict):
    """The patterns that find the end of a piece of text.

    tinyhtml5 caches them under the wrong key and compiles one at every tag: half of its time (docs/upstream.md).
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
