"""One TOML file to checked records."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from handouts.content.toml import read_table, records_of
from handouts.errors import Problems
from handouts.model import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Record):
    """A record with a field of every kind."""

    name: str
    size: Literal["small", "large"] = "small"
    day: date | None = None
    words: tuple[str, ...] = ()
    good: bool = True


def test_a_record_knows_its_line(tmp_path):
    path, problems = tmp_path / "t.toml", Problems()
    path.write_text(
        '# x\n[a]\nname = "甲"\n\n[ b ]\nname = "乙"\nc.name = 1\n["d"]\nname = "丁"\n', encoding="utf-8"
    )

    records = records_of(read_table(path, problems), Thing, problems)

    assert {id: record.line_of() for id, record in records.items()} == {"a": 2, "d": 8}
    assert [problem.line for problem in problems] == [7]


def read(path: Path, text: str) -> tuple[dict[str, Thing], list[str]]:
    path.write_bytes(text.encode())
    problems = Problems()
    records = records_of(read_table(path, problems), Thing, problems)
    return records, [f"{problem.line}: {problem.text}" for problem in sorted(problems)]


def test_a_table_becomes_a_record(tmp_path):
    text = '# 注释\n[a-1]\nname = "甲"\nsize = "large"\nday = 2026-11-20\nwords = ["x", "y"]\ngood = false\n[b]\nname = "乙"\n'

    assert read(tmp_path / "t.toml", text) == (
        {
            "a-1": Thing(
                id="a-1", name="甲", size="large", day=date(2026, 11, 20), words=("x", "y"), good=False
            ),
            "b": Thing(id="b", name="乙"),
        },
        [],
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\nname = "甲\n', "2: This is not valid TOML: Illegal character '\\n'. Compare with the table above it."),
        ("[a]\nname = 甲\n", "2: This is not valid TOML: Invalid value. Compare with the table above it."),
        ('[a]\nname = "甲"\n[a]\n', "3: This is not valid TOML: Cannot declare ('a',) twice. Compare with the table above it."),
        ('[a]\nname = "甲"\nname = "乙"\n', "3: This is not valid TOML: Cannot overwrite a value. Compare with the table above it."),
        ('[a]\nname = "甲"\nday = 2026-02-30\n', "3: This is not valid TOML: Invalid date or datetime. Compare with the table above it."),
        ("[a]\nwords = [\n", "3: This is not valid TOML: Invalid value. Compare with the table above it."),
        ("[a]\nx = " + "[\n" * 3000, "1: The file nests too deep. Every table is flat: `key = value`."),
        ('name = "甲"\n[a]\nname = "乙"\n', "1: `name` is outside any table. Put it under `[an-id]`."),
        ('\n\nloose = 1\n[a]\nname = "loose"\n', "3: `loose` is outside any table. Put it under `[an-id]`."),
        ('[[a]]\nname = "甲"\n', "1: `a` is outside any table. Put it under `[an-id]`."),
        ('\n[A_b]\nname = "甲"\n', "2: `A_b` is no id. Use lower-case letters, digits and hyphens."),
        ('[a]\nsize = "large"\n', "1: `a` has no `name`. Add it."),
        ('[a]\nname = "甲"\n[b]\nnmae = "乙"\nname = "乙"\n', "4: `nmae` is an unknown key. Did you mean `name`?"),
        ('[a]\nname = "甲"\nxyz = 1\n', "3: `xyz` is an unknown key. Known keys: name, size, day, words, good."),
        ('[a]\nname = "甲"\nid = "b"\n', "3: `id` is an unknown key. Known keys: name, size, day, words, good."),
        ('[a]\nname = "甲"\n[a.b]\nname = "乙"\n', "1: `b` is an unknown key. Known keys: name, size, day, words, good."),
        ("[a]\nname = 5\n", "2: `name` of `a` is `5`, not a text. Put it in quotes."),
        ('[a]\nname = ""\n', "2: `name` of `a` is empty, spans lines, or starts or ends with a space. Write one line of text."),
        ('[a]\nname = "甲 "\n', "2: `name` of `a` is empty, spans lines, or starts or ends with a space. Write one line of text."),
        ('[a]\nname = "甲\\n乙"\n', "2: `name` of `a` is empty, spans lines, or starts or ends with a space. Write one line of text."),
        ('[a]\nname = "甲"\nsize = "huge"\n', "3: `size` of `a` is `huge`. Use one of: small, large."),
        ('[a]\nname = "甲"\nday = "2026-11-20"\n', "3: `day` of `a` is `2026-11-20`, not a date. Write it without quotes: 2026-11-20."),
        ('[a]\nname = "甲"\nday = 2026-11-20T10:00:00\n', "3: `day` of `a` is `2026-11-20 10:00:00`, not a date. Write it without quotes: 2026-11-20."),
        ('[a]\nname = "甲"\nwords = "x"\n', '3: `words` of `a` is no list of texts. Write `["a", "b"]`.'),
        ('[a]\nname = "甲"\nwords = ["x", ""]\n', '3: `words` of `a` is no list of texts. Write `["a", "b"]`.'),
        ('[a]\nname = "甲"\nwords = [1]\n', '3: `words` of `a` is no list of texts. Write `["a", "b"]`.'),
        ('[a]\nname = "甲"\ngood = "yes"\n', "3: `good` of `a` is `yes`. Write true or false."),
        ('[a]\nname = "甲"\ngood = 1\n', "3: `good` of `a` is `1`. Write true or false."),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, text, said):
    records, problems = read(tmp_path / "t.toml", text)

    assert problems == [said]
    assert "name" not in records


@pytest.mark.parametrize("number", ["1" * 1900, "0x" + "F" * 1900, "1" * 9000, "0x" + "F" * 9000])
def test_a_number_beyond_all_reason_is_a_problem(tmp_path, number):
    """Python itself refuses to read or write numbers of more than 4300 digits."""
    _, said = read(tmp_path / "t.toml", f"[a]\nname = {number}\n")

    assert [one[:2] for one in said] == ["2:"]


def test_all_faults_are_named_and_sound_records_kept(tmp_path):
    text = '[a]\nname = 1\ngood = 2\nx = 3\n[b]\nname = "乙"\n[c]\n'

    records, problems = read(tmp_path / "t.toml", text)

    assert list(records) == ["b"]
    assert [said[0] for said in problems] == ["2", "3", "4", "7"]
