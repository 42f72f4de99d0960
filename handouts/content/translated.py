"""Read a translated Markdown file: prepaid.en.md beside prepaid.md.

In: the Draft of the source and the text of its translation. Out: a complete Draft of the translation; slug, dates and
options of steps come from the source. Every id begins a unit, whose `from=` names the state of the source that it
translates. If that is the present state, both must have the same facts, days, links and numbers. A translation of an older
state is outdated; it is not compared (translations.py lists it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ..errors import Problems
from .languages import WRITTEN
from .lint.numbers import normal
from .syntax import CITE, FOREIGN, LINK, OURS, REQUIRED, VALUE, WHEN, Draft, cited_ids, split

FROM = "from"
"""The key that says which state of its source a text translates."""
FRONT = "front"
"""The unit of front matter and of the text before the first id."""
WORDING = {
    "guides": ("title", "sheet", "name", "home", "card", "who", "start", "takes", "costs", "aliases"),
    "pages": ("title", "summary", "aliases"),
    "posts": ("title", "summary", "aliases"),
    "shared": (),
}
"""Keys of front matter that are translated; all others come from the source."""
FREE = ("aliases",)
"""Keys whose values are not compared: words that people search for."""
BEGIN = re.compile(
    r"(?P<kind>#{2,3}|- \[[ xX]?\]|\d+\.) .*?(?P<mark>\{#(?P<id>[a-z0-9-]+)(?P<options>[^{}]*)\})\s*$"
)
"""The line that begins a unit: a heading or a step with its id."""
STATE = re.compile(rf"\s*\b{FROM}=(?P<state>\S+)")
IGNORED = re.compile(r"[\s，。；：、！？“”「」（）]+")
"""What may change in a source without making its translations outdated."""


def split_name(path: Path) -> tuple[str, str]:
    """Return the name of a file without language and ending, and the code of its language: empty for the source."""
    stem, _, code = path.stem.partition(".")
    return stem, code


def known_language(path: Path, problems: Problems) -> bool:
    """Tell whether a file is a source or a translation; add a problem for a language that the site does not have."""
    code = split_name(path)[1]
    if not code or code in WRITTEN:
        return True
    problems.add(
        path, 1, f"`{code}` is no language of this site. Name it {split_name(path)[0]}.en{path.suffix}."
    )
    return False


def state_of(text: str) -> str:
    """Return eight characters that change with a text, but not with its spaces and punctuation."""
    return sha256(IGNORED.sub("", text).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest part of a file that is translated and compared: what an id begins."""

    id: str
    line: int
    text: str
    kind: str = ""
    """The mark it begins with: of a heading, of a step to tick, or `1.` for any numbered step."""
    options: str = ""
    of: str = ""
    """In a translation, the state of the source that it translates."""

    @property
    def state(self) -> str:
        """Return the present state of a unit of the source."""
        return state_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A translated file and its source."""

    source: Draft
    draft: Draft
    source_units: dict[str, Unit] = field(repr=False)
    """The units of the source, by id."""
    units: dict[str, Unit] = field(repr=False)
    """The units of the translation, by id."""

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield (line, sentence) for each difference from the source."""
        name = self.source.path.name
        order = [id for id in self.source_units if id in self.units]
        for unit in self.units.values():
            source = self.source_units.get(unit.id)
            if source is None:
                yield unit.line, f"{name} has no id `{unit.id}`. Correct the id, or delete this part."
            elif source.kind != unit.kind and not (source.kind.startswith("-") and unit.kind.startswith("-")):
                yield unit.line, f"`{unit.id}` begins with `{source.kind}` in {name}. Begin it the same way."
            elif unit.of == source.state:
                for text in differences(source.text, unit.text):
                    yield unit.line, f"`{unit.id}` {text} Say what {name}:{source.line} says."
        found = [id for id in self.units if id in self.source_units]
        for id, right in zip(found, order, strict=True):
            if id != right:
                yield (
                    self.units[id].line,
                    f"`{id}` comes before `{right}`, but after it in {name}. Keep that order.",
                )
                break


def read_translation(source: Draft, path: Path, text: str, problems: Problems) -> Translation | None:
    """Return a translation; None after noting why its front matter cannot be used."""
    keys = tuple(key for key in WORDING[source.kind] if key in source.front)
    needed = tuple(key for key in keys if key in REQUIRED[source.kind])
    draft = split(path, source.kind, text, problems, (needed, (*keys, FROM)))
    if draft is None:
        return None
    source_units = {unit.id: unit for unit in _units(source, keys)}
    units = {unit.id: unit for unit in _units(draft, keys)}
    complete = replace(
        draft,
        front=source.front | {key: value for key, value in draft.front.items() if key != FROM},
        front_lines=dict.fromkeys(source.front_lines, 1) | draft.front_lines,
        body=tuple(_with_options(line, source_units) for line in draft.body),
    )
    return Translation(source=source, draft=complete, source_units=source_units, units=units)


def _with_options(line: str, source_units: dict[str, Unit]) -> str:
    """Return a line of a translation whose id has the options of the source."""
    begin = BEGIN.match(line)
    if not begin:
        return line
    options = source_units[begin["id"]].options if begin["id"] in source_units else ""
    return f"{line[: begin.start('mark')]}{{#{begin['id']}{options}}}"


