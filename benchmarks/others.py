"""Other ways to the same: Chromium's print-to-PDF, Typst, plain Pelican.

In: the project and the sheets that inside.py prepared. Out: for each way its commands, or the sentence why it is
left out. The sheets have the same text in the same fonts, and each way's PDF is read back to hold it to that.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from .cost import Cost, run

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
TYPST = """\
import sys, typst
typst.compile(
    "sheet.typ", output=f"{sys.argv[1]}.typst.pdf", format="pdf", sys_inputs={"tree": f"{sys.argv[1]}.json"},
    font_paths=["typst-fonts"], ignore_system_fonts=True, pdf_standards="ua-1",
)
"""
HINTING = "--font-render-hinting=none"
"""Else letters are as wide as on a screen, and the sheet takes two pages."""
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", HINTING)


def find_chromium() -> str | None:
    """Return the browser's path."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def left_out() -> dict[str, str]:
    """Return why a way is left out, by its name."""
    missing = {}
    if not find_chromium():
        missing["Chromium"] = "Chromium is not installed."
    if not importlib.util.find_spec("playwright") or "Chromium" in missing:
        missing["Chromium kept running"] = "Playwright or Chromium is not installed."
    if not importlib.util.find_spec("typst"):
        missing["Typst"] = "Typst is not installed; docs/benchmark.md says how."
    return missing


def print_with_chromium(sheet: Path) -> Cost:
    """Print a page as a user would, with a fresh process."""
    pdf = sheet.with_suffix(".chromium.pdf")
    cost, _ = run(find_chromium(), *FLAGS, f"--print-to-pdf={pdf}", sheet.as_uri(), cwd=sheet.parent)
    return cost


def set_with_typst(sheets: Path, name: str) -> Cost:
    """Set one prepared sheet with a fresh process."""
    cost, _ = run(sys.executable, "-c", TYPST, name, cwd=sheets)
    return cost


def plain_pelican(project: Path, plain: Path) -> Path:
    """Write the same articles for Pelican as it comes: its own reader, its own simplest theme."""
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


def build_plain(plain: Path) -> Cost:
    """Build the articles."""
    cost, _ = run(sys.executable, "-m", "pelican", "content", "-o", "output", "-s", "conf.py", cwd=plain)
    return cost
