"""Put the wording of a translation over a data file: facts.en.toml over facts.toml.

In: a table and its translation. Out: the table with the words of the translation. A record of the translation has the id
of a record of the source, some of the fields in WORDING, and in `from` the state of the source that it translates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..errors import Findings, did_you_mean
from ..text import has_han
from .compare import differences, faults_of, state_of
from .syntax import FROM
from .toml import Table

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
TRANSLATED_TABLES = (*WORDING, "ui")
"""The tables that may have a translation."""
BLANK = re.compile(r"\{(?!s\})\w+\}")
"""A blank that a program fills in; `{s}` is the ending of an English plural."""
HEADER = re.compile(r'\[ *"?(?P<id>[\w-]+)"? *\]')
"""The line that begins a record."""


class TranslatedTable:
    """A data file and its translation, if it has one."""

    def __init__(self, name: str, source: Table, translation: Table | None) -> None:
        self.name, self.source, self.translation = name, source, translation
        self.words: dict[str, dict[str, Any]] = {}
        """The translated fields of each record that the source has too, by id."""
        self.of: dict[str, Any] = {}
        """The state of the source that each of them translates; empty if it names none."""
        for id, record in translation.values.items() if translation else ():
            if isinstance(record, dict) and isinstance(source.values.get(id), dict):
                self.words[id] = {key: value for key, value in record.items() if key != FROM}
                self.of[id] = record.get(FROM, "")

    def state(self, id: str) -> str:
        """Return the present state of a record of the source, of which only the translated fields count."""
        source = self.source.values[id]
        keys = source if self.name == "ui" else [key for key in source if key in self.words[id]]
        return state_of("\n".join(f"{key}: {source[key]}" for key in keys))

    def merged(self) -> Table | None:
        """Return the table in the words of the translation; None if there are none, and it is shown only in them."""
        if self.name in ONLY_TRANSLATED and not self.translation:
            return None
        if self.name == "ui" and self.translation:
            return replace(self.translation, values=self.words)
        merged = {}
        for id, record in self.source.values.items():
            if isinstance(record, dict):
                record = self._without_chinese(record) | self.words.get(id, {})
            if self.name not in ONLY_TRANSLATED or id in self.words:
                merged[id] = record
        return replace(self.source, values=merged)

    def findings(self) -> Findings:
        """Yield (line, sentence) for each fault of the translation."""
        if not self.translation:
            return
        for id in self.translation.values:
            if id not in self.words:
                hint = did_you_mean(id, self.source.values, "Correct the id, or delete this table.")
                yield self.translation.line(id), f"{self.source.path.name} has no `{id}`. {hint}"
            for key, value in self.words.get(id, {}).items():
                for wrong in self._faults(id, key, value):
                    yield self.translation.line(id, key), wrong

    def _faults(self, id: str, key: str, value: Any) -> Iterator[str]:
        """Yield a sentence for each fault of a field: of its English, or a difference from its source."""
        name, record = self.source.path.name, self.source.values[id]
        known = tuple(record) if self.name == "ui" else WORDING[self.name]
        if key not in known or key not in record:
            yield f"`{key}` of `{id}` is not translated. Known: {', '.join(known)}."
            return
        if not isinstance(value, type(record[key])):
            yield f"`{key}` of `{id}` is of another type than in {name}. Write it as there."
            return
        for text in value if isinstance(value, list) else [value]:
            yield from faults_of(str(text).strip())
        if key not in FREE:
            source, translated = str(record[key]), str(value)
            if sorted(BLANK.findall(translated)) != sorted(BLANK.findall(source)):
                yield f"`{key}` of `{id}` has other blanks than in {name}. Keep {{…}} as they are."
            if self.of[id] == self.state(id):
                for wrong in differences(source, translated):
                    yield f"`{key}` of `{id}` {wrong} Say what {name} says."

    def _without_chinese(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record of the source for an edition that has no translation of it."""
        chinese = {key for key, value in record.items() if has_han(str(value))}
        other = dict(record)
        if self.name == "facts" and "value" in chinese:
            del other["value"]  # so that no table and no sheet prints it
        if self.name == "sources" and "title" in chinese:
            other["title"] = record.get("url", "")
        if self.name == "sources" and "publisher" in chinese:
            other["publisher"] = urlsplit(str(record.get("url", ""))).netloc
        if self.name == "phrases" and "use" in chinese:
            other["use"] = "–"
        return other


def with_states(text: str, states: dict[str, str]) -> str:
    """Return a TOML file in which the records with these ids name, first, these states of their sources."""
    lines, id = [], ""
    for line in text.split("\n"):
        header = HEADER.match(line)
        id = header["id"] if header else id
        if id not in states or not line.startswith(f"{FROM} "):
            lines.append(line)
        if header and id in states:
            lines.append(f'{FROM} = "{states[id]}"')
    return "\n".join(lines)
