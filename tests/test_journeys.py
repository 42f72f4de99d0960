"""Ten readers find what they came for in a few taps; where each goes is in journeys.py."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
import pytest

from tests import test_web
from tests.journeys import JOURNEYS, Reader, base_plan, proximus_prepaid

address = test_web.address
open_page = test_web.open_page


def on_the_screen(page) -> str:
    """Return what can be read without opening anything."""
    return re.sub(r"\s+", "", page.locator("main").inner_text())


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_a_reader_has_the_answer_after_so_many_taps(open_page, journey):
    reader = Reader(open_page("", before="window.print = () => {}"))

    answer = journey(reader)

    assert reader.taps == JOURNEYS[journey]
    if journey in (proximus_prepaid, base_plan):
        paper = pdfium.PdfDocument(reader.page.pdf(prefer_css_page_size=True, format="A4"))
        assert len(paper) == 1
        assert answer in re.sub(r"\s+", " ", paper[0].get_textpage().get_text_range())
    else:
        reader.page.get_by_text(answer).locator("visible=true").first.wait_for()
        assert re.sub(r"\s+", "", answer) in on_the_screen(reader.page)
