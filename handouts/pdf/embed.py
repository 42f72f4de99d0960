"""Put into a PDF only the shapes that it draws, each once. Fonts are two thirds of a sheet's bytes.

In: a document that WeasyPrint has turned into PDF objects, and the fonts cut for the build. Out: the same objects
with leaner fonts. WeasyPrint embeds one file per family; two of our families share one face, and all cuts keep the
glyph numbers of their face (fonts.py), so that one font with the glyphs of both can stand for both. Its glyphs are
numbered anew, one after the other, and the text of the pages with them: so the bytes depend on what the PDF shows,
not on what else the fonts were cut for, and every viewer finds the glyphs, whether it takes a character's code
for the name of a glyph, as ISO 32000-1 says (9.7.4.2), or for its place in the font.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pydyf
import uharfbuzz as hb
from fontTools.cffLib import CFFFontSet
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.ttLib import TTFont

from .fonts import FIELD, tag
from .objects import at, forget

if TYPE_CHECKING:
    from weasyprint.document import Document
    from weasyprint.pdf.fonts import Font

TABLES = {"CFF ": {"CFF "}, "glyf": {"glyf", "head", "hhea", "hmtx", "loca", "maxp"}}
"""What of a font file a PDF needs, by the table of its outlines (ISO 32000-1, 9.9)."""
USUAL_WIDTH = 1000
"""Thousandths of an em: the width of a glyph that a PDF need not state, which all Han characters have."""
MOST_PAIRS = 100
"""Pairs in one block of a character map (Adobe technical note 5014)."""


class Shapes:
    """The outlines of one face, from the file cut for the build."""

    def __init__(self, file: Path) -> None:
        self.name = file.stem.removesuffix("-Regular")
        """What a PDF calls the font."""
        self._face = hb.Face(hb.Blob.from_file_path(file))
        self._font = hb.Font(self._face)
        self.bare = "CFF " in self._face.table_tags
        """Whether the outlines are CFF, which a PDF takes without the rest of the font file."""

    def with_only(self, texts: dict[int, str], typed: str = "") -> Lean:
        """Return a font with the glyphs of `texts`; one that the face has not becomes the empty box.

        Its file also has the characters that can be `typed`, and a map that finds them.
        """
        kept = TABLES["CFF " if self.bare else "glyf"] | ({"cmap"} if typed else set())
        order = hb.SubsetInput()
        order.glyph_set.set(texts)
        order.unicode_set.set(map(ord, typed))
        order.drop_table_tag_set.set(map(tag, set(self._face.table_tags) - kept))
        order.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        order.flags |= hb.SubsetFlags.DESUBROUTINIZE | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        plan = hb.SubsetPlan(self._face, order)
        face = plan.execute()
        of_plan = plan.old_to_new_glyph_mapping
        numbers = {glyph: of_plan[glyph] for glyph in sorted(texts) if glyph in of_plan}
        return Lean(
            content=level(face.reference_table("CFF ").data) if self.bare else face.blob.data,
            numbers=numbers,
            texts={new: texts[old] for old, new in numbers.items()},
            widths={new: self._width(old) for old, new in numbers.items()},
        )

    def _width(self, glyph: int) -> int:
        """Return the advance of a glyph in thousandths of an em, rounded."""
        return round(self._font.get_glyph_h_advance(glyph) * 1000 / self._face.upem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lean:
    """A font file with the glyphs of one PDF, numbered one after the other."""

    content: bytes
    numbers: dict[int, int]
    """The new number of each glyph, by its number in the face."""
    texts: dict[int, str]
    """What each glyph says, by its new number."""
    widths: dict[int, int]
    """Thousandths of an em, by the new number."""


def level(cff: bytes) -> bytes:
    """Return a CFF font of several parts as one part with one usual width.

    The parts of Noto Sans CJK (Latin, kana, ideographs, ...) differ in how they store the widths of their glyphs.
    Ghostscript and checkers of PDF/UA take those of the first part for all (Adobe technical note 5176, 9).
    """
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(cff), None)
    font = fonts[0]
    for name in font.charset:
        glyph, _ = font.CharStrings.getItemAndSelector(name)
        usual, nominal = glyph.private.defaultWidthX, glyph.private.nominalWidthX
        if (usual, nominal) == (USUAL_WIDTH, 0):
            continue
        glyph.decompile()
        reader = T2WidthExtractor([], [], nominal, usual)
        reader.execute(glyph)
        if reader.gotWidth and reader.width != usual:
            del glyph.program[0]
        if reader.width != USUAL_WIDTH:
            glyph.program.insert(0, reader.width)
    font.FDSelect.gidArray = [0] * len(font.charset)
    del font.FDArray.items[1:]
    font.FDArray[0].Private.defaultWidthX, font.FDArray[0].Private.nominalWidthX = USUAL_WIDTH, 0
    out, holder = BytesIO(), TTFont(recalcBBoxes=False)
    holder.setGlyphOrder(font.charset)
    fonts.compile(out, holder)
    return out.getvalue()


class Uncut(dict):
    """The fonts of a document, as WeasyPrint collects them, spared its own cutting: ours follows."""

    def __setitem__(self, key: object, font: Font) -> None:
        font.clean = lambda *_: None
        super().__setitem__(key, font)


def slim_fonts(document: Document, pdf: pydyf.PDF, shapes: dict[str, Shapes]) -> None:
    """Exchange the fonts that WeasyPrint embedded for leaner ones; `shapes` by the name of a font in a PDF."""
    drawn: dict[Shapes, dict[int, str]] = {}
    typed: dict[Shapes, str] = {}
    names: dict[Shapes, list[str]] = {}
    for font in document.fonts.values():
        own = shapes.get(font.name.decode().partition("+")[2])
        if own is None:  # not of our families: the proof says it better
            continue
        drawn.setdefault(own, {}).update(font.to_unicode)
        if font.used_in_forms:
            typed[own] = FIELD
        if font.hash not in names.setdefault(own, []):
            names[own].append(font.hash)
    numbers: dict[bytes, dict[int, int]] = {}
    embedded = at(pdf, at(pdf, at(pdf, pdf.page_references[0])["Resources"])["Font"])
    for own, texts in drawn.items():
        lean = own.with_only(texts, typed.get(own, ""))
        first, *others = names[own]
        _exchange(pdf, at(pdf, embedded[first]), own, lean)
        for other in others:
            _forget_font(pdf, embedded[other])
            embedded[other] = embedded[first]
        numbers |= {name.encode(): lean.numbers for name in names[own]}
    for page in pdf.page_references:
        content = at(pdf, at(pdf, page)["Contents"])
        content.stream = [*_renumbered(content.stream, numbers)]


def _renumbered(stream: Iterable[bytes | str], numbers: dict[bytes, dict[int, int]]) -> Iterator[bytes | str]:
    """Yield what a page draws, its text in the new numbers of the glyphs (ISO 32000-1, 9.4.3)."""
    glyphs: dict[int, int] = {}

    def new(text: re.Match[bytes]) -> bytes:
        codes = text[1].decode()
        old = (int(codes[at : at + 4], 16) for at in range(0, len(codes), 4))
        return f"<{''.join(f'{glyphs.get(glyph, 0):04x}' for glyph in old)}>".encode()

    for item in stream:
        if isinstance(item, bytes) and item.endswith(b" Tf"):
            glyphs = numbers.get(item[1:].split()[0], {})
        elif isinstance(item, bytes) and item.endswith(b"] TJ") and glyphs:
            yield re.sub(rb"<([0-9a-f]+)>", new, item).replace(b">0<", b"").replace(b">0]", b">]")
            continue
        yield item


def _exchange(pdf: pydyf.PDF, font: pydyf.Dictionary, shapes: Shapes, lean: Lean) -> None:
    """Let a font of the PDF hold other glyphs."""
    descendant = at(pdf, font["DescendantFonts"][0])
    descriptor = at(pdf, descendant["FontDescriptor"])
    mark = font["BaseFont"].partition(b"+")[0]  # of a subset (9.6.4)
    font["BaseFont"] = descendant["BaseFont"] = descriptor["FontName"] = mark + b"+" + shapes.name.encode()
    file = at(pdf, descriptor["FontFile3" if shapes.bare else "FontFile2"])
    file.stream = [lean.content]
    if shapes.bare:
        file.extra["Subtype"] = "/CIDFontType0C"
        del descendant["CIDToGIDMap"]  # for TrueType only
    else:
        file.extra["Length1"] = len(lean.content)
    descriptor["FontBBox"][2] = max(lean.widths.values(), default=0)
    descendant["W"] = widths(lean.widths)
    at(pdf, font["ToUnicode"]).stream = [character_map(lean.texts)]


def _forget_font(pdf: pydyf.PDF, reference: bytes) -> None:
    """Leave out a font and what it is made of."""
    font = at(pdf, reference)
    descendant = at(pdf, font["DescendantFonts"][0])
    descriptor = at(pdf, descendant["FontDescriptor"])
    file = descriptor.get("FontFile2") or descriptor["FontFile3"]
    for part in (
        reference,
        font["DescendantFonts"][0],
        descendant["FontDescriptor"],
        file,
        font["ToUnicode"],
    ):
        forget(pdf, part)


def widths(of_glyph: dict[int, int]) -> pydyf.Array:
    """Return the widths that differ from the usual, as runs of neighbours (ISO 32000-1, 9.7.4.3)."""
    result, last = pydyf.Array(), None
    for glyph, width in sorted(of_glyph.items()):
        if width == USUAL_WIDTH:
            continue
        if last != glyph - 1:
            result += [glyph, pydyf.Array()]
        result[-1].append(width)
        last = glyph
    return result


def character_map(texts: dict[int, str]) -> bytes:
    """Return the map from glyphs to what they say, for search and screen readers (ISO 32000-1, 9.10.3)."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    pairs = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())]
    for start in range(0, len(pairs), MOST_PAIRS):
        block = pairs[start : start + MOST_PAIRS]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
