"""Load content/data/*.toml: facts, sources, operators, phrases, terms, interface words.

In: the data folder. Out: Data, whose cross references hold: every fact has known sources and a
review date after the day it was read. Faults are noted as problems with path and line.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from .errors import Problems
from .files import content_files
from .memory import remembered
from .model import (
    CARDS,
    FOREIGN_LANGUAGES,
    LETTER_PARTS,
    SINGLE_TOPICS,
    TOPICS,
    Fact,
    Line,
    Operator,
    Phrase,
    Source,
    Term,
)
from .records import Table, read_table, records_of

TABLES = ("sources", "facts", "operators", "phrases", "glossary", "ui")
"""The files of the data folder without which there is no site."""

PHONE = re.compile(r"\+\d[\d ]{6,18}\d")
"""An international number as people read it, with spaces: ITU-T E.123."""

BLANK = re.compile(r"\{([a-z-]*)\}")
SET_BLANK = re.compile(r"(?:^|(?<= ))\{([a-z-]+)\}(?=[^\w\s{}]*(?: |$))")
"""A blank of the letter as the template can set it: a space before it, and after it and its marks."""

YEARS = range(2000, 2100)
"""In which somebody may have read a page; a date further off is a slip, and cannot be reckoned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Everything the guides may cite."""

    facts: dict[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    letter: dict[str, Line] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    ui: dict[str, dict[str, str]] = field(default_factory=dict)
    spoilt: frozenset[str] | None = frozenset()
    """Facts that stand in the file with faults of their own; None when the file cannot be read at all."""

    digest: str = field(init=False, repr=False, compare=False)
    """What names all of this."""

    def __post_init__(self) -> None:
        """Work out the digest, of what reads the same in every process: a set does not."""
        spoilt = self.spoilt if self.spoilt is None else sorted(self.spoilt)
        known = (
            self.facts,
            self.sources,
            self.operators,
            self.phrases,
            self.letter,
            self.terms,
            self.ui,
            spoilt,
        )
        object.__setattr__(self, "digest", sha256(repr(known).encode()).hexdigest())

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


def load_data(folder: Path, problems: Problems) -> Data:
    """Read and cross-check all data files."""
    data, found = _loaded(folder)
    problems.extend(found)
    return data


def _bytes_of(folder: Path) -> Hashable:
    """Return what names the state of the data files."""
    try:
        return tuple((str(path), path.read_bytes()) for path in sorted(folder.glob("*.toml")))
    except OSError:  # the loader says it better, each time
        return object()


@remembered(_bytes_of)
def _loaded(folder: Path) -> tuple[Data, Problems]:
    """Return the data and their problems."""
    problems = Problems()
    for _ in content_files(folder, "*.toml", problems):  # notes those that lead outside
        pass
    letters = folder / "letters.toml"  # a site may do without letters, not without the rest
    tables = {name: read_table(folder / f"{name}.toml", problems) for name in TABLES}
    tables["letters"] = read_table(letters, problems) if letters.exists() else None
    sources = records_of(tables["sources"], Source, problems)
    facts = records_of(tables["facts"], Fact, problems)
    operators = records_of(tables["operators"], Operator, problems)
    phrases = records_of(tables["phrases"], Phrase, problems)
    letter = records_of(tables["letters"], Line, problems)
    terms = records_of(tables["glossary"], Term, problems)
    ui = _interface(tables["ui"], problems)
    if not problems:
        _cross_check(tables["facts"], facts, tables["sources"], sources, problems)
        _check_operators(tables["operators"], operators, facts, problems)
        if letter:
            _check_letter(tables["letters"], letter, problems)
    data = Data(
        facts=facts,
        sources=sources,
        operators=operators,
        phrases=phrases,
        letter=letter,
        terms=terms,
        ui=ui,
        spoilt=frozenset(tables["facts"].values.keys() - facts.keys()) if tables["facts"] else None,
    )
    return data, problems


def _interface(table: Table | None, problems: Problems) -> dict[str, dict[str, str]]:
    """Return the words of pages and sheets by group: `ui.sheet.scan`."""
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
    return {group: words for group, words in table.values.items() if isinstance(words, dict)}


def _cross_check(
    fact_table: Table,
    facts: dict[str, Fact],
    source_table: Table,
    sources: dict[str, Source],
    problems: Problems,
) -> None:
    """Note facts and sources that contradict themselves or each other."""
    for fact in facts.values():
        _check_fact(fact, sources, fact_table, problems)
    cited = {id for fact in facts.values() for id in fact.sources}
    for source in sources.values():
        wrong = []
        if not _is_address(source.url):
            wrong.append(f"`{source.url}` is no web address. Copy it whole, with https://.")
        if source.id not in cited:
            wrong.append(f"No fact cites `{source.id}`. Cite it or delete it.")
        for text in wrong:
            problems.add(source_table.path, source_table.line(source.id, "url"), text)


def _is_address(url: str) -> bool:
    """Tell whether a text is the address of a web page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in url


