"""Rules about how English is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...text import HAN
from ..syntax import CITE, FOREIGN, LINK, OURS, VALUE, WHEN, Draft

if TYPE_CHECKING:
    from ..data import Data  # which imports this module through overlay.py

WIDE = r"\u3000-\u303f\uff00-\uffef"
"""Full-width punctuation and letters, as the inside of a character class."""


def english(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """English has no Chinese characters or marks and no straight quotes, and its spaces are as in print."""
    front = [
        (draft.front_lines[key], value)
        for key, value in draft.front.items()
        if draft.front_lines[key] > 1  # 1 is the line of keys that come from the source
    ]
    for number, line in (*front, *draft.numbered):
        line = re.sub(r"^\s*(?:#+|- (?:\[[ xX]?\])?|\d+\.)\s+|\s*\{#[^}]*\}\s*$|^\s+", "", line)
        line = WHEN.sub("x", VALUE.sub("x", CITE.sub("", line)))
        line = LINK.sub(r"\g<text>", OURS.sub(r"\g<text>", FOREIGN.sub("x", line))).replace("*", "")
        for piece in line.split("|"):
            for wrong in faults_of(piece.strip()):
                yield number, wrong


def faults_of(text: str) -> Iterator[str]:
    """Yield a sentence for each fault in a piece of English."""
    for pattern, wrong in (
        (rf"[{HAN}]+", "is Chinese. Say it in English."),
        (rf"[{WIDE}]", "is a full-width mark. Write the English one."),
        (r"""["']""", "is a straight quote. Write “ and ”, and ’ for the apostrophe."),
        (r"\S  +\S", "has a space too many. Remove it."),
        (r"\S +[,.;:!?](?=\s|$)", "has a space before the mark. Remove it."),
        (r"[a-z],(?=[A-Za-z])|[a-z][.;!?](?=[A-Z][a-z ])", "needs a space behind the mark."),
    ):
        for match in re.finditer(pattern, text):
            yield f"`{match[0]}` {wrong}"
