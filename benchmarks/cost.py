"""What a command costs: time on the clock, time of the processor, memory.

In: a command, or work to do here. Out: its Cost. A command counts with all processes it started and waited for.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all its processes, user and system."""
    peak_mb: float
    """The most memory its largest process held, in MB."""


def run(*command: object, cwd: Path) -> tuple[Cost, str]:
    """Run a command that has to succeed; return its cost and what it printed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen([*map(str, command)], cwd=cwd, stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)  # of its children too, and of the largest of all
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))} failed: {errors.read()[-500:]}")
        unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, kilobytes on Linux
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6), out.read()


def child(project: Path, *arguments: object) -> dict[str, Any]:
    """Measure inside a process of its own, so that nothing is loaded before; see inside.py."""
    _, said = run(sys.executable, "-m", "benchmarks.inside", *arguments, cwd=project)
    return json.loads(said.splitlines()[-1])


def median(values: Iterable[float]) -> float:
    """Return the median, in tenths of a millisecond."""
    return round(statistics.median(values), 4)


def medians(name: str, costs: list[Cost]) -> dict[str, float]:
    """Return the median times of several runs: `name` by the clock, `name, CPU` of the processor."""
    return {name: median(cost.wall for cost in costs), f"{name}, CPU": median(cost.cpu for cost in costs)}
