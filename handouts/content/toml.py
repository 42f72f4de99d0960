"""Read a TOML file into records.

In: a path and a dataclass. Out: the parsed file, and its records by id. Every fault of the file becomes a problem with its
line: invalid TOML, an unknown or missing key, a wrong type, a value that is not one of the choices.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from ..cache.memoize import memoize
from ..errors import Problems
from ..model import Record
from .files import Convert, as_written, read_text
from .syntax import SLUG, YEARS

Kind = TypeVar("Kind", bound=Record)

TYPES = {
    str: "is `{}`, not a text. Put it in quotes.",
    int: "is `{}`, not a whole number. Write it without quotes: 14.",
    bool: "is `{}`. Write true or false.",
    date: "is `{}`, not a date. Write it without quotes: 2026-11-20.",
}
"""What to say of a value that is not of the type of its field."""


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed TOML file."""

    path: Path
    values: dict[str, Any]
    places: dict[str, dict[str, int]]
    """The line of every key of each table, and under "" that of the table itself."""

    def line(self, table: str, key: str = "") -> int:
        """Return the line of `[table]` or `table = …`, or of `key` in it; 1 if neither is found."""
        inside = self.lines(table)
        return inside.get(key) or inside.get("") or self.lines("").get(table, 1)

    def lines(self, table: str) -> dict[str, int]:
        """Return the line of every key of a table, and under "" that of the table itself."""
        return self.places.get(table, {})


@memoize(lambda text: text, stored=True)
def _parsed(text: str) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """Return the values of a file and its places, as in Table. Nobody changes either."""
    places: dict[str, dict[str, int]] = {}
    inside = places.setdefault("", {})
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[+\s*([^\]]*?)\s*\]+", line):
            inside = places.setdefault(re.sub(r'^"([^"]*)"$', r"\1", header[1]), {})
            inside.setdefault("", number)
        elif key := re.match(r"\s*\"?([\w-]+)\"?\s*[=.]", line):
            inside.setdefault(key[1], number)
    return tomllib.loads(text), places


def read_table(
    path: Path, problems: Problems, convert: Convert = as_written, *, optional: bool = False
) -> Table | None:
    """Parse a TOML file; None after adding a problem if it cannot be used, or if it is `optional` and not there."""
    if optional and not path.exists():
        return None
    text = read_text(path, problems, convert)
    if text is None:
        return None
    try:
        table = Table(path, *_parsed(text))
        if table.values:
            return table
        problems.add(
            path, 1, "The file has no table. Write one, or delete the file if the site does not need it."
        )
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        problems.add(path, line, f"This is not valid TOML: {reason}. Compare with the table above it.")
    except RecursionError:
        problems.add(path, 1, "The file nests too deep. Every table is flat: `key = value`.")
    return None


def records_of(table: Table | None, kind: type[Kind], problems: Problems) -> dict[str, Kind]:
    """Return the records of a file by id, without those that have faults."""
    if table is None:
        return {}
    records, hints = {}, get_type_hints(kind)
    for id, raw in table.values.items():
        faults = list(_faults(id, raw, kind, hints))
        for key, wrong in faults:
            problems.add(table.path, table.line(id, key), wrong)
        if not faults:
            values = {key: tuple(one) if isinstance(one, list) else one for key, one in raw.items()}
            records[id] = kind(id=id, lines=table.lines(id), **values)
    return records


def _faults(id: str, raw: Any, kind: type[Record], hints: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) for each fault of a table that must fit a dataclass."""
    if not isinstance(raw, dict):
        yield "", f"`{id}` is outside any table. Put it under `[an-id]`."
    elif not SLUG.fullmatch(id):
        yield "", f"`{id}` is not an id. Use lower-case letters, digits and hyphens."
    else:
        known = {field.name: field for field in fields(kind) if field.name not in ("id", "lines")}
        meant = set()
        for key, value in raw.items():
            if key not in known:
                near = get_close_matches(key, known, 1)
                meant.update(near)
                hint = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(known)}."
                yield key, f"`{key}` is an unknown key. {hint}"
            elif wrong := _mismatch(value, hints[key]):
                yield key, f"`{key}` of `{id}` {wrong}"
            elif value == [] and known[key].default is MISSING:
                yield key, f"`{key}` of `{id}` is an empty list. Write at least one."
        for key, field in known.items():
            if key not in raw and key not in meant and field.default is MISSING:
                yield "", f"`{id}` has no `{key}`. Add it."


def _mismatch(value: object, hint: Any) -> str:
    """Return how a value differs from its type, as the end of a sentence; an empty text if it fits."""
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        return "" if value in choices else f"is `{value}`. Use one of: {', '.join(choices)}."
    if get_origin(hint) is tuple:
        fits = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
        return "" if fits else 'is not a list of texts. Write `["a", "b"]`.'
    if isinstance(hint, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if hint in TYPES and type(value) is not hint:
        return TYPES[hint].format(value)
    if isinstance(value, date) and value.year not in YEARS:
        return f"is `{value}`. Write a day from {YEARS[0]} to {YEARS[-1]}."
    if isinstance(value, str) and (not value.strip() or value != value.strip() or "\n" in value):
        return "is empty, spans lines, or starts or ends with a space. Write one line of text."
    return ""
