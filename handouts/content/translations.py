"""List what changed in the source since it was translated, and note that a translation was looked at: ./inv translations.

In: a content folder. Out: each old text with its line, and how long it has been old; and new states in the files, whose
other text does not change. A text is called by its file and id: `prepaid.en/unbind`, `facts.en/base-refund`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import tomlkit

from ..errors import Problems, UsageError
from ..text import has_han
from .files import replace_file
from .languages import Language, languages_of
from .loader import Content, load, source_drafts, translations_of
from .overlay import TRANSLATED, Overlay
from .syntax import Draft
from .toml import read_table
from .translated import FROM, marked

LIMIT = timedelta(days=60)
"""How long a translation may be older than its source: half of the time for which a fact of an operator is trusted."""


@dataclass(frozen=True, slots=True, order=True)
class Translated:
    """A text of a translation, and the state of its source."""

    path: str
    line: int
    id: str
    source: str
    """The place of its source, as `path:line`."""
    state: str
    """The state of the source now."""
    of: str
    """The state that is translated; nothing if it does not say."""
    since: date
    """The day on which the source changed last, as far as it tells."""
    missing: bool = False

    @property
    def name(self) -> str:
        """Return how it is called."""
        return f"{Path(self.path).stem}/{self.id}"

    @property
    def is_old(self) -> bool:
        """Tell whether it is not of the present state of its source."""
        return self.missing or self.of != self.state

    @property
    def says(self) -> str:
        """Return what is the matter and what to do, as a sentence."""
        if self.missing:
            return f"`{self.id}` of {self.source} is not translated yet. Translate it here."
        done = f"Compare the two, then ./inv translations --renew {self.name}"
        if not self.of:
            return f"`{self.id}` does not say which state of {self.source} it translates. {done}"
        return f"`{self.id}` was changed in {self.source} after it was translated. {done}"


def translated(folder: Path, problems: Problems) -> list[Translated]:
    """Return every text of every translation; faults of files are noted."""
    written = [language for language in languages_of(folder) if language.written]
    if not written:
        return []
    sources = source_drafts(folder, problems)
    content = load(folder, Problems())  # which a build has loaded before
    changed = max((guide.updated for guide in content.guides), default=date.min)
    found: list[Translated] = []
    for language in written:
        found += _in_texts(folder, sources, language, changed, problems)
        found += _in_data(folder / "data", language, changed, _shown(content, language), problems)
    return sorted(found)


def _shown(content: Content, language: Language) -> dict[str, set[str]]:
    """Return the ids of the records, by table, whose words an edition shows."""
    data = content.data
    guides = [
        guide for guide in content.guides if Path(guide.path).with_suffix(f"{language.suffix}.md").exists()
    ]
    facts = [data.facts[id] for guide in guides for id in guide.citations]
    sources = [data.sources[id] for fact in facts for id in fact.sources]
    return {
        "facts": {fact.id for fact in facts if has_han(fact.value)},
        "sources": {one.id for one in sources if has_han(one.title + one.publisher)},
        "phrases": {*data.phrases},
        "timetable": {*data.timetable},
    }


def _in_texts(
    folder: Path, sources: list[Draft], language: Language, changed: date, problems: Problems
) -> Iterator[Translated]:
    """Yield the texts of Markdown files."""
    for one in translations_of(folder, sources, language, problems):
        since = _day(one.source) or changed
        last = 1
        for unit in one.wanted.values():
            own = one.units.get(unit.id)
            last = own.line if own else last
            yield Translated(
                path=str(one.draft.path),
                line=last,
                id=unit.id,
                source=f"{one.source.path}:{unit.line}",
                state=unit.state,
                of=own.of if own else "",
                since=since,
                missing=own is None,
            )


def _in_data(
    folder: Path, language: Language, changed: date, shown: dict[str, set[str]], problems: Problems
) -> Iterator[Translated]:
    """Yield the records of data files: those that are translated, and those that are shown and are not."""
    for name in TRANSLATED:
        path = folder / f"{name}{language.suffix}.toml"
        source = read_table(folder / f"{name}.toml", problems) if (folder / f"{name}.toml").exists() else None
        own = read_table(path, problems) if path.exists() else None
        overlay = Overlay(name, source, own) if source and own else None
        done = {id: words for id, _, words in overlay.records()} if overlay else {}
        for id, record in source.values.items() if source else ():
            if id not in done and id not in shown.get(name, ()):
                continue
            read = record.get("read")
            yield Translated(
                path=str(path),
                line=own.line(id) if own else 1,
                id=id,
                source=f"{folder / name}.toml:{source.line(id) if source else 1}",
                state=overlay.state(id) if overlay and id in done else "",
                of=str(done.get(id, {}).get(FROM, "")),
                since=read if isinstance(read, date) else changed,
                missing=id not in done,
            )


def _day(draft: Draft) -> date | None:
    """Return the day on which a file says that it was changed."""
    try:
        return date.fromisoformat(draft.front.get("updated") or draft.front.get("date", ""))
    except ValueError:
        return None


def by_file(found: Iterable[Translated]) -> Problems:
    """Return one problem for each file with old texts."""
    problems = Problems()
    old: dict[str, list[Translated]] = {}
    for one in found:
        if one.is_old:
            old.setdefault(one.path, []).append(one)
    for path, texts in old.items():
        count = f"{len(texts)} texts are" if len(texts) > 1 else "1 text is"
        problems.add(
            path, texts[0].line, f"{count} older than the source, or missing. ./inv translations lists them."
        )
    return problems


def overdue(found: Iterable[Translated], today: date) -> Problems:
    """Return a problem for each text that has been old for longer than is allowed."""
    problems = Problems()
    for one in found:
        days = (today - one.since).days
        if one.is_old and days > LIMIT.days:
            problems.add(
                one.path, one.line, f"{one.says} It may be old for {LIMIT.days} days, and is for {days}."
            )
    return problems


def chosen(found: list[Translated], names: Iterable[str]) -> list[Translated]:
    """Return the texts with these names, or in files with these names; UsageError for a name of none."""
    picked: list[Translated] = []
    for name in names:
        own = [one for one in found if name in (one.name, Path(one.path).stem) and not one.missing]
        if not own:
            raise UsageError(f"There is no translation `{name}`. ./inv translations lists what is old.")
        picked += own
    return picked


def renew(texts: Iterable[Translated]) -> None:
    """Write down that these texts say what their sources say now."""
    states: dict[str, dict[str, str]] = {}
    for one in texts:
        if not one.missing:
            states.setdefault(one.path, {})[one.id] = one.state
    for name, new in states.items():
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        replace_file(path, _dated(text, new) if path.suffix == ".toml" else marked(text, new))


def _dated(text: str, states: dict[str, str]) -> str:
    """Return a TOML file with these states in their records."""
    document = tomlkit.parse(text)
    for id, state in states.items():
        record = document[id]
        if FROM in record:
            record[FROM] = state
        else:  # the first key, before the words
            words = dict(record)
            for key in words:
                del record[key]
            record[FROM] = state
            record.update(words)
    return tomlkit.dumps(document)
