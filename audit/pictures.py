"""Pictures of every kind of page: on a phone, a desk, in the dark and on paper; and of three readers on their way.

In: a built site and a folder. Out: PNG files named <kind>-<view>.png and <journey>-<number>-<stop>.png.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium
from playwright.sync_api import Browser

from handouts.errors import CallError

from . import journeys
from .browse import HOME, PHONE, address_of, visiting
from .chromium import browsing
from .host import Host

KINDS = {
    "home": "index.html",
    "guide": "prepaid/index.html",
    "overview": "mobile/index.html",
    "sheet": "prepaid/sheet/index.html",
    "operators": "operators/index.html",
    "operator": "operators/proximus/index.html",
    "page": "complaint/index.html",
    "timeline": "timeline/index.html",
    "letters": "letters/index.html",
    "phrases": "phrases/index.html",
    "search": "search/index.html",
    "posts": "posts/index.html",
    "post": "posts/voo-orange/index.html",
    "404": "404.html",
}
DESK = {"width": 1280, "height": 900}
VIEWS = {
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desk": {"viewport": DESK, "color_scheme": "light"},
    "desk-dark": {"viewport": DESK, "color_scheme": "dark"},
}
FLIGHT = date(2027, 2, 6)
TODAY = FLIGHT - timedelta(days=5)
SCALE = 100 / 72
"""Pixels per point: 100 dpi shows the hairlines."""


def take(site: Path, folder: Path) -> int:
    """Take all pictures and return how many."""
    if folder.exists() and not folder.is_dir():
        raise CallError(f"{folder} is a file. Give --pictures a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with browsing() as browser:
        _kinds(browser, site, folder)
        _journeys(browser, site, folder)
    return len(list(folder.glob("*.png")))


def _kinds(browser: Browser, site: Path, folder: Path) -> None:
    host, address = Host(site), address_of(site)
    for view, options in VIEWS.items():
        with visiting(browser, host, address, [], **options) as context:
            page = context.new_page()
            for kind, file in KINDS.items():
                page.goto(address + file.removesuffix(HOME), wait_until="networkidle")
                page.screenshot(path=folder / f"{kind}-{view}.png", full_page=True)
                if view == "desk":
                    paper(page.pdf(prefer_css_page_size=True), folder, f"{kind}-print")


def _journeys(browser: Browser, site: Path, folder: Path) -> None:
    host, address = Host(site), address_of(site)
    tourist = partial(journeys.tourist, flight=FLIGHT.isoformat())
    for name, go in {"tourist": tourist, "student": journeys.student, "abroad": journeys.abroad}.items():
        with visiting(browser, host, address, []) as context:
            page = context.new_page()
            page.clock.set_fixed_time(TODAY.isoformat())
            for number, stop in enumerate(go(page, address), 1):
                start = f"{name}-{number}-{stop.name}"
                if stop.paper:
                    paper(stop.paper, folder, start)
                else:
                    stop.page.screenshot(path=folder / f"{start}.png")


def paper(pdf: bytes, folder: Path, start: str) -> None:
    """Write each page of a PDF as a picture."""
    document = pdfium.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        page.render(scale=SCALE).to_pil().save(folder / f"{start}-{number}.png")
    document.close()
