"""Rules about front matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from ...errors import Findings
from ...model import CARDS, DIAGRAMS
from ..data import Data
from ..draft import Draft
from ..syntax import CITE, FOREIGN, INLINE, OURS, SLUG, VALUE, WHEN, is_day, width

MAX_TITLE = 24
"""Han characters: what a shared link shows of a title."""
BLOCK = re.compile(r"(?:[-+*>|]|#+|\d+[.)]|```|~~~)(?:\s|$)")
"""The start of a block of Markdown."""
FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "slug": (
        SLUG.fullmatch,
        "is not a slug. Use lower-case letters, digits and hyphens, like `keep-number`.",
    ),
    "updated": (is_day, "is not a date. Write it like 2026-11-20."),
    "date": (is_day, "is not a date. Write it like 2026-11-20."),
    "order": (re.compile("[0-9]{1,4}").fullmatch, "is not a place. Write a whole number, 1 for the first."),
    "draft": ("yes".__eq__, "is not an answer. Write `draft: yes`, or delete the line."),
}
"""Whether a value has the form of its key, and what to say if not."""


def forms(draft: Draft, data: Data) -> Findings:
    """A slug is ASCII with single hyphens, a date exists, the place is a whole number, `draft` is `yes` or left out.

    Titles fit one line of a phone, a tab and a sheet: at most 24 Han characters.
    """
    for key, value in draft.front.items():
        if value and key in FORMS:
            fits, wrong = FORMS[key]
            if not fits(value):
                yield draft.line_of(key), f"`{value}` {wrong}"
        if key in ("title", "sheet", "name") and width(value) > MAX_TITLE:
            yield draft.line_of(key), f"The {key} is longer than {MAX_TITLE} Han characters. Shorten it."


def no_marks(draft: Draft, data: Data) -> Findings:
    """Only some values are converted, and they begin with words; in the others a mark would be printed as it is typed."""
    for key, value in draft.front.items():
        begins = BLOCK.match(value) if key in INLINE else None
        if begins:
            mark = begins[0].strip()
            yield draft.line_of(key), f"`{key}` begins with `{mark}`, the mark of a block. Begin with words."
        found = [match[0] for one in (CITE, VALUE, WHEN, OURS, FOREIGN) if (match := one.search(value))]
        if found and key not in INLINE:
            yield draft.line_of(key), f"`{key}` is plain text. Take `{found[0]}` out."


def known_ids(draft: Draft, data: Data) -> Findings:
    """The ids in a list exist, each once: kinds of card, diagrams that somebody has drawn, phrases, fields to write in."""
    lists: dict[str, tuple[Container[str], str]] = {
        "cards": (CARDS, f"the list of kinds: {' '.join(CARDS)}"),
        "diagram": (DIAGRAMS, f"the list of diagrams: {' '.join(DIAGRAMS)}"),
    }
    if data.phrases:  # else their file has a fault
        lists["phrases"] = data.phrases, "phrases.toml"
    if data.ui:
        lists["fields"] = data.ui.get("fields", {}), "[fields] of ui.toml"
    for key, (known, home) in lists.items():
        ids = draft.words(key)
        for id in dict.fromkeys(ids):
            if id not in known and id not in (data.faulty or ()):
                yield draft.line_of(key), f"`{id}` is not in {home}. Use one of its ids."
            if ids.count(id) > 1:
                yield draft.line_of(key), f"`{id}` is in `{key}` twice. Keep one."
