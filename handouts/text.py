"""Character classes for regular expressions, and a test for Chinese."""

from __future__ import annotations

import re

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, as the inside of a character class."""

WIDE = HAN + r"\u3000-\u303f\uff00-\uffef“”‘’…—·①-⑳"
"""Full-width characters: Chinese characters and punctuation."""


def has_han(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return bool(re.search(f"[{HAN}]", text))
