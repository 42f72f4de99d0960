"""Letters as they are sent: one page, printed on one side, the address where an envelope shows it."""

import re

import pikepdf
import pypdfium2 as pdfium
import pytest

from handouts.model import LETTERS
from handouts.paths import LETTER_LANGUAGES, letter_name, notes_name
from handouts.text import HAN
from tests.sheet_tools import MM

ALL = [(kind, lang) for kind in LETTERS for lang in LETTER_LANGUAGES]
WINDOW = (90, 200, 45, 69.5)
"""Left, right, top, bottom in mm: what a window at the right shows wherever the paper slips to (docs/printing.md)."""


def text_of(path) -> str:
    document = pdfium.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_a_letter_is_one_page_for_one_side_without_a_word_of_chinese(site, kind, lang):
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"
    assert not re.search(f"[{HAN}]", text_of(path))


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_the_notes_are_a_file_of_their_own_and_give_every_sentence_in_chinese(site, real_content, kind, lang):
    path = site / f"handouts/{notes_name(kind, lang)}.pdf"
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        assert "Duplex" not in pdf.Root.ViewerPreferences
    said = text_of(path)
    for line in real_content.data.letters[kind].values():
        for part in re.split(r"\{[a-z-]+\}", line.zh):
            assert re.sub(r"\s", "", part) in said
    assert "单面打印" in said


def fields(path) -> dict[str, tuple[float, float, float, float]]:
    """Return (left, right, top, bottom) in mm of each field, by its name."""
    with pikepdf.open(path) as pdf:
        height = float(pdf.pages[0].MediaBox[3])
        found = {}
        for one in pdf.pages[0].Annots:
            left, one_side, right, other_side = map(float, one.Rect)
            bottom, top = sorted((one_side, other_side))
            found[str(one.T)] = (left / MM, right / MM, (height - top) / MM, (height - bottom) / MM)
        return found


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_the_address_and_nothing_else_stands_where_a_window_shows_it(site, kind, lang):
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    left, right, top, bottom = WINDOW
    inside = {
        name
        for name, box in fields(path).items()
        if box[1] > left and box[0] < right and box[3] > top and box[2] < bottom
    }

    assert inside == {f"{lang}-operator", f"{lang}-operator-street", f"{lang}-operator-town"}
    document = pdfium.PdfDocument(path)
    height = document[0].get_height()
    page = document[0].get_textpage()
    assert not page.get_text_bounded(left * MM, height - bottom * MM, right * MM, height - top * MM).strip()
    document.close()


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_a_sentence_that_can_be_left_out_has_a_box(site, real_content, kind, lang):
    lines = real_content.data.letters[kind]
    optional = {f"{lang}-keep-{id}" for id, line in lines.items() if line.optional}

    boxes = {name for name in fields(site / f"handouts/{letter_name(kind, lang)}.pdf") if "-keep-" in name}
    assert boxes == optional


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_a_blank_stands_behind_the_words_that_name_it(site, kind, lang):
    """Only one for an address or an account has a line of its own."""
    path = site / f"handouts/{letter_name(kind, lang)}.pdf"
    body = {
        name: box
        for name, box in fields(path).items()
        if box[2] > 100 and not re.search(r"-keep-|-email$|-iban$|-signature$", name)
    }

    document = pdfium.PdfDocument(path)
    height, page = document[0].get_height(), document[0].get_textpage()
    for name, (left, _, _, bottom) in body.items():
        words = page.get_text_bounded(
            (left - 5) * MM, height - bottom * MM, left * MM, height - (bottom - 5) * MM
        )
        assert words.strip(), name
    document.close()
    assert body
