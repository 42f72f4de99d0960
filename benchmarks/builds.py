"""Measure the builds a writer runs: from nothing, with nothing changed, with one word or fact changed.

In: the copy of the project. Out: medians of wall time, whole commands.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from .cost import Cost, medians, run

GUIDE = "content/guides/prepaid.md"
FACTS, FACT = "content/data/facts.toml", "base-phone"
"""A number: on the sheets for that operator and in the tables of numbers."""
PRINTED = re.compile(r"^(- \[ \] \*\*)(?!.*sheet=no)(.)(?!\2)(.)", re.MULTILINE)
"""The first two characters of a step: on the page and on paper."""
EXPLAINED = re.compile(r"(\n  )(\w)(?!\2)(\w)")
"""The first two characters of what explains a step: on the page only."""


def build(project: Path, content: Path | str = "content", *options: str) -> Cost:
    """Run the command a writer runs."""
    command = (sys.executable, "-m", "invoke", "--search-root", project, "build")
    cost, _ = run(*command, "--content", content, "--output", "output", *options, cwd=project)
    return cost


def forget(project: Path) -> None:
    """Delete what builds left."""
    shutil.rmtree(project / ".cache", ignore_errors=True)
    shutil.rmtree(project / "output", ignore_errors=True)


def swapped(text: str, place: re.Pattern[str], number: int) -> str:
    """Return a text whose place of this number, from 0, has its characters swapped: another word, as long."""
    match = [*place.finditer(text)][number]
    return text[: match.start()] + match.expand(r"\1\3\2") + text[match.end() :]


def counted_up(facts: str) -> str:
    """Return the facts with another last digit in the value of one that sheets print."""
    start = facts.index(f"[{FACT}]\n")
    changed = re.sub(r'^(value = ".*)(\d)(?="$)', _next_digit, facts[start:], count=1, flags=re.MULTILINE)
    return facts[:start] + changed


def _next_digit(match: re.Match[str]) -> str:
    return f"{match[1]}{(int(match[2]) + 1) % 10}"


def builds(project: Path, runs: int) -> dict[str, float]:
    """Return the medians of each kind of build after the first; each run changes something that was never so before."""
    guide, facts = project / GUIDE, project / FACTS
    build(project)
    figures = medians("nothing changed", [build(project) for _ in range(2 * runs + 1)])
    changes = {
        "one word changed": (guide, lambda text, number: swapped(text, EXPLAINED, number)),
        "one printed word changed": (guide, lambda text, number: swapped(text, PRINTED, number)),
        "one printed fact changed": (facts, lambda text, _: counted_up(text)),
    }
    for name, (path, change) in changes.items():
        taken = []
        for number in range(runs):
            path.write_text(change(path.read_text(encoding="utf-8"), number), encoding="utf-8")
            taken.append(build(project))
        figures |= medians(name, taken)
    return figures
