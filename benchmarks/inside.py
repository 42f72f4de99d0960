"""What is measured inside one fresh process: python -m benchmarks.inside TASK FOLDER [NUMBER].

In: the working directory is the project; FOLDER is where sheets are handed over. Out: one line of JSON.
  prepare   fit every sheet; write for each the HTML as it was printed, the page Chromium prints, the tree Typst
            sets and our PDF; cut the fonts they share
  ours      set NUMBER sheets, stage by stage
  typst     set them with Typst
  chromium  print them with one Chromium that keeps running
Each process sets one sheet unmeasured, so that libraries and fonts are loaded, then others, each for the first time.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import uharfbuzz

from handouts.content.loader import load
from handouts.errors import Problems
from handouts.pdf import fonts
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import extracted_text, faults, printed_text
from handouts.sheets.fit import fit
from handouts.sheets.templates import Edition, Setting, SheetTemplate

from .cost import median
from .trees import sheet_tree

SITE = "https://example.org"
STYLES = Path("theme/static/css")
SHEETS = "sheets.json"


def prepare(folder: Path, count: int) -> dict[str, object]:
    """Write what the ways have in common; return the sheets to be measured, the first of them to warm up."""
    wanted, template = _editions()
    models = "".join(template.render(edition, Setting(points="0")) for edition in wanted)
    cuts = fonts.wanted(fonts.find_faces(), printed_text(models) + "0123456789abcdef")
    for part in ("fonts", "typst-fonts"):
        (folder / part).mkdir(parents=True)
    for cut in cuts:
        (folder / "fonts" / cut.name).write_bytes(cut.cut())
        if cut.family != "Sheet Inline":  # for Typst it would be the same font twice
            (folder / "typst-fonts" / cut.name).write_bytes(_renumbered(cut))
    rules = fonts.rules(cuts, folder / "fonts")
    (folder / "fonts.css").write_text(rules, encoding="utf-8")
    (folder / "sheet.typ").write_bytes((Path(__file__).parent / "sheet.typ").read_bytes())
    style = "".join((STYLES / name).read_text(encoding="utf-8") for name in ("paper.css", "sheet.css"))
    typesetter = _typesetter(folder)
    spread = wanted[:: max(1, len(wanted) // (count + 1))][: count + 1]
    for edition in spread:
        problems = Problems()
        sheet = fit(edition, template, typesetter, problems)
        problems.stop_if_any()
        html = template.render(edition, sheet.handout.setting, version=sheet.handout.version)
        page = html.replace("</head>", f"<style>{rules}\n{style}</style></head>")
        (folder / f"{edition.name}.html").write_text(page, encoding="utf-8")
        (folder / f"{edition.name}.json").write_text(sheet_tree(html), encoding="utf-8")
        (folder / f"{edition.name}.txt").write_text(printed_text(html), encoding="utf-8")
        (folder / f"{edition.name}.pdf").write_bytes(sheet.pdf)
    names = [edition.name for edition in spread]
    (folder / SHEETS).write_text(json.dumps(names), encoding="utf-8")
    return {"sheets": names, "KB": [(folder / f"{name}.pdf").stat().st_size / 1000 for name in names]}


def _renumbered(cut: fonts.Cut) -> bytes:
    """Return a face with only the characters of a cut, its glyphs numbered anew: Typst finds none in ours."""
    order = uharfbuzz.SubsetInput()
    order.unicode_set.set(map(ord, cut.characters))
    order.flags = uharfbuzz.SubsetFlags.NO_HINTING
    return uharfbuzz.subset(cut.face.open(), order).blob.data


def _editions() -> tuple[list[Edition], SheetTemplate]:
    problems = Problems()
    content = load(Path("content"), problems)
    problems.stop_if_any()
    data = content.data
    editions = [
        Edition(guide=guide, operator=operator)
        for guide in content.guides
        for operator in (None, *(data.operators_for(guide.cards) if guide.cards else ()))
    ]
    return editions, SheetTemplate(Path("theme/templates"), data, SITE)


def _typesetter(folder: Path) -> Typesetter:
    return Typesetter(STYLES, (folder / "fonts.css").read_text(encoding="utf-8"), folder / "fonts")


def _prepared(folder: Path) -> list[str]:
    return json.loads((folder / SHEETS).read_text(encoding="utf-8"))


def _clocked(work: Callable, *arguments: object, **options: object) -> tuple[object, float, float]:
    """Return what the work returned, and its seconds of the processor and of the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work(*arguments, **options)
    return result, time.process_time() - cpu, time.perf_counter() - wall


