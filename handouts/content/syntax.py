"""How a guide is written: the marks that the linter checks and the converter reads.

    - [ ] **换掉收验证码的号码。** *银行、微信* {#unbind note=optional}
      号码以后会给别人。[@number-reissue] 客服 [=base-phone]，终止（[résilier]{fr}）。

A step's lead is bold, its note slanted, its id explicit; what follows, two spaces in, is the
explanation. Facts are cited by id, foreign words name their language.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from ..text import WIDE

HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<title>.*?)(?:\s+\{#(?P<id>[^}\s]*)\})?\s*$")
STEP = re.compile(r"(?:- \[[ xX]?\]|\d+\.) (?P<text>.*?)(?:\s+\{#(?P<id>[^}\s]*)(?P<options>[^}]*)\})?\s*$")
LEAD = re.compile(r"\*\*(?P<lead>[^*]+)\*\*(?:\s+\*(?P<note>[^*]+)\*)?$")
CITE = re.compile(r"\[@(?P<ids>[^\]]*)\]")
VALUE = re.compile(r"\[=(?P<id>[^\]]*)\]")
WHEN = re.compile(r"\[~(?P<id>[^\]]*)\]")
FOREIGN = re.compile(r"\[(?P<text>[^\[\]]+)\]\{(?P<lang>[a-z]+)\}")
SOME_DAY = "起飞前 30 天"
"""Stands for a day of the timetable where only its length and its letters count."""
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]]*)\]\((?P<href>[^()\s]*)\)")
ANCHOR = re.compile(r"\{#(?P<id>[^}\s]+)[^}]*\}\s*$")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PHONE = re.compile(r"\+\d[\d ]{6,18}\d")
"""An international number as people read it, with spaces: ITU-T E.123."""
OPTIONS = {"note": "optional", "sheet": "no"}
"""What may follow the id of a step, each with its only value."""


def cited_ids(match: re.Match[str]) -> list[str]:
    """Return the fact ids of one `[@a; @b]`."""
    return [part.strip().removeprefix("@") for part in match["ids"].split(";")]


def plain(text: str) -> str:
    """Return text without marks: the characters a reader sees, references left out."""
    text = CITE.sub("", text)
    text = WHEN.sub(SOME_DAY, text)
    text = FOREIGN.sub(r"\g<text>", text)
    text = LINK.sub(r"\g<text>", text)
    return text.replace("*", "").strip()


def width(text: str) -> float:
    """Return the length of a text in Han characters; narrow ones count half."""
    return sum(1 if re.match(f"[{WIDE}]", char) else 0.5 for char in plain(text))


@dataclass(frozen=True, slots=True)
class Draft:
    """A Markdown file as its writer sees it: front matter and numbered lines."""

    path: Path
    kind: str
    """guides, pages, posts or shared: the folder it stands in."""
    front: dict[str, str]
    front_lines: dict[str, int]
    body: tuple[str, ...]
    offset: int
    """How many lines stand before the body."""

    @property
    def written(self) -> Hashable:
        """Return all that its writer wrote, and where."""
        return (
            str(self.path),
            self.offset,
            self.body,
            tuple(self.front.items()),
            tuple(self.front_lines.items()),
        )

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The body's lines with their numbers in the file."""
        return list(enumerate(self.body, self.offset + 1))

    def anchors(self) -> dict[str, int]:
        """Return the line of every explicit id of the body; the first wins."""
        found: dict[str, int] = {}
        for number, line in self.numbered:
            match = ANCHOR.search(line)
            if match:
                found.setdefault(match["id"], number)
        return found
