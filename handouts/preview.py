"""Make the picture of a sheet that a phone can save and a chat can show.

In: a one-page PDF. Out: a PNG at 150 dpi, 1240 × 1754 for A4, in 16 greys to stay small.
"""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium

DPI = 150
SIZE = (1240, 1754)
"""A4 at 150 dpi in whole pixels; PDFium would start one more column of 0.16."""
GREYS = 16


def picture(pdf: bytes) -> bytes:
    """Return the first page as a PNG; the same PDF gives the same bytes."""
    document = pdfium.PdfDocument(pdf)
    try:
        image = document[0].render(scale=DPI / 72, grayscale=True).to_pil().crop((0, 0, *SIZE))
    finally:
        document.close()
    step = 256 // GREYS
    image = image.point([min(255, round(grey / step) * step) for grey in range(256)])
    out = BytesIO()
    image.quantize(GREYS, dither=0).save(out, "PNG", optimize=True, dpi=(DPI, DPI))
    return out.getvalue()
