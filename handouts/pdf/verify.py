"""Verify a finished PDF.

In: the bytes of a PDF and the text it must show. Out: the faults found, as sentences.
A page count is not enough: on one page, text can still be outside the page, under another box, or cut off. So PDFium, an
engine that took no part in making the PDF, reads it back and checks:
  - the number of pages, and their paper size,
  - every character of the text exactly once and in the same order,
  - every character and every drawn line inside the margins,
  - no character on top of another,
  - only our fonts, each embedded.
"""

from __future__ import annotations

import ctypes
import math
import re
import xml.etree.ElementTree as etree
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import product

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import tinyhtml5

from ..cache.memoize import memoize
from ..errors import SheetError
from ..paper import A4, MM, Format

ROUNDING = 0.5
"""PDF units by which a page may differ from its paper: writers round."""
MARGIN = 10 * MM
LONGEST_LIGATURE = 3
"""Letters that one glyph may draw, as in “ffi”; they share its box."""
CELL = 12
"""PDF units; about the size of a character."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in PDF units from the lower left corner of the page."""
SLACK = 0.45 * MM
"""The ends of a table's collapsed rules overshoot by the thickest rule, 1.2 pt."""
FONTS = re.compile(r"[A-Z]{6}\+Sheet-(?:Han|Inline|Latin|Field)(?:-Bold)?")
"""The families of fonts.py as a PDF names them; six letters mark a subset (ISO 32000-1, 9.6.4)."""
SILENT = {"head", "script", "style", "nav"}
"""Elements whose text is not printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The result of verifying a PDF."""

    faults: tuple[str, ...]
    """What is wrong; empty if the PDF is right."""
    fonts: tuple[str, ...]
    """The families of its fonts, without the mark of the subset."""
    lowest_mm: float
    """Distance of the lowest mark on the first page from its top edge."""

    def raise_for_faults(self) -> None:
        """Raise SheetError if there are faults."""
        if self.faults:
            raise SheetError(f"is not whole: {'; '.join(self.faults)}. Shorten or rewrite that place.")


def prove(
    pdf: bytes, wanted: str, pages: int = 1, running: str = "", sizes: tuple[Format, ...] = (A4,)
) -> Proof:
    """Verify a PDF that must have so many pages and show the text `wanted`.

    `running` is a pattern for text in the margins, such as page numbers; `sizes` are the paper sizes a page may have.
    """
    with pdfium.PdfDocument(pdf) as document:
        read = [_Page(page) for page in document]
        found = [*_text(read, wanted, running)]
        for page in read:
            found += _size(page, sizes)
            found += _outside(page, running)
            found += _overlapping(page)
            found += _fonts(page)
        if len(read) != pages:
            found = [f"it has {len(read)} pages"]
        return Proof(
            faults=tuple(dict.fromkeys(found)),
            fonts=tuple(sorted({name.partition("+")[2] for page in read for name, _ in page.fonts})),
            lowest_mm=read[0].lowest_mm,
        )


