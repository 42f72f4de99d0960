"""Rules about front matter."""

from __future__ import annotations

import re
from collections.abc import Container

from ...errors import Findings
from ...model import CARDS, DIAGRAMS
from ..data import Data
from ..syntax import CITE, FOREIGN, INLINE, OURS, SLUG, VALUE, WHEN, Draft, is_day, width

MAX_TITLE = 24
"""Han characters: what a shared link shows of a title."""

BLOCK = re.compile(r"(?:[-+*>|]|#+|\d+[.)]|```|~~~)(?:\s|$)")
"""The start of a block of Markdown."""


def slug(draft: Draft, data: Data) -> Findings:
    """A slug is ASCII: lower-case letters and digits joined by single hyphens."""
    value = draft.front.get("slug")
    if value and not SLUG.fullmatch(value):
        advice = "Use lower-case letters, digits and hyphens, like `keep-number`."
        yield draft.line_of("slug"), f"`{value}` is no slug. {advice}"


def day(draft: Draft, data: Data) -> Findings:
    """A date is written 2026-11-20 and exists."""
    for key in ("updated", "date"):
        value = draft.front.get(key)
        if value and not is_day(value):
            yield draft.line_of(key), f"`{value}` is no date. Write it like 2026-11-20."


def title(draft: Draft, data: Data) -> Findings:
    """Titles fit one line of a phone, a tab and a sheet: at most 24 Han characters."""
    for key in ("title", "sheet", "name"):
        value = draft.front.get(key, "")
        if width(value) > MAX_TITLE:
            yield draft.line_of(key), f"The {key} is longer than {MAX_TITLE} Han characters. Shorten it."


def unfinished(draft: Draft, data: Data) -> Findings:
    """`draft` is `yes` or left out."""
    value = draft.front.get("draft")
    if value and value != "yes":
        yield draft.line_of("draft"), f"`{value}` is no answer. Write `draft: yes`, or delete the line."


def no_marks(draft: Draft, data: Data) -> Findings:
    """Only some values are converted; in the others a mark would be printed as it is typed."""
    for key, value in draft.front.items():
        marked = next(filter(None, (mark.search(value) for mark in (CITE, VALUE, WHEN, OURS, FOREIGN))), None)
        if key not in INLINE and marked:
            yield draft.line_of(key), f"`{key}` is plain text. Take `{marked[0]}` out."


def no_blocks(draft: Draft, data: Data) -> Findings:
    """A value begins with words, not with the mark of a list, heading or quotation."""
    for key in INLINE:
        begins = BLOCK.match(draft.front.get(key, ""))
        if begins:
            mark = begins[0].strip()
            yield draft.line_of(key), f"`{key}` begins with `{mark}`, the mark of a block. Begin with words."


def order(draft: Draft, data: Data) -> Findings:
    """The place on the home page is a whole number."""
    value = draft.front.get("order")
    if value and not re.fullmatch(r"[0-9]{1,4}", value):
        yield draft.line_of("order"), f"`{value}` is no place. Write a whole number, 1 for the first."


def _known(draft: Draft, data: Data, key: str, known: Container[str], home: str) -> Findings:
    """Yield a finding for each id of a list that its data file lacks or that occurs twice."""
    ids = draft.words(key)
    for id in dict.fromkeys(ids):
        if id not in known and id not in (data.faulty or ()):
            yield draft.line_of(key), f"`{id}` is not in {home}. Use one of its ids."
        if ids.count(id) > 1:
            yield draft.line_of(key), f"`{id}` is in `{key}` twice. Keep one."


def known_cards(draft: Draft, data: Data) -> Findings:
    """The kinds of card a guide is about are those that operators sell."""
    yield from _known(draft, data, "cards", CARDS, "the list of kinds: " + " ".join(CARDS))


def known_diagrams(draft: Draft, data: Data) -> Findings:
    """The diagrams are those that somebody has drawn."""
    yield from _known(draft, data, "diagram", DIAGRAMS, "the list of diagrams: " + " ".join(DIAGRAMS))


def known_phrases(draft: Draft, data: Data) -> Findings:
    """The counter phrases are ids of phrases.toml."""
    if data.phrases:
        yield from _known(draft, data, "phrases", data.phrases, "phrases.toml")


def known_fields(draft: Draft, data: Data) -> Findings:
    """The write-in fields are keys of [fields] in ui.toml."""
    if data.ui:
        yield from _known(draft, data, "fields", data.ui.get("fields", {}), "[fields] of ui.toml")
