"""Measure builds: ./inv bench.

In: the project. Out: a table of figures, aims beside them, and the same as JSON. Everything runs in a copy of the
project with a cache of its own, as a user would run it, one after the other on one machine; what is compared takes
turns, so that a busy minute meets both. Each figure is the median of its runs, files already read once.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from . import others
from .builds import build, builds, forget
from .cost import child, median, medians
from .cost import run as run_command
from .saves import saves
from .scale import scale
from .table import table

PARTS = ("handouts", "theme", "content", "benchmarks", "tasks.py", "pelicanconf.py", "requirements.lock")
GUIDES = (10, 100, 1000, 5000)
"""How many are added to see how a build grows."""
LIBRARIES = ("weasyprint", "pydyf", "pelican", "typst")


def run(*, root: Path, json_file: str = "", quick: bool = False, guides: int = 100) -> None:
    """Measure all, print the table, write the JSON."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        figures = measure(root, Path(name), quick=quick, guides=guides)
    figures["machine"]["load at the end"] = load()
    for line in table(figures):
        print(line)
    if json_file:
        Path(json_file).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def measure(root: Path, folder: Path, *, quick: bool, guides: int) -> dict[str, Any]:
    """Return all figures."""
    project = copy_project(root, folder / "project")
    runs = 1 if quick else 5
    figures: dict[str, Any] = {"machine": machine(), "left_out": others.left_out()}
    figures |= side_by_side(project, folder, runs, sheets=2 if quick else 12)
    figures["builds"] |= builds(project, runs)
    figures["saves"] = saves(project, runs)
    figures["scale"] = scale(
        project, folder, [count for count in GUIDES if count <= (10 if quick else guides)]
    )
    return figures


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    browser = others.find_chromium()
    if browser:
        _, said = run_command(browser, "--version", cwd=Path.cwd())
        versions[Path(browser).name] = said.strip()
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load at the start": load(),
        "versions": versions,
    }


def load() -> float:
    """Return how many processes wanted a core in the last minute."""
    return round(os.getloadavg()[0], 1)


def copy_project(root: Path, project: Path) -> Path:
    """Copy what a build needs; its cache is then its own."""
    project.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            shutil.copytree(root / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(root / part, project / part)
    return project


def side_by_side(project: Path, folder: Path, runs: int, sheets: int) -> dict[str, Any]:
    """Return what a sheet and a whole site take in each way, the ways in turns."""
    prepared = folder / "sheets"
    told = child(project, "prepare", prepared, sheets)
    plain = others.plain_pelican(project, folder / "plain")
    missing = others.left_out()
    build(project)  # compiles our modules and reads the fonts' files once
    taken: dict[str, list[dict[str, float]]] = {}
    for number in range(runs):
        name = told["sheets"][1 + number % sheets]
        taken.setdefault("ours", []).append(child(project, "ours", prepared))
        if "Typst" not in missing:
            alone = others.set_with_typst(prepared, name)
            taken.setdefault("Typst", []).append(
                child(project, "typst", prepared) | medians("fresh process", [alone])
            )
        if "Chromium" not in missing:
            alone = others.print_with_chromium(prepared / f"{name}.html")
            taken.setdefault("Chromium", []).append(medians("fresh process", [alone]))
        if "Chromium kept running" not in missing:
            taken.setdefault("Chromium kept running", []).append(child(project, "chromium", prepared))
        taken.setdefault("plain Pelican", []).append(medians("fresh process", [others.build_plain(plain)]))
        forget(project)
        cost = build(project)
        taken.setdefault("builds", []).append(medians("cold", [cost]) | {"cold, peak MB": cost.peak_mb})
    figures = {
        name: {key: median(one[key] for one in costs) for key in costs[0]} for name, costs in taken.items()
    }
    listing = json.loads((project / "output/handouts.json").read_text(encoding="utf-8"))
    made = {
        "sheets": sum("version" in entry for entry in listing.values()),
        "PDFs": len(listing),
    }
    return {
        "builds": made | figures.pop("builds"),
        "sheet": figures.pop("ours") | {"KB": median(told["KB"]), "largest KB": max(told["KB"])},
        "others": figures,
    }
