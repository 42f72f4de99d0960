"""Letters as they are sent: one page, printed on one side, the address where an envelope shows it."""

import re
from pathlib import Path

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


@pytest.fixture(scope="module", params=ALL, ids="-".join)
def letter(request, site) -> tuple[str, str, Path]:
    """Kind, language and file of a letter."""
    return (*request.param, site / f"handouts/{letter_name(*request.param)}.pdf")


def text_in(path: Path, left: float, right: float, top: float, bottom: float) -> str:
    """Return what is printed on a part of the first page, in mm from the upper left corner."""
    with pdfium.PdfDocument(path) as document:
        height, page = document[0].get_height(), document[0].get_textpage()
        return page.get_text_bounded(left * MM, height - bottom * MM, right * MM, height - top * MM).strip()


def test_a_letter_says_each_sentence_on_one_page_for_one_side_with_its_boxes_and_no_chinese(
    letter, real_content
):
    kind, lang, path = letter
    lines = real_content.data.letters[kind].items()
    with pikepdf.open(path) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"
    (text,) = texts_of(path)
    assert not re.search(f"[{HAN}]", text)
    said, words = squeezed(text), [getattr(line, lang) for id, line in lines if not id.startswith("label-")]
    assert [
        one for one in words for part in re.split(r"\{[a-z-]+\}", one) if squeezed(part) not in said
    ] == []
    optional = {f"{lang}-keep-{id}" for id, line in lines if line.optional}
    assert {one.name for one in fields(path.read_bytes()) if "-keep-" in one.name} == optional


def test_the_notes_are_a_file_of_their_own_and_give_every_sentence_in_chinese(letter, site, real_content):
    kind, lang, _ = letter
    path = site / f"handouts/{notes_name(kind, lang)}.pdf"
    with pikepdf.open(path) as pdf:
        assert "Duplex" not in pdf.Root.ViewerPreferences
    (said,) = map(squeezed, texts_of(path))
    for line in real_content.data.letters[kind].values():
        assert all(squeezed(part) in said for part in re.split(r"\{[a-z-]+\}", line.zh))
    assert "单面打印" in said


def test_the_address_and_nothing_else_stands_where_a_window_shows_it(letter):
    _, lang, path = letter
    left, right, top, bottom = WINDOW
    inside = {
        one.name
        for one in fields(path.read_bytes())
        if one.right > left and one.left < right and one.bottom > top and one.top < bottom
    }

    assert inside == {f"{lang}-operator", f"{lang}-operator-street", f"{lang}-operator-town"}
    assert not text_in(path, *WINDOW)


def test_each_line_of_the_address_says_at_its_left_what_to_write(site, real_content):
    labels = real_content.data.letters["termination"]

    found = text_in(site / "handouts/letter-fr.pdf", 40, WINDOW[0], 46, WINDOW[3])

    assert found.split("\r\n") == [labels[f"label-{name}"].fr for name in ("operator", "street", "town")]


@pytest.mark.parametrize("lang", LETTER_LANGUAGES)
def test_lines_to_write_on_in_a_sentence_are_10_mm_apart(site, lang):
    blanks = fields((site / f"handouts/letter-{lang}.pdf").read_bytes())
    rows = sorted(
        {round(one.bottom, 1) for one in blanks if one.name in (f"{lang}-number", f"{lang}-customer-no")}
    )

    assert len(rows) == 2
    assert rows[1] - rows[0] >= 10


def test_a_blank_stands_behind_the_words_that_name_it(letter):
    """Only one for an address or an account has a line of its own."""
    path = letter[-1]
    inside = [one for one in fields(path.read_bytes()) if one.top > 100]
    blanks = [one for one in inside if not re.search(r"-keep-|-email$|-iban$|-signature$", one.name)]

    assert blanks
    for blank in blanks:
        assert text_in(path, blank.left - 5, blank.left, blank.bottom - 5, blank.bottom), blank.name
