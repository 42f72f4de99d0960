"""Filling a PDF in on a screen: what is ticked and typed shows, in two viewers that share no code.

PDFium is what Chrome, Edge and Android show PDFs with; Poppler is what Linux desktops do.
"""

from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image

from handouts.pdf.fonts import WESTERN
from tests.sheet_tools import MM, Field, fields, in_pdfium, in_poppler

TYPED_HERE = "Zoë é è ç ü ß € 09"
DPI = 216
"""Three pixels in a PDF unit: enough to see a stroke of half a point."""
PIXEL = 25.4 / DPI
WHITE = 250
"""Of 255; paler than any line, whatever the smoothing."""


def ink(field: Field, page: Image.Image) -> int:
    """Return how many pixels inside a field are not white; without its frame or line."""
    left, top = (round(side / PIXEL + 4.5) for side in (field.left, field.top))
    right, bottom = (round(side / PIXEL - 4.5) for side in (field.right, field.bottom))
    return sum(grey < WHITE for grey in page.crop((left, top, right, bottom)).tobytes())


VIEWERS = {"PDFium": partial(in_pdfium, dpi=DPI), "Poppler": partial(in_poppler, dpi=DPI)}


def filled(pdf: bytes, typed: str = TYPED_HERE) -> bytes:
    """Return a PDF with each box of its first page clicked and `typed` in each line, saved by PDFium."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    form, page = document.formenv, document[0]
    for field in fields(pdf):
        x, y = (field.left + field.right) / 2 * MM, page.get_height() - (field.top + field.bottom) / 2 * MM
        at = form.raw, page.raw, 0, x, y
        pdfium_c.FORM_OnMouseMove(*at)
        pdfium_c.FORM_OnLButtonDown(*at)
        pdfium_c.FORM_OnLButtonUp(*at)
        if field.kind == "/Tx":
            for char in typed:
                pdfium_c.FORM_OnChar(form.raw, page.raw, ord(char), 0)
    pdfium_c.FORM_ForceToKillFocus(form.raw)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


@pytest.fixture(scope="module", params=["prepaid", "prepaid-large", "letter-fr"])
def empty(request, site: Path) -> bytes:
    return (site / f"handouts/{request.param}.pdf").read_bytes()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_an_empty_paper_shows_and_prints_boxes_and_lines_with_nothing_in_them(empty, viewer):
    """Nothing but the slash of a day, the same in each but for the pixels it falls on."""
    page, inks = VIEWERS[viewer](empty), {True: {0}, False: {0}}
    for one in fields(empty):
        inks["-done-" in one.name].add(ink(one, page))

    assert inks[False] == {0}
    slashes = inks[True] - {0}
    assert max(slashes, default=0) - min(slashes, default=0) < 10


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_was_ticked_and_typed_shows(empty, viewer):
    before, after = (VIEWERS[viewer](pdf) for pdf in (empty, filled(empty)))
    assert min(ink(field, after) - ink(field, before) for field in fields(empty)) > 100


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_is_typed_takes_the_place_of_the_slash_in_a_day(site, viewer):
    """A space leaves nothing: so the slash does not stand under what was written."""
    empty = (site / "handouts/prepaid.pdf").read_bytes()
    days = [field for field in fields(empty) if "-done-" in field.name]
    before, after = (VIEWERS[viewer](pdf) for pdf in (empty, filled(empty, " ")))

    assert min(ink(day, before) for day in days) > 10
    assert {ink(day, after) for day in days} == {0}


def test_a_card_number_of_19_digits_is_whole(site):
    """The longest that is written in: an ICCID has up to 19 digits (ITU-T E.118)."""
    empty = (site / "handouts/prepaid.pdf").read_bytes()
    (line,) = (field for field in fields(empty) if field.name.endswith("-iccid"))
    short, long = (in_pdfium(filled(empty, "8" * digits), DPI) for digits in (18, 19))
    assert ink(line, long) - ink(line, short) == pytest.approx(ink(line, short) / 18, rel=0.1)


def test_the_font_of_the_fields_has_every_letter_it_promises(empty):
    """Poppler says so when it finds no glyph; with the value set from outside it draws the text itself."""
    with pikepdf.open(BytesIO(empty)) as document:
        lines = [one for one in document.Root.AcroForm.Fields if str(one.FT) == "/Tx"]
        for at, line in enumerate(lines):
            part = WESTERN[at::8] + "€0123456789"
            line.V = pikepdf.String(part)
        assert len(lines) >= 8
        out = BytesIO()
        document.save(out)

    page = in_poppler(out.getvalue(), DPI)

    assert min((ink(field, page) for field in fields(empty) if field.kind == "/Tx"), default=1) > 0
