"""List outdated translations, and mark them as compared with their sources: ./inv translations.

In: a content folder. Out: each outdated text; or, in the files, the present states of the sources and no other change. The
name of a text is that of its file and its id: `prepaid.en/unbind`, `facts.en/base-refund`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from ..errors import Problems, UsageError
from ..text import has_han
from . import translated_file, translated_table
from .files import replace_file
from .languages import Language, languages_of
from .loader import Content, load, read_drafts, translations_of
from .syntax import is_day
from .toml import read_table
from .translated_file import TranslatedFile
from .translated_table import TRANSLATED_TABLES, TranslatedTable

LIMIT = 60
"""How many days a translation may be outdated: half the time for which a fact of an operator is trusted."""


@dataclass(frozen=True, slots=True, order=True)
class TranslatedText:
    """A text of a translation, and the state of its source."""

    path: str
    line: int
    id: str
    source: str
    """The place of its source, as `path:line`."""
    state: str
    """The present state of the source."""
    of: str | None
    """The state of the source that was translated; empty if the translation names none, None if there is none."""
    since: date
    """The day of the last change of the source; of a source without a date, that of the last change of a guide."""

    @property
    def name(self) -> str:
        """The name by which commands take it."""
        return f"{Path(self.path).stem}/{self.id}"

    @property
    def is_old(self) -> bool:
        """True if it is missing, or not of the present state of its source."""
        return self.of != self.state

    @property
    def message(self) -> str:
        """What is wrong and what to do."""
        if self.of is None:
            return f"`{self.id}` of {self.source} is not translated yet. Translate it here."
        done = f"Compare the two, then ./inv translations --renew {self.name}"
        if not self.of:
            return f"`{self.id}` does not say which state of {self.source} it translates. {done}"
        return f"`{self.id}` was changed in {self.source} after it was translated. {done}"


def translated_texts(
    folder: Path, problems: Problems, content: Content | None = None
) -> list[TranslatedText]:
    """Return every text of every translation; add a problem for each fault of a file.

    `content` is that of the source, if it is loaded already.
    """
    written = [language for language in languages_of(folder) if language.written]
    if not written:
        return []
    sources = read_drafts(folder, problems)
    content = content or load(folder, Problems())  # a build reports these problems
    changed = max((guide.updated for guide in content.guides), default=date.min)
    found: list[TranslatedText] = []
    for language in written:
        for one in translations_of(folder, sources, language, problems):
            found += _in_file(one, changed)
        for name in TRANSLATED_TABLES:
            source = read_table(folder / "data" / f"{name}.toml", problems, optional=True)
            path = folder / "data" / f"{name}{language.suffix}.toml"
            if source:
                table = TranslatedTable(name, source, read_table(path, problems, optional=True))
                found += _in_table(path, table, changed, _shown(content, language, name))
    return sorted(found)


def _in_file(file: TranslatedFile, changed: date) -> Iterator[TranslatedText]:
    """Yield the texts of a Markdown file; `changed` is the last change of a guide."""
    day = file.source.front.get("updated") or file.source.front.get("date", "")
    line = 1
    for unit in file.source_units.values():
        found = file.units.get(unit.id)
        line = found.line if found else line  # a missing one is reported where it belongs
        yield TranslatedText(
            path=str(file.draft.path),
            line=line,
            id=unit.id,
            source=f"{file.source.path}:{unit.line}",
            state=unit.state,
            of=found.of if found else None,
            since=date.fromisoformat(day) if is_day(day) else changed,
        )


def _in_table(path: Path, table: TranslatedTable, changed: date, shown: set[str]) -> Iterator[TranslatedText]:
    """Yield the records of a data file that are translated, and those that are shown without being translated."""
    for id, record in table.source.values.items():
        there = id in table.words
        if there or id in shown:
            read = record.get("read")
            yield TranslatedText(
                path=str(path),
                line=table.translation.line(id) if table.translation else 1,
                id=id,
                source=f"{table.source.path}:{table.source.line(id)}",
                state=table.state(id) if there else "",
                of=str(table.of[id]) if there else None,
                since=read if isinstance(read, date) else changed,
            )


def _shown(content: Content, language: Language, table: str) -> set[str]:
    """Return the ids of the records of a table that an edition shows and that need a translation."""
    data = content.data
    if table in ("phrases", "timetable"):
        return {*getattr(data, table)}
    guides = (one for one in content.guides if Path(one.path).with_suffix(f"{language.suffix}.md").exists())
    cited = {id for guide in guides for id in guide.citations}
    facts = [fact for fact in data.facts.values() if fact.id in cited]
    if table == "facts":
        return {fact.id for fact in facts if has_han(fact.value)}
    sources = [data.sources[id] for fact in facts for id in fact.sources if id in data.sources]
    return {one.id for one in sources if table == "sources" and has_han(one.title + one.publisher)}


def by_file(found: Iterable[TranslatedText]) -> Problems:
    """Return one problem for each file with outdated or missing texts; `found` is sorted."""
    problems = Problems()
    for path, old in groupby((one for one in found if one.is_old), attrgetter("path")):
        first, *others = old
        count = f"{1 + len(others)} texts are" if others else "1 text is"
        text = f"{count} older than the source, or missing. ./inv translations lists them."
        problems.add(path, first.line, text)
    return problems


def overdue(found: Iterable[TranslatedText], today: date) -> Problems:
    """Return a problem for each text that has been outdated for longer than LIMIT."""
    problems = Problems()
    for one in found:
        days = (today - one.since).days
        if one.is_old and days > LIMIT:
            text = f"{one.message} It may be old for {LIMIT} days; it is {days} days old."
            problems.add(one.path, one.line, text)
    return problems


def chosen(found: list[TranslatedText], names: Iterable[str]) -> list[TranslatedText]:
    """Return the texts with these names, or in files with these names; UsageError for a name that no text has."""
    picked: list[TranslatedText] = []
    for name in names:
        named = [one for one in found if name in (one.name, Path(one.path).stem) and one.of is not None]
        if not named:
            raise UsageError(f"There is no translation `{name}`. ./inv translations lists what is old.")
        picked += named
    return picked


def renew(texts: Iterable[TranslatedText]) -> None:
    """Write the present states of their sources into these translations."""
    states: dict[Path, dict[str, str]] = {}
    for one in texts:
        if one.of is not None:
            states.setdefault(Path(one.path), {})[one.id] = one.state
    for path, new in states.items():
        module = translated_table if path.suffix == ".toml" else translated_file
        replace_file(path, module.with_states(path.read_text(encoding="utf-8"), new))
