"""TOML files to checked records, and what the data files say of each other."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from handouts.content.data import load_data
from handouts.content.toml import read_table, records_of
from handouts.errors import Problems
from handouts.model import Record
from tests.build_tools import ROOT, cases, change


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("facts", "听说可以。", "听说可以退卡。", "facts.toml:26"),
        ("sources", 'title = "转网"', 'title = "转网和退卡"', "sources.toml:3"),
        ("operators", "电话查到了。", "退卡的电话查到了。", "operators.toml:4"),
        ("phrases", 'use = "开口第一句"', 'use = "退卡时第一句"', "phrases.toml:7"),
        ("glossary", 'en = ["cancel"]', 'en = ["cancel"]\nnote = "就是退卡"', "glossary.toml:8"),
        ("ui", 'number = "手机号码"', 'number = "退卡的号码"', "ui.toml:2"),
    ],
)  # fmt: skip
def test_a_word_to_avoid_is_found_in_every_data_file(replace, problems, file, old, new, place):  # noqa: PLR0917
    """Not in quotes, nor in a longer word of the glossary, nor among what people search for."""
    words = 'zh = ["终止", "退卡机"]\navoid = ["退卡"]\naliases = ["退卡"]'
    replace("data/glossary.toml", 'zh = ["终止"]', words)
    replace(f"data/{file}.toml", old, new.replace("退卡", "“退卡”或退卡机"))
    assert problems() == []

    replace(f"data/{file}.toml", "“退卡”或退卡机", "退卡")

    said = "`退卡` is not used here. Write `终止`, as glossary.toml says."
    assert problems() == [f"content/data/{place}: {said}"]


@pytest.mark.parametrize(
    ("kind", "due"),
    [("law", date(2027, 11, 20)), ("operator", date(2027, 3, 20)), ("service", date(2027, 5, 19)), ("history", date(2028, 11, 19))],
)  # fmt: skip
def test_a_fact_is_due_by_its_kind(folder, replace, kind, due):
    """A year, 120 days, 180 days, two years after it was read."""
    before = 'confidence = "low"\nkind = "'
    replace("data/facts.toml", f'{before}operator"', f'{before}{kind}"')

    facts = load_data(folder / "data", Problems()).facts

    assert facts["unsure"].due == due
    assert facts["phone"].due == date(2027, 1, 31)


def test_operators_are_chosen_by_card_and_ended_ones_never(folder, replace):
    old = '[old]\nname = "Old"\nstatus = "ended"\nsummary = "停了。"\nsells = ["prepaid"]\n\n'
    replace("data/operators.toml", "[base]", f"{old}[base]")
    data = load_data(folder / "data", Problems())

    chosen = [
        [one.id for one in data.operators_for(cards)]
        for cards in (("prepaid",), ("data",), ("data", "plan"), ())
    ]
    assert chosen == [["base"], [], ["base"], ["base"]]


@pytest.mark.parametrize("case", cases("letters"), ids=lambda case: case.title)
def test_a_fault_of_a_letter_is_named(folder, problems, case):
    (folder / "data/letters.toml").write_bytes((ROOT / "content/data/letters.toml").read_bytes())
    change(folder, case.given)
    (problem,) = problems()
    assert re.fullmatch(r"content/data/letters\.toml:\d+: " + re.escape(case.expected), problem)


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
    path.write_text(text, "utf-8")
    records = records_of(read_table(path, problems), Thing, problems)
    return records, [f"{problem.line}: {problem.text}" for problem in sorted(problems)]


def test_a_table_becomes_a_record_that_knows_its_line(tmp_path):
    text = '# 注释\n[a-1]\nname = "甲"\nsize = "large"\nday = 2026-11-20\nwords = ["x", "y"]\ngood = false\n["b"]\nname = "乙"\n'

    records, problems = read(tmp_path, text)

    whole = Thing(id="a-1", name="甲", size="large", day=date(2026, 11, 20), words=("x", "y"), good=False)
    assert (records, problems) == ({"a-1": whole, "b": Thing(id="b", name="乙")}, [])
    assert [record.line_of() for record in records.values()] == [2, 8]
    assert list(read(tmp_path, '[a]\nname = 1\n[b]\nname = "乙"\n')[0]) == ["b"]  # beside a fault, too


@pytest.mark.parametrize("case", cases("records"), ids=lambda case: case.title)
def test_a_fault_of_a_record_is_named_with_its_line(tmp_path, case):
    _, problems = read(tmp_path, case.given)
    assert "\n".join(problems) == case.expected


@pytest.mark.parametrize(
    "value", ["1" * 1900, "0x" + "F" * 1900, "1" * 9000, "0x" + "F" * 9000, "[\n" * 3000]
)
def test_a_value_beyond_all_reason_is_a_problem(tmp_path, value):
    """Python itself refuses to read or write numbers of more than 4300 digits, and what nests too deep."""
    _, said = read(tmp_path, f"[a]\nname = {value}\n")
    assert [one[:2] for one in said] == ["1:" if "[" in value else "2:"]
