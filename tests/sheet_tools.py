"""What the tests of print typography share: a finished PDF as glyphs and lines, in millimetres from the upper left corner.

Where a glyph belongs is found by counting characters in the HTML: verify.py insists on the same ones in the same order.
"""

import ctypes
import re
import subprocess
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from handouts.paper import A4, MM, Format
from handouts.pdf.verify import SILENT, printed_text, prove, tree


def faults(pdf: bytes, html: str, paper: Format = A4) -> list[str]:
    return list(prove(pdf, printed_text(html), sizes=(paper,)).faults)


def texts_of(pdf: Path) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def squeezed(text: str) -> str:
    """Return text without white space; PDFium writes U+0002 for a hyphen at the end of a line."""
    return "".join(text.replace("\x02", "-").replace("\ufffe", "-").split())


def in_pdfium(pdf: bytes, dpi: int) -> Image.Image:
    """Return the first page as PDFium shows and prints it, in greys."""
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        return document[0].render(scale=dpi / 72, grayscale=True).to_pil()


def in_poppler(pdf: bytes, dpi: int) -> Image.Image:
    """Return the first page as Poppler shows it, insisting that it has nothing to say."""
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    assert done.stderr == b""
    return Image.open(BytesIO(done.stdout)).convert("L")


def structure(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    found, left = [], [document.Root.StructTreeRoot.K]
    while left:
        node = left.pop(0)
        if isinstance(node, pikepdf.Array):
            left[:0] = list(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            left[:0] = [node.K] if "/K" in node else []
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A place on the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> tuple[float, float]:
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Box):
    """A tick box or a line to fill in."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph(Box):
    """A character; its box is its ink."""

    char: str
    x: float
    """Where it starts."""
    baseline: float
    turned: bool
    """True if it is not upright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Box):
    """One drawn shape: a box, a rule, the code."""

    colours: tuple[tuple[int, ...], ...]


def place(x: float, y: float, other_x: float, other_y: float, height: float) -> dict[str, float]:
    """Return the sides of a place in millimetres from the upper left corner; PDF counts in points from the lower left."""
    (left, right), (bottom, top) = sorted((x, other_x)), sorted((y, other_y))
    sides = {"left": left, "top": height * MM - top, "right": right, "bottom": height * MM - bottom}
    return {name: side / MM for name, side in sides.items()}


def fields(pdf: bytes) -> list[Field]:
    """Return what can be ticked or filled in on the first page, in any order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        height = float(page.MediaBox[3]) / MM
        widgets = [one for one in page.get("/Annots", []) if one.Subtype == "/Widget"]
        return [
            Field(name=str(one.T), kind=str(one.FT), **place(*map(float, one.Rect), height))
            for one in widgets
        ]


class Leaf:
    """The only page of a sheet, and the HTML it was made from."""

    def __init__(self, pdf: bytes, html: str) -> None:
        self.fields = fields(pdf)
        self._document = pdfium.PdfDocument(pdf)
        self.page = self._document[0]
        self.width, self.height = (side / MM for side in self.page.get_size())
        self.glyphs = list(self._glyphs())
        self._ranges = list(_ranges(tree(html)))

    def _glyphs(self) -> Iterator[Glyph]:
        text = self.page.get_textpage()
        x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
        for index in range(text.count_chars()):
            char = chr(pdfium_c.FPDFText_GetUnicode(text, index))
            char = "-" if char in "\x02\ufffe" else char
            if pdfium_c.FPDFText_IsGenerated(text, index) or char.isspace():
                continue
            pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
            pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top)
            ink = place(left.value, bottom.value, right.value, top.value, self.height)
            turned = abs(pdfium_c.FPDFText_GetCharAngle(text, index)) > 1
            line = self.height - y.value / MM
            yield Glyph(char=char, x=x.value / MM, baseline=line, turned=turned, **ink)

    def shapes(self) -> list[Shape]:
        return [
            Shape(colours=_colours(item), **place(*item.get_bounds(), self.height))
            for item in self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH])
        ]

    def text_colours(self) -> set[tuple[int, ...]]:
        texts = self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
        return {_colour(pdfium_c.FPDFPageObj_GetFillColor, item) for item in texts}

    def type_sizes(self, having: str = "") -> list[float]:
        """Return the sizes of type in points, of all texts or of those that have these characters."""
        text = self.page.get_textpage()
        texts = self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], textpage=text)
        return [
            round(one.get_font_size() * abs(one.get_matrix().a), 1)
            for one in texts
            if having in one.extract()
        ]

    def boxes(self) -> list[Shape]:
        """Return the boxes to tick in the order of the steps: squares of about their size, drawn line included."""
        found = {shape for shape in self.shapes() if all(4 < side < 5.2 for side in shape.size)}
        return sorted(found, key=lambda box: (box.left, box.top))

    def of(self, name: str) -> list[list[Glyph]]:
        """Return the glyphs of each element with this tag or class; `li.tick label` asks for both."""
        steps = name.split()
        found = [(start, end) for path, start, end in self._ranges if _matches(path, steps)]
        return [self.glyphs[start:end] for start, end in found if end > start]

    def picture(self, dpi: int):
        return self.page.render(scale=dpi / 72, grayscale=True).to_pil()


def lines_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return glyphs by lines; a line is what shares a baseline."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if lines and abs(lines[-1][-1].baseline - glyph.baseline) < 1:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return lines


def text_of(glyphs: list[Glyph]) -> str:
    return "".join(glyph.char for glyph in glyphs)


def _ranges(root: etree.Element) -> Iterator[tuple[list[etree.Element], int, int]]:
    """Yield (element with those around it, its first character, the one after its last)."""
    count = 0

    def walk(element: etree.Element, around: list[etree.Element]) -> Iterator:
        nonlocal count
        if not isinstance(element.tag, str) or element.tag in SILENT:
            return
        path, start = [*around, element], count
        count += len(re.sub(r"\s", "", element.text or ""))
        for child in element:
            yield from walk(child, path)
            count += len(re.sub(r"\s", "", child.tail or ""))
        yield path, start, count

    yield from sorted(walk(root, []), key=lambda found: found[1])


def _matches(path: list[etree.Element], steps: list[str]) -> bool:
    if not _is(path[-1], steps[-1]):
        return False
    around = iter(path[:-1])
    return all(any(_is(element, step) for element in around) for step in steps[:-1])


def _is(element: etree.Element, step: str) -> bool:
    tag, _, name = step.partition(".")
    return (not tag or element.tag == tag) and (not name or name in element.get("class", "").split())


def _colours(item: pdfium.PdfObject) -> tuple[tuple[int, ...], ...]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
    used = [(fill, pdfium_c.FPDFPageObj_GetFillColor), (stroke, pdfium_c.FPDFPageObj_GetStrokeColor)]
    return tuple(_colour(get, item) for mode, get in used if mode.value)


def _colour(get, item: pdfium.PdfObject) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in range(4)]
    get(item, *parts)
    return tuple(part.value for part in parts)
