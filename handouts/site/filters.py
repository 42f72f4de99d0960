"""Filters of the templates of pages.

In: the HTML of a page and the data. Out: the same HTML, to which a filter has added
  noted      links between references and sources in both directions (https://www.w3.org/TR/dpub-aria/): each reference gets
             an id, a role and a name (出处 1：BASE), and each source links back to the sentences that cite it
  dated      the number of days from the flight, for the script that shows the reader's date
  explained  a button that shows what a word of the glossary means, where it first occurs
The filters listed and short arrange and name the sources in the list at the end of a page.
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
BACK = re.compile(
    r'(?P<start><span class="source" id=")source-(?P<id>[\w-]+)(?P<rest>"[^>]*>)(?P<number>\d+)'
)
"""A number in the list of sources, which gets the links back."""

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


def short(source: Source) -> str:
    """Return the name of a source's publisher without the explanation in brackets."""
    return re.split(r"（| \(", source.publisher)[0]


def noted(html: str, facts: dict[str, Fact], sources: dict[str, Source], words: dict[str, str]) -> Markup:
    """Return a page's HTML with its references and sources linked in both directions.

    In ids, a fact has the number of its place in facts.toml: with its name, ids would be a twentieth of a page's bytes.
    """
    ids = {id: f"s{number}" for number, id in enumerate(facts)}
    places: dict[str, list[str]] = {}

    def reference(found: re.Match[str]) -> str:
        id, number = found["id"], found["number"]
        earlier = places.setdefault(id, [])
        earlier.append(f"r{number}" + (f"-{len(earlier) + 1}" if earlier else ""))
        publisher = short(sources[facts[id].sources[0]])
        name = escape(words["named"].replace("{number}", number).replace("{publisher}", publisher))
        return (
            f'<a href="#{ids[id]}" class="ref__link" id="{earlier[-1]}" role="doc-noteref"'
            f' aria-label="{name}">{number}</a>'
        )

    def back(found: re.Match[str]) -> str:
        links = (
            f'<a href="#{place}" role="doc-backlink">{place[1:]}</a>' for place in places.get(found["id"], ())
        )
        return f"{found['start']}{ids[found['id']]}{found['rest']}{' '.join(links) or found['number']}"

    return Markup(BACK.sub(back, REFERENCE.sub(reference, html)))


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


PAGE_FILTERS = {
    "dated": dated,
    "explained": explained,
    "listed": listed,
    "noted": noted,
    "short": short,
}
"""Filters of the templates of pages, beside those of all templates (sheets/filters.py)."""
