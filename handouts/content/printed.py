"""List what a sheet prints of a text; every check of printed text uses this list.

In: a Draft and the Data. Out: each printed text, with its place and the facts that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from ..model import PHASES, TICKED, PrintedText
from .data import Data
from .syntax import HEADING, STEP, WHEN, Draft, facts_in

FRONT = ("sheet", "card", "who", "start")
"""Keys of the front matter that the sheet prints."""
SECTIONS = (*TICKED, "complain")
"""Sections of which steps are printed."""


def printed_texts(draft: Draft, data: Data) -> Iterator[PrintedText]:
    """Yield what a sheet prints of a guide, or of a shared file."""
    for key in FRONT:
        if key in draft.front:
            yield _text(draft, data, draft.line_of(key), draft.front[key])
    for section in draft.sections():
        heading = HEADING.match(section.heading)
        if heading and section.id in PHASES:
            yield _text(draft, data, section.line, heading["title"])
        if heading and section.id == "answer":
            for number, line in first_paragraph(section.lines):
                yield _text(draft, data, number, line)
        for at, (number, line) in enumerate(section.lines if section.id in SECTIONS else ()):
            step = STEP.match(line)
            if step and "sheet=no" not in (step["options"] or ""):
                below = takewhile(lambda line: not re.match(r"\S", line[1]), section.lines[at + 1 :])
                yield _text(draft, data, number, step["text"], "\n".join(text for _, text in below))


def first_paragraph(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the first lines that are not blank."""
    filled = dropwhile(lambda line: not line[1].strip(), lines)
    return list(takewhile(lambda line: line[1].strip(), filled))


def _text(draft: Draft, data: Data, line: int, text: str, explained: str = "") -> PrintedText:
    """Return one printed text; `explained` is its explanation on the web."""
    return PrintedText(
        path=str(draft.path),
        line=line,
        text=text,
        facts=tuple(dict.fromkeys(facts_behind(text, data))),
        support=tuple(dict.fromkeys(facts_behind(explained, data))),
    )


def facts_behind(text: str, data: Data) -> list[str]:
    """Return the ids of the facts that a text cites or prints, then of those that set a day it names."""
    days = (data.timetable[match["id"]] for match in WHEN.finditer(text) if match["id"] in data.timetable)
    return [*facts_in(text), *(id for day in days for id in day.facts)]
