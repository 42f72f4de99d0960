"""The syntax of a content file: front matter, blocks, and the marks that the linter checks and the converter reads.

    - [ ] **换掉收验证码的号码。** *银行、微信* {#unbind note=optional}
      号码以后会给别人。[@number-reissue] 客服 [=base-phone]，终止（[résilier]{fr}）。

In: the text of a guide, page, post or shared file. Out: a Draft. The front matter is between two lines of three hyphens,
one `key: value` a line. A step has a bold lead, perhaps a note in italics, and an id; the lines below it, indented by two
spaces, explain it. Facts are cited by id; foreign words are marked with their language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from ..errors import Problems
from ..text import WIDE

# --- Front matter -----------------------------------------------------------------------------------------------

GUIDE = (
    "title", "sheet", "slug", "name", "home", "card", "updated", "order",
    "who", "start", "takes", "costs", "phrases", "fields", "aliases",
)  # fmt: skip
REQUIRED = {
    "guides": GUIDE,
    "pages": ("title", "slug", "updated", "summary"),
    "posts": ("title", "slug", "date", "summary"),
    "shared": (),
}
OPTIONAL = {
    "guides": ("cards", "diagram", "draft"),
    "pages": ("aliases", "diagram", "draft"),
    "posts": ("aliases", "draft"),
    "shared": ("guides",),
}
INLINE = ("home", "card", "who", "start", "takes", "costs")
"""Keys whose values may have citations and foreign words; the others are plain text."""

SHOWN = ("title", "sheet", "name", "summary")
"""Keys with plain text that readers see. It has no citations; those of the file support it."""

TRANSLATED = (*SHOWN, *INLINE, "aliases")
"""Keys that a translation has; all others come from its source."""

LISTS = ("cards", "phrases", "fields", "aliases", "diagram", "guides")
"""Keys whose values are lists of words, separated by spaces."""

FROM = "from"
"""The key of a translation that says which state of its source it translates."""
FENCE = "---"
WIDE_BRACES = str.maketrans("｛｝", "{}")

PLACEHOLDER = "【待写】"
"""Marks a place that must still be written; ./inv publish refuses it."""

# --- Marks ------------------------------------------------------------------------------------------------------

HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<title>.*?)(?:\s+\{#(?P<id>[^}\s]*)\})?\s*$")
STEP = re.compile(r"(?:- \[[ xX]?\]|\d+\.) (?P<text>.*?)(?:\s+\{#(?P<id>[^}\s]*)(?P<options>[^}]*)\})?\s*$")
ITEM = re.compile(r"(?:- |\d+\. )")
"""How an item of a list begins."""
ALMOST_STEP = re.compile(r"\s*[-*+] ?\[[^\]]{0,2}\](?![({])")
"""A line that was meant as a step, correct or not."""
LEAD = re.compile(r"\*\*(?P<lead>[^*]+)\*\*(?:\s+\*(?P<note>[^*]+)\*)?$")
CITE = re.compile(r"\[@(?P<ids>[^\]]*)\]")
VALUE = re.compile(r"\[=(?P<id>[^\]]*)\]")
WHEN = re.compile(r"\[~(?P<id>[^\]]*)\]")
OURS = re.compile(r"\[(?P<text>[^\[\]]+)\]\{ours\}")
"""Our own advice or estimate, which needs no source: `[约 20 分钟]{ours}`."""
FOREIGN = re.compile(r"\[(?P<text>[^\[\]]+)\]\{(?P<lang>(?!ours\})[a-z]+)\}")
DIAL = re.compile(r"(?<![\w*])[*#]{1,2}\d+(?:\*\d+)*#")
"""A code to dial: `*100#`. Its stars are no marks of italics."""
BOLD = re.compile(r"\*\*(?=[^\s*])(?P<text>[^*]+)(?<=\S)\*\*(?!\*)")
SLANTED = re.compile(r"(?<!\*)\*(?=[^\s*])(?P<text>[^*]+)(?<=\S)\*(?!\*)")
SOME_DAY = "起飞前 30 天"
"""Replaces `[~id]` where only the length and the characters matter."""
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]]*)\]\((?P<href>[^()\s]*)\)")
ANCHOR = re.compile(r"\{#(?P<id>[^{}\s]+)[^{}]*\}\s*$")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PHONE = re.compile(r"\+\d[\d ]{6,18}\d")
"""An international number with spaces: ITU-T E.123."""
RESERVED_IDS = re.compile(
    r"compose|flight|q|save|main|words|contents|s\d+(?:-\d+)?|.+-drawing"
    r"|(?:compose|date|flight|source|step|sum|tick|port|timeline|which-card|word)-.*"
)
"""Ids that templates and scripts use on the same pages, so that no heading or step may have one."""
YEARS = range(2000, 2100)
"""Years of a date in our files; another year is a mistake, and date arithmetic could fail on it."""
OPTIONS = {"note": "optional", "sheet": "no"}
"""Options that may follow the id of a step, each with its only value."""


def cited_ids(text: str) -> list[str]:
    """Return the ids of the facts that a text cites: `[@a; @b]`."""
    return [id.strip().removeprefix("@") for match in CITE.finditer(text) for id in match["ids"].split(";")]


def facts_in(text: str) -> list[str]:
    """Return the ids of the facts that a text cites, then of those whose values it prints."""
    return [*cited_ids(text), *(match["id"] for match in VALUE.finditer(text))]


def without_dials(text: str) -> str:
    """Return text with the stars of codes to dial replaced by letters; all other stars mark bold or italics."""
    return DIAL.sub(lambda match: match[0].replace("*", "x").replace("#", "x"), text)


def without_block_mark(line: str) -> str:
    """Return a line without the mark that its block begins with, and without its id."""
    return re.sub(r"^\s*(?:#+|-(?: \[[ xX]?\])?|\d+\.)\s+", "", ANCHOR.sub("", line))


def replaced(text: str, by: str, *marks: re.Pattern[str]) -> str:
    """Return text with something else in the place of each of these marks."""
    for mark in marks:
        text = mark.sub(by, text)
    return text


def words_of(text: str) -> str:
    """Return text with the words of our advice, foreign words and links without their marks."""
    return replaced(text, r"\g<text>", OURS, FOREIGN, LINK)


def without_brackets(text: str) -> str:
    """Return text as a reader sees it, without references but with stars and the values of facts as they are typed."""
    return words_of(replaced(replaced(text, "", CITE), SOME_DAY, WHEN))


def plain(text: str) -> str:
    """Return text without marks: the characters a reader sees, without references."""
    return re.sub(rf"({DIAL.pattern})|\*", r"\1", without_brackets(text)).strip()


def width(text: str) -> float:
    """Return the length of a text in Han characters; a narrow character counts half."""
    return sum(1 if re.match(f"[{WIDE}]", char) else 0.5 for char in plain(text))


def is_day(text: str) -> bool:
    """Tell whether a text is a date of our YEARS, written 2026-11-20."""
    try:
        day = date.fromisoformat(text)
        return day.isoformat() == text and day.year in YEARS
    except ValueError:
        return False


# --- Files ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a heading, a paragraph, a row of a table, an item with what is indented below it."""

    kind: str
    """heading, paragraph, row or item."""
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)


