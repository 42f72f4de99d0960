"""A Markdown file before it is parsed.

In: its text; the front matter is between two lines of three hyphens, one `key: value` a line. Out: a Draft with numbered
lines in sections or blocks, and what a sheet prints of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import NamedTuple

from ..errors import Problems
from ..model import PHASES, TICKED, PrintedText
from .data import Data
from .syntax import ANCHOR, FROM, HEADING, ITEM, OPTIONAL, REQUIRED, STEP, TRANSLATED

FENCE = "---"
WIDE_BRACES = str.maketrans("｛｝", "{}")
Lines = list[tuple[int, str]]
"""Lines with their numbers in the file."""


class Block(NamedTuple):
    """Lines that belong together: a heading, a paragraph, a row of a table, an item with what is indented below it."""

    kind: str
    """heading, paragraph, row or item."""
    lines: Lines

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)


class Section(NamedTuple):
    """An h2 and the lines below it."""

    line: int
    id: str
    heading: str
    lines: Lines

    def first_paragraph(self) -> Lines:
        """Return the first lines that are not blank."""
        filled = dropwhile(lambda line: not line[1].strip(), self.lines)
        return list(takewhile(lambda line: line[1].strip(), filled))

    def boxes(self) -> list[tuple[int, re.Match[str]]]:
        """Return the steps that have a box to tick, with their lines."""
        steps = ((number, STEP.match(line)) for number, line in self.lines if line.startswith("- ["))
        return [(number, step) for number, step in steps if step]


@dataclass(frozen=True, slots=True)
class Draft:
    """A Markdown file before it is parsed: front matter and numbered lines."""

    path: Path
    kind: str
    """Its folder: guides, pages, posts or shared."""
    front: dict[str, str]
    front_lines: dict[str, int]
    body: tuple[str, ...]
    offset: int
    """Lines before the body."""
    shared: tuple[Draft, ...] = ()
    """The files of `shared/` that a guide shows with its text."""

    @property
    def name(self) -> str:
        """The name of its file, without its language and ending."""
        return self.path.name.partition(".")[0]

    @property
    def numbered(self) -> Lines:
        """The body's lines with their numbers in the file."""
        return list(enumerate(self.body, self.offset + 1))

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words of a key that is a list."""
        return tuple(self.front.get(key, "").split())

    def line_of(self, key: str) -> int:
        """Return the line of a key; 1 if the file does not have it."""
        return self.front_lines.get(key, 1)

    def values(self, keys: Iterable[str]) -> Lines:
        """Return the values of these keys with their lines."""
        return [(self.line_of(key), self.front[key]) for key in keys if key in self.front]

    def lines(self, keys: Iterable[str]) -> Lines:
        """Return the values of these keys, then the lines of the body."""
        return [*self.values(keys), *self.numbered]

    def shows(self, part: Draft) -> bool:
        """Tell whether a guide shows a shared file: one that names the guide, or one that names no guides."""
        return "guides" not in part.front or self.front.get("slug") in part.words("guides")

    def anchors(self) -> dict[str, int]:
        """Return the line of every id in the body, the first one if it occurs twice."""
        found: dict[str, int] = {}
        for number, line in self.numbered:
            if match := ANCHOR.search(line):
                found.setdefault(match["id"], number)
        return found

    def sections(self) -> Iterator[Section]:
        """Yield the sections of the body; first the lines above any h2, which a shared file names by its own name."""
        section = Section(self.offset, self.name if self.kind == "shared" else "", "", [])
        for number, line in self.numbered:
            match = HEADING.match(line)
            if match and match["marks"] == "##":
                yield section
                section = Section(number, match["id"] or "", line, [])
            else:
                section.lines.append((number, line))
        yield section

    def blocks(self) -> list[Block]:
        """Return the blocks of the body."""
        # The kinds of lines that do not end a block, by its kind.
        goes_on = {"item": ("indented", ""), "paragraph": ("paragraph", "indented")}
        blocks = [Block("", [])]
        for number, line in self.numbered:
            begins = kind_of(line)
            if begins not in goes_on.get(blocks[-1].kind, ()):
                blocks.append(Block("paragraph" if begins == "indented" else begins, []))
            if begins:
                blocks[-1].lines.append((number, line))
        return [block for block in blocks if block.kind]


def kind_of(line: str) -> str:
    """Return the kind of block that a line begins: as in Block, or indented; an empty text if it is blank."""
    if not line.strip():
        return ""
    kinds = {"#": "heading", "|": "row", " ": "indented"}
    return kinds.get(line[0]) or ("item" if ITEM.match(line) else "paragraph")


# --- What a sheet prints ----------------------------------------------------------------------------------------


def printed_texts(draft: Draft, data: Data) -> Iterator[PrintedText]:
    """Yield what a sheet prints of a guide or of a shared file, with the facts that it rests on."""

    def printed(line: int, text: str, explained: str = "") -> PrintedText:
        facts, support = data.facts_behind(text), data.facts_behind(explained)
        return PrintedText(str(draft.path), line, text, facts, support)

    yield from (printed(*value) for value in draft.values(("sheet", "card", "who", "start")))
    for section in draft.sections():
        heading = HEADING.match(section.heading)
        if heading and section.id in PHASES:
            yield printed(section.line, heading["title"])
        if heading and section.id == "answer":
            yield from (printed(number, line) for number, line in section.first_paragraph())
        for at, (number, line) in enumerate(section.lines if section.id in (*TICKED, "complain") else ()):
            step = STEP.match(line)
            if step and "sheet=no" not in (step["options"] or ""):
                below = takewhile(lambda line: not re.match(r"\S", line[1]), section.lines[at + 1 :])
                yield printed(number, step["text"], "\n".join(text for _, text in below))


# --- From a file to a draft -------------------------------------------------------------------------------------


def split(path: Path, kind: str, text: str, problems: Problems, source: Draft | None = None) -> Draft | None:
    """Return the draft of a file; None after adding a problem if its front matter cannot be used.

    For a translation, `source` is the draft of the original; the file has only the keys that are translated, and `from`.
    """
    required, optional = REQUIRED[kind], OPTIONAL[kind]
    if source:
        optional = tuple(key for key in TRANSLATED if key in source.front)
        required = tuple(key for key in optional if key in required)
        optional += (FROM,)
    lines = text.rstrip("\n").split("\n")
    front: dict[str, str] = {}
    front_lines: dict[str, int] = {}
    offset = 0
    if lines[0].rstrip() == FENCE:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
        if end is None:
            problems.add(path, 1, f"The front matter does not end. Close it with a line `{FENCE}`.")
            return None
        front, front_lines = _pairs(path, dict.fromkeys((*required, *optional)), lines[1:end], problems)
        offset = end + 1
        for key in required:
            if key not in front_lines:
                problems.add(path, 1, f"The front matter has no `{key}`. Add a line `{key}: …`.")
    elif required:
        problems.add(path, 1, f"The front matter is missing. Start the file with a line `{FENCE}`.")
        return None
    body = []
    for number, line in enumerate(lines[offset:], offset + 1):
        if wide := "".join(dict.fromkeys(re.findall("[｛｝]", line))):
            usual = wide.translate(WIDE_BRACES)
            problems.add(path, number, f"`{wide}` is a full-width mark. Write `{usual}`.")
        body.append(line.translate(WIDE_BRACES))  # so that the id in them is not reported as missing too
    return Draft(path, kind, front, front_lines, tuple(body), offset)


def _pairs(
    path: Path, known: Collection[str], lines: list[str], problems: Problems
) -> tuple[dict[str, str], dict[str, int]]:
    """Return the values and the lines of the keys; a key whose line has a fault has no value."""
    front: dict[str, str] = {}
    front_lines: dict[str, int] = {}
    empty = False
    for number, line in enumerate(lines, 2):
        if not line.strip() or (empty and line.lstrip().startswith("- ")):  # a list below its key
            continue
        match = re.fullmatch(r"\s*([A-Za-z_-]+)\s*([:：])\s*(.*?)\s*", line)
        if not match:
            problems.add(path, number, "This is not a `key: value` line. Write one pair a line.")
            continue
        key, colon, value = match.groups()
        empty = not value
        wrong = ""
        if colon == "：":
            wrong = f"The colon behind `{key}` is full-width. Write `{key}: …`."
        elif line.startswith(" "):
            wrong = f"The line of `{key}` is indented. Start it at the beginning of the line."
        elif key not in known:
            near = get_close_matches(key.lower(), known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
            wrong = f"`{key}` is an unknown key. {hint}"
            key = near[0] if near else key  # which is then not missing
        elif key in front_lines:
            wrong = f"`{key}` occurs twice. Keep one of the two lines."
        elif not value:
            wrong = f"`{key}` is empty. Write its value behind the colon."
        if wrong:
            problems.add(path, number, wrong)
        else:
            front[key] = value
        front_lines.setdefault(key, number)
    return front, front_lines
