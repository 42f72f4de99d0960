"""Measure builds: ./inv bench.

In: the project. Out: a table, and the same as JSON: medians in seconds and what they are compared with. Everything
runs in a copy of the project with a cache of its own, as a user would run it, one after the other on one machine;
what is not installed is left out, with a sentence. Wall time of whole commands, CPU time inside a process.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PARTS = ("handouts", "theme", "content", "benchmarks", "tasks.py", "pelicanconf.py", "requirements.lock")
WORD, OTHER = "旧号码", "老号码"
"""A word of an explanation in the prepaid guide, and another as long."""
LEAD, OTHER_LEAD = "**查余额", "**看余额"


def run(*, root: Path, json_file: str = "", quick: bool = False, full: bool = False) -> None:
    """Measure all, print the table, write the JSON."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        figures = measure(root, Path(name), quick=quick, full=full)
    for line in table(figures):
        print(line)
    if json_file:
        Path(json_file).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def measure(root: Path, folder: Path, *, quick: bool, full: bool) -> dict[str, Any]:
    """Return all figures."""
    project = copy_project(root, folder / "project")
    runs = 1 if quick else 5
    figures: dict[str, Any] = {"machine": machine(), "builds": builds(project, runs)}
    figures["sheet"] = child(project, "sheet", str(3 if quick else 15))
    figures["others"], figures["left_out"] = others(project, folder, runs)
    counts = [10] if quick else [10, 100, 1000] if full else [10, 100]
    figures["scale"] = scale(project, folder, counts)
    return figures


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def copy_project(root: Path, project: Path) -> Path:
    """Copy what a build needs; its cache is then its own."""
    project.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            shutil.copytree(root / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(root / part, project / part)
    return project


# --- Our own builds ---------------------------------------------------------------------------------------------


def build(project: Path, content: str = "content") -> float:
    """Run the command a writer runs; return its wall time."""
    command = (sys.executable, "-m", "invoke", "--search-root", project, "build")
    return timed(*command, "--content", content, "--output", "output", cwd=project)


def builds(project: Path, runs: int) -> dict[str, float]:
    """Return the median of each kind of build."""
    guide, facts = project / "content/guides/prepaid.md", project / "content/data/facts.toml"
    word, lead = guide.read_text(encoding="utf-8"), facts.read_text(encoding="utf-8")
    at = lead.index('value = "€')
    fact = lead[:at] + lead[at:].replace('value = "€', 'value = "€1', 1)
    changes = {
        "one word changed": lambda n: _rewrite(guide, word, WORD, OTHER, n),
        "one printed word changed": lambda n: _rewrite(guide, word, LEAD, OTHER_LEAD, n),
        "one fact changed": lambda n: facts.write_text(lead if n % 2 else fact, encoding="utf-8"),
    }
    figures = {"cold": median(max(1, runs // 2), lambda _: build(project), before=lambda: _forget(project))}
    build(project)
    figures["nothing changed"] = median(runs * 2 + 1, lambda _: build(project))
    for name, change in changes.items():
        times = []
        for number in range(runs):
            shutil.rmtree(project / ".cache/sheets.kept", ignore_errors=True)
            shutil.copytree(project / ".cache/sheets", project / ".cache/sheets.kept")
            change(2 * number)
            times.append(build(project))
            change(2 * number + 1)
            shutil.rmtree(project / ".cache/sheets")  # so that the next run finds the change as new
            (project / ".cache/sheets.kept").rename(project / ".cache/sheets")
            build(project)
        figures[name] = round(statistics.median(times), 3)
    return figures


def _rewrite(path: Path, text: str, old: str, new: str, number: int) -> None:
    assert old in text, f"{path} no longer says {old}: choose another word in benchmarks/bench.py"
    path.write_text(text if number % 2 else text.replace(old, new, 1), encoding="utf-8")


def _forget(project: Path) -> None:
    shutil.rmtree(project / ".cache", ignore_errors=True)
    shutil.rmtree(project / "output", ignore_errors=True)


def scale(project: Path, folder: Path, counts: Iterable[int]) -> dict[str, dict[str, float]]:
    """Return what each further guide costs, and the peak of memory of the largest process."""
    from .generate import generate

    _forget(project)
    base = build(project)
    figures = {}
    for count in counts:
        content = generate(project / "content", folder / f"content-{count}", count)
        _forget(project)
        cold = build(project, str(content))
        again = build(project, str(content))
        peak = child(project, "peak", str(content))
        figures[str(count)] = {
            "cold": cold,
            "nothing changed": again,
            "each": round((cold - base) / count, 4),
            "each from cache": round((peak["seconds"]) / count, 4),
            "peak MB": peak["peak_mb"],
        }
    return figures


# --- Others -----------------------------------------------------------------------------------------------------


def others(project: Path, folder: Path, runs: int) -> tuple[dict[str, float], list[str]]:
    """Return medians of other ways to the same, and a sentence for each that is not installed."""
    figures, left_out = {}, []
    sheet = child(project, "html", str(folder))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
        command = (chromium, *flags, f"--print-to-pdf={folder / 'c.pdf'}", Path(sheet["path"]).as_uri())
        figures["Chromium, one sheet"] = median(runs, lambda _: timed(*command, cwd=folder))
    else:
        left_out.append("Chromium is not installed.")
    try:
        import typst
    except ImportError:
        left_out.append("Typst is not installed (pip install typst, by hand).")
    else:
        source = folder / "sheet.typ"
        source.write_text(
            '#set page(paper: "a4", margin: 10mm)\n#set text(font: ("Noto Sans", "Noto Sans CJK SC"), 10.5pt)\n'
            + "".join(f"#{json.dumps(line, ensure_ascii=False)}\n\n" for line in sheet["lines"]),
            encoding="utf-8",
        )
        typst.compile(source)  # finds the fonts
        figures["Typst, the text of one sheet"] = median(
            runs, lambda _: clocked(lambda: typst.compile(source))
        )
    plain = plain_pelican(project, folder / "plain")
    command = (
        sys.executable,
        "-m",
        "pelican",
        plain / "content",
        "-o",
        plain / "output",
        "-s",
        plain / "conf.py",
    )
    figures["plain Pelican, the same articles"] = median(runs, lambda _: timed(*command, cwd=plain))
    return figures, left_out


def plain_pelican(project: Path, plain: Path) -> Path:
    """Write the same articles for Pelican as it comes: its own reader, its own theme."""
    (plain / "content").mkdir(parents=True)
    for path in sorted((project / "content").rglob("*.md")):
        _, front, body = [*path.read_text(encoding="utf-8").split("---\n", 2), "", ""][:3]
        if front and not body:
            continue
        head = f"Title: {path.stem}\nSlug: {path.parent.name}-{path.stem}\nDate: 2026-11-20\n\n"
        (plain / "content" / f"{path.parent.name}-{path.stem}.md").write_text(head + body, encoding="utf-8")
    conf = 'THEME = "simple"\nTIMEZONE = "Europe/Brussels"\nFEED_ALL_ATOM = CATEGORY_FEED_ATOM = None\n'
    conf += "TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\n"
    (plain / "conf.py").write_text(conf, encoding="utf-8")
    return plain


# --- How it is measured -----------------------------------------------------------------------------------------


def timed(*command: object, cwd: Path) -> float:
    """Return the wall time of a command that has to succeed."""
    start = time.perf_counter()
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-500:]}")
    return round(seconds, 3)


def clocked(work: Callable[[], object]) -> float:
    """Return the wall time of some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(runs: int, work: Callable[[int], float], before: Callable[[], None] | None = None) -> float:
    """Return the median of several runs."""
    times = []
    for number in range(runs):
        if before:
            before()
        times.append(work(number))
    return round(statistics.median(times), 4)


def child(project: Path, what: str, argument: str) -> dict[str, Any]:
    """Measure inside a process of its own, so that nothing is loaded before."""
    command = [sys.executable, "-m", "benchmarks.inside", what, str(project), argument]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{what} failed: {done.stderr[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def peak_mb() -> int:
    """Return the most memory this process or the largest of its children ever held."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, kilobytes on Linux
    return round(max(resource.getrusage(one).ru_maxrss for one in who) * unit / 1e6)


# --- The table --------------------------------------------------------------------------------------------------


def table(figures: dict[str, Any]) -> Iterable[str]:
    """Yield the table."""
    host = figures["machine"]
    yield f"Python {host['python']}, {host['cores']} cores, load {host['load']:.1f} at the start; medians in seconds"
    yield ""
    for name, seconds in figures["builds"].items():
        yield f"{name:34} {seconds:9.3f}"
    sheet, plain = figures["sheet"], figures["others"]["plain Pelican, the same articles"]
    yield ""
    for name, seconds in sheet.items():
        yield f"{'one sheet, ' + name + ' (CPU)':34} {seconds:9.4f}"
    yield ""
    for name, seconds in figures["others"].items():
        whole = "sheet" in name
        ours = sheet["fit, write and proof"] if whole else figures["builds"]["cold"]
        yield f"{name:34} {seconds:9.3f}   ours is {ours:.3f}, {ours / seconds:.2f} times that"
    changed = figures["builds"]["one word changed"]
    yield f"{'one word changed, to plain Pelican':34} {changed / plain:9.2f}   times"
    yield from figures["left_out"]
    yield ""
    yield f"{'guides added':>12} {'cold':>8} {'each':>8} {'cached':>8} {'unchanged':>10} {'peak MB':>8}"
    for count, one in figures["scale"].items():
        yield (
            f"{count:>12} {one['cold']:8.2f} {one['each']:8.4f} {one['each from cache']:8.4f} "
            f"{one['nothing changed']:10.3f} {one['peak MB']:8}"
        )
