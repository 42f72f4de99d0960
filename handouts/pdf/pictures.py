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
from PIL import Image, ImageOps

from ..errors import SheetError
from .verify import printed_text, shown_text

if TYPE_CHECKING:
    from .typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

DPI = 150
GREYS = 16
WHITE = 255
PHONE_DPI = 96
BELOW = 40
"""White pixels below the last mark of a page for a phone."""


def picture(pdf: bytes) -> bytes:
    """Return the first page as a PNG."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()  # else PDFium does not draw what fields show: the slash of a day
    try:
        return _png(_drawn(document[0], DPI), DPI)
    finally:
        document.close()


def phone_pictures(html: str, typesetter: Typesetter) -> tuple[bytes, ...]:
    """Return a PNG of each page; SheetError when the pages do not show all of the text."""
    pdf = typesetter.draw(typesetter.lay_out(html, "phone.css"))
    if shown_text(pdf) != printed_text(html):
        raise SheetError("the picture for a phone does not show all of its text")
    document = pdfium.PdfDocument(pdf)
    try:
        pages = [_drawn(page, PHONE_DPI) for page in document]
    finally:
        document.close()
    lowest = [box[3] if (box := ImageOps.invert(page).getbbox()) else 0 for page in pages]
    return tuple(
        _png(page.crop((0, 0, page.width, min(page.height, end + BELOW))), PHONE_DPI)
        for page, end in zip(pages, lowest, strict=True)
    )


def _drawn(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """Return a page in greys. It is cropped, because PDFium rounds its size in pixels up."""
    size = [round(side * dpi / 72) for side in page.get_size()]
    return page.render(scale=dpi / 72, grayscale=True).to_pil().crop((0, 0, *size))


def _png(image: Image.Image, dpi: int) -> bytes:
    """Return a picture as a PNG with a palette of 16 greys."""
    levels = image.point([round(grey / WHITE * (GREYS - 1)) for grey in range(WHITE + 1)])
    image = Image.frombytes("P", levels.size, levels.tobytes())
    image.putpalette([round(level * WHITE / (GREYS - 1)) for level in range(GREYS) for _ in "RGB"])
    out = BytesIO()
    image.save(out, "PNG", bits=4, dpi=(dpi, dpi), compress_type=zlib.Z_RLE)  # half the time, and smaller
    return out.getvalue()
