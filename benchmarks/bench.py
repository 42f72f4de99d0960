"""Measure builds: ./inv bench.

In: the project. Out: a table, and the same as JSON. Everything runs in a copy of the project, as whole commands, one after
the other. What is compared runs in turns, so that a busy minute affects it all. Each figure is the median of its runs.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import others
from .builds import Cost, build, build_cold, change, copy_project, median
from .generate import generate

GUIDES = (10, 100, 1000, 5000)
"""Numbers of guides that are added to see how a build grows."""
SHEETS = ("prepaid", "mobile", "4g", "5g", "data")
CHANGES = ("word", "printed word", "fact")


def run(*, root: Path, json_file: str = "", quick: bool = False, guides: int = 100) -> None:
    """Measure all, print the table, write the JSON."""
    runs, counts = (1, [10]) if quick else (5, [count for count in GUIDES if count <= guides])
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        project = copy_project(root, Path(name) / "project")
        figures = {
            "machine": f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}",
            "load": round(os.getloadavg()[0], 1),
            "left out": others.left_out(),
            **side_by_side(project, Path(name) / "plain", runs),
            "changes": changes(project, runs),
            "growth": growth(project, Path(name), counts),
        }
    for line in table(figures):
        print(line)
    if json_file:
        Path(json_file).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def side_by_side(project: Path, plain: Path, runs: int) -> dict[str, Any]:
    """Return what the site and one sheet cost here and in other ways, in turns."""
    others.plain_pelican(project, plain)
    build(project)  # compiles the modules and reads the fonts' files once
    missing = others.left_out()
    costs: dict[str, list[Cost]] = {"cold": [], "cached": [], "plain Pelican": []}
    sizes: dict[str, list[float]] = {}
    for number in range(runs):
        costs["cold"].append(build_cold(project))
        costs["cached"].append(build(project, "content", "--force"))
        costs["plain Pelican"].append(others.build_plain(plain))
        guide = SHEETS[number % len(SHEETS)]
        sizes.setdefault("ours", []).append((project / f"output/handouts/{guide}.pdf").stat().st_size / 1000)
        for name, way in (("Chromium", others.print_with_chromium), ("Typst", others.set_with_typst)):
            if name not in missing:
                cost, size = way(project, guide)
                costs.setdefault(name, []).append(cost)
                sizes.setdefault(name, []).append(size)
    listing = json.loads((project / "output/handouts.json").read_text(encoding="utf-8"))
    return {
        "PDFs": len(listing),
        "costs": {name: asdict(median(values)) for name, values in costs.items()},
        "KB": {name: round(statistics.median(values), 1) for name, values in sizes.items()},
    }


def changes(project: Path, runs: int) -> dict[str, dict[str, float]]:
    """Return the cost of builds after nothing, one word or one fact was changed."""
    build(project)
    figures = {"nothing": asdict(median([build(project) for _ in range(2 * runs + 1)]))}
    for what in CHANGES:
        costs = []
        for number in range(runs):
            change(project, what, number)
            costs.append(build(project))
        figures[what] = asdict(median(costs))
    return figures


def growth(project: Path, folder: Path, counts: list[int]) -> dict[str, dict[str, float]]:
    """Return, by number of guides added, time and memory of a cold and a cached build, and the size of the site."""
    figures = {}
    for count in (0, *counts):
        content = generate(project / "content", folder / f"content-{count}", count)
        cold, cached = build_cold(project, content), build(project, content, "--force")
        files = [path.stat().st_size for path in (project / "output").rglob("*") if path.is_file()]
        figures[str(count)] = {
            "cold CPU": round(cold.cpu, 2),
            "cached CPU": round(cached.cpu, 2),
            "peak MB": round(max(cold.peak_mb, cached.peak_mb)),
            "files": len(files),
            "output MB": round(sum(files) / 1e6, 1),
        }
    return figures


def table(figures: dict[str, Any]) -> Iterator[str]:
    yield f"{figures['machine']}; load {figures['load']} at the start; medians"
    yield from ("", f"{'whole commands':34}{'seconds':>10}{'of CPU':>10}{'peak MB':>10}")
    rows = {**figures["costs"], **{f"{name} changed": cost for name, cost in figures["changes"].items()}}
    for name, cost in rows.items():
        yield f"{name:34}{cost['wall']:10.2f}{cost['cpu']:10.2f}{cost['peak_mb']:10.0f}"
    costs = figures["costs"]
    each = (costs["cold"]["cpu"] - costs["cached"]["cpu"]) / figures["PDFs"]
    yield from ("", f"One PDF, seconds of CPU: {each:.3f} (cold less cached, {figures['PDFs']} PDFs)")
    yield "A sheet, KB: " + ", ".join(f"{name} {size}" for name, size in figures["KB"].items())
    yield from (f"{name}: {reason}" for name, reason in figures["left out"].items())
    yield from ("", f"{'guides added':16}" + "".join(f"{count:>10}" for count in figures["growth"]))
    for name in figures["growth"]["0"]:
        yield f"{name:16}" + "".join(f"{one[name]:10.4g}" for one in figures["growth"].values())