def _units(draft: Draft, keys: Iterable[str]) -> Iterator[Unit]:
    """Yield the units of a file: front matter with the text before the first id, then one for each id."""
    front = [f"{key}: {draft.front[key]}" for key in keys if key in draft.front and key not in FREE]
    unit, lines = Unit(FRONT, draft.front_lines.get(FROM, 1), "", of=draft.front.get(FROM, "")), front
    for number, line in draft.numbered:
        begin = BEGIN.match(line)
        if begin:
            yield replace(unit, text="\n".join(lines).strip())
            state, options = STATE.search(begin["options"]), STATE.sub("", begin["options"])
            kind = "1." if begin["kind"].endswith(".") else begin["kind"]
            unit = Unit(begin["id"], number, "", kind, options, state["state"] if state else "")
            line, lines = f"{line[: begin.start('mark')]}{{#{begin['id']}{options}}}", []
        lines.append(line)
    yield replace(unit, text="\n".join(lines).strip())


def with_states(text: str, states: dict[str, str]) -> str:
    """Return the text of a translation in which the units with these ids name these states of their sources."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        begin = BEGIN.match(line)
        if begin and begin["id"] in states:
            options = STATE.sub("", begin["options"])
            mark = f"{{#{begin['id']}{options} {FROM}={states[begin['id']]}}}"
            lines[at] = f"{line[: begin.start('mark')]}{mark}"
    if FRONT in states:
        written = f"{FROM}: {states[FRONT]}"
        at = next((n for n, line in enumerate(lines) if line.startswith(f"{FROM}:")), 0)
        if at:
            lines[at] = written
        else:
            lines[1:1] = [written]
    return "\n".join(lines)


# --- The same statements -------------------------------------------------------------------------------------------

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMERALS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
)  # fmt: skip
COUNTED = r"(?:working |calendar |euro )?(?:day|week|month|year|hour|minute|euro)s?\b"
DATE = re.compile(rf"\b({'|'.join(MONTHS)})(?= \d)|(?<=\d )({'|'.join(MONTHS)})\b")
COUNT = re.compile(
    rf"\b({'|'.join(NUMERALS)})(?=(?: to (?:{'|'.join(NUMERALS)}))?[ -]{COUNTED})", re.IGNORECASE
)
FIGURE = re.compile(r"\d+(?:\.\d+)?")


def differences(source: str, text: str) -> Iterator[str]:
    """Yield, as the end of a sentence, each difference between a source and its translation."""
    for what, found in (
        ("the fact", lambda one: [id for match in CITE.finditer(one) for id in cited_ids(match)]),
        ("the value", lambda one: [match["id"] for match in VALUE.finditer(one)]),
        ("the day", lambda one: [match["id"] for match in WHEN.finditer(one)]),
        ("the link", lambda one: [match["href"] for match in LINK.finditer(one)]),
        (
            "the words",
            lambda one: [match["text"] for match in FOREIGN.finditer(one) if match["lang"] != "en"],
        ),
    ):
        here, there = found(text), found(source)
        for id in dict.fromkeys([*here, *there]):
            if here.count(id) != there.count(id):
                yield f"has {what} `{id}` {_times(here.count(id))}, its source {_times(there.count(id))}."
    mine, theirs = len(OURS.findall(text)), len(OURS.findall(source))
    if mine != theirs:
        yield f"marks our own advice {_times(mine)}, its source {_times(theirs)}."
    translated, typed = _figures_en(text), _bare(source)
    digits = FIGURE.findall(_plain_figures(typed))
    for figure in dict.fromkeys(digits):
        if figure not in translated:
            yield f"lacks the number {figure}."
    in_source = {*digits, *FIGURE.findall(normal(typed))}  # also numbers in Chinese numerals
    for figure in dict.fromkeys(translated):
        if figure not in in_source:
            yield f"has the number {figure}, which its source has not."


def _times(count: int) -> str:
    """Return how often, in words."""
    return {0: "not at all", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _bare(text: str) -> str:
    """Return a text without ids, citations, values, days, addresses of links and the numbers of a list."""
    text = re.sub(r"\{#[^{}]*\}|^\d+\. ", "", text, flags=re.MULTILINE)
    for mark in (CITE, VALUE, WHEN):
        text = mark.sub(" ; ", text)
    return LINK.sub(r"\g<text>", OURS.sub(r"\g<text>", FOREIGN.sub(r"\g<text>", text)))


def _plain_figures(text: str) -> str:
    """Return a text whose numbers have no commas, no leading zeros and no 万."""
    text = re.sub(r"(\d+) ?万", r"\g<1>0000", text)
    return re.sub(r"(?<![\d.])0+(?=\d)", "", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def _figures_en(text: str) -> list[str]:
    """Return the numbers of an English text; months and counted things in words are numbers too."""
    text = DATE.sub(lambda match: str(MONTHS.index(match[1] or match[2]) + 1), _bare(text))
    text = COUNT.sub(lambda match: str(NUMERALS.index(match[1].lower()) + 1), text)
    return FIGURE.findall(_plain_figures(text))
