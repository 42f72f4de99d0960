"""Run whole commands in a copy of the project, and measure what they cost.

In: the project. Out: costs, with all processes that a command started and waited for.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PARTS = ("handouts", "theme", "content", "tasks.py", "pelicanconf.py", "requirements.lock")
GUIDE = "content/guides/prepaid.md"
FACTS, FACT = "content/data/facts.toml", "base-phone"
"""A phone number, on the sheets for that operator and in tables of pages."""
PRINTED = re.compile(r"^(- \[ \] \*\*)(?!.*sheet=no)(.)(?!\2)(.)", re.MULTILINE)
"""The first two characters of a step: on the page and on paper."""
EXPLAINED = re.compile(r"(\n  )(\w)(?!\2)(\w)")
"""The first two characters of an explanation: on the page only."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds, seconds of all its processes (user and system), memory of the largest in MB."""

    wall: float
    cpu: float
    peak_mb: float


def run(*command: object, cwd: Path) -> Cost:
    """Run a command that has to succeed."""
    with tempfile.TemporaryFile("w+") as log:
        start = time.perf_counter()
        process = subprocess.Popen([*map(str, command)], cwd=cwd, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))} failed: {log.read()[-500:]}")
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, kilobytes on Linux
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def median(costs: list[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in Cost.__slots__))


def copy_project(root: Path, project: Path) -> Path:
    """Copy what a build needs; its cache is then its own."""
    project.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            shutil.copytree(root / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(root / part, project / part)
    return project


def build(project: Path, content: Path | str = "content", *options: str) -> Cost:
    """Build as a writer does."""
    command = (sys.executable, "-m", "invoke", "--search-root", project, "build")
    return run(*command, "--content", content, "--output", "output", *options, cwd=project)


def build_cold(project: Path, content: Path | str = "content") -> Cost:
    """Build without anything that earlier builds left."""
    for name in (".cache", "output"):
        shutil.rmtree(project / name, ignore_errors=True)
    return build(project, content)


def change(project: Path, what: str, number: int) -> None:
    """Change one word or one fact, each time another."""
    path = project / (FACTS if what == "fact" else GUIDE)
    text = path.read_text(encoding="utf-8")
    if what == "fact":
        head, _, tail = text.partition(f"[{FACT}]\n")
        tail = re.sub(r'(?m)^(value = ".*)\d(?="$)', lambda match: f"{match[1]}{number % 10}", tail, count=1)
        text = f"{head}[{FACT}]\n{tail}"
    else:
        match = [*(PRINTED if what == "printed word" else EXPLAINED).finditer(text)][number]
        text = text[: match.start()] + match.expand(r"\1\3\2") + text[match.end() :]
    path.write_text(text, encoding="utf-8")
