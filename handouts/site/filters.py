"""Filters of the templates of pages.

In: the HTML of a page and the data. Out: the same HTML, to which a filter has added
  noted      short ids for sources, and the role of each reference (https://www.w3.org/TR/dpub-aria/); notes.js names it after
             its publisher and leads back from a source
  dated      the number of days from the flight, for the script that shows the reader's date
  explained  a button that shows what a word of the glossary means, where it first occurs
The filter listed arranges the sources in the list at the end of a page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from ..model import Fact, Milestone, Source, Term

REFERENCE = re.compile(
    r'<a (?=[^>]*class="ref__link")[^>]*href="#source-(?P<id>[\w-]+)"[^>]*>\[?(?P<number>\d+)\]?</a>'
)
SOURCE = re.compile(r'(?P<start><span class="source" id=")source-(?P<id>[\w-]+)')

WHEN = re.compile(r'data-when="(?P<id>[\w-]+)"')

PIECE = re.compile(r"<(?P<end>/?)(?P<name>[a-z]\w*)[^>]*>|[^<]+")
"""A tag, or the text up to the next one."""
WITHOUT_WORDS = frozenset({"a", "button", "h2", "h3", "label", "summary", "svg", "th"})
"""Elements in which no word is explained: those that can be tapped already, headings, drawings."""


@dataclass
class Listed:
    """A source in the list at the end of a page."""

    source: Source
    facts: list[tuple[int, Fact]] = field(default_factory=list)
    """(number, fact) of those whose first source it is; they are listed with it."""
    also: list[int] = field(default_factory=list)
    """The numbers of other facts that it supports; they are listed with their first source."""

    def day(self, usual: tuple[bool, date]) -> tuple[bool, date]:
        """Return (live, day) with which most of its facts were read; `usual` if as many were read like that."""
        days = Counter((fact.live, fact.read) for _, fact in self.facts)
        return max(days, key=lambda day: (days[day], day == usual), default=usual)


def listed(
    citations: tuple[str, ...], facts: dict[str, Fact], sources: dict[str, Source]
) -> dict[str, dict[str, Listed]]:
    """Return the sources of the cited facts by publisher, then by the source's id, in the order of the text."""
    publishers: dict[str, dict[str, Listed]] = {}
    for number, id in enumerate(citations, 1):
        for name in facts[id].sources:
            source = sources[name]
            entry = publishers.setdefault(source.publisher, {}).setdefault(name, Listed(source))
            if name == facts[id].sources[0]:
                entry.facts.append((number, facts[id]))
            else:
                entry.also.append(number)
    return publishers


def noted(html: str, facts: dict[str, Fact]) -> Markup:
    """Return a page's HTML with short ids of sources, and the role of a note for each reference.

    A fact has the number of its place in facts.toml: with its name, ids would be a twentieth of a page's bytes.
    """
    ids = {id: f"s{number}" for number, id in enumerate(facts)}
    referred = REFERENCE.sub(
        lambda at: f'<a href="#{ids[at["id"]]}" role="doc-noteref">{at["number"]}</a>', html
    )
    return Markup(SOURCE.sub(lambda at: at["start"] + ids[at["id"]], referred))


def dated(html: str, timetable: dict[str, Milestone]) -> Markup:
    """Return a page's HTML with `data-days` on each milestone that counts from the flight."""

    def day(found: re.Match[str]) -> str:
        milestone = timetable.get(found["id"])
        if milestone is None or milestone.counts_from != "flight" or milestone.months:
            return found[0]
        return f'{found[0]} data-days="{milestone.days}"'

    return Markup(WHEN.sub(day, html))


def explained(html: str, terms: dict[str, Term]) -> Markup:
    """Return the HTML of a text in which words are explained at their first place.

    The meaning is a popover, which works without scripts (https://developer.mozilla.org/docs/Web/HTML/Global_attributes/popover).
    Paper, and browsers without popovers, show it in brackets.
    """
    meanings = {term.explain.partition("：")[0]: term for term in terms.values() if term.explain}
    if not meanings:
        return Markup(html)
    longest_first = sorted(meanings, key=len, reverse=True)
    pattern = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z])")
    inside = 0

    def explain(found: re.Match[str]) -> str:
        word = found[0]
        term = meanings.pop(word, None)
        if term is None:
            return word
        id = f"word-{term.id}"
        meaning = escape(term.explain.partition("：")[2])
        return (
            f'<span class="word"><button type="button" popovertarget="{id}">{word}</button>'
            f'<span class="word__meaning" id="{id}" popover>{meaning}</span></span>'
        )

    def piece(found: re.Match[str]) -> str:
        nonlocal inside
        if found["name"] in WITHOUT_WORDS:
            inside += -1 if found["end"] else 1
        return found[0] if found["name"] or inside else pattern.sub(explain, found[0])

    return Markup(PIECE.sub(piece, html))


PAGE_FILTERS = {"dated": dated, "explained": explained, "listed": listed, "noted": noted}
"""Filters of the templates of pages, beside those of all templates (sheets/filters.py)."""