def ours(folder: Path) -> dict[str, float]:
    """Return the CPU time of each stage of a sheet, and of the whole of it as a build does it."""
    wanted, template = _editions()
    names = _prepared(folder)
    typesetter = _typesetter(folder)
    times: dict[str, list[float]] = {}

    def note(name: str, cpu: float, wall: float) -> None:
        times.setdefault(name, []).append(cpu)
        times.setdefault(f"{name}, wall", []).append(wall)

    gc.freeze()  # as a build does: what is loaded is none of the collector's business
    editions = [edition for edition in wanted if edition.name in names]  # in the order of `names`
    sheets = []
    for edition in editions:  # one after the other, as in a build; the stages of each come after all
        sheet, *whole = _clocked(fit, edition, template, typesetter, Problems())
        note("fit, write and proof", *whole)
        sheets.append(sheet)
    for edition, sheet in zip(editions, sheets, strict=True):
        html, *rendered = _clocked(template.render, edition, sheet.handout.setting, version=sheet.handout.version)
        document, *laid_out = _clocked(typesetter.lay_out, html)
        pdf, *written = _clocked(typesetter.write, document)
        _, *proven = _clocked(faults, pdf, html)
        note("template", *rendered)
        note("layout", *laid_out)
        note("write", *written)
        note("proof", *proven)
    return {name: median(one[1:]) for name, one in times.items()}


def typst(folder: Path) -> dict[str, float]:
    """Return CPU and wall time of a sheet set by Typst with the same fonts, tagged like ours, and its size."""
    from typst import Compiler

    compiler = Compiler(root=str(folder), font_paths=[str(folder / "typst-fonts")], ignore_system_fonts=True)
    times = []
    for name in _prepared(folder):
        pdf, *time = _clocked(
            compiler.compile,
            str(folder / "sheet.typ"),
            format="pdf",
            sys_inputs={"tree": f"{name}.json"},
            pdf_standards="ua-1",
        )
        _insist(pdf, (folder / f"{name}.txt").read_text(encoding="utf-8"), name)
        times.append([*time, len(pdf) / 1000])
    cpu, wall, size = map(median, zip(*times[1:], strict=True))
    return {"CPU": cpu, "wall": wall, "KB": size}


def _insist(pdf: bytes, wanted: str, name: str) -> None:
    """Refuse a comparison with another text: the same characters, on one page. A hyphen may end a line."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = "".join(map(extracted_text, document))
        pages = len(document)
    differ = Counter(wanted.replace("-", ""))
    differ.subtract(Counter(found.replace("-", "")))
    differ = {char: count for char, count in differ.items() if count}
    if pages != 1 or differ:
        raise RuntimeError(f"the other way set {name} on {pages} pages, with other characters: {differ}")


def chromium(folder: Path) -> dict[str, float]:
    """Return the wall time of a page printed by a Chromium that keeps running, and its size."""
    from playwright.sync_api import sync_playwright

    from .others import HINTING, find_chromium

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[HINTING])
        page = browser.new_page()
        for name in _prepared(folder):

            def print_page(name: str = name) -> bytes:
                page.goto((folder / f"{name}.html").as_uri())
                return page.pdf(prefer_css_page_size=True, tagged=True)

            pdf, _, wall = _clocked(print_page)
            _insist(pdf, (folder / f"{name}.txt").read_text(encoding="utf-8"), name)
            times.append([wall, len(pdf) / 1000])
        browser.close()
    wall, size = map(median, zip(*times[1:], strict=True))
    return {"wall": wall, "KB": size}


if __name__ == "__main__":
    task, where, *number = sys.argv[1:]
    tasks = {"prepare": prepare, "ours": ours, "typst": typst, "chromium": chromium}
    print(json.dumps(tasks[task](Path(where), *map(int, number))))
