"""One TOML file to checked records."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from handouts.content.toml import read_table, records_of
from handouts.errors import Problems
from handouts.model import Record
from tests.golden import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Record):
    """A record with a field of every kind."""

    name: str
    size: Literal["small", "large"] = "small"
    day: date | None = None
    words: tuple[str, ...] = ()
    good: bool = True


def read(folder: Path, text: str) -> tuple[dict[str, Thing], list[str]]:
    path, problems = folder / "t.toml", Problems()
    path.write_text(text, encoding="utf-8")
    records = records_of(read_table(path, problems), Thing, problems)
    return records, [f"{problem.line}: {problem.text}" for problem in sorted(problems)]


def test_a_table_becomes_a_record_that_knows_its_line(tmp_path):
    text = '# 注释\n[a-1]\nname = "甲"\nsize = "large"\nday = 2026-11-20\nwords = ["x", "y"]\ngood = false\n["b"]\nname = "乙"\n'

    records, problems = read(tmp_path, text)

    whole = Thing(id="a-1", name="甲", size="large", day=date(2026, 11, 20), words=("x", "y"), good=False)
    assert (records, problems) == ({"a-1": whole, "b": Thing(id="b", name="乙")}, [])
    assert [record.line_of() for record in records.values()] == [2, 8]


@pytest.mark.parametrize("case", cases("records"), ids=lambda case: case.title)
def test_a_fault_is_named_with_its_line(tmp_path, case):
    _, problems = read(tmp_path, case.given)

    assert "\n".join(problems) == case.expected


def test_beside_a_fault_sound_records_are_kept(tmp_path):
    assert list(read(tmp_path, '[a]\nname = 1\n[b]\nname = "乙"\n')[0]) == ["b"]


@pytest.mark.parametrize(
    "value", ["1" * 1900, "0x" + "F" * 1900, "1" * 9000, "0x" + "F" * 9000, "[\n" * 3000]
)
def test_a_value_beyond_all_reason_is_a_problem(tmp_path, value):
    """Python itself refuses to read or write numbers of more than 4300 digits, and what nests too deep."""
    _, said = read(tmp_path, f"[a]\nname = {value}\n")

    assert [one[:2] for one in said] == ["1:" if "[" in value else "2:"]
