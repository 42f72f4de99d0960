"""Read a translated Markdown file: prepaid.en.md beside prepaid.md.

In: the Draft of the source and the text of its translation. Out: a complete Draft of the translation; slug, dates and
options of steps come from the source. Every id begins a unit, whose `from=` names the state of the source that it
translates. If that is the present state, the two are compared. A translation of an older state is outdated
(translations.py lists it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import Findings, Problems
from .compare import differences, state_of
from .syntax import FENCE, FROM, INLINE, SHOWN, TRANSLATED, Draft, split

FRONT = "front"
"""The unit of front matter and of the text before the first id."""
BEGIN = re.compile(
    r"(?P<kind>#{2,3}|- \[[ xX]?\]|\d+\.) .*?(?P<mark>\{#(?P<id>[a-z0-9-]+)(?P<options>[^{}]*)\})\s*$"
)
"""The line that begins a unit: a heading or a step with its id."""
STATE = re.compile(rf"\s*\b{FROM}=(?P<state>\S+)")


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest part of a file that is translated and compared: what an id begins."""

    id: str
    line: int
    text: str
    kind: str = ""
    """The mark it begins with: of a heading, `- [ ]` for a step to tick, or `1.` for a numbered one."""
    options: str = ""
    of: str = ""
    """In a translation, the state of the source that it translates."""

    @property
    def state(self) -> str:
        """Return the present state of a unit of the source."""
        return state_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedFile:
    """A translated file and its source."""

    source: Draft
    draft: Draft
    source_units: dict[str, Unit] = field(repr=False)
    """The units of the source, by id."""
    units: dict[str, Unit] = field(repr=False)
    """The units of the translation, by id."""

    def findings(self) -> Findings:
        """Yield (line, sentence) for each difference from the source."""
        name = self.source.path.name
        for unit in self.units.values():
            source = self.source_units.get(unit.id)
            if source is None:
                yield unit.line, f"{name} has no id `{unit.id}`. Correct the id, or delete this part."
            elif source.kind != unit.kind:
                yield unit.line, f"`{unit.id}` begins with `{source.kind}` in {name}. Begin it the same way."
            elif unit.of == source.state:
                for text in differences(source.text, unit.text):
                    yield unit.line, f"`{unit.id}` {text} Say what {name}:{source.line} says."
        found = [id for id in self.units if id in self.source_units]
        order = [id for id in self.source_units if id in self.units]
        for id, right in zip(found, order, strict=True):
            if id != right:
                text = f"`{id}` comes before `{right}`, but after it in {name}. Keep that order."
                yield self.units[id].line, text
                break


def read_translation(source: Draft, path: Path, text: str, problems: Problems) -> TranslatedFile | None:
    """Return a translation; None after noting why its front matter cannot be used."""
    draft = split(path, source.kind, text, problems, source)
    if draft is None:
        return None
    source_units = {unit.id: unit for unit in _units(source)}
    front = {key: value for key, value in source.front.items() if key not in TRANSLATED} | draft.front
    front.pop(FROM, None)
    body = []
    for line in draft.body:
        begin = BEGIN.match(line)
        unit = source_units.get(begin["id"]) if begin else None
        body.append(_with_options(line, unit.options if unit else ""))
    return TranslatedFile(
        source=source,
        draft=replace(draft, front=front, body=tuple(body)),
        source_units=source_units,
        units={unit.id: unit for unit in _units(draft)},
    )


def _with_options(line: str, options: str) -> str:
    """Return a line with these options behind its id, if it begins a unit."""
    begin = BEGIN.match(line)
    return f"{line[: begin.start('mark')]}{{#{begin['id']}{options}}}" if begin else line


def _units(draft: Draft) -> Iterator[Unit]:
    """Yield the units of a file: front matter with the text before the first id, then one for each id."""
    lines = [f"{key}: {draft.front[key]}" for key in (*SHOWN, *INLINE) if key in draft.front]
    unit = Unit(FRONT, draft.line_of(FROM), "", of=draft.front.get(FROM, ""))
    for number, line in draft.numbered:
        begin = BEGIN.match(line)
        if begin:
            yield replace(unit, text="\n".join(lines).strip())
            state, options = STATE.search(begin["options"]), STATE.sub("", begin["options"])
            kind = "1." if begin["kind"].endswith(".") else re.sub(r"\[.?\]", "[ ]", begin["kind"])
            unit = Unit(begin["id"], number, "", kind, options, state["state"] if state else "")
            line, lines = _with_options(line, options), []
        lines.append(line)
    yield replace(unit, text="\n".join(lines).strip())


def with_states(text: str, states: dict[str, str]) -> str:
    """Return the text of a translation in which the units with these ids name these states of their sources."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        begin = BEGIN.match(line)
        if begin and begin["id"] in states:
            options = STATE.sub("", begin["options"])
            lines[at] = _with_options(line, f"{options} {FROM}={states[begin['id']]}")
    if FRONT in states:
        front = lines[: lines.index(FENCE, 1)]
        at = next((n for n, line in enumerate(front) if line.startswith(f"{FROM}:")), 0)
        lines[at or 1 : at + 1] = [f"{FROM}: {states[FRONT]}"]  # in place of the old one, or as the first key
    return "\n".join(lines)