class _Page:
    """What the checks need of a page, read once."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.size = page.get_size()
        self._text = page.get_textpage()
        self.characters = list(_characters(self._text))
        items = list(page.get_objects(textpage=self._text))
        texts = [item for item in items if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT]
        upside_down = _upside_down(self._text)
        drawn = "".join(item.extract() for item in texts) if upside_down else self._text.get_text_range()
        self.text = _without_space(drawn)
        self.drawn: list[Box] = [item.get_bounds() for item in items]
        self.lines: list[Box] = [
            box
            for item, box in zip(items, self.drawn, strict=True)
            if item.type != pdfium_c.FPDF_PAGEOBJ_TEXT
        ]
        """The boxes of what is drawn beside text."""
        self.fonts = {
            (font.get_base_name(), font.is_embedded) for font in (item.get_font() for item in texts)
        }
        """(name, embedded) of every font with text on the page."""

    @property
    def lowest_mm(self) -> float:
        """Return the distance of the lowest mark from the top edge."""
        height = self.size[1]
        return round((height - min((bounds[1] for bounds in self.drawn), default=height)) / MM, 1)

    def read(self, indexes: Iterable[int]) -> str:
        """Return the characters with these indexes, without white space."""
        return _without_space("".join(self._text.get_text_range(index, 1) for index in indexes))

    def around(self, index: int) -> str:
        """Return a few characters from an index on, for a message."""
        return re.sub(r"\s+", " ", self._text.get_text_range(index, 12))


def text_of(page: pdfium.PdfPage) -> str:
    """Return the characters PDFium reads on a page, without white space, in order."""
    return _without_space(page.get_textpage().get_text_range())


@memoize(lambda html: html)
def printed_text(html: str) -> str:
    """Return the characters a sheet must show, without white space, in order."""
    return text_below(tree(html))


def tree(html: str) -> etree.Element:
    """Parse HTML as WeasyPrint does; return its `<body>`."""
    # A short string would be taken for a file name, hence StringIO.
    return tinyhtml5.parse(StringIO(html), namespace_html_elements=False).find("body")


def text_below(element: etree.Element) -> str:
    """Return the same for parsed HTML."""
    return re.sub(r"\s", "", "".join(_visible(element)))


def _visible(element: etree.Element) -> Iterator[str]:
    if element.tag not in SILENT:
        yield element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                yield from _visible(child)
            yield child.tail or ""


def _without_space(text: str) -> str:
    """Return the characters PDFium read, without white space, in order.

    PDFium writes U+0002 or U+FFFE for a hyphen at the end of a line.
    """
    return re.sub(r"\s", "", text.replace("\x02", "-").replace("\ufffe", "-"))


def _upside_down(text_page: pdfium.PdfTextPage) -> bool:
    """Tell whether a page has upside-down text, to be read when it is folded.

    PDFium sorts the characters of such a line from left to right, so the order in which they are drawn is used instead.
    """
    angles = (pdfium_c.FPDFText_GetCharAngle(text_page, at) for at in range(0, text_page.count_chars(), 50))
    return any(math.isclose(angle, math.pi, abs_tol=0.01) for angle in angles)


def _size(page: _Page, sizes: tuple[Format, ...]) -> Iterator[str]:
    """The page is as large as the paper."""
    width, height = page.size
    allowed = (one.size for one in sizes)
    if not any(abs(width - x) <= ROUNDING and abs(height - y) <= ROUNDING for x, y in allowed):
        yield f"the page is not {' or '.join(one.name for one in sizes)}"


def _text(pages: list[_Page], wanted: str, running: str) -> Iterator[str]:
    """Every character is there once and in order."""
    found = "".join(re.sub(running, "", page.text) if running else page.text for page in pages)
    if wanted == found:
        return
    same = next(
        (at for at, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b),
        min(len(wanted), len(found)),
    )
    before, lost, gained = wanted[max(0, same - 8) : same], wanted[same : same + 12], found[same : same + 12]
    yield f"its text differs after “{before}”: “{lost}” came out as “{gained}”"


def _characters(text: pdfium.PdfTextPage) -> Iterator[tuple[int, Box]]:
    """Yield (index, box) of every character that is drawn, in the order of the text."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    is_generated, box_of = pdfium_c.FPDFText_IsGenerated, pdfium_c.FPDFText_GetCharBox
    for index in range(text.count_chars()):
        if not is_generated(text, index):
            box_of(text, index, left, right, bottom, top)
            yield index, (left.value, bottom.value, right.value, top.value)


def _outside(page: _Page, running: str) -> Iterator[str]:
    """No letter and no line is in the margins, but for the running text."""
    beyond = [index for index, box in page.characters if _beyond(box, page.size)]
    if beyond and not re.fullmatch(running, page.read(beyond)):
        yield f"the text “{page.around(beyond[0])}” runs into the margin"
    elif any(_beyond(box, page.size) for box in page.lines):
        yield "a line or box runs into the margin"


def _overlapping(page: _Page) -> Iterator[str]:
    """No character covers another: their boxes, a fifth taken off each side, do not meet."""
    cells: dict[tuple[int, int], list[tuple[int, Box]]] = defaultdict(list)
    for index, (left, bottom, right, top) in page.characters:
        x, y = (right - left) / 5, (top - bottom) / 5
        box = (left + x, bottom + y, right - x, top - y)
        columns = range(int(box[0] // CELL), int(box[2] // CELL) + 1)
        rows = range(int(box[1] // CELL), int(box[3] // CELL) + 1)
        for cell in product(columns, rows):
            for other, placed in cells[cell]:
                ligature = placed == box and index - other < LONGEST_LIGATURE
                if _meet(box, placed) and not ligature:
                    yield f"the text “{page.around(index)}” covers “{page.around(other)}”"
                    return
            cells[cell].append((index, box))


def _meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes have an area in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _beyond(box: Box, size: tuple[float, float]) -> bool:
    """Tell whether a box leaves the area inside the margins."""
    left, bottom, right, top = box
    width, height = size
    edge = MARGIN - SLACK
    return left < edge or bottom < edge or right > width - edge or top > height - edge


def _fonts(page: _Page) -> Iterator[str]:
    """Only our fonts are used, and each is embedded."""
    for font, embedded in sorted(page.fonts):
        if not FONTS.fullmatch(font):
            yield f"it uses the font {font}"
        elif not embedded:
            yield f"the font {font} is not embedded"
