"""Other ways to the same result: Chromium's print-to-PDF, Typst, plain Pelican.

In: a built project. Out: for each way its cost, or the sentence why it is left out. Chromium prints the page that looks
like the sheet; Typst sets its words in the same faces and sizes. Each PDF is read back: it must hold our text.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as etree
from pathlib import Path
from urllib.parse import unquote

import pypdfium2

from handouts.pdf.verify import tree

from .builds import Cost, run

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--font-render-hinting=none",
)  # fmt: skip
"""Without the last, letters are as wide as on a screen, and the sheet takes two pages."""
TYPST = """\
import sys, typst
inputs = dict(zip(("points", "title"), sys.argv[1:]))
typst.compile("sheet.typ", output="typst.pdf", format="pdf", sys_inputs=inputs, pdf_standards="ua-1")
"""


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


def left_out() -> dict[str, str]:
    """Return why a way is left out, by its name."""
    missing = {} if find_chromium() else {"Chromium": "Chromium is not installed."}
    if not importlib.util.find_spec("typst"):
        missing["Typst"] = "Typst is not installed; docs/benchmark.md says how."
    return missing


def print_with_chromium(project: Path, guide: str) -> tuple[Cost, float]:
    """Print a sheet's web page; return the cost, and the size in KB."""
    page, pdf = project / f"output/{guide}/sheet/index.html", project / "chromium.pdf"
    cost = run(find_chromium(), *FLAGS, f"--print-to-pdf={pdf}", page.resolve().as_uri(), cwd=project)
    return cost, _size(pdf, project / f"output/handouts/{guide}.pdf")


def set_with_typst(project: Path, guide: str) -> tuple[Cost, float]:
    """Set a sheet with Typst; return the cost, and the size in KB."""
    html = (project / f"output/{guide}/sheet/index.html").read_text(encoding="utf-8")
    sheet = tree(re.sub(r"\s+", " ", html)).find(".//*[@class='paper sheet']")
    for image in sheet.iter("img"):
        image.set("src", unquote(image.get("src").partition(",")[2]))
    (project / "sheet.xml").write_text(etree.tostring(sheet, encoding="unicode"), encoding="utf-8")
    shutil.copy2(Path(__file__).with_name("sheet.typ"), project)
    points = re.search(r'class="points-([\d-]+)', html)[1].replace("-", ".")
    cost = run(sys.executable, "-c", TYPST, points, sheet.findtext(".//h1"), cwd=project)
    return cost, _size(project / "typst.pdf", project / f"output/handouts/{guide}.pdf")


def _size(pdf: Path, ours: Path) -> float:
    """Return the size of a PDF in KB; stop when it lacks Chinese text of ours."""
    missing = _han(ours) - _han(pdf)
    if missing:
        raise RuntimeError(f"{pdf.name} lacks {''.join(sorted(missing))}")
    return pdf.stat().st_size / 1000


def _han(pdf: Path) -> set[str]:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return set(re.findall(r"[\u4e00-\u9fff]", text))


def plain_pelican(project: Path, plain: Path) -> Path:
    """Write the same articles for Pelican with its own reader and simplest theme."""
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
    return run(sys.executable, "-m", "pelican", "content", "-o", "output", "-s", "conf.py", cwd=plain)
