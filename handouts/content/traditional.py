"""Turn simplified Chinese into the traditional characters and words of Taiwan.

In: the text of a content file, line by line. Out: the same lines; only Han characters and the quotation marks between them
change. The words of data/traditional.toml come first, then OpenCC, character by character: its table of phrases is made for
computing and turns 注销 (to cancel) into 登出 (to log out).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from ..cache.memoize import remembered
from ..errors import Problems, did_you_mean
from ..text import has_han
from .files import Convert
from .toml import Table

Words = Mapping[str, str]
"""Simplified words, each with what it becomes."""
QUOTES = str.maketrans("“”‘’", "「」『』")
QUOTED = re.compile(r"“[^“”\n]*”")
FOREIGN = re.compile(r"\[[^\[\]\n]*\]\{(?:fr|nl|de|en)\}")
"""A foreign word of a Markdown file; its quotation marks are those of its language."""


def read_words(table: Table, folder: Path, problems: Problems) -> dict[str, Words]:
    """Return the words by the file they are for, those for all files under no name; faults are noted."""
    known = {"words": {}, "places": {}} | table.values
    for name in known.keys() - {"words", "places"}:
        hint = did_you_mean(name, ("words", "places"), "Remove it.")
        problems.add(table.path, table.line(name), f"Nothing reads `{name}`. {hint}")
    places = known["places"]
    if not isinstance(places, dict):
        wrong = '`places` is no table. Write `[places."guides/prepaid.md"]`.'
        problems.add(table.path, table.line("places"), wrong)
    found = {"": known["words"], **(places if isinstance(places, dict) else {})}
    sound: dict[str, Words] = {"": {}}
    for place, words in found.items():
        line = table.line(f'places."{place}"' if place else "words")
        if place and not (folder / place).is_file():
            problems.add(table.path, line, f"`{place}` does not exist. Name a file of the content folder.")
        elif not isinstance(words, dict) or not all(isinstance(one, str) and one for one in words.values()):
            problems.add(table.path, line, 'This is no list of words. Write `"word" = "what it becomes"`.')
        else:
            sound[place] = words
    return sound


def converter(words: Mapping[str, Words], folder: Path) -> Convert:
    """Return the function that converts the files of a folder."""

    def convert(path: Path, text: str) -> str:
        own = words.get(path.relative_to(folder).as_posix(), {})
        return _converted(text, tuple({**words[""], **own}.items()))

    return convert


@remembered(lambda text, words: (text, words), stored=True)
def _converted(text: str, words: tuple[tuple[str, str], ...]) -> str:
    """Return a text in traditional characters; of two words that both match, the longer is replaced."""
    table = dict(words)
    known = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    pieces = re.split(f"({known})", text) if known else [text]
    whole = "".join(table[piece] if at % 2 else _opencc()(piece) for at, piece in enumerate(pieces))
    return "\n".join(map(_requoted, whole.split("\n")))


def _requoted(line: str) -> str:
    """Return a line with the quotation marks of Taiwan, unless it has no Chinese; foreign words keep theirs."""
    if not QUOTED.search(line) or not has_han(line):
        return line
    foreign = iter(FOREIGN.findall(line))
    line = QUOTED.sub(lambda match: match[0].translate(QUOTES), FOREIGN.sub("\0", line))
    return re.sub("\0", lambda _: next(foreign), line)


@cache
def _opencc() -> Callable[[str], str]:
    """Return OpenCC's conversion of characters to the standard of Taiwan."""
    import opencc

    return opencc.OpenCC("s2tw").convert
