"""List the facts that are due for review, and renew them: ./inv facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import tomlkit

from ..errors import Problems, UsageError
from ..model import Fact
from .data import Data
from .files import replace_file


def by_age(data: Data) -> list[Fact]:
    """Return all facts, the one that is due first on top."""
    return sorted(data.facts.values(), key=lambda fact: (fact.due, fact.read, fact.id))


def due_within(data: Data, today: date, days: int) -> list[Fact]:
    """Return the facts that will be overdue in so many days."""
    return [fact for fact in by_age(data) if (fact.due - today).days < days]


def table(facts: list[Fact], data: Data, today: date) -> Iterator[str]:
    """Yield lines for each fact: when it is due, how it was read, what it says, which pages to open."""
    for fact in facts:
        when, how = _time_left(fact, today), "live" if fact.live else "archive"
        yield f"{fact.due}  {when:>14}  {fact.kind:8}  {fact.confidence:6}  {how} {fact.read}  {fact.id}"
        yield f"    {fact.statement}"
        yield from (f"    open: {data.sources[id].url}" for id in fact.sources)
        if fact.note:
            yield f"    look for: {fact.note}"


def _time_left(fact: Fact, today: date) -> str:
    """Return how many days are left until a review, or have passed since."""
    left = (fact.due - today).days
    return f"{-left} days over" if left < 0 else f"{left} days left"


def late(path: Path, data: Data, today: date) -> Problems:
    """Return a problem for each fact that is overdue or has a date in the future, at its line of facts.toml."""
    problems = Problems()
    for fact in by_age(data):
        id, line = fact.id, fact.line_of()
        if fact.due < today:
            advice = f"Open its source, then ./inv facts renew {id}."
            problems.add(path, line, f"`{id}` was to be checked by {fact.due}. {advice}")
        elif fact.read > today:
            problems.add(path, line, f"`{id}` was read on {fact.read}, a day to come. Correct `read`.")
    return problems


def by_page(facts: list[Fact], data: Data, today: date) -> Iterator[str]:
    """Yield lines for each page to open: its facts, and the command to renew them."""
    pages: dict[str, list[Fact]] = {}
    for fact in facts:
        for id in fact.sources:
            pages.setdefault(data.sources[id].url, []).append(fact)
    for url, cited in pages.items():
        yield f"open: {url}"
        for fact in cited:
            yield f"    {fact.due}  {fact.id}  {_time_left(fact, today)}"
            yield f"        {fact.statement}"
        yield f"    ./inv facts renew {' '.join(fact.id for fact in cited)}"


def find(data: Data, ids: list[str]) -> list[Fact]:
    """Return the facts with these ids; UsageError unless they exist and have a page in common."""
    for id in ids:
        if id not in data.facts:
            raise UsageError(f"There is no fact `{id}`. ./inv facts lists them all.")
    if not ids:
        raise UsageError("Name a fact: ./inv facts renew ID. ./inv facts lists them all.")
    facts = [data.facts[id] for id in dict.fromkeys(ids)]
    if not set.intersection(*(set(fact.sources) for fact in facts)):
        raise UsageError("These facts have no page in common. Renew them by page: ./inv facts --by-page.")
    return facts


def renew(path: Path, ids: list[str], today: date) -> None:
    """Set the date of these facts to today, as their live page still says what they say; nothing else in the file changes."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    for id in ids:
        fact = document[id]
        fact["read"] = today
        fact["live"] = True
        if "review_by" in fact and fact["review_by"] <= today:
            del fact["review_by"]  # it was for the last review; from now on the interval of the kind counts
    replace_file(path, tomlkit.dumps(document))
