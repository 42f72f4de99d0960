"""Make the pictures for a phone of a sheet or of the phrases.

In: the HTML of the pictures, a typesetter. Out: PNGs, one a page, that show every character of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SheetError
from ..pdf.thumbnail import phone_pictures
from ..pdf.verify import printed_text, shown_text

if TYPE_CHECKING:
    from ..pdf.typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build


def pictures(html: str, typesetter: Typesetter) -> tuple[bytes, ...]:
    """Return the pictures; raise SheetError when they do not show all of the text."""
    pdf = typesetter.draw(typesetter.lay_out(html, "phone.css"))
    if shown_text(pdf) != printed_text(html):
        raise SheetError("the picture for a phone does not show all of its text")
    return phone_pictures(pdf)
