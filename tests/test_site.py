"""Every page of the real site in a real browser, at the site's own headers, on two phones; twins as they are printed."""

import re
from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace

import pypdfium2 as pdfium
import pytest

from tests.build_tools import GUIDES
from tests.web_tools import WITHOUT_COPY, Visit, script

NARROW, PHONE = 320, 390
"""CSS pixels: the narrowest screen that WCAG 1.4.10 names, and a common phone."""


@pytest.fixture(scope="module")
def seen(browser, site, address) -> Iterator[list[SimpleNamespace]]:
    context = browser.new_context()
    context.add_init_script(WITHOUT_COPY)
    page = context.new_page()
    visit = Visit(page)
    found = []
    for file in sorted(site.rglob("*.html")):
        visit.said.clear()
        visit.asked.clear()
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        page.goto(address + path, wait_until="load")
        too_wide = []
        for width in (NARROW, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            too_wide += [f"at {width}: {what}" for what in page.evaluate(script("wide"))]
        visit.settle()
        foreign = [url for url in visit.asked if not url.startswith((address, "data:", "blob:"))]
        lang, h1 = page.evaluate("document.documentElement.lang"), page.locator("h1").all_inner_texts()
        wrong = [*too_wide, *visit.said, *foreign]
        found.append(SimpleNamespace(path=path, title=page.title(), lang=lang, h1=h1, wrong=wrong))
    yield found
    context.close()


def test_no_page_of_any_kind_scrolls_sideways_on_a_phone_or_has_anything_to_complain_of(seen):
    """The browser holds each page to the site's own Content-Security-Policy: nothing is asked of another origin."""
    paths = {page.path for page in seen}
    assert {"", "404.html", "about/", "posts/", *(f"{guide}/" for guide in GUIDES)} <= paths
    assert {f"{guide}/sheet/" for guide in GUIDES} <= paths
    assert any(re.fullmatch(r"posts/[^/]+/", path) for path in paths)
    assert {page.path: page.wrong for page in seen if page.wrong} == {}


def test_every_page_has_its_language_a_title_of_its_own_and_one_heading_of_the_first_level(seen):
    titles = [page.title for page in seen]

    assert {page.path: page.h1 for page in seen if len(page.h1) != 1 or not page.h1[0].strip()} == {}
    assert {page.path: page.lang for page in seen if page.lang != "zh-Hans"} == {}
    assert all(titles)
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_the_check_of_width_sees_a_page_that_is_too_wide(browser):
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    page.set_content('<meta name="viewport" content="width=device-width"><p style="width: 400px">宽</p>')
    assert page.evaluate(script("wide"))[1:] == ['<p style="width: 400px">宽</p>']
    page.close()


def test_every_tick_box_is_named_by_the_lead_of_its_step(open_page, address, real_content):
    """The name is Chromium's own, as a screen reader hears it."""
    page = open_page("")
    session = page.context.new_cdp_session(page)
    for guide in real_content.guides:
        page.goto(f"{address}{guide.slug}/")
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        shown = (one for one in nodes if not one["ignored"])
        boxes = (one for one in shown if one["role"]["value"] == "checkbox")
        names = [re.sub(r"\s", "", box["name"]["value"]) for box in boxes]

        leads = [re.sub(r"\s|\[\d+\]", "", step.lead.striptags()) for step in guide.steps]
        assert [lead for lead in leads if not any(lead in name for name in names)] == [], guide.slug
        assert all(names)


def test_a_twin_prints_as_one_page_of_a4_with_every_step(open_page, address, real_content):
    """Printed from a browser, with the fonts of this machine."""
    page = open_page("")
    for guide in real_content.guides:
        page.goto(f"{address}{guide.slug}/sheet/")
        document = pdfium.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))
        text = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
        leads = [re.sub(r"\s|\[\d+\]", "", step.lead.striptags()) for step in guide.steps if step.on_sheet]

        assert [one.get_size() for one in document] == [pytest.approx((595, 842), abs=1.5)], guide.slug
        assert [lead for lead in leads if lead.removesuffix("。") not in text] == []
        document.close()
