"""Load content/data/*.toml: facts, sources, operators, phrases, letters, terms, timetable, interface words.

In: the data folder. Out: Data, and problems with path and line. Without problems, every reference between the files leads
to something.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache.memoize import memoize
from ..errors import Findings, Problems
from ..model import Answer, Digested, Fact, Line, Milestone, Operator, Phrase, Record, Source, Term
from . import data_checks
from .languages import SOURCE, Language, conversion
from .syntax import WHEN, facts_in, ids_in
from .toml import Table, read_table, records_of
from .translated_table import ONLY_TRANSLATED, TRANSLATED_TABLES, TranslatedTable

KINDS: dict[str, type[Record]] = {
    "sources": Source,
    "facts": Fact,
    "operators": Operator,
    "phrases": Phrase,
    "letters": Line,
    "glossary": Term,
    "search": Answer,
    "timetable": Milestone,
}
"""The records of each file; ui.toml has words."""
TABLES = (*KINDS, "ui")
"""The files of the data folder."""
OPTIONAL_TABLES = ("letters", "timetable", "search")
"""Those that it may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Digested):
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
    faulty: tuple[str, ...] | None = ()
    """Ids of facts, phrases and days that were left out because their tables have faults; citations of them are not reported.
    None when facts.toml cannot be read at all."""

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
        count = abs(milestone.months or milestone.days)
        return words.replace("{count}", str(count)).replace("{s}", "" if count == 1 else "s")

    def facts_behind(self, text: str) -> tuple[str, ...]:
        """Return the ids of the facts that a text cites or prints, then of those that set a day it names, each once."""
        days = (self.timetable[id] for id in ids_in(WHEN, text) if id in self.timetable)
        return tuple(dict.fromkeys([*facts_in(text), *(id for day in days for id in day.facts)]))

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
        files = filter(Path.is_file, sorted(folder.glob("*.toml")))  # reading a pipe would block
        return language, *((str(path), path.read_bytes()) for path in files)
    except OSError:  # the loader reports it; this key is never found again
        return object()


@memoize(_bytes_of)
def _loaded(folder: Path, language: Language) -> tuple[Data, Problems]:
    problems = Problems()
    tables = _tables(folder, language, problems)
    records: dict[str, dict[str, Any]] = {
        name: records_of(tables[name], kind, problems) for name, kind in KINDS.items()
    }
    left_out = {
        name: sorted(table.values.keys() - records[name].keys()) for name in KINDS if (table := tables[name])
    }
    sources, facts, lines, terms = (records[name] for name in ("sources", "facts", "letters", "glossary"))
    ui = _interface(tables["ui"], problems)
    if "site" in ui:
        ui["site"] |= {"lang": language.code, "locale": language.locale}
    findings: dict[tuple[str, ...], Findings] = {
        ("facts", "sources"): data_checks.check_facts(facts, sources),
        ("sources", "facts"): data_checks.check_sources(sources, facts),
        ("operators", "facts"): data_checks.check_operators(records["operators"], facts),
        ("letters",): data_checks.check_letters(lines),
        ("timetable", "facts"): data_checks.check_timetable(records["timetable"], facts, ui.get("when", {})),
    }
    for names, found in findings.items():
        if all(left_out.get(name) == [] for name in names):  # else one fault would be reported several times
            problems.add_all(folder / f"{names[0]}.toml", found)
    for table in filter(None, tables.values() if language == SOURCE else ()):  # the others are made from it
        problems.add_all(table.path, data_checks.check_avoided(table, terms))
    cited = ("facts", "phrases", "timetable")
    data = Data(
        language=language,
        facts=facts,
        sources=sources,
        operators=records["operators"],
        phrases=records["phrases"],
        letters=data_checks.letters_of(lines),
        labels={id.removeprefix("label-"): line for id, line in lines.items() if id.startswith("label-")},
        terms=terms,
        timetable=records["timetable"],
        answers=records["search"],
        ui=ui,
        faulty=tuple(id for name in cited for id in left_out.get(name, ())) if tables["facts"] else None,
    )
    return data, problems


def _tables(folder: Path, language: Language, problems: Problems) -> dict[str, Table | None]:
    """Return the files by name, in the words of a language; None for one that is not there or has faults."""
    convert = conversion(language, folder.parent, problems)
    tables = {}
    for name in TABLES:
        path = folder / f"{name}.toml"
        table = read_table(path, problems, convert, optional=name in OPTIONAL_TABLES)
        if language.written and name not in TRANSLATED_TABLES:
            table = None if name in ONLY_TRANSLATED else table
        elif language.written and table is not None:
            path = folder / f"{name}{language.suffix}.toml"
            translated = TranslatedTable(name, table, read_table(path, problems, optional=name != "ui"))
            problems.add_all(path, translated.findings())
            table = translated.merged()
        tables[name] = table
    return tables


def _interface(table: Table | None, problems: Problems) -> dict[str, dict[str, str]]:
    """Return the words of pages and sheets by group: `ui.sheet.scan`. `{site}` in a word is the name of the site."""
    if table is None:
        return {}
    groups: dict[str, dict[str, str]] = {}
    site = table.values.get("site")
    name = str(site.get("name", "")) if isinstance(site, dict) else ""
    for group, words in table.values.items():
        if not isinstance(words, dict):
            text = f"`{group}` is outside any table. Put it under `[a-group]`."
            problems.add(table.path, table.line(group), text)
            continue
        groups[group] = {}
        for key, word in words.items():
            groups[group][key] = str(word).replace("{site}", name)
            if not isinstance(word, str) or not word.strip():
                problems.add(table.path, table.line(group, key), f"`{key}` is not text. Put it in quotes.")
    return groups
