"""Prove that a sheet is whole, from the finished PDF alone.

In: the bytes of a PDF and the HTML it was made from. Out: the faults found, as sentences.
A page count proves nothing: text can lie outside the page, under another box, or be cut off, on one
page all the same. So the PDF is read back with PDFium, an engine that had no part in making it:
  - one page of A4,
  - every character of the HTML exactly once and in the same order,
  - every character and every drawn line inside the margins,
  - no character on top of another,
  - no font but ours, each embedded.
"""

from __future__ import annotations

import ctypes
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from difflib import SequenceMatcher

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from .markup import tree

MM = 72 / 25.4
"""PDF units in a millimetre."""
A4 = (210 * MM, 297 * MM)
ROUNDING = 0.5
"""PDF units by which a page may differ from A4: writers round."""
MARGIN = 10 * MM
LONGEST_LIGATURE = 3
"""Letters that one glyph may draw, as in “ffi”; they share its box."""
CELL = 12
"""PDF units; about the size of a character."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in PDF units from the lower left corner of the page."""
SLACK = 0.45 * MM
"""The ends of a table's collapsed rules overshoot by the thickest rule, 1.2 pt."""
FONTS = re.compile(r"[A-Z]{6}\+Sheet-(?:Han|Inline|Latin)(?:-Bold)?")
"""The families of fonts.py as a PDF names them; six letters mark a subset (ISO 32000-1, 9.6.4)."""
SILENT = {"head", "script", "style", "nav"}
"""Elements whose text is not printed."""


def faults(pdf: bytes, html: str) -> list[str]:
    """Return what is wrong with a sheet; nothing means that the proof holds."""
    return faults_of_text(pdf, printed_text(html))


def faults_of_text(pdf: bytes, wanted: str, pages: int = 1, running: str = "") -> list[str]:
    """Return what is wrong with a paper of several pages that must show the text `wanted`.

    `running` is a pattern of what stands in the margins of every page, such as its number.
    """
    document = pdfium.PdfDocument(pdf)
    try:
        if len(document) != pages:
            return [f"it has {len(document)} pages"]
        found = [*_text(document, wanted, running)]
        for page in document:
            characters = _characters(page)
            found += _size(page)
            found += _outside(page, characters) if not running else ()
            found += _overlapping(page, characters)
            found += _fonts(page)
        return list(dict.fromkeys(found))
    finally:
        document.close()


def lowest_mm(pdf: bytes) -> float:
    """Return how far down the page something stands, in mm from the top edge."""
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0]
        return round((A4[1] - min(item.get_bounds()[1] for item in page.get_objects())) / MM, 1)
    finally:
        document.close()


def printed_text(html: str) -> str:
    """Return the characters a sheet must show, without white space, in order."""
    root = tree(html)
    return re.sub(r"\s", "", "".join(_visible(root)))


def _visible(element: etree.Element) -> Iterator[str]:
    """Yield the texts of an element that are printed."""
    if element.tag not in SILENT:
        yield element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                yield from _visible(child)
            yield child.tail or ""


def extracted_text(page: pdfium.PdfPage) -> str:
    """Return the characters PDFium reads on a page, without white space, in order.

    PDFium writes U+0002 or U+FFFE for a hyphen at the end of a line.
    """
    text = page.get_textpage().get_text_range()
    return re.sub(r"\s", "", text.replace("\x02", "-").replace("\ufffe", "-"))


def _size(page: pdfium.PdfPage) -> Iterator[str]:
    """The page is A4."""
    if any(abs(side - wanted) > ROUNDING for side, wanted in zip(page.get_size(), A4, strict=True)):
        yield "the page is not A4"


def _text(document: pdfium.PdfDocument, wanted: str, running: str) -> Iterator[str]:
    """Every character stands once and in order."""
    found = "".join(re.sub(running, "", extracted_text(page)) for page in document)
    if wanted == found:
        return
    for tag, a, b, c, d in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
        if tag != "equal":
            lost, gained = wanted[a:b][:30], found[c:d][:30]
            yield f"its text differs after “{wanted[max(0, a - 8) : a]}”: “{lost}” came out as “{gained}”"
            return


def _characters(page: pdfium.PdfPage) -> list[tuple[int, Box]]:
    """Return (index, box) of every character that is drawn, in the order of the text."""
    text_page = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes = []
    for index in range(text_page.count_chars()):
        if pdfium_c.FPDFText_IsGenerated(text_page, index):
            continue
        pdfium_c.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
        boxes.append((index, (left.value, bottom.value, right.value, top.value)))
    return boxes


def _outside(page: pdfium.PdfPage, characters: list[tuple[int, Box]]) -> Iterator[str]:
    """Nothing stands in the margins, neither letters nor lines."""
    width, height = page.get_size()
    for index, box in characters:
        if _beyond(box, width, height):
            yield f"the text “{_around(page, index)}” runs into the margin"
            return
    for item in page.get_objects():
        if _beyond(item.get_bounds(), width, height):
            yield "a line or box runs into the margin"
            return


def _overlapping(page: pdfium.PdfPage, characters: list[tuple[int, Box]]) -> Iterator[str]:
    """No character covers another: their boxes, a fifth taken off each side, do not meet."""
    cells: dict[tuple[int, int], list[tuple[int, Box]]] = {}
    for index, (left, bottom, right, top) in characters:
        x, y = (right - left) / 5, (top - bottom) / 5
        box = (left + x, bottom + y, right - x, top - y)
        reach = [
            (column, row)
            for column in range(int(box[0] // CELL), int(box[2] // CELL) + 1)
            for row in range(int(box[1] // CELL), int(box[3] // CELL) + 1)
        ]
        for cell in reach:
            for other, placed in cells.setdefault(cell, []):
                ligature = placed == box and index - other < LONGEST_LIGATURE
                if _meet(box, placed) and not ligature:
                    yield f"the text “{_around(page, index)}” covers “{_around(page, other)}”"
                    return
            cells[cell].append((index, box))


def _meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes have an area in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(page: pdfium.PdfPage, index: int) -> str:
    """Return a few characters from a place on, for a message."""
    return re.sub(r"\s+", " ", page.get_textpage().get_text_range(index, 12))


def _beyond(box: Box, width: float, height: float) -> bool:
    """Tell whether a box in PDF units leaves the area inside the margins."""
    left, bottom, right, top = box
    edge = MARGIN - SLACK
    return left < edge or bottom < edge or right > width - edge or top > height - edge


def _fonts(page: pdfium.PdfPage) -> Iterator[str]:
    """Only our fonts are used, and each is embedded."""
    for font, embedded in sorted(fonts_of(page)):
        if not FONTS.fullmatch(font):
            yield f"it uses the font {font}"
        elif not embedded:
            yield f"the font {font} is not embedded"


def font_names(pdf: bytes) -> tuple[str, ...]:
    """Return the families of a sheet's fonts, without the mark of the subset."""
    document = pdfium.PdfDocument(pdf)
    try:
        used = {font for page in document for font in fonts_of(page)}
        return tuple(sorted({name.partition("+")[2] for name, _ in used}))
    finally:
        document.close()


def fonts_of(page: pdfium.PdfPage) -> set[tuple[str, bool]]:
    """Return (name, embedded) of every font with text on the page."""
    found = set()
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT]):
        font = item.get_font()
        found.add((font.get_base_name(), font.is_embedded))
    return found
