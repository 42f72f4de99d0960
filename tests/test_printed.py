"""What a sheet prints is one list: nothing on it is unsure, too old or without a glyph."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from handouts.content.loader import load
from handouts.content.parser import parse_guide
from handouts.content.printed import printed_texts
from handouts.content.syntax import split
from handouts.errors import Problems
from handouts.sheets.jobs import editions
from handouts.sheets.preflight import stale_facts, unprintable
from handouts.sheets.selection import Edition
from handouts.sheets.templates import SheetTemplate
from handouts.text import HAN
from tests.build_tools import ROOT, SHORT, SITE, guide_text, write_content

FIRST = SHORT[0][0]


def in_guide(**parts: object) -> Callable[[Path, str], tuple[str, int]]:
    """Return a function that writes a guide with `{}` of these parts replaced by a mark, and the line of the mark."""

    def write(folder: Path, mark: str) -> tuple[str, int]:
        path = folder / "guides/mobile.md"
        written = guide_text(cards="prepaid", **parts).replace(
            "A 出发前", "A 出发前 *飞之前{}*" if not parts else "A 出发前"
        )
        lines = written.split("\n")
        (line,) = (number for number, text in enumerate(lines, 1) if "{}" in text)
        path.write_text(written.replace("{}", mark), encoding="utf-8")
        return str(path), line

    return write


def in_data(name: str, pattern: str) -> Callable[[Path, str], tuple[str, int]]:
    """Return a function that puts a mark behind the first match of a pattern in a file, and tells where that is."""

    def write(folder: Path, mark: str) -> tuple[str, int]:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        end = re.search(pattern, text).end()
        path.write_text(text[:end] + mark + text[end:], encoding="utf-8")
        return str(path), text.count("\n", 0, end) + 1

    return write


CITING = {
    "card": in_guide(card="小卡{}"),
    "who": in_guide(who="人{}"),
    "start": in_guide(start="现在{}"),
    "answer": in_guide(answer="**先看清是哪一种卡，再停。**好{}"),
    "hint": in_guide(),
    "lead": in_guide(before=((f"{FIRST.removesuffix('。')}{{}}。", "", ""), *SHORT[1:])),
    "note": in_guide(after=((FIRST, "看{}", ""), *SHORT[1:])),
    "bring": in_guide(bring=((FIRST, "带{}", ""), *SHORT[1:])),
    "shared": in_data("shared/complain.md", r"\*\*先向运营商书面投诉"),
}
"""Printed places of the content that may cite."""
PRINTED = {
    **CITING,
    "phrase": in_data("data/phrases.toml", r'\[cancel\]\n(?:.*\n)*?zh = "'),
    "operator": in_data("data/operators.toml", r'\[base\]\n(?:.*\n)*?name = "'),
}
"""All printed places."""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A content folder with a fact that is unsure, one that is old, and days that rest on them."""
    folder = write_content(tmp_path / "content", guide_text(cards="prepaid"))
    facts = folder / "data/facts.toml"
    first = facts.read_text(encoding="utf-8").split("\n[")[1]
    source = re.search(r"^sources = .*$", first, re.MULTILINE)[0]
    for id, confidence, read in (("rumour", "low", "2026-11-01"), ("old", "high", "2020-01-01")):
        with facts.open("a", encoding="utf-8") as file:
            file.write(
                f'\n[{id}]\nstatement = "听说。"\n{source}\nconfidence = "{confidence}"\nkind = "law"\n'
                f'read = {read}\nreview_by = 2099-12-31\nvalue = "€9"\n'
            )
        with (folder / "data/timetable.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[day-{id}]\ncounts_from = "flight"\nwhat = "停。"\ndays = -9\nfacts = ["{id}"]\n')
    return folder


def found(folder: Path) -> tuple[list[str], Callable]:
    """Return what is wrong with a content folder, and what checks what its sheets print."""
    problems = Problems()
    content = load(folder, problems)
    template = SheetTemplate(ROOT / "theme/templates", content.data, SITE)

    def check(rule: Callable, *first: object) -> list[str]:
        return list(map(str, rule(*first, editions(content), template, folder)))

    return list(map(str, problems)), check


@pytest.mark.parametrize("mark", ["[@rumour]", " [=rumour]", "[~day-rumour]"])
@pytest.mark.parametrize("place", CITING)
def test_an_unsure_fact_reaches_no_printed_place(folder, place, mark):
    path, line = CITING[place](folder, mark)

    problems, _ = found(folder)

    assert f"{path}:{line}: The sheet prints this, and `rumour` is unsure. Say it further down." in problems


@pytest.mark.parametrize("mark", ["[@old]", " [=old]", "[~day-old]"])
@pytest.mark.parametrize("place", CITING)
def test_an_old_fact_in_any_printed_place_stops_the_sheet(folder, place, mark):
    CITING[place](folder, mark)

    problems, check = found(folder)

    assert problems == []
    assert any(
        "`old` was read on 2020-01-01, more than 730 days before" in text for text in check(stale_facts)
    )


@pytest.mark.parametrize("place", PRINTED)
def test_a_character_without_a_shape_is_named_in_any_printed_place(folder, place):
    path, line = PRINTED[place](folder, "ไ")

    problems, check = found(folder)

    assert problems == []
    assert check(unprintable, "ไ") == [
        f"{path}:{line}: No font can print U+0E44 “ไ”. Write it in other characters."
    ]


def test_the_date_of_a_sheet_is_that_of_the_oldest_fact_in_any_place(folder):
    in_guide(who="人{}")(folder, "[@old]")

    content = load(folder, Problems())
    template = SheetTemplate(ROOT / "theme/templates", content.data, SITE)

    assert str(template.selection.oldest(Edition(guide=content.guides[0]))) == "2020-01-01"


@pytest.mark.parametrize("guide", sorted((ROOT / "content/guides").glob("*.md")), ids=lambda path: path.stem)
def test_the_list_is_exactly_what_the_sheet_shows(real_content, guide):
    """Each run of Chinese in the source gets another character; those on the sheet are those of the list."""
    numbers = count(0x3400)
    drafts = []
    for path in (guide, *sorted((ROOT / "content/shared").glob("*.md"))):
        text = re.sub(f"[{HAN}]+", lambda run: run[0] + chr(next(numbers)), path.read_text(encoding="utf-8"))
        drafts.append(split(path, path.parent.name, text, Problems()))
    parsed = parse_guide(
        replace(drafts[0], shared=tuple(drafts[1:])), real_content.data, lambda target: target
    )
    template = SheetTemplate(ROOT / "theme/templates", real_content.data, SITE)

    def marks(text: str) -> set[str]:
        return {char for char in text if 0x3400 <= ord(char) < 0x4DC0}

    listed = {
        char
        for draft in drafts
        for one in printed_texts(draft, real_content.data)
        for char in marks(one.text)
    }
    large = marks(parsed.card)  # only the large print shows it
    assert marks(template.model(Edition(guide=parsed))) | large == listed
    assert len(listed) > 50
