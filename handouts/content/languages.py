"""List the languages of a site, and turn the text of its source into that of an edition.

In: a content folder. Out: the languages of its editions, and for each the function that converts the text of a file. The
source is at the root of the site; every other edition has a folder. It is either translated by people (en), in files beside
those of the source: prepaid.en.md; or converted from the source (zh-Hant): only Han characters and the quotation marks
between them change. The words of data/traditional.toml come first, then OpenCC, character by character: its table of phrases
is made for computing and turns 注销 (to cancel) into 登出 (to log out).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..cache.memoize import memoize
from ..errors import Problems, did_you_mean
from ..text import has_han
from .files import Convert, as_written, content_files
from .toml import Table, read_table

TRADITIONAL = "traditional"
"""Name of the table in data/ whose presence makes the edition in traditional characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The language of an edition."""

    code: str
    """As in `lang` and `hreflang` (BCP 47)."""
    locale: str
    """As in Open Graph: language and territory."""
    name: str
    """What its readers call it."""
    folder: str = ""
    """The folder of its pages below the root of the site; empty for the source."""
    written: bool = False
    """True if people translate it; what they have not translated yet is left out."""
    spoken: tuple[str, ...] = ("fr", "nl", "en", "de")
    """The languages in which phrases for the counter are shown, in order; paper has the first three."""
    joins_lines: bool = True
    """True if there are no spaces between words, so that a line end inside a sentence is not replaced by one."""

    @property
    def primary(self) -> str:
        """Its code without the script: the language of the lines of phrases and letters that its readers read."""
        return self.code.partition("-")[0]

    @property
    def prefix(self) -> str:
        """The prefix of the paths of its files: empty, or `zh-Hant/`."""
        return f"{self.folder}/" if self.folder else ""

    @property
    def suffix(self) -> str:
        """The part of file names before the ending: empty, or `.en`."""
        return f".{self.code}" if self.written else ""


SOURCE = Language(code="zh-Hans", locale="zh_CN", name="简体")
HANT = Language(code="zh-Hant", locale="zh_TW", name="繁體", folder="zh-Hant")
EN = Language(
    code="en",
    locale="en_GB",
    name="English",
    folder="en",
    written=True,
    spoken=("fr", "nl", "de"),
    joins_lines=False,
)
LANGUAGES = (SOURCE, HANT, EN)
"""All languages that a site may have, the source first."""
WRITTEN = {language.code: language for language in LANGUAGES if language.written}
"""The languages that people translate, by code."""


def languages_of(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a site, the source first; a translated one is there as soon as one guide is translated."""
    there = {
        SOURCE: True,
        HANT: (folder / "data" / f"{TRADITIONAL}.toml").is_file(),
        **{one: bool(content_files(folder / "guides", f"*{one.suffix}.md")) for one in WRITTEN.values()},
    }
    return tuple(language for language in LANGUAGES if there[language])


def conversion(language: Language, folder: Path, problems: Problems) -> Convert:
    """Return the function that turns the text of a source file into that of an edition."""
    table = read_table(folder / "data" / f"{TRADITIONAL}.toml", problems) if language == HANT else None
    if not table:
        return as_written
    words = _words(table, folder, problems)

    def convert(path: Path, text: str) -> str:
        its_own = words.get(path.relative_to(folder).as_posix(), {})
        return _converted(text, tuple((words[""] | its_own).items()))

    return convert


# --- Traditional characters -------------------------------------------------------------------------------------

QUOTES = str.maketrans("“”‘’", "「」『』")
QUOTED = re.compile(r"“[^“”\n]*”")
FOREIGN = re.compile(r"\[[^\[\]\n]*\]\{(?:fr|nl|de|en)\}")
"""A foreign word of a Markdown file; its quotation marks are those of its language."""


def _words(table: Table, folder: Path, problems: Problems) -> dict[str, dict[str, str]]:
    """Return the simplified words, each with what it becomes, by the file they are for; "" is for all files."""
    known = {"words": {}, "places": {}} | table.values
    for name in known.keys() - {"words", "places"}:
        hint = did_you_mean(name, ("words", "places"), "Remove it.")
        problems.add(table.path, table.line(name), f"Nothing reads `{name}`. {hint}")
    lists = {"": known["words"]}
    if isinstance(known["places"], dict):
        lists |= known["places"]
    else:
        wrong = '`places` is not a table. Write `[places."guides/prepaid.md"]`.'
        problems.add(table.path, table.line("places"), wrong)
    sound: dict[str, dict[str, str]] = {"": {}}
    for place, words in lists.items():
        line = table.line(f'places."{place}"' if place else "words")
        if place and not (folder / place).is_file():
            problems.add(table.path, line, f"`{place}` does not exist. Name a file of the content folder.")
        elif not isinstance(words, dict) or not all(isinstance(one, str) and one for one in words.values()):
            problems.add(table.path, line, 'This is not a list of words. Write `"word" = "what it becomes"`.')
        else:
            sound[place] = words
    return sound


@memoize(lambda text, words: (text, words), stored=True)
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
