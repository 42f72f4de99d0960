"""Put a translated Markdown file beside its source: prepaid.en.md beside prepaid.md.

In: their Drafts. Out: a complete Draft of the translation, and each difference. Every id begins a unit, whose `from=` names
the state of the source that it translates. If that is the present state, the two are compared; else the translation is
outdated (translations.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..errors import Findings
from .compare import differences, state_of
from .draft import FENCE, Draft
from .syntax import FROM, INLINE, SHOWN, TRANSLATED

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


class TranslatedFile:
    """A translated file and its source."""

    def __init__(self, source: Draft, translation: Draft) -> None:
        self.source = source
        self.source_units = {unit.id: unit for unit in _units(source)}
        """The units of the source, by id."""
        self.units = {unit.id: unit for unit in _units(translation)}
        """The units of the translation, by id."""
        kept = {key: value for key, value in source.front.items() if key not in TRANSLATED}
        front = {key: value for key, value in (kept | translation.front).items() if key != FROM}
        body = list(translation.body)
        for at, line in enumerate(body):
            if begin := BEGIN.match(line):
                unit = self.source_units.get(begin["id"])
                body[at] = _with_options(begin, unit.options if unit else "")
        self.draft = replace(translation, front=front, body=tuple(body))
        """The translation with slug, dates and options of its source."""

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


def _with_options(begin: re.Match[str], options: str) -> str:
    """Return the line that begins a unit, with these options behind its id."""
    return f"{begin.string[: begin.start('mark')]}{{#{begin['id']}{options}}}"


def _units(draft: Draft) -> Iterator[Unit]:
    """Yield the units of a file: front matter with the text before the first id, then one for each id."""
    lines = [f"{key}: {draft.front[key]}" for key in (*SHOWN, *INLINE) if key in draft.front]
    unit = Unit(FRONT, draft.line_of(FROM), "", of=draft.front.get(FROM, ""))
    for number, line in draft.numbered:
        if begin := BEGIN.match(line):
            yield replace(unit, text="\n".join(lines).strip())
            state, options = STATE.search(begin["options"]), STATE.sub("", begin["options"])
            kind = "1." if begin["kind"].endswith(".") else re.sub(r"\[.?\]", "[ ]", begin["kind"])
            unit = Unit(begin["id"], number, "", kind, options, state["state"] if state else "")
            line, lines = _with_options(begin, options), []
        lines.append(line)
    yield replace(unit, text="\n".join(lines).strip())


def with_states(text: str, states: dict[str, str]) -> str:
    """Return the text of a translation in which the units with these ids name these states of their sources."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        begin = BEGIN.match(line)
        if begin and begin["id"] in states:
            options = STATE.sub("", begin["options"])
            lines[at] = _with_options(begin, f"{options} {FROM}={states[begin['id']]}")
    if FRONT in states:
        front = lines[: lines.index(FENCE, 1)]
        at = next((n for n, line in enumerate(front) if line.startswith(f"{FROM}:")), 0)
        lines[at or 1 : at + 1] = [f"{FROM}: {states[FRONT]}"]  # in place of the old one, or as the first key
    return "\n".join(lines)
