"""Turn simplified Chinese into the traditional characters and words of Taiwan.

In: the text of a content file, line by line. Out: the same lines; what is not Chinese stays as it is, because a
conversion changes Han characters only. Our own table of words comes first, then OpenCC, character by character:
its table of phrases is made for computing and turns 注销 (to cancel) into 登出 (to log out).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

Convert = Callable[[str], str]


def converter(words: Mapping[str, str]) -> Convert:
    """Return the function that converts a text; `words` are simplified words with what they become."""
    table = {**words, "账": "帳"}
    longest_first = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    characters = _opencc()

    def convert(text: str) -> str:
        parts, end = [], 0
        for match in pattern.finditer(text):
            parts += [characters(text[end : match.start()]), table[match[0]]]
            end = match.end()
        return "".join([*parts, characters(text[end:])])

    return convert


@cache
def _opencc() -> Convert:
    """Return OpenCC's conversion of characters to the standard of Taiwan."""
    import opencc

    return opencc.OpenCC("s2tw").convert
