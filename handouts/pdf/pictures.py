"""Make pictures of a sheet, and of a page for the screen of a phone.

In: the PDF of a sheet; the HTML of a page for a phone. Out: PNGs in 16 greys, the same bytes from the same input. The sheet has
150 dpi (1240 × 1754 pixels for A4, 1275 × 1650 for Letter). A page for a phone has one pixel for each CSS pixel. It is drawn in
strips, so that what the sheets of all operators share is drawn once.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
import zlib
from functools import lru_cache
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
HIGHEST = 4500
"""Pixels of a picture for a phone at most; chats make higher ones smaller."""
BELOW = 40
"""White pixels below the last mark of a picture for a phone."""
NEW = "strip--new"
"""The class of strips that begin a picture."""
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
    """Return PNGs of the strips of a page, one below the other; SheetError when a strip does not show all of its text.

    Strips are the children of `body`. A strip of the class NEW begins a picture, and so does one that no longer fits.
    """
    page = typesetter.read(html).etree_element
    (body,) = page.iter("body")
    pictures: list[list[Image.Image]] = []
    for strip in body:
        images = _strip(
            typesetter, page.get("lang", ""), etree.tostring(strip, encoding="unicode", method="html")
        )
        begins = not pictures or NEW in strip.get("class", "").split()
        for image in images:
            if begins or sum(above.height for above in pictures[-1]) + image.height + BELOW > HIGHEST:
                pictures.append([])
            pictures[-1].append(image)
            begins = False
    return tuple(_png(_stacked(images), PHONE_DPI) for images in pictures)


@lru_cache(maxsize=8)
def _strip(typesetter: Typesetter, lang: str, html: str) -> list[Image.Image]:
    """Return the pages of a strip, down to the last mark. The sheets of all operators share the strips with the steps."""
    page = typesetter.read(f'<!doctype html><html lang="{lang}"><body>{html}</body></html>')
    with pdfium.PdfDocument(typesetter.draw(page, "phone.css")) as document:
        pages = list(document)
        if "".join(map(text_of, pages)) != text_below(page.etree_element):
            raise SheetError("has pictures for a phone that lack a part of its text. Shorten that part.")
        return [_to_last_mark(page) for page in pages]


def _drawn(page: pdfium.PdfPage, dpi: int, below: float = 0) -> Image.Image:
    """Return a page in 16 greys, without so many points at its foot."""
    image = page.render(scale=dpi / 72, grayscale=True, crop=(0, below, 0, 0)).to_pil()
    return image.point(DARKNESS)


def _to_last_mark(page: pdfium.PdfPage) -> Image.Image:
    """Return a page of a strip without what is below its last mark."""
    lowest = min((item.get_bounds()[1] for item in page.get_objects()), default=0)
    pixel = 72 / PHONE_DPI
    image = _drawn(page, PHONE_DPI, below=max(0, (lowest // pixel - 1) * pixel))
    _, _, _, bottom = image.getbbox() or (0, 0, 0, 0)
    return image.crop((0, 0, image.width, bottom))


def _stacked(images: list[Image.Image]) -> Image.Image:
    """Return one picture of several, with white below."""
    stacked = Image.new("L", (images[0].width, sum(image.height for image in images) + BELOW))
    top = 0
    for image in images:
        stacked.paste(image, (0, top))
        top += image.height
    return stacked


def _png(image: Image.Image, dpi: int) -> bytes:
    """Return a picture as a PNG with a palette."""
    image.putpalette(PALETTE)
    out = BytesIO()
    image.save(out, "PNG", bits=4, dpi=(dpi, dpi), compress_type=zlib.Z_RLE)  # half the time, and smaller
    return out.getvalue()
