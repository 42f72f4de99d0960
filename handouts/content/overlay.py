"""Put the wording of a translation over a data file: facts.en.toml over facts.toml.

In: a table and its translation. Out: the table with the words of the translation. A record of the translation has the id
of one of the source, the wording fields of it, and in `from` the state of the source that it translates; nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from ..errors import Problems
from ..text import has_han
from .lint.english import faults_of
from .toml import Table
from .translated import FROM, differences, state_of

WORDING = {
    "sources": ("publisher", "title"),
    "facts": ("statement", "value"),
    "operators": ("summary", "prepaid_name"),
    "phrases": ("use",),
    "timetable": ("what",),
    "search": ("typed",),
}
"""The fields that are translated. Of ui.toml it is every word, and none comes from the source; letters and terms are in
all languages already."""
FREE = ("typed",)
"""Those that need not say the same: words that people search for."""
OWN = ("ui", "search", "glossary")
"""Tables of which an edition has only what is translated; the glossary explains Belgian words in Chinese."""
TRANSLATED = (*WORDING, "ui")
"""The tables that may have a translation."""
BLANK = re.compile(r"\{(?!s\})\w+\}")
"""A blank that a program fills in; `{s}` is the ending of an English plural."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """The translation of a data file."""

    name: str
    source: Table
    own: Table

    def records(self) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Yield id, source and translation of each record that both files have."""
        for id, record in self.own.values.items():
            if isinstance(record, dict) and isinstance(self.source.values.get(id), dict):
                yield id, self.source.values[id], record

    def state(self, id: str) -> str:
        """Return the state of a record of the source: of the fields that are translated."""
        source, own = self.source.values[id], self.own.values[id]
        keys = source if self.name == "ui" else [key for key in source if key in own]
        return state_of("\n".join(f"{key}: {source[key]}" for key in keys))

    def merged(self) -> dict[str, Any]:
        """Return the records of the source in the words of the translation."""
        words = {
            id: {key: value for key, value in own.items() if key != FROM} for id, _, own in self.records()
        }
        if self.name == "ui":
            return words
        return {
            id: {**wordless(self.name, record), **words.get(id, {})} if isinstance(record, dict) else record
            for id, record in self.source.values.items()
            if self.name not in OWN or id in words
        }

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield (line, sentence) for all that is no translation of the source."""
        name = self.source.path.name
        for id, record in self.own.values.items():
            if id not in self.source.values or not isinstance(record, dict):
                near = get_close_matches(id, self.source.values, 1)
                hint = f"Did you mean `{near[0]}`?" if near else "Correct the id, or delete this table."
                yield self.own.line(id), f"{name} has no `{id}`. {hint}"
        for id, source, own in self.records():
            known = tuple(source) if self.name == "ui" else WORDING[self.name]
            for key, value in own.items():
                if key == FROM:
                    continue
                if key not in known or key not in source:
                    wrong = f"`{key}` of `{id}` is not translated. Known: {', '.join(known)}."
                    yield self.own.line(id, key), wrong
                elif not isinstance(value, type(source[key])):
                    wrong = f"`{key}` of `{id}` is of another kind than in {name}. Write it as there."
                    yield self.own.line(id, key), wrong
                else:
                    for wrong in self._faults(id, key, value, source[key]):
                        yield self.own.line(id, key), wrong

    def _faults(self, id: str, key: str, value: Any, source: Any) -> Iterator[str]:
        """Yield a sentence for each fault of a field: how it is written, and what it says else than its source."""
        for text in value if isinstance(value, list) else [value]:
            yield from faults_of(str(text).strip())
        if key in FREE:
            return
        name = self.source.path.name
        if sorted(BLANK.findall(value)) != sorted(BLANK.findall(source)):
            yield f"`{key}` of `{id}` has other blanks than in {name}. Keep {{…}} as they are."
        if self.own.values[id].get(FROM) == self.state(id):
            for wrong in differences(source, value):
                yield f"`{key}` of `{id}` {wrong} Say what {name} says."


def wordless(name: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of the source as it is in an edition that has no words for it."""

    def chinese(key: str) -> bool:
        return has_han(str(record.get(key, "")))

    other = dict(record)
    if name == "facts" and chinese("value"):
        del other["value"]  # so that no table and no sheet prints it
    if name == "sources":
        address = urlsplit(str(record.get("url", "")))
        other |= {"title": record.get("url", "")} if chinese("title") else {}
        other |= {"publisher": address.netloc} if chinese("publisher") else {}
    if name == "phrases" and chinese("use"):
        other["use"] = "–"
    return other


def put_over(name: str, source: Table, own: Table, problems: Problems) -> Table:
    """Return a table in the words of its translation; faults are noted."""
    overlay = Overlay(name, source, own)
    for line, text in overlay.findings():
        problems.add(own.path, line, text)
    return (own if name == "ui" else source).with_values(overlay.merged())
