"""The phrase card, folded: what is where, and which way up, read from the PDF alone."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from handouts.sheets.selection import FALLBACK

MM = 72 / 25.4
PAGE = (210.0, 297.0)
FOLD = (105.0, 148.5)
"""Where the two folds lie, in mm from the left and the top."""
EDGE, BEND = 10.0, 5.0
"""Free of ink: what printers cannot reach at the edges, and what bends."""
SLACK = 0.5
"""By which a letter such as J may reach out of its line."""
PLACES = {("front", "right"): 1, ("back", "left"): 2, ("back", "right"): 3, ("front", "left"): 4}
"""Pages of the booklet, after the top half went behind: side of the strip, and half of that side."""


@dataclass(frozen=True)
class Character:
    """A character of the folded card."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    """In mm, from the upper left corner of its page, as the reader holds it."""
    upright: bool


def folded(
    left: float, top: float, right: float, bottom: float
) -> tuple[str, tuple[float, float, float, float]]:
    """Return on which side of the strip a box is once the top half is folded behind, and where.

    Seen from behind, the strip turned like a page: left is right, and the fold is on top again.
    """
    if top >= FOLD[1]:
        return "front", (left, top - FOLD[1], right, bottom - FOLD[1])
    return "back", (PAGE[0] - right, FOLD[1] - bottom, PAGE[0] - left, FOLD[1] - top)


@pytest.fixture(scope="module")
def characters(site) -> list[Character]:
    """Every character of the card that leaves ink, in the order of the text."""
    document = pdfium.PdfDocument(site / "handouts/phrases.pdf")
    text_page = document[0].get_textpage()
    sides = [ctypes.c_double() for _ in range(4)]
    found = []
    for at in range(text_page.count_chars()):
        char = chr(pdfium_c.FPDFText_GetUnicode(text_page, at))
        if pdfium_c.FPDFText_IsGenerated(text_page, at) or char.isspace():
            continue
        pdfium_c.FPDFText_GetCharBox(text_page, at, *sides)
        left, right, bottom, top = (side.value / MM for side in sides)
        side, box = folded(left, PAGE[1] - top, right, PAGE[1] - bottom)
        half = "left" if box[2] <= FOLD[0] else "right"
        shift = 0 if half == "left" else FOLD[0]
        turned = abs(pdfium_c.FPDFText_GetCharAngle(text_page, at)) > 1
        found.append(
            Character(
                char,
                PLACES[side, half],
                box[0] - shift,
                box[1],
                box[2] - shift,
                box[3],
                turned == (side == "back"),
            )
        )
    document.close()
    return found


def test_every_character_stands_on_a_page_of_a6_off_its_edges_and_folds(characters):
    """The spine of page 1 is its left edge, as that of a book; the first fold is the top of all pages."""
    beyond = []
    for one in characters:
        spine_left = one.page in (1, 3)
        left, right = (BEND, EDGE) if spine_left else (EDGE, BEND)
        inside = (
            one.left >= left - SLACK
            and one.right <= FOLD[0] - right + SLACK
            and one.top >= BEND - SLACK
            and one.bottom <= FOLD[1] - EDGE + SLACK
        )
        beyond += [] if inside else [one]

    assert beyond == []


def test_every_character_is_the_right_way_up_when_the_card_is_turned_like_a_book(characters):
    assert [one for one in characters if not one.upright] == []


def test_the_booklet_has_four_pages_of_three_phrases_in_the_order_of_the_conversation(
    characters, real_content
):
    pages = {page: "".join(one.text for one in characters if one.page == page) for page in (1, 2, 3, 4)}
    on_page = {
        id: [page for page, text in pages.items() if phrase.zh.replace(" ", "") in text]
        for id, phrase in real_content.data.phrases.items()
        if id != FALLBACK
    }

    assert len(on_page) == 12
    assert all(len(found) == 1 for found in on_page.values()), on_page
    assert [sum([page] == found for found in on_page.values()) for page in (1, 2, 3, 4)] == [3, 3, 3, 3]
    assert on_page["cancel"] == [1]
    assert on_page["confirm"] == [2]


def test_what_the_clerk_reads_is_large(site):
    """French and Dutch in 15 pt: read across a counter, which is a metre wide at most."""
    document = pdfium.PdfDocument(site / "handouts/phrases.pdf")
    sizes = [
        round(item.get_font_size() * abs(item.get_matrix().a), 1)
        for item in document[0].get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    ]
    document.close()

    assert sum(size >= 15 for size in sizes) >= 2 * 12
    assert min(sizes) >= 9


def test_the_marks_of_the_folds_lie_on_the_folds(site):
    """Two upright at the top and bottom edge, two flat at the sides, each 5 mm."""
    document = pdfium.PdfDocument(site / "handouts/phrases.pdf")
    lines = [item.get_bounds() for item in document[0].get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH])]
    document.close()
    sizes = [
        ((right - left) / MM, (top - bottom) / MM, left / MM, PAGE[1] - top / MM)
        for left, bottom, right, top in lines
    ]
    upright = [left for width, height, left, _ in sizes if width < 1 and 4 < height < 6]
    flat = [top for width, height, _, top in sizes if height < 1 and 4 < width < 6]

    assert [abs(left - FOLD[0]) < 0.5 for left in upright] == [True, True]
    assert [abs(top - FOLD[1]) < 0.5 for top in flat] == [True, True]
