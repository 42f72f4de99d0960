"""Measure how a build grows with the guides: time per guide, memory, what a reader's device loads.

In: the copy of the project, how many guides are added. Out: for each number the further CPU time per guide, the
memory of the largest process, and the size of what grows. The largest number takes most of the time: 1,000 guides are
2,000 PDFs to print.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from .builds import build, forget
from .generate import generate

GROWING = {
    "home KB": "index.html",
    "search page KB": "search/index.html",
    "search.json KB": "search.json",
    "feed KB": "feeds/atom.xml",
    "sitemap KB": "sitemap.xml",
    "handouts.json KB": "handouts.json",
}


def scale(project: Path, folder: Path, counts: Iterable[int]) -> dict[str, dict[str, float]]:
    """Return the figures by number of guides; 0 is the content of today."""
    figures: dict[str, dict[str, float]] = {}
    for count in (0, *counts):
        content = generate(project / "content", folder / f"content-{count}", count)
        forget(project)
        cold, cached, again = (
            build(project, content),
            build(project, content, "--force"),
            build(project, content),
        )
        one = {
            "cold": round(cold.wall, 2),
            "cold, CPU": round(cold.cpu, 2),
            "cached, CPU": round(cached.cpu, 2),
            "nothing changed": round(again.wall, 3),
            "peak MB": round(max(cold.peak_mb, cached.peak_mb)),
        }
        if count:
            for name in ("cold, CPU", "cached, CPU"):
                one[f"{name}, each"] = round((one[name] - figures["0"][name]) / count, 4)
        output = project / "output"
        files = [path.stat().st_size for path in output.rglob("*") if path.is_file()]
        one |= {"files": len(files), "output MB": round(sum(files) / 1e6, 1)}
        one |= {name: round((output / path).stat().st_size / 1000, 1) for name, path in GROWING.items()}
        one["search.json.gz KB"] = round(len(gzip.compress((output / "search.json").read_bytes())) / 1000, 1)
        figures[str(count)] = one
    return figures
