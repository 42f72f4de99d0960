"""Lighthouse on home and the guides, as a phone on a slow network (its own default), at 127.0.0.1.

In: an address that is being served. Out: scores, times and findings. The first run of a page gives all categories;
performance depends on what else the machine does, so it is the median of RUNS runs, throttled by simulation.
A browser trusts 127.0.0.1 as it trusts https, so no rule is left out.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handouts.errors import MachineError

from . import chromium
from .finding import Finding
from .tools import Tools, clean

WANTED = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 98}
"""Scores of 100 that a page must have at least."""
RUNS = 3
ATTEMPTS = 3
"""A busy machine makes Lighthouse miss the start of a page; "please run Lighthouse again", it then says."""
TIMES = {"first-contentful-paint": "FCP", "largest-contentful-paint": "LCP", "total-blocking-time": "TBT"}
CHROME = "--headless --no-sandbox --disable-gpu"
PERFECT = 1.0


@dataclass(frozen=True)
class Scores:
    """What Lighthouse says of one page."""

    page: str
    scores: dict[str, int]
    milliseconds: dict[str, int]
    """FCP, LCP, TBT: medians."""
    findings: list[Finding]


def measure(address: str, pages: Iterable[str], report: Path, tools: Tools) -> Iterator[Scores]:
    """Yield the scores of each page; the whole report of its first run goes to a file of its own."""
    report.mkdir(parents=True, exist_ok=True)
    for page in pages:
        url = address + page.removesuffix("index.html")
        name = page.removesuffix("/index.html").removesuffix(".html").replace("/", "-")
        whole = _run(url, report / name, "html", tools=tools)
        runs = [whole, *(_run(url, report / name, only="performance", tools=tools) for _ in range(RUNS - 1))]
        yield _scores(page, whole, runs)


def _scores(page: str, whole: dict[str, Any], runs: list[dict[str, Any]]) -> Scores:
    scores = {name: round(category["score"] * 100) for name, category in whole["categories"].items()}
    scores["performance"] = round(
        100 * statistics.median(run["categories"]["performance"]["score"] for run in runs)
    )
    times = {
        short: round(statistics.median(run["audits"][name]["numericValue"] for run in runs))
        for name, short in TIMES.items()
    }
    findings = [
        finding
        for category, least in WANTED.items()
        if scores[category] < least
        for finding in _lost(page, category, scores[category], whole)
    ]
    return Scores(page, scores, times, findings)


def _lost(page: str, category: str, score: int, run: dict[str, Any]) -> Iterator[Finding]:
    """Yield what cost points: the weighed audits that are not perfect, with the elements they name."""
    for reference in run["categories"][category]["auditRefs"]:
        audit = run["audits"][reference["id"]]
        if not reference["weight"] or audit["score"] is None or audit["score"] >= PERFECT:
            continue
        items = audit.get("details", {}).get("items", [])
        places = [item["node"]["selector"] for item in items if "selector" in item.get("node", {})] or [""]
        text = f"{category} {score} of {WANTED[category]}. {audit['title']}: {audit.get('displayValue', '')} {audit['description']}"
        for place in places:
            yield Finding(page, "lighthouse", reference["id"], place, " ".join(text.split()))


def _run(url: str, report: Path, *forms: str, tools: Tools, only: str = "") -> dict[str, Any]:
    """Run Lighthouse once and return its result; `forms` are kept beside the JSON."""
    command = [
        tools.node,
        tools.lighthouse,
        url,
        "--quiet",
        f"--chrome-flags={CHROME}",
        f"--output-path={report}",
    ]
    command += [f"--output={form}" for form in ("json", *forms)]
    command += [f"--only-categories={only}", "--disable-full-page-screenshot"] if only else []
    environment = {**clean(os.environ), "CHROME_PATH": chromium.find()}
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode == 0:
            written = Path(f"{report}.report.json") if forms else report
            return json.loads(written.read_text(encoding="utf-8"))
    raise MachineError(f"Lighthouse did not run: {done.stderr.strip()[-500:]}")
