"""Make the tick boxes and fields of a PDF work alike in common viewers.

In: a PDF that WeasyPrint has set, its fonts exchanged. Out: the same, with fields that name their own looks.
WeasyPrint leaves the looks to the viewer and names a font by glyph numbers. With that, Poppler shows no tick
at all and Ghostscript sets what was typed as empty boxes. So each box has both its states drawn, and each
field a font that is addressed by characters (ISO 32000-1, 12.7.3.3 and 9.6.6.2).
"""

from __future__ import annotations

import re
from io import BytesIO

import pydyf
from fontTools.ttLib import TTFont

from .objects import at

FIRST, LAST = 0x20, 0xFF
"""Codes of WinAnsiEncoding that are characters (ISO 32000-1, annex D)."""
NAME = "Field"
"""What the fields call their font."""
NONSYMBOLIC = 1 << 5
"""Of the flags of a font: its letters are those of the standard Latin set (ISO 32000-1, table 123)."""


def finish_fields(pdf: pydyf.PDF) -> None:
    """Give every tick box both its looks, and every field its font."""
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    fields = [at(pdf, reference) for reference in form["Fields"]]
    boxes = [field for field in fields if field["FT"] == "/Btn"]
    lines = [field for field in fields if field["FT"] == "/Tx"]
    del form["NeedAppearances"]
    empty: dict[tuple[float, float], bytes] = {}
    for box in boxes:
        left, top, right, bottom = box["Rect"]
        size = round(right - left, 3), round(top - bottom, 3)
        empty[size] = box["AP"]["N"]["Off"] = empty.get(size) or _nothing(pdf, size)
    if lines:
        given = [re.search(rb"/(\w+) ([\d.]+) Tf", _bytes(line["DA"])) for line in lines]
        font = _by_characters(pdf, at(pdf, at(pdf, form["DR"])["Font"])[given[0][1].decode()])
        form["DR"] = pydyf.Dictionary({"Font": pydyf.Dictionary({NAME: font})})
        for line, (_, size) in zip(lines, (match.groups() for match in given), strict=True):
            line["DA"] = pydyf.String(f"0 g /{NAME} {size.decode()} Tf")
    else:
        del form["DR"]


def _nothing(pdf: pydyf.PDF, size: tuple[float, float]) -> bytes:
    """Add the look of a box that is not ticked: nothing, its frame is drawn on the page."""
    drawing = pydyf.Stream(extra={"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, *size))})
    pdf.add_object(drawing)
    return drawing.reference


def _by_characters(pdf: pydyf.PDF, reference: bytes) -> bytes:
    """Add a TrueType font once more, addressed by characters; its file, which maps them, is shared."""
    whole = at(pdf, reference)
    described = at(pdf, at(pdf, whole["DescendantFonts"][0])["FontDescriptor"])
    file = at(pdf, described["FontFile2"])
    with TTFont(BytesIO(b"".join(file.stream)), lazy=True) as font:
        widths = [_width(font, code) for code in range(FIRST, LAST + 1)]
    descriptor = pydyf.Dictionary({**described, "Flags": NONSYMBOLIC})
    descriptor.pop("CIDSet", None)
    pdf.add_object(descriptor)
    simple = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "BaseFont": whole["BaseFont"],
            "Encoding": "/WinAnsiEncoding",
            "FirstChar": FIRST,
            "LastChar": LAST,
            "Widths": pydyf.Array(widths),
            "FontDescriptor": descriptor.reference,
        }
    )
    pdf.add_object(simple)
    return simple.reference


def _width(font: TTFont, code: int) -> int:
    """Return how wide the character with this code is, in thousandths of the type size; 0 where there is none."""
    char = bytes([code]).decode("cp1252", "ignore")
    glyph = font.getBestCmap().get(ord(char)) if char else None
    return round(font["hmtx"][glyph][0] * 1000 / font["head"].unitsPerEm) if glyph else 0


def _bytes(text: pydyf.String) -> bytes:
    """Return what a string object holds."""
    return text.string if isinstance(text.string, bytes) else text.string.encode()
