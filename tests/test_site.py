"""The real site in a real browser: Chromium, at the site's own address, with the site's own headers.

Nothing is fetched from anywhere: every request is answered from the built folder, and whatever asks for
another origin is refused and noted.
"""

from __future__ import annotations

import contextlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.build_tools import GUIDES, SITE
from tests.web_tools import WITHOUT_COPY

NARROW, PHONE = 320, 390
"""CSS pixels: the narrowest screen that WCAG 1.4.10 names, and a common phone."""

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


def headers_of(site: Path) -> dict[str, str]:
    """Return the headers that the host will send, as _headers says."""
    lines = (site / "_headers").read_text().splitlines()
    return dict(line.strip().split(": ", 1) for line in lines[1:] if line.strip())


@dataclass
class Visits:
    """Contexts that show the built site, and what they asked for elsewhere."""

    browser: Browser
    site: Path
    foreign: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def context(self, **options) -> Iterator[BrowserContext]:
        context = self.browser.new_context(**{"viewport": {"width": PHONE, "height": 800}, **options})
        context.add_init_script(WITHOUT_COPY)
        headers = headers_of(self.site)

        def answer(route: Route) -> None:
            url = route.request.url
            path = self.site / unquote(urlsplit(url).path).lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            if not url.startswith(f"{SITE}/"):
                self.foreign.append(url)
                route.abort()
            elif path.is_file():
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                route.fulfill(body=path.read_bytes(), headers={**headers, "Content-Type": kind})
            else:
                route.fulfill(status=404, body=(self.site / "404.html").read_bytes(), headers=headers)

        context.route("**/*", answer)
        yield context
        context.close()

    @contextlib.contextmanager
    def page(self, address: str = "", **options) -> Iterator[Page]:
        """Open one page of the site."""
        with self.context(**options) as context:
            page = context.new_page()
            page.goto(f"{SITE}/{address}")
            yield page


@pytest.fixture(scope="module")
def visits(browser, site) -> Visits:
    return Visits(browser, site)


def pages_of(site: Path) -> list[str]:
    """Return the address of every page below the site's root."""
    return sorted(
        path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("*.html")
    )


# --- Every page -------------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What the browser made of one page."""

    address: str
    title: str
    lang: str
    h1: list[str]
    too_wide: list[str]
    said: list[str]


WIDER_THAN_THE_SCREEN = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > edge + 1);
  return [`${document.documentElement.scrollWidth} px`, ...wide.slice(0, 3).map(one => one.outerHTML.slice(0, 80))];
}"""


@pytest.fixture(scope="module")
def seen(visits) -> list[Seen]:
    """Every page of the site, looked at on two phones."""
    found = []
    with visits.context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on(
            "console",
            lambda message: said.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        for address in pages_of(visits.site):
            said.clear()
            page.goto(f"{SITE}/{address}", wait_until="load")
            too_wide = []
            for width in (NARROW, PHONE):
                page.set_viewport_size({"width": width, "height": 800})
                too_wide += [f"at {width}: {what}" for what in page.evaluate(WIDER_THAN_THE_SCREEN)]
            found.append(
                Seen(
                    address=address,
                    title=page.title(),
                    lang=page.evaluate("document.documentElement.lang"),
                    h1=page.locator("h1").all_inner_texts(),
                    too_wide=too_wide,
                    said=list(said),
                )
            )
    return found


def test_every_kind_of_page_was_looked_at(seen):
    addresses = {page.address for page in seen}

    assert {"", "404.html", "about/", "posts/", *(f"{guide}/" for guide in GUIDES)} <= addresses
    assert {f"{guide}/sheet/" for guide in GUIDES} <= addresses
    assert any(re.fullmatch(r"posts/[^/]+/", address) for address in addresses)


def test_no_page_scrolls_sideways_on_a_phone(seen):
    assert {page.address: page.too_wide for page in seen if page.too_wide} == {}


def test_every_page_has_one_heading_of_the_first_level(seen):
    assert {page.address: page.h1 for page in seen if len(page.h1) != 1 or not page.h1[0].strip()} == {}


def test_every_page_is_in_simplified_chinese(seen):
    assert {page.address: page.lang for page in seen if page.lang != "zh-Hans"} == {}


def test_every_page_has_a_title_of_its_own(seen):
    titles = [page.title for page in seen]

    assert all(titles)
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_no_page_has_anything_to_complain_of(seen):
    """The browser holds each page to the site's own Content-Security-Policy."""
    assert {page.address: page.said for page in seen if page.said} == {}


def test_no_page_asks_anything_of_another_origin(seen, visits):
    assert visits.foreign == []


def test_the_check_of_width_sees_a_page_that_is_too_wide(browser):
    """Else the test above would prove nothing."""
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    page.set_content('<meta name="viewport" content="width=device-width"><p style="width: 400px">宽</p>')

    assert page.evaluate(WIDER_THAN_THE_SCREEN)[1:] == ['<p style="width: 400px">宽</p>']
    page.close()


# --- Colours ----------------------------------------------------------------------------------------------------

# Contrast as WCAG 2.2 defines it (1.4.3), of every text that is shown on the background it stands on.


def test_light_and_dark_differ(visits):
    grounds = []
    for scheme in ("light", "dark"):
        with visits.page(color_scheme=scheme) as page:
            grounds.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    assert len(set(grounds)) == 2


# --- Ticking, keyboard, without JavaScript ----------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES)
def test_every_tick_box_is_named_by_the_lead_of_its_step(visits, real_content, guide):
    """The name is Chromium's own, as a screen reader hears it."""
    steps = next(one for one in real_content.guides if one.slug == guide).steps
    with visits.page(f"{guide}/") as page:
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        names = [
            node["name"]["value"]
            for node in nodes
            if node.get("role", {}).get("value") == "checkbox" and not node.get("ignored")
        ]

    leads = [re.sub(r"\s|\[\d+\]", "", step.lead.striptags()) for step in steps]
    for lead in leads:
        assert any(lead in re.sub(r"\s", "", name) for name in names), lead
    assert all(names)


@pytest.mark.parametrize("address", ["", "prepaid/", "about/", "posts/"])
def test_the_first_tab_reaches_the_link_that_skips_to_the_text(visits, address):
    with visits.page(address) as page:
        page.keyboard.press("Tab")
        link = page.locator(":focus")

        assert link.get_attribute("href") == "#main"
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["height"] >= 20
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"


# --- Paper ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES)
def test_a_twin_prints_as_one_page_of_a4_with_every_step(visits, real_content, guide):
    """Printed from a browser, with the fonts of this machine."""
    steps = next(one for one in real_content.guides if one.slug == guide).steps
    with visits.page(f"{guide}/sheet/") as page:
        document = pdfium.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))

    assert len(document) == 1
    assert document[0].get_size() == pytest.approx((595, 842), abs=1.5)
    text = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
    document.close()
    for step in steps:
        if step.on_sheet:
            lead = re.sub(r"\s|\[\d+\]", "", step.lead.striptags()).removesuffix("。")
            assert lead in text
