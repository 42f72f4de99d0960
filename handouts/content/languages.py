"""Say in which languages a site is, and how the files of each are read.

In: a content folder. Out: its editions, and for each what turns the text of a file into the text of that edition. The
source is written by people and lies at the root of the site; every other edition lies in a folder of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import Problems
from .files import Convert, as_written
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
    """Where its pages lie below the root of the site; the source has none."""

    @property
    def prefix(self) -> str:
        """Return what stands before the paths of its files: nothing, or `zh-Hant/`."""
        return f"{self.folder}/" if self.folder else ""


SOURCE = Language(code="zh-Hans", locale="zh_CN", name="简体")
HANT = Language(code="zh-Hant", locale="zh_TW", name="繁體", folder="zh-Hant")
LANGUAGES = (SOURCE, HANT)
"""All that the program knows, the source first."""


def languages_of(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a site, the source first."""
    there = (folder / "data" / f"{TRADITIONAL}.toml").is_file()
    return LANGUAGES if there else (SOURCE,)


def conversion(language: Language, folder: Path, problems: Problems) -> Convert:
    """Return what turns a file of the content folder into that of an edition."""
    if language != HANT:
        return as_written
    table = read_table(folder / "data" / f"{TRADITIONAL}.toml", problems)
    return converter(read_words(table, folder, problems), folder) if table else as_written