def _check_fact(fact: Fact, sources: dict[str, Source], table: Table, problems: Problems) -> None:
    """Note a fact without a known source, with impossible dates, or with a number that is none."""
    path = table.path
    if not fact.sources:
        problems.add(path, table.line(fact.id, "sources"), f"`{fact.id}` has no source. Add one.")
    for id in fact.sources:
        if id not in sources:
            problems.add(
                path,
                table.line(fact.id, "sources"),
                f"`{fact.id}` cites the unknown source `{id}`. Add it to sources.toml.",
            )
    if fact.read.year not in YEARS:
        line = table.line(fact.id, "read")
        problems.add(
            path, line, f"`{fact.id}` was read on {fact.read}? Write the day somebody read its pages."
        )
    elif fact.due <= fact.read:
        problems.add(
            path,
            table.line(fact.id, "review_by"),
            f"`{fact.id}` is to be reviewed before it was read. Set a later review_by.",
        )
    if re.match(r"\+\d\d", fact.value) and "%" not in fact.value and not PHONE.fullmatch(fact.value):
        problems.add(
            path,
            table.line(fact.id, "value"),
            f"`{fact.value}` is no phone number. Write it like +32 2 223 09 09.",
        )


def _check_operators(
    table: Table, operators: dict[str, Operator], facts: dict[str, Fact], problems: Problems
) -> None:
    """Note what an operator says by a fact that does not exist, or by two that contradict each other."""
    path = table.path
    for operator in operators.values():
        for card in operator.sells:
            if card not in CARDS:
                line = table.line(operator.id, "sells")
                problems.add(path, line, f"`{card}` is no kind of card. Use {', '.join(CARDS)}.")
        for topic in TOPICS:
            ids = getattr(operator, topic)
            unknown = [id for id in ids if id not in facts]
            wrong = [f"The fact `{id}` is not in facts.toml. Add it, with its source." for id in unknown]
            if topic in SINGLE_TOPICS and not unknown:
                values = {facts[id].value for id in ids if facts[id].confidence != "low"}
                if len(values) > 1:
                    wrong.append(
                        f"`{topic}` of `{operator.id}` has different values: {', '.join(sorted(values))}. "
                        "Keep the right fact, or lower the confidence of the other."
                    )
            for text in wrong:
                problems.add(path, table.line(operator.id, topic), text)


def _check_letter(table: Table, letter: dict[str, Line], problems: Problems) -> None:
    """Note lines that are missing, and blanks that differ between languages, have no label or cannot be set."""
    path = table.path
    for id in LETTER_PARTS:
        if id not in letter:
            problems.add(path, 1, f"The letter has no line `{id}`. Add a table [{id}].")
    for line in letter.values():
        blanks = set(BLANK.findall(line.zh))
        for lang in FOREIGN_LANGUAGES:
            text, where = getattr(line, lang), (path, table.line(line.id, lang))
            if set(BLANK.findall(text)) != blanks:
                problems.add(
                    *where,
                    f"`{lang}` of `{line.id}` has other blanks than `zh`. Use the same in all languages.",
                )
            elif text.count("{") != len(SET_BLANK.findall(text)):
                problems.add(
                    *where, f"A blank of `{line.id}` is not set off. Write a space before and after it."
                )
        for blank in sorted(blanks):
            if f"label-{blank}" not in letter:
                problems.add(
                    path,
                    table.line(line.id),
                    f"The blank `{blank}` has no label. Add a table [label-{blank}].",
                )
