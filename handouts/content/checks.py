"""Check what the records of the data folder say of each other.

In: the records, and the tables they come from. Out: problems, each at its line: a fact without a known source, an operator
with a fact that does not exist, a letter whose languages differ.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import Problems
from ..model import (
    CARDS,
    FOREIGN_LANGUAGES,
    LETTER_PARTS,
    LETTERS,
    SINGLE_TOPICS,
    TOPICS,
    Fact,
    Line,
    Milestone,
    Operator,
    Source,
)
from .syntax import PHONE
from .toml import Table

BLANK = re.compile(r"\{([a-z-]*)\}")
SET_BLANK = re.compile(r"(?:^|(?<= ))\{([a-z-]+)\}(?=[^\w\s{}]*(?: |$))")
"""A blank of the letter as the template can set it: a space before it, and after it and its marks."""

YEARS = range(2000, 2100)
"""In which somebody may have read a page; a date further off is a slip, and cannot be reckoned with."""


def check_facts(
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


def check_operators(
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


def check_timetable(
    table: Table,
    timetable: dict[str, Milestone],
    facts: dict[str, Fact],
    words: dict[str, str],
    problems: Problems,
) -> None:
    """Note milestones that count in two units, rest on unknown facts, are for an unknown kind of card or have no words."""
    for one in timetable.values():
        wrong = [
            ("cards", f"`{card}` is no kind of card. Use {', '.join(CARDS)}.")
            for card in one.cards
            if card not in CARDS
        ]
        wrong += [
            ("facts", f"The fact `{id}` is not in facts.toml. Add it, with its source.")
            for id in one.facts
            if id not in facts
        ]
        if one.days and one.months:
            wrong.append(("months", f"`{one.id}` counts days and months. Keep one of them."))
        if one.months < 0:
            wrong.append(("months", f"`{one.id}` counts months backwards. Count in days before."))
        if one.words not in words:
            wrong.append(
                ("counts_from", f"[when] of ui.toml cannot say `{one.id}`. Add `{one.words}` there.")
            )
        for key, text in wrong:
            problems.add(table.path, table.line(one.id, key), text)


def letters_of(lines: dict[str, Line]) -> dict[str, dict[str, Line]]:
    """Return the lines of each letter in order, behind them the labels of what is filled in; its subject is `subject`."""
    letters = {}
    for name in LETTERS:
        own = [line for line in lines.values() if not line.letters or name in line.letters]
        said = {line.id: line for line in own if not line.id.startswith("label-")}
        blanks = {blank for line in said.values() for blank in BLANK.findall(line.zh)}
        wanted = {f"label-{blank}" for blank in blanks} | set(LETTER_PARTS)
        subject = next((id for id in said if id.startswith("subject")), None)
        if subject:
            labels = {line.id: line for line in own if line.id.startswith("label-") and line.id in wanted}
            letters[name] = {"subject" if id == subject else id: line for id, line in said.items()} | labels
    return letters


def check_letters(table: Table, lines: dict[str, Line], problems: Problems) -> None:
    """Note lines that are missing or in no letter, and blanks that differ between languages, have no label or cannot be set."""
    path = table.path
    for id in LETTER_PARTS:
        if id not in lines:
            problems.add(path, 1, f"The letter has no line `{id}`. Add a table [{id}].")
    unlabelled: dict[str, int] = {}
    for line in lines.values():
        for name in line.letters:
            if name not in LETTERS:
                where = table.line(line.id, "letters")
                problems.add(path, where, f"`{name}` is no letter. Use {', '.join(LETTERS)}.")
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
        for blank in blanks:
            if f"label-{blank}" not in lines:
                unlabelled.setdefault(blank, table.line(line.id))
    for blank, where in unlabelled.items():
        problems.add(path, where, f"The blank `{blank}` has no label. Add a table [label-{blank}].")