class Section(NamedTuple):
    """An h2 and the lines below it."""

    line: int
    id: str
    heading: str
    lines: list[tuple[int, str]]


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
        """Return the name of its file, without its language and ending."""
        return self.path.name.partition(".")[0]

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The body's lines with their numbers in the file."""
        return list(enumerate(self.body, self.offset + 1))

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words of a key that is a list."""
        return tuple(self.front.get(key, "").split())

    def line_of(self, key: str) -> int:
        """Return the line of a key; 1 if the file does not have it."""
        return self.front_lines.get(key, 1)

    def lines(self, keys: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Yield (line, text) of the values of these keys, then of the body."""
        for key in keys:
            if key in self.front:
                yield self.line_of(key), self.front[key]
        yield from self.numbered

    def shows(self, part: Draft) -> bool:
        """Tell whether a guide shows a shared file: one that names the guide, or one that names no guides."""
        return "guides" not in part.front or self.front.get("slug") in part.words("guides")

    def anchors(self) -> dict[str, int]:
        """Return the line of every id in the body, the first one if it occurs twice."""
        found: dict[str, int] = {}
        for number, line in self.numbered:
            match = ANCHOR.search(line)
            if match:
                found.setdefault(match["id"], number)
        return found

    def sections(self) -> Iterator[Section]:
        """Yield the sections of the body; first the lines above any h2, which a shared file names by its own name."""
        line, id, heading = self.offset, self.name if self.kind == "shared" else "", ""
        lines: list[tuple[int, str]] = []
        for number, text in self.numbered:
            match = HEADING.match(text)
            if match and match["marks"] == "##":
                yield Section(line, id, heading, lines)
                line, id, heading, lines = number, match["id"] or "", text, []
            else:
                lines.append((number, text))
        yield Section(line, id, heading, lines)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the body."""
        kind = ""
        lines: list[tuple[int, str]] = []
        for number, line in (*self.numbered, (0, "# the end")):
            begins = kind_of(line)
            if begins not in GOES_ON.get(kind, ()):
                if kind:
                    yield Block(kind, tuple(lines))
                kind, lines = "paragraph" if begins == "indented" else begins, []
            if begins:
                lines.append((number, line))


GOES_ON = {"item": ("indented", ""), "paragraph": ("paragraph", "indented")}
"""The kinds of lines that do not end a block."""


def kind_of(line: str) -> str:
    """Return the kind of block that a line begins: as in Block, or indented; an empty text if it is blank."""
    if not line.strip():
        return ""
    kinds = {"#": "heading", "|": "row", " ": "indented"}
    return kinds.get(line[0]) or ("item" if ITEM.match(line) else "paragraph")


def split(path: Path, kind: str, text: str, problems: Problems, source: Draft | None = None) -> Draft | None:
    """Return the draft of a file; None after adding a problem if its front matter cannot be used.

    `source` is what the file translates: it then has only those of its keys that are translated, and `from`.
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
    for number, line in enumerate(lines[offset:], offset + 1):
        wide = "".join(dict.fromkeys(re.findall("[｛｝]", line)))
        if wide:
            usual = wide.translate(WIDE_BRACES)
            problems.add(path, number, f"`{wide}` is a full-width mark. Write `{usual}`.")
    # Read as braces, so that the id in them is not reported as missing too.
    body = tuple(line.translate(WIDE_BRACES) for line in lines[offset:])
    return Draft(path, kind, front, front_lines, body, offset)


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
            problems.add(path, number, "This is no `key: value` line. Write one pair a line.")
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
