"""List the languages of a site, and how the files of each are read.

In: a content folder. Out: the languages of its editions, and for each the function that turns the text of a file into the
text of that edition. The source is at the root of the site; every other edition has a folder. It is either converted from
the source (zh-Hant) or translated by people (en), in files beside those of the source: prepaid.en.md. What differs between
languages is a field of Language, or in a table under its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import Problems
from .files import Convert, as_written, content_files
from .toml import read_table
from .traditional import converter, read_words

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
        """Return its code without the script: the language of the lines of phrases and letters that its readers read."""
        return self.code.partition("-")[0]

    @property
    def prefix(self) -> str:
        """Return the prefix of the paths of its files: empty, or `zh-Hant/`."""
        return f"{self.folder}/" if self.folder else ""

    @property
    def suffix(self) -> str:
        """Return the part of file names before the ending: empty, or `.en`."""
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
    if language != HANT:
        return as_written
    table = read_table(folder / "data" / f"{TRADITIONAL}.toml", problems)
    return converter(read_words(table, folder, problems), folder) if table else as_written
