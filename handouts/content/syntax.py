"""The syntax of a content file: the keys of its front matter, and the marks that the linter checks and the converter reads.

    - [ ] **换掉收验证码的号码。** *银行、微信* {#unbind note=optional}
      号码以后会给别人。[@number-reissue] 客服 [=base-phone]，终止（[résilier]{fr}）。

A step has a bold lead, perhaps a note in italics, and an id; the lines below it, indented by two spaces, explain it. Facts
are cited by id; foreign words are marked with their language.
"""

from __future__ import annotations

import re
from datetime import date

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

PLACEHOLDER = "【待写】"
"""Marks a place that must still be written; ./inv publish refuses it."""

# --- Marks ------------------------------------------------------------------------------------------------------

HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<title>.*?)(?:\s+\{#(?P<id>[^}\s]*)\})?\s*$")
STEP = re.compile(r"(?:- \[[ xX]?\]|\d+\.) (?P<text>.*?)(?:\s+\{#(?P<id>[^}\s]*)(?P<options>[^}]*)\})?\s*$")
ITEM = re.compile(r"(?:- |\d+\. )")
"""How an item of a list begins."""
ALMOST_STEP = re.compile(r"\s*[-*+] ?\[[^\]]{0,2}\](?![({])")
"""A line that looks like a step, correct or not."""
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
OPTIONS = ("note=optional", "sheet=no")
"""What may follow the id of a step."""


def cited_ids(text: str) -> list[str]:
    """Return the ids of the facts that a text cites: `[@a; @b]`."""
    return [id.strip().removeprefix("@") for match in CITE.finditer(text) for id in match["ids"].split(";")]


def ids_in(mark: re.Pattern[str], text: str) -> list[str]:
    """Return the ids in a text that are in marks of this kind, VALUE or WHEN."""
    return [match["id"] for match in mark.finditer(text)]


def facts_in(text: str) -> list[str]:
    """Return the ids of the facts that a text cites, then of those whose values it prints."""
    return [*cited_ids(text), *ids_in(VALUE, text)]


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
    some_day = "起飞前 30 天"  # only its length and its characters matter
    return words_of(replaced(replaced(text, "", CITE), some_day, WHEN))


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
