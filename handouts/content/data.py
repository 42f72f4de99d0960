"""Load content/data/*.toml: facts, sources, operators, phrases, letters, terms, timetable, interface words.

In: the data folder. Out: Data, and problems with path and line. Without problems, all references between the files lead to
something.
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
from .checks import (
    Findings,
    check_avoided,
    check_facts,
    check_letters,
    check_operators,
    check_sources,
    check_timetable,
    letters_of,
)
from .files import content_files
from .languages import SOURCE, Language, conversion
from .overlay import ONLY_TRANSLATED, TRANSLATED, translate, without_chinese
from .toml import Table, read_table, records_of

TABLES = ("sources", "facts", "operators", "phrases", "glossary", "ui")
"""The files that the data folder must have."""
OPTIONAL_TABLES = ("letters", "timetable", "search")
"""The files that it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Everything the guides may cite."""

    language: Language = SOURCE
    """The language of the edition."""
    facts: dict[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    letters: dict[str, dict[str, Line]] = field(default_factory=dict)
    """The lines of each letter, by the names in LETTERS; empty when the site has no letters."""
    labels: dict[str, Line] = field(default_factory=dict)
    """The labels of what the sender of a letter fills in, by the name of the blank."""
    terms: dict[str, Term] = field(default_factory=dict)
    timetable: dict[str, Milestone] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    ui: dict[str, dict[str, str]] = field(default_factory=dict)
    faulty: frozenset[str] | None = frozenset()
    """Ids of facts, phrases and days that were left out because their tables have faults: citing one is not another fault.
    None when facts.toml cannot be read at all."""
    digest: str = field(init=False, repr=False, compare=False)
    """Changes when anything of this changes."""

    def __post_init__(self) -> None:
        """Compute the digest. The set is sorted, because its order differs between processes."""
        values = [getattr(self, part.name) for part in fields(self) if part.name not in ("faulty", "digest")]
        values.append(self.faulty if self.faulty is None else sorted(self.faulty))
        object.__setattr__(self, "digest", sha256(repr(values).encode()).hexdigest())

    @property
    def letter(self) -> dict[str, Line]:
        """Return the lines of the letter that ends a contract."""
        return self.letters.get("termination", {})

    def when(self, id: str) -> str:
        """Return in words when a milestone is, such as 起飞前 30 天; the words are in ui.toml under `[when]`.

        `{s}` in them is the ending of a plural. An id without a row or words is returned unchanged; that is reported.
        """
        milestone = self.timetable.get(id)
        words = self.ui.get("when", {}).get(milestone.words) if milestone else None
        if milestone is None or words is None:
            return id
        count = milestone.months or milestone.days
        words = words.replace("{count}", str(abs(count)))
        return words.replace("{s}", "" if abs(count) == 1 else "s")

    @property
    def unsure(self) -> str:
        """Return the words beside a fact that nobody could verify."""
        return self.ui.get("source", {}).get("unsure", "未核实")

    def is_sure(self, id: str) -> bool:
        """Tell whether a fact exists and may be printed: its confidence is not low."""
        return id in self.facts and self.facts[id].confidence != "low"

    def operators_for(self, cards: tuple[str, ...]) -> tuple[Operator, ...]:
        """Return the brands of which a reader may still have a card, of one of these kinds or, with none given, of any."""
        return tuple(
            operator
            for operator in self.operators.values()
            if operator.status != "ended" and (not cards or set(cards) & set(operator.sells))
        )

    def sure(self, ids: tuple[str, ...]) -> tuple[Fact, ...]:
        """Return the facts that may be printed and have a value; those that do not exist are reported elsewhere."""
        return tuple(self.facts[id] for id in ids if self.is_sure(id) and self.facts[id].value)


def load_data(folder: Path, problems: Problems, language: Language = SOURCE) -> Data:
    """Read and cross-check all data files, in the language of an edition."""
    data, found = _loaded(folder, language)
    problems.extend(found)
    return data


def _bytes_of(folder: Path, language: Language) -> Hashable:
    """Return a key for the language and the state of the data files."""
    try:
        return language, *((str(path), path.read_bytes()) for path in sorted(folder.glob("*.toml")))
    except OSError:  # the loader reports it; this key is never found again
        return object()


@remembered(_bytes_of)
def _loaded(folder: Path, language: Language) -> tuple[Data, Problems]:
    problems = Problems()
    convert = conversion(language, folder.parent, problems)
    for _ in content_files(folder, "*.toml", problems):  # reports links that lead outside
        pass
    tables = {name: read_table(folder / f"{name}.toml", problems, convert) for name in TABLES}
    for name in OPTIONAL_TABLES:
        path = folder / f"{name}.toml"
        tables[name] = read_table(path, problems, convert) if path.exists() else None
    if language.written:
        tables = {
            name: _translated(name, table, folder, language, problems) for name, table in tables.items()
        }
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
    records: dict[str, dict[str, Any]] = {
        "sources": sources,
        "facts": facts,
        "operators": operators,
        "phrases": phrases,
        "letters": lines,
        "timetable": milestones,
    }
    faulty = {name: _faulty(tables[name], records[name]) for name in records}

    def check(name: str, findings: Findings, *others: str) -> None:
        """Add the findings of a file; not if a table of it or of `others` has a fault, which would cause more findings."""
        if all(tables[one] and not faulty[one] for one in (name, *others)):
            for line, text in findings:
                problems.add(folder / f"{name}.toml", line, text)

    check("facts", check_facts(facts, sources), "sources")
    check("sources", check_sources(sources, facts), "facts")
    check("operators", check_operators(operators, facts), "facts")
    check("letters", check_letters(lines))
    check("timetable", check_timetable(milestones, facts, ui.get("when", {})), "facts")
    for table in (
        filter(None, tables.values()) if language == SOURCE else ()
    ):  # the others are converted or translated from it
        for line, text in check_avoided(table, terms):
            problems.add(table.path, line, text)
    data = Data(
        language=language,
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
        faulty=frozenset().union(*(faulty[name] for name in ("facts", "phrases", "timetable")))
        if tables["facts"]
        else None,
    )
    return data, problems


def _translated(
    name: str, table: Table | None, folder: Path, language: Language, problems: Problems
) -> Table | None:
    """Return a table in the words of a language; None if it has none, and only translated records may be shown."""
    path = folder / f"{name}{language.suffix}.toml"
    if table is None or name not in TRANSLATED:
        return None if name in ONLY_TRANSLATED else table
    translation = read_table(path, problems) if path.exists() or name == "ui" else None
    if translation is not None:
        return translate(name, table, translation, problems)
    if name in ONLY_TRANSLATED:
        return None
    return table.with_values({id: without_chinese(name, one) for id, one in table.values.items()})


def _faulty(table: Table | None, records: dict[str, Any]) -> set[str]:
    """Return the ids of tables that did not become records, because of a fault."""
    return table.values.keys() - records.keys() if table else set()


def _interface(table: Table | None, problems: Problems) -> dict[str, dict[str, str]]:
    """Return the words of pages and sheets by group: `ui.sheet.scan`. `{site}` in a word is the name of the site."""
    if table is None:
        return {}
    path = table.path
    for group, words in table.values.items():
        if not isinstance(words, dict):
            line = table.line(group)
            problems.add(path, line, f"`{group}` is outside any table. Put it under `[a-group]`.")
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
