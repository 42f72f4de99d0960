"""Read golden cases: a title, a line with a dot, the input, a dot, what is expected, a dot.

What stands above the first title explains the file.
"""

import re
from pathlib import Path
from typing import NamedTuple

from tests.build_tools import edit

CASES = Path(__file__).resolve().parent / "cases"


class Case(NamedTuple):
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


def change(folder: Path, given: str) -> tuple[str, bool]:
    """Change one place of a file as a case says, or write a new file; return its name, and whether it is new.

    `old`, a line `=>`, and `new` follow the name; without `=>` it is a new file.
    """
    name, _, changed = given.partition("\n")
    old, arrow, new = changed.partition("\n=>\n")
    if arrow:
        edit(folder / name, old, new.removesuffix("\n"))
    else:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(changed, encoding="utf-8")
    return name, not arrow


def said_of(name: str, case: Case) -> list[str]:
    """Return the messages that a case expects, each with its place; those that name no file are of the one that changed."""
    lines = case.expected.split("\n") if case.expected else []
    return [f"content/{name}:{line}" if line[0].isdigit() else f"content/{line}" for line in lines]
