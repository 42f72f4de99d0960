"""Read golden cases: a title, a line with a dot, the input, a dot, what is expected, a dot.

What stands above the first title explains the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).resolve().parent / "cases"


class Case(NamedTuple):
    """One input and what is to come of it."""

    title: str
    given: str
    expected: str


def cases(name: str) -> list[Case]:
    """Return the cases of tests/cases/<name>.md."""
    *blocks, rest = re.split(r"(?m)^\.\n", (CASES / f"{name}.md").read_text(encoding="utf-8"))
    assert len(blocks) % 3 == 0, f"{name}.md has an unfinished case"
    assert not rest.strip(), f"{name}.md has text after its last case"
    found = [
        Case(title.strip().split("\n")[-1], given, expected.removesuffix("\n"))
        for title, given, expected in zip(blocks[0::3], blocks[1::3], blocks[2::3], strict=True)
    ]
    assert len({case.title for case in found}) == len(found), f"{name}.md has a title twice"
    return found
