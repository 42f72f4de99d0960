"""The phrase card, folded: what is where, and which way up, read from the PDF alone."""

from dataclasses import replace

import pytest

from handouts.sheets.selection import FALLBACK
from tests.sheet_tools import Glyph, Leaf, text_of

PAGE = (210.0, 297.0)
FOLD = (105.0, 148.5)
"""Where the two folds lie, in mm from the left and the top."""
EDGE, BEND = 10.0, 5.0
"""Free of ink: what printers cannot reach at the edges, and what bends."""
SLACK = 0.5
"""By which a letter such as J may reach out of its line."""
PLACES = {("front", "right"): 1, ("back", "left"): 2, ("back", "right"): 3, ("front", "left"): 4}
"""Pages of the booklet, after the top half went behind: side of the strip, and half of that side."""


def folded(one: Glyph) -> tuple[int, Glyph]:
    """Return the page of the booklet that a character is on once the top half is folded behind, and where on it.

    Seen from behind, the strip turned like a page: left is right, and the fold is on top again.
    """
    if one.top >= FOLD[1]:
        side, one = "front", replace(one, top=one.top - FOLD[1], bottom=one.bottom - FOLD[1])
    else:
        box = {"left": PAGE[0] - one.right, "right": PAGE[0] - one.left, "top": FOLD[1] - one.bottom}
        side, one = "back", replace(one, **box, bottom=FOLD[1] - one.top, turned=not one.turned)
    if one.right <= FOLD[0]:
        return PLACES[side, "left"], one
    return PLACES[side, "right"], replace(one, left=one.left - FOLD[0], right=one.right - FOLD[0])


@pytest.fixture(scope="module")
def leaf(site) -> Leaf:
    return Leaf((site / "handouts/phrases.pdf").read_bytes(), "")


@pytest.fixture(scope="module")
def pages(leaf) -> dict[int, list[Glyph]]:
    """The characters of each page of the booklet as its reader holds it, in the order of the text."""
    pages: dict[int, list[Glyph]] = {}
    for page, one in map(folded, leaf.glyphs):
        pages.setdefault(page, []).append(one)
    return pages


def test_every_character_stands_upright_on_a_page_of_a6_off_its_edges_and_folds(pages):
    """The spine of page 1 is its left edge, as that of a book; the first fold is the top of all pages."""
    for page, characters in pages.items():
        left, right = (BEND, EDGE) if page in (1, 3) else (EDGE, BEND)
        for one in characters:
            assert not one.turned, one
            assert left - SLACK <= one.left < one.right <= FOLD[0] - right + SLACK, one
            assert BEND - SLACK <= one.top < one.bottom <= FOLD[1] - EDGE + SLACK, one


def test_the_booklet_has_four_pages_of_three_phrases_in_the_order_of_the_conversation(pages, real_content):
    texts = {page: text_of(pages[page]) for page in (1, 2, 3, 4)}
    on_page = {
        id: [page for page, text in texts.items() if phrase.zh.replace(" ", "") in text]
        for id, phrase in real_content.data.phrases.items()
        if id != FALLBACK
    }

    assert sorted(on_page.values()) == sorted([[page] for page in (1, 2, 3, 4)] * 3)
    assert on_page["cancel"] == [1]
    assert on_page["confirm"] == [2]


def test_what_the_clerk_reads_is_large(leaf):
    """French and Dutch in 15 pt: read across a counter, which is a metre wide at most."""
    sizes = leaf.type_sizes()
    assert sum(size >= 15 for size in sizes) >= 2 * 12
    assert min(sizes) >= 9


def test_the_marks_of_the_folds_lie_on_the_folds(leaf):
    """Two upright at the top and bottom edge, two flat at the sides, each 5 mm."""
    upright = [one.left for one in leaf.shapes() if one.size[0] < 1 and 4 < one.size[1] < 6]
    flat = [one.top for one in leaf.shapes() if one.size[1] < 1 and 4 < one.size[0] < 6]
    assert [abs(left - FOLD[0]) < 0.5 for left in upright] == [True, True]
    assert [abs(top - FOLD[1]) < 0.5 for top in flat] == [True, True]
