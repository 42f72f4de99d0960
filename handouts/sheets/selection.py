"""Select the contacts, topics and days that a sheet prints.

In: a Variant and the Data. Out: what the template of the sheet prints, and every printed text with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from .. import paths
from ..content.data import Data
from ..content.syntax import VALUE
from ..model import Fact, Guide, Milestone, Operator, Phrase, PrintedText

PREPAID_TOPICS = ("prepaid_end", "prepaid_validity", "refund", "phone", "phone_abroad", "email", "post")
PLAN_TOPICS = ("cancel", "account", "confirm", "phone", "phone_abroad", "email", "post", "device")
"""The topics on the sheet of one operator; the first fact of each is printed."""
LONGEST_VALUE = 60
"""Characters of a value at most; longer ones, such as addresses of web pages, are only on the web."""

FALLBACK = "in-writing"
"""The phrase that is printed where no way to end a contract is known."""
CALLS = 3
"""Lines to note calls on; what is copied from the bill takes their place, and so do the numbers of many operators."""
FEWER_CALLS = {"en": 2}
"""The same in languages that take more room."""
SHORT = {"en": 150}
SHORT_HAN = 100
"""Characters of an operator's facts that leave room for one such line more."""
MANY = 7
"""Operators whose numbers leave room for one such line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sheet of a guide: for everybody, or for the customers of one operator."""

    guide: Guide
    operator: Operator | None = None

    @property
    def name(self) -> str:
        """Return the name of its PDF, without the ending: `prepaid`, `prepaid-base`."""
        return paths.sheet_name(self.guide.slug, self.operator.id if self.operator else "")

    @property
    def cache_key(self) -> tuple:
        """Return a key for it that is the same in every process."""
        return self.guide.digest, self.operator


