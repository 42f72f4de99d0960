"""Make pictures of a sheet, and of pages for the screen of a phone.

In: the PDF of a sheet; the HTML of pages for a phone. Out: PNGs in 16 greys, the same bytes from the same input. The sheet has
150 dpi (1240 × 1754 pixels for A4, 1275 × 1650 for Letter). A page for a phone has one pixel for each CSS pixel, and ends
below its last mark.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from PIL import Image

from ..errors import SheetError
from .verify import text_below, text_of

if TYPE_CHECKING:
    from .typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

DPI = 150
PHONE_DPI = 96
BELOW = 40
"""White pixels below the last mark of a page for a phone."""
DARKNESS = [15 - round(grey / 17) for grey in range(256)]
"""The number of each of 256 greys among the 16 of a picture: white is 0."""
PALETTE = [255 - 17 * darkness for darkness in range(16) for _ in "RGB"]


def picture(pdf: bytes) -> bytes:
    """Return the first page as a PNG."""
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()  # else PDFium does not draw what fields show: the slash of a day
        page = document[0]
        width, height = (round(side * DPI / 72) for side in page.get_size())
        return _png(_drawn(page, DPI).crop((0, 0, width, height)), DPI)  # PDFium rounds the size up


def phone_pictures(html: str, typesetter: Typesetter) -> tuple[bytes, ...]:
    """Return a PNG of each page; SheetError when the pages do not show all of the text."""
    page = typesetter.read(html)
    with pdfium.PdfDocument(typesetter.draw(page, "phone.css")) as document:
        pages = list(document)
        if "".join(map(text_of, pages)) != text_below(page.etree_element):
            raise SheetError("has pictures for a phone that lack a part of its text. Shorten that part.")
        return tuple(_png(_cut(_drawn(page, PHONE_DPI)), PHONE_DPI) for page in pages)


def _drawn(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """Return a page in 16 greys."""
    return page.render(scale=dpi / 72, grayscale=True).to_pil().point(DARKNESS)


def _cut(image: Image.Image) -> Image.Image:
    """Return a picture without what is below its last mark."""
    _, _, _, lowest = image.getbbox() or (0, 0, 0, 0)
    return image.crop((0, 0, image.width, min(image.height, lowest + BELOW)))


def _png(image: Image.Image, dpi: int) -> bytes:
    """Return a picture as a PNG with a palette."""
    image.putpalette(PALETTE)
    out = BytesIO()
    image.save(out, "PNG", bits=4, dpi=(dpi, dpi), compress_type=zlib.Z_RLE)  # half the time, and smaller
    return out.getvalue()
