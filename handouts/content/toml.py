"""Turn one TOML file into checked records.

In: a path and a dataclass. Out: the parsed file, then a dict from table name to record. Every fault of the file is
noted with its line: broken TOML, unknown or missing key, wrong type, value outside its choices.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from ..errors import Problems
from .files import Convert, as_written, read_text

Record = TypeVar("Record")
DEPTH = 10
"""Levels of tables and lists that are looked at. Three are right; what is a little deeper is named by its key."""
DEEP = "The file nests too deep. Every table is flat: `key = value`."
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Table:
    """A parsed TOML file that knows on which line each table and key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.values: dict[str, Any] = tomllib.loads(text)
        self._places = _places(text.split("\n"))

    def line(self, table: str, key: str = "") -> int:
        """Return the line of `[table]` or `table = …`, or of `key` in it; 1 when none is found."""
        inside = self.lines(table)
        return inside.get(key) or inside.get("") or self.lines("").get(table, 1)

    def lines(self, table: str) -> dict[str, int]:
        """Return the line of every key of a table, and under no name its own."""
        return self._places.get(table, {})


def _places(lines: list[str]) -> dict[str, dict[str, int]]:
    """Return the line of every key of a file, by its table; under no name that of the table itself."""
    places: dict[str, dict[str, int]] = {}
    inside = places.setdefault("", {})
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*\[+\s*([^\]]*?)\s*\]+", line):
            inside = places.setdefault(header[1], {})
            inside.setdefault("", number)
        elif key := re.match(r"\s*\"?([\w-]+)\"?\s*[=.]", line):
            inside.setdefault(key[1], number)
    return places


def read_table(path: Path, problems: Problems, convert: Convert = as_written) -> Table | None:
    """Parse a TOML file; None after noting why it cannot be used."""
    text = read_text(path, problems, convert)
    if text is None:
        return None
    try:
        table = Table(path, text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        problems.add(path, line, f"This is not valid TOML: {reason}. Compare with the table above it.")
    except RecursionError:
        problems.add(path, 1, DEEP)
    else:
        if not _nests(table.values, DEPTH):
            return table
        problems.add(path, 1, DEEP)
    return None


def _nests(value: object, depth: int) -> bool:
    """Tell whether tables and lists stand in each other more than `depth` deep."""
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return not depth or any(_nests(one, depth - 1) for one in inside)


def records_of(table: Table | None, kind: type[Record], problems: Problems) -> dict[str, Record]:
    """Return the records of a file by id, leaving out those with faults, which are noted."""
    if table is None:
        return {}
    records = {}
    for id, raw in table.values.items():
        record = _record(table, id, raw, kind, problems)
        if record is not None:
            records[id] = record
    return records


def _record(table: Table, id: str, raw: object, kind: type[Record], problems: Problems) -> Record | None:
    """Check one table against the dataclass and build the record."""
    if not isinstance(raw, dict):
        line = table.line(id)
        problems.add(table.path, line, f"`{id}` stands outside any table. Put it under `[an-id]`.")
        return None
    if not ID.fullmatch(id):
        problems.add(
            table.path, table.line(id), f"`{id}` is no id. Use lower-case letters, digits and hyphens."
        )
        return None
    known = {field.name: field for field in fields(kind) if field.name not in ("id", "lines")}
    hints = _hints(kind)
    good, values = True, {}
    for key, value in raw.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(known)}."
            problems.add(table.path, table.line(id, key), f"`{key}` is an unknown key. {hint}")
            good = False
            continue
        wrong = _mismatch(value, hints[key])
        if wrong:
            problems.add(table.path, table.line(id, key), f"`{key}` of `{id}` {wrong}")
            good = False
        values[key] = tuple(value) if isinstance(value, list) else value
    for key, field in known.items():
        if key not in raw and field.default is MISSING:
            problems.add(table.path, table.line(id), f"`{id}` has no `{key}`. Add it.")
            good = False
    return kind(id=id, lines=table.lines(id), **values) if good else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass; asked once, not for every record of a file."""
    return get_type_hints(kind)


def _mismatch(value: object, hint: Any) -> str:
    """Say how a value differs from its type, as the end of a sentence; nothing when it fits."""
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        return "" if value in choices else f"is `{value}`. Use one of: {', '.join(choices)}."
    if get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            return 'is no list of texts. Write `["a", "b"]`.'
        return ""
    if isinstance(hint, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if hint is date and (not isinstance(value, date) or isinstance(value, datetime)):
        return f"is `{value}`, not a date. Write it without quotes: 2026-11-20."
    if hint is int and type(value) is not int:
        return f"is `{value}`, not a whole number. Write it without quotes: 14."
    if hint is bool and not isinstance(value, bool):
        return f"is `{value}`. Write true or false."
    if hint is str:
        if not isinstance(value, str):
            return f"is `{value}`, not a text. Put it in quotes."
        if not value.strip() or value != value.strip() or "\n" in value:
            return "is empty, spans lines, or starts or ends with a space. Write one line of text."
    return ""
