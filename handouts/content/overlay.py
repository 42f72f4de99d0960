"""Put the wording of a translation over a data file: facts.en.toml over facts.toml.

In: a table and its translation. Out: the table with the words of the translation. A record of the translation has the id
of a record of the source, some of the fields in WORDING, and in `from` the state of the source that it translates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..errors import Problems, did_you_mean
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
"""The fields that are translated. ui.toml is not in it, because all its fields are; letters and terms are in every language
already."""
FREE = ("typed",)
"""Fields that are not compared: words that people search for."""
ONLY_TRANSLATED = ("ui", "search", "glossary")
"""Tables whose records are left out of an edition unless they are translated. The glossary never is: it is for readers of
Chinese."""
TRANSLATED = (*WORDING, "ui")
"""The tables that may have a translation."""
BLANK = re.compile(r"\{(?!s\})\w+\}")
"""A blank that a program fills in; `{s}` is the ending of an English plural."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """The translation of a data file."""

    name: str
    source: Table
    translation: Table

    def records(self) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Yield id, source and translation of each record that both files have."""
        for id, record in self.translation.values.items():
            if isinstance(record, dict) and isinstance(self.source.values.get(id), dict):
                yield id, self.source.values[id], record

    def state(self, id: str) -> str:
        """Return the present state of a record of the source, of which only the translated fields count."""
        source, translated = self.source.values[id], self.translation.values[id]
        keys = source if self.name == "ui" else [key for key in source if key in translated]
        return state_of("\n".join(f"{key}: {source[key]}" for key in keys))

    def merged(self) -> dict[str, Any]:
        """Return the records of the source in the words of the translation."""
        words = {
            id: {key: value for key, value in translated.items() if key != FROM}
            for id, _, translated in self.records()
        }
        if self.name == "ui":
            return words
        return {
            id: {**without_chinese(self.name, record), **words.get(id, {})}
            if isinstance(record, dict)
            else record
            for id, record in self.source.values.items()
            if self.name not in ONLY_TRANSLATED or id in words
        }

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield (line, sentence) for each fault of the translation."""
        name = self.source.path.name
        for id, record in self.translation.values.items():
            if id not in self.source.values or not isinstance(record, dict):
                hint = did_you_mean(id, self.source.values, "Correct the id, or delete this table.")
                yield self.translation.line(id), f"{name} has no `{id}`. {hint}"
        for id, source, translated in self.records():
            known = tuple(source) if self.name == "ui" else WORDING[self.name]
            for key, value in translated.items():
                if key == FROM:
                    continue
                if key not in known or key not in source:
                    wrong = f"`{key}` of `{id}` is not translated. Known: {', '.join(known)}."
                    yield self.translation.line(id, key), wrong
                elif not isinstance(value, type(source[key])):
                    wrong = f"`{key}` of `{id}` is of another type than in {name}. Write it as there."
                    yield self.translation.line(id, key), wrong
                else:
                    for wrong in self._faults(id, key, value, source[key]):
                        yield self.translation.line(id, key), wrong

    def _faults(self, id: str, key: str, value: Any, source: Any) -> Iterator[str]:
        """Yield a sentence for each fault of a field: of its English, or a difference from its source."""
        for text in value if isinstance(value, list) else [value]:
            yield from faults_of(str(text).strip())
        if key in FREE:
            return
        name = self.source.path.name
        if sorted(BLANK.findall(value)) != sorted(BLANK.findall(source)):
            yield f"`{key}` of `{id}` has other blanks than in {name}. Keep {{…}} as they are."
        if self.translation.values[id].get(FROM) == self.state(id):
            for wrong in differences(source, value):
                yield f"`{key}` of `{id}` {wrong} Say what {name} says."


def without_chinese(name: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of the source for an edition that has no translation of it."""

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


def translate(name: str, source: Table, translation: Table, problems: Problems) -> Table:
    """Return a table in the words of its translation; add a problem for each fault of the translation."""
    overlay = Overlay(name, source, translation)
    for line, text in overlay.findings():
        problems.add(translation.path, line, text)
    return (translation if name == "ui" else source).with_values(overlay.merged())
