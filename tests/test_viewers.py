"""Every viewer and printer shows the right shapes: on the pages, and in what is ticked and typed.

PDFium is in Chrome and Android, Poppler on Linux, Ghostscript in printers, MuPDF on phones, pdf.js in Firefox; none shares code.
"""

from __future__ import annotations

import base64
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Route

from audit.chromium import browsing
from tests.build_tools import ROOT, a4, run
from tests.sheet_tools import in_pdfium, in_poppler
from tests.test_forms import filled
from tests.web_tools import script

DPI = 300
DARK = 128
"""Of 255; darker counts as ink."""
NEAR = 2
"""Pixels by which viewers may differ."""
MOST = 0.0005
"""Of the ink may have none near it in another viewer."""
PAPERS = ("prepaid", "4g-proximus", "prepaid-large", "letter-fr", "phrases")


def in_ghostscript(pdf: bytes, folder: Path) -> Image.Image:
    options = "-q -dLastPage=1 -dTextAlphaBits=4 -dGraphicsAlphaBits=4 -sDEVICE=pnggray -o page.png"
    return _page(["gs", *options.split(), f"-r{DPI}", "page.pdf"], pdf, folder)


def in_mupdf(pdf: bytes, folder: Path) -> Image.Image:
    command = f"mutool draw -q -r {DPI} -c gray -o page.png page.pdf 1"
    return _page(command.split(), pdf, folder)


def _page(command: list[str], pdf: bytes, folder: Path) -> Image.Image:
    """Run a viewer in a folder, insisting that it has nothing to say of the PDF."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    (folder / "page.pdf").write_bytes(pdf)
    done = run(*command, cwd=folder)
    assert done.returncode == 0
    assert [line for line in (done.stdout + done.stderr).splitlines() if "ICC support" not in line] == []
    return Image.open(folder / "page.png").convert("L")


def in_pdfjs(pdf: bytes, folder: Path) -> Image.Image:
    """Return the first page as pdf.js shows it, in a browser; `./inv audit` installs it."""
    package = ROOT / "audit/node_modules/pdfjs-dist"

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body="<!doctype html><title>pdf.js</title>", content_type="text/html")
        else:
            route.fulfill(path=package / path[1:], content_type="text/javascript")

    def drawn() -> str:
        with browsing() as browser:
            tab = browser.new_page()
            tab.route("**/*", answer)
            tab.goto("http://pdfjs.test/")
            return tab.evaluate(script("pdfjs"), [base64.b64encode(pdf).decode(), DPI / 72])

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests may be open in this one
        png = thread.submit(drawn).result()
    return Image.open(BytesIO(base64.b64decode(png))).convert("L")


VIEWERS = [
    pytest.param(lambda pdf, _: in_poppler(pdf, DPI), id="Poppler"),
    pytest.param(in_ghostscript, id="Ghostscript"),
    pytest.param(in_mupdf, id="MuPDF"),
    pytest.param(in_pdfjs, id="pdf.js", marks=pytest.mark.thorough),
]


def grown(page: Image.Image) -> Image.Image:
    """Return a page whose ink reaches NEAR pixels further in each direction; ten times as fast as Pillow's MinFilter."""
    for right, down in ((1, 0), (0, 1)):
        steps = range(-NEAR, NEAR + 1)
        page = reduce(
            ImageChops.darker, [ImageChops.offset(page, step * right, step * down) for step in steps]
        )
    return page


def differing(one: Image.Image, other: Image.Image) -> float:
    """Return which part of the ink of two pages has none near it on the other page.

    Viewers smooth and hint differently, by a pixel or two. An empty box or another character differs by more.
    """
    assert abs(one.width - other.width) <= 1
    assert abs(one.height - other.height) <= 1
    size = min(one.width, other.width), min(one.height, other.height)
    pages = [page.crop((0, 0, *size)).point(lambda grey: 255 * (grey > DARK)) for page in (one, other)]
    spread = [grown(page) for page in pages]
    ink = sum(page.histogram()[0] for page in pages)
    alone = (ImageChops.subtract(spread[1], pages[0]), ImageChops.subtract(spread[0], pages[1]))
    return sum(image.histogram()[255] for image in alone) / ink


@pytest.mark.parametrize("view", VIEWERS)
@pytest.mark.parametrize("name", [*PAPERS, "prepaid, filled in", "letter-fr, filled in"])
def test_a_paper_looks_alike_in_every_viewer(site, tmp_path, name, view):
    name, _, more = name.partition(", ")
    pdf = (site / f"handouts/{name}.pdf").read_bytes()
    pdf = filled(pdf) if more else pdf
    assert differing(in_pdfium(pdf, DPI), view(pdf, tmp_path)) < MOST


def test_one_wrong_character_of_twenty_is_seen(tiny):
    text = "一二三四五六七八九十号码卡停付费银行微信"
    right, wrong = (in_pdfium(tiny.write(tiny.lay_out(a4(f"<p>{text}{last}</p>"))), DPI) for last in "账单")
    assert differing(right, wrong) > MOST