class Selection:
    """Selects from the data what sheets print."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def oldest(self, variant: Variant) -> date | None:
        """Return the day on which the oldest fact of the sheet was read."""
        return min((fact.read for fact in self.facts(variant)), default=None)

    def facts(self, variant: Variant) -> list[Fact]:
        """Return the facts that the sheet rests on, without unsure ones, which are on the web only."""
        ids = {id: None for text in self.printed(variant) for id in (*text.facts, *text.support)}
        facts = (self._data.facts[id] for id in ids if id in self._data.facts)
        return [fact for fact in facts if fact.confidence != "low"]

    def printed(self, variant: Variant) -> Iterator[PrintedText]:
        """Yield every text of the content that the sheet prints; all others are words of ui.toml."""
        data = self._data
        for text in variant.guide.printed:
            yield text
            for match in VALUE.finditer(text.text):
                yield _value(data.facts[match["id"]])
        for operator in [variant.operator] if variant.operator else data.operators_for(variant.guide.cards):
            yield PrintedText("data/operators.toml", operator.lines["name"], operator.name)
        fallback = self.fallback(variant)
        for phrase in [
            *(data.phrases[id] for id in variant.guide.phrases),
            *([fallback] if fallback else []),
        ]:
            for lang in ("zh", "fr", "nl", "en"):
                yield PrintedText("data/phrases.toml", phrase.lines[lang], getattr(phrase, lang))
        for fact in self.listed(variant):
            yield _value(fact)

    def listed(self, variant: Variant) -> list[Fact]:
        """Return the facts of the sheet's table: of one operator, or the numbers of all."""
        if variant.operator:
            topics = self.topics(variant.guide, variant.operator)
            return [fact for known in topics.values() for fact in known]
        return [fact for _, *known in self.contacts(variant.guide) for fact in known if fact]

    def contacts(self, guide: Guide) -> list[tuple[Operator, Fact | None, Fact | None]]:
        """Return (operator, number inside Belgium, number from abroad) of those with a number.

        A number that works from everywhere is given once, in its form from abroad.
        """
        rows = []
        for operator in self._data.operators_for(guide.cards):
            inside, abroad = self._first(operator.phone), self._first(operator.phone_abroad)
            if inside and abroad and _digits(abroad) == f"32{_digits(inside).removeprefix('0')}":
                inside = None
            if inside or abroad:
                rows.append((operator, inside, abroad))
        return rows

    def addresses(self) -> list[tuple[Operator, Fact | None, Fact | None]]:
        """Return (operator, postal address, e-mail address) of all operators."""
        operators = self._data.operators_for(())
        return [(one, self._first(one.post), self._first(one.email)) for one in operators]

    def oldest_address(self) -> date | None:
        """Return the day on which the oldest of these addresses was read."""
        found = (fact for _, *known in self.addresses() for fact in known if fact)
        return min((fact.read for fact in found), default=None)

    def topics(self, guide: Guide, operator: Operator) -> dict[str, list[Fact]]:
        """Return the facts of an operator for this kind of card, by topic."""
        names = PREPAID_TOPICS if "prepaid" in guide.cards else PLAN_TOPICS
        return {name: self.printable(getattr(operator, name))[:1] for name in names}

    def due(self, guide: Guide) -> dict[str, Milestone | None]:
        """Return the day of each step, by its id: one that its words name, or the title of its part.

        Before the last part, only days up to the flight: a later one is a date to write, not the day to do it.
        """
        due: dict[str, Milestone | None] = {}
        parts = [section for section in guide.sections if section.letter]
        for part in parts:
            for step in part.printed:
                named = self._days(step.lead + step.note) + (
                    self._days(part.hint) if step is part.printed[0] else []
                )
                fit = (
                    day
                    for day in named
                    if part is parts[-1] or (day.counts_from == "flight" and day.days <= 0)
                )
                due[step.id] = next(fit, None)
        return due

    def again(self, guide: Guide) -> list[Milestone]:
        """Return the days after which the reader looks again: those of the last part."""
        last = [section for section in guide.sections if section.letter][-1]
        named = self._days(Markup("").join([last.hint, *(step.lead + step.note for step in last.printed)]))
        return [day for day in named if day.months or day.days > 0]

    def _days(self, html: Markup) -> list[Milestone]:
        """Return the days of the timetable that a text prints."""
        ids = dict.fromkeys(re.findall(r'data-when="([^"]*)"', str(html)))
        return [self._data.timetable[id] for id in ids]

    def copied(self, variant: Variant) -> list[str]:
        """Return the topics that the reader copies from the bill, because the sheet of an operator has no fact for them."""
        if not variant.operator:
            return []
        topics = self.topics(variant.guide, variant.operator)
        return [name for name in ("phone", "post") if not topics[name]]

    def calls(self, variant: Variant) -> int:
        """Return how many lines there are to note calls on."""
        if not variant.operator and len(self.contacts(variant.guide)) >= MANY:
            return 1
        code = self._data.language.code
        most = FEWER_CALLS.get(code, CALLS)
        if variant.operator and sum(len(fact.value) for fact in self.listed(variant)) <= SHORT.get(
            code, SHORT_HAN
        ):
            most += 1
        return max(1, most - len(self.copied(variant)))

    def fallback(self, variant: Variant) -> Phrase | None:
        """Return the sentence that works everywhere, for the sheet of an operator that names no way to end or write."""
        if not variant.operator:
            return None
        topics = self.topics(variant.guide, variant.operator)
        known = any(topics.get(name) for name in ("cancel", "prepaid_end", "email", "post"))
        return None if known else self._data.phrases.get(FALLBACK)

    def printable(self, ids: tuple[str, ...]) -> list[Fact]:
        """Return the sure facts whose values are short enough for paper."""
        return [
            fact
            for fact in self._data.sure(ids)
            if len(fact.value) <= LONGEST_VALUE and not fact.value.startswith("http")
        ]

    def _first(self, ids: tuple[str, ...]) -> Fact | None:
        return next(iter(self.printable(ids)), None)


def _digits(fact: Fact) -> str:
    return re.sub(r"\D", "", fact.value)


def _value(fact: Fact) -> PrintedText:
    return PrintedText("data/facts.toml", fact.lines["value"], fact.value, (fact.id,))
