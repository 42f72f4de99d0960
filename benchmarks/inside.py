"""What is measured inside one fresh process: python -m benchmarks.inside sheet|html|peak PROJECT ARGUMENT.

Out: one line of JSON.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from handouts import fonts
from handouts.content import Content, load
from handouts.errors import Problems
from handouts.proof import faults, printed_text
from handouts.render import Edition, Setting, SheetTemplate

from .bench import peak_mb

SITE = "https://example.org"


def _loaded(project: Path) -> tuple[Content, SheetTemplate]:
    problems = Problems()
    content = load(project / "content", problems)
    problems.stop_if_any()
    return content, SheetTemplate(project / "theme/templates", content.data, SITE)


def _fonts(html: str, folder: Path) -> str:
    """Cut the fonts for a text; return their rules."""
    cuts = fonts.wanted(fonts.find_faces(), printed_text(html) + "0123456789abcdef")
    for cut in cuts:
        (folder / cut.name).write_bytes(cut.cut())
    return fonts.rules(cuts, folder)


def sheet(project: Path, runs: int) -> dict[str, float]:
    """Return the CPU time of each step for one sheet, libraries and fonts loaded: the median over the guides."""
    from handouts.fit import fit
    from handouts.pdf import Typesetter

    content, template = _loaded(project)
    editions = [Edition(guide=guide) for guide in content.guides]
    models = "".join(template.render(edition, Setting(points="0")) for edition in editions)
    times: dict[str, list[float]] = {}

    def clock(name: str, work: Callable, *args, **options):
        start = time.process_time()
        result = work(*args, **options)
        times.setdefault(name, []).append(time.process_time() - start)
        return result

    with tempfile.TemporaryDirectory() as name:
        rules = _fonts(models, Path(name))
        typesetter = Typesetter(project / "theme/static/css", rules, Path(name))
        for edition in editions * max(1, runs // len(editions)):
            # Once before, to fill what libraries keep.
            printed = fit(edition, template, typesetter, Problems())
            html = clock("template", template.render, edition, printed.setting, version=printed.version)
            document = clock("layout", typesetter.lay_out, html)
            pdf = clock("write", typesetter.write, document)
            clock("proof", faults, pdf, html)
            clock("fit, write and proof", fit, edition, template, typesetter, Problems())
    return {name: round(statistics.median(one), 4) for name, one in times.items()}


def html(project: Path, folder: str) -> dict[str, object]:
    """Write a sheet as a page that other programs can print, its style and fonts beside it."""
    content, template = _loaded(project)
    text = template.render(Edition(guide=content.guides[0]), Setting(points="10.5"), version="01234567")
    rules = _fonts(text, Path(folder))
    style = (project / "theme/static/css/sheet.css").read_text(encoding="utf-8")
    path = Path(folder) / "sheet.html"
    path.write_text(text.replace("</head>", f"<style>{rules}\n{style}</style></head>"), encoding="utf-8")
    words = re.sub(r"<(style|svg|head).*?</\1>", "", text, flags=re.DOTALL)
    lines = [line for line in re.split(r"\s*(?:<[^>]*>\s*)+", words) if line.strip()]
    return {"path": str(path), "lines": lines}


def peak(project: Path, content: str) -> dict[str, float]:
    """Build once more, all sheets from the cache, in this process; return its time and memory."""
    from handouts.build import build

    start = time.perf_counter()
    build(root=project, content=Path(content), output=project / "output")
    return {"seconds": round(time.perf_counter() - start, 3), "peak_mb": peak_mb()}


if __name__ == "__main__":
    what, project, argument = sys.argv[1:]
    work = {
        "sheet": lambda: sheet(Path(project), int(argument)),
        "html": lambda: html(Path(project), argument),
    }
    work["peak"] = lambda: peak(Path(project), argument)
    print(json.dumps(work[what](), ensure_ascii=False))
