"""Letters as they are sent: one page, printed on one side, the address where an envelope shows it."""

import re

import pikepdf
import pypdfium2 as pdfium
import pytest

from handouts.model import LETTERS
from handouts.paths import LETTER_LANGUAGES, letter_name, notes_name
from handouts.text import HAN
from tests.sheet_tools import MM, fields, squeezed, texts_of

ALL = [(kind, lang) for kind in LETTERS for lang in LETTER_LANGUAGES]
WINDOW = (90, 200, 45, 69.5)
"""Left, right, top, bottom in mm: what a window at the right shows wherever the paper slips to (docs/printing.md)."""


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_a_letter_is_one_page_for_one_side_with_its_boxes_and_without_a_word_of_chinese(
    site, real_content, kind, lang
):
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    with pikepdf.open(path) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"
    (text,) = texts_of(path)
    assert not re.search(f"[{HAN}]", text)
    optional = {f"{lang}-keep-{id}" for id, line in real_content.data.letters[kind].items() if line.optional}
    assert {one.name for one in fields(path.read_bytes()) if "-keep-" in one.name} == optional


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_the_notes_are_a_file_of_their_own_and_give_every_sentence_in_chinese(site, real_content, kind, lang):
    path = site / f"handouts/{notes_name(kind, lang)}.pdf"
    with pikepdf.open(path) as pdf:
        assert "Duplex" not in pdf.Root.ViewerPreferences
    (said,) = map(squeezed, texts_of(path))
    for line in real_content.data.letters[kind].values():
        assert all(squeezed(part) in said for part in re.split(r"\{[a-z-]+\}", line.zh))
    assert "单面打印" in said


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_the_address_and_nothing_else_stands_where_a_window_shows_it(site, kind, lang):
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    left, right, top, bottom = WINDOW
    inside = {
        one.name
        for one in fields(path.read_bytes())
        if one.right > left and one.left < right and one.bottom > top and one.top < bottom
    }

    assert inside == {f"{lang}-operator", f"{lang}-operator-street", f"{lang}-operator-town"}
    with pdfium.PdfDocument(path) as document:
        height, page = document[0].get_height(), document[0].get_textpage()
        assert not page.get_text_bounded(
            left * MM, height - bottom * MM, right * MM, height - top * MM
        ).strip()


def test_each_line_of_the_address_says_at_its_left_what_to_write(site, real_content):
    labels = real_content.data.letters["termination"]
    with pdfium.PdfDocument(site / "handouts/letter-fr.pdf") as document:
        height, page = document[0].get_height(), document[0].get_textpage()
        left, right = 40 * MM, WINDOW[0] * MM
        found = page.get_text_bounded(left, height - WINDOW[3] * MM, right, height - 46 * MM)

    assert found.split("\r\n") == [labels[f"label-{name}"].fr for name in ("operator", "street", "town")]


@pytest.mark.parametrize("lang", LETTER_LANGUAGES)
def test_lines_to_write_on_in_a_sentence_are_10_mm_apart(site, lang):
    blanks = fields((site / f"handouts/letter-{lang}.pdf").read_bytes())
    rows = sorted(
        {round(one.bottom, 1) for one in blanks if one.name in (f"{lang}-number", f"{lang}-customer-no")}
    )

    assert len(rows) == 2
    assert rows[1] - rows[0] >= 10


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_a_blank_stands_behind_the_words_that_name_it(site, kind, lang):
    """Only one for an address or an account has a line of its own."""
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    blanks = [
        one
        for one in fields(path.read_bytes())
        if one.top > 100 and not re.search(r"-keep-|-email$|-iban$|-signature$", one.name)
    ]

    with pdfium.PdfDocument(path) as document:
        height, page = document[0].get_height(), document[0].get_textpage()
        for blank in blanks:
            words = page.get_text_bounded(
                (blank.left - 5) * MM,
                height - blank.bottom * MM,
                blank.left * MM,
                height - (blank.bottom - 5) * MM,
            )
            assert words.strip(), blank.name
    assert blanks
