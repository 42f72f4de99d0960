"""Load content/data/*.toml: facts, sources, operators, phrases, terms, interface words.

In: the data folder. Out: Data, whose cross references hold: every fact has known sources and a
review date after the day it was read. Faults are noted as problems with path and line.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..cache.memoize import remembered
from ..errors import Problems
from ..model import Answer, Fact, Line, Milestone, Operator, Phrase, Source, Term
from .checks import check_facts, check_letters, check_operators, check_timetable, letters_of
from .files import content_files
from .languages import SOURCE, Language, conversion
from .toml import Table, read_table, records_of

Read = tuple[Table | None, dict[str, Any]]
"""A file and its records."""

TABLES = ("sources", "facts", "operators", "phrases", "glossary", "ui")
"""The files of the data folder without which there is no site."""
OPTIONAL_TABLES = ("letters", "timetable", "search")
"""Files that a site may do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Everything the guides may cite."""

    language: str = SOURCE.code
    """Of the edition, as a BCP 47 code."""

    facts: dict[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    letters: dict[str, dict[str, Line]] = field(default_factory=dict)
    """By the names of LETTERS; none when the site has no letters."""
    labels: dict[str, Line] = field(default_factory=dict)
    """What the sender of any letter fills in, by the name of the blank."""
    terms: dict[str, Term] = field(default_factory=dict)
    timetable: dict[str, Milestone] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    ui: dict[str, dict[str, str]] = field(default_factory=dict)
    spoilt: frozenset[str] | None = frozenset()
    """Ids of facts, phrases and days that stand in their file with faults of their own; None when there are no facts
    to be had."""

    digest: str = field(init=False, repr=False, compare=False)
    """What names all of this."""

    def __post_init__(self) -> None:
        """Work out the digest, of what reads the same in every process: a set does not."""
        spoilt = self.spoilt if self.spoilt is None else sorted(self.spoilt)
        known = [getattr(self, part.name) for part in fields(self) if part.name not in ("spoilt", "digest")]
        known.append(spoilt)
        object.__setattr__(self, "digest", sha256(repr(known).encode()).hexdigest())

    @property
    def letter(self) -> dict[str, Line]:
        """Return the lines of the letter that ends a contract."""
        return self.letters.get("termination", {})

    def when(self, id: str) -> str:
        """Return in words when a milestone is: 起飞前 30 天. The words are in ui.toml, under `[when]`.

        An unknown id comes back as it is; the linter notes it.
        """
        milestone = self.timetable.get(id)
        if milestone is None:
            return id
        count = milestone.months or milestone.days
        return self.ui["when"][milestone.words].replace("{count}", str(abs(count)))

    @property
    def unsure(self) -> str:
        """Return what a text says beside a fact that nobody could verify."""
        return self.ui.get("source", {}).get("unsure", "未核实")

    def is_sure(self, id: str) -> bool:
        """Tell whether a fact is there and good enough for paper."""
        return id in self.facts and self.facts[id].confidence != "low"

    def operators_for(self, cards: tuple[str, ...]) -> tuple[Operator, ...]:
        """Return the brands a reader can still hold a card of: of these kinds, or of any."""
        return tuple(
            operator
            for operator in self.operators.values()
            if operator.status != "ended" and (not cards or set(cards) & set(operator.sells))
        )

    def sure(self, ids: tuple[str, ...]) -> tuple[Fact, ...]:
        """Return the facts good enough for paper: not of low confidence, and with a value to print.

        A fact that is missing, or left out for its faults, is noted as a problem elsewhere.
        """
        facts = (self.facts[id] for id in ids if id in self.facts)
        return tuple(fact for fact in facts if fact.confidence != "low" and fact.value)


def load_data(folder: Path, problems: Problems, language: Language = SOURCE) -> Data:
    """Read and cross-check all data files, in the language of an edition."""
    data, found = _loaded(folder, language)
    problems.extend(found)
    return data


def _bytes_of(folder: Path, language: Language) -> Hashable:
    """Return what names the language and the state of the data files."""
    try:
        return language, *((str(path), path.read_bytes()) for path in sorted(folder.glob("*.toml")))
    except OSError:  # the loader says it better, each time
        return object()


@remembered(_bytes_of)
def _loaded(folder: Path, language: Language) -> tuple[Data, Problems]:
    """Return the data and their problems."""
    problems = Problems()
    convert = conversion(language, folder.parent, problems)
    for _ in content_files(folder, "*.toml", problems):  # notes those that lead outside
        pass
    tables = {name: read_table(folder / f"{name}.toml", problems, convert) for name in TABLES}
    for name in OPTIONAL_TABLES:
        path = folder / f"{name}.toml"
        tables[name] = read_table(path, problems, convert) if path.exists() else None
    sources = records_of(tables["sources"], Source, problems)
    facts = records_of(tables["facts"], Fact, problems)
    operators = records_of(tables["operators"], Operator, problems)
    phrases = records_of(tables["phrases"], Phrase, problems)
    lines = records_of(tables["letters"], Line, problems)
    terms = records_of(tables["glossary"], Term, problems)
    answers = records_of(tables["search"], Answer, problems)
    milestones = records_of(tables["timetable"], Milestone, problems)
    ui = _interface(tables["ui"], problems)
    if "site" in ui:
        ui["site"] |= {"lang": language.code, "locale": language.locale}
    records = {
        "sources": sources,
        "facts": facts,
        "operators": operators,
        "letters": lines,
        "timetable": milestones,
    }

    def whole(*names: str) -> bool:
        """Tell whether these files hold no table with a fault: others would be blamed for it."""
        return all(tables[name] and len(tables[name].values) == len(records[name]) for name in names)

    if whole("facts", "sources"):
        check_facts(tables["facts"], facts, tables["sources"], sources, problems)
    if whole("facts", "operators"):
        check_operators(tables["operators"], operators, facts, problems)
    if whole("letters"):
        check_letters(tables["letters"], lines, problems)
    if whole("facts", "timetable"):
        check_timetable(tables["timetable"], milestones, facts, ui.get("when", {}), problems)
    data = Data(
        language=language.code,
        facts=facts,
        sources=sources,
        operators=operators,
        phrases=phrases,
        letters=letters_of(lines),
        labels={id.removeprefix("label-"): line for id, line in lines.items() if id.startswith("label-")},
        terms=terms,
        timetable=milestones,
        answers=answers,
        ui=ui,
        spoilt=_spoilt(
            (tables["facts"], facts), (tables["phrases"], phrases), (tables["timetable"], milestones)
        ),
    )
    return data, problems


def _spoilt(facts: Read, *others: Read) -> frozenset[str] | None:
    """Return the ids of tables with faults of their own, None when the facts cannot be read at all."""
    if facts[0] is None:
        return None
    return frozenset(
        id for table, records in (facts, *others) if table for id in table.values.keys() - records.keys()
    )


def _interface(table: Table | None, problems: Problems) -> dict[str, dict[str, str]]:
    """Return the words of pages and sheets by group, `ui.sheet.scan`; `{site}` in one is the name of the site."""
    if table is None:
        return {}
    path = table.path
    for group, words in table.values.items():
        if not isinstance(words, dict):
            line = table.line(group)
            problems.add(path, line, f"`{group}` stands outside any table. Put it under `[a-group]`.")
            continue
        for key, word in words.items():
            if not isinstance(word, str) or not word.strip():
                line = table.line(group, key)
                problems.add(path, line, f"`{key}` is no text. Write it in quotes.")
    groups = {group: words for group, words in table.values.items() if isinstance(words, dict)}
    name = str(groups.get("site", {}).get("name", ""))
    return {
        group: {key: str(word).replace("{site}", name) for key, word in words.items()}
        for group, words in groups.items()
    }
