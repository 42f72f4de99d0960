"""Three readers, from the first tap to the printed page; where each goes is in journeys.py."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
import pytest

from tests import journeys, test_web

address = test_web.address
open_page = test_web.open_page

FLIGHT = "2027-02-06"
"""Five days after what the reader's clock says."""


def read(paper: bytes) -> tuple[int, str]:
    """Return how many pages a PDF has, and the text of the first."""
    document = pdfium.PdfDocument(paper)
    text = re.sub(r"\s+", " ", document[0].get_textpage().get_text_range())
    pages = len(document)
    document.close()
    return pages, text


@pytest.fixture
def page(open_page):
    return open_page("", before="window.print = () => {}")


def test_a_tourist_five_days_before_the_flight_prints_the_sheet(page, address):
    said = {}
    for stop in journeys.tourist(page, address, FLIGHT):
        said[stop.name] = stop.page.locator("body").inner_text()

    assert "不再充值" in said["answer"].partition("出发前")[0]
    assert "2027-02-06 周六" in said["dates"]
    assert page.locator(".tick__box:checked").count() == 1
    pages, text = read(stop.paper)
    assert pages == 1
    assert "预付卡" in text


def test_a_student_who_does_not_know_the_card_prints_a_letter(page, address):
    said = {}
    for stop in journeys.student(page, address):
        said[stop.name] = stop.page.locator("body").inner_text()

    assert "捆绑套餐" in said["which"]
    assert "5G" in said["guide"]
    pages, text = read(stop.paper)
    assert pages == 1
    assert "Zhang San" in text
    assert "0470 12 34 56" in text
    assert "15/07/2027" in text


def test_somebody_home_again_finds_how_to_complain_and_prints_a_letter(page, address):
    said = {}
    for stop in journeys.abroad(page, address):
        said[stop.name] = stop.page.locator("body").inner_text()

    assert "申诉专员" in said["complaint"]
    pages, text = read(stop.paper)
    assert pages == 1
    assert "Telenet" in text
    assert "1234567" in text
    assert not re.search(r"[\u4e00-\u9fff]", text)
