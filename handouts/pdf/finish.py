"""Add to a PDF what WeasyPrint leaves out. Only this module and typesetter.py use private names of WeasyPrint.

In: a laid-out document and the objects of its PDF. Out: the same objects, with
  languages     of foreign phrases, in the structure tree (WCAG technique PDF19; ISO 32000-1, 14.9.2)
  header cells  saying whether they head a column or a row (ISO 14289-1, 7.5)
  page numbers  in the margins marked as artifacts, which screen readers pass over (ISO 32000-1, 14.8.2.2)
  annotations   that are printed (ISO 32000-1, 12.5.3)
  days          fields for a day, with a slash as long as they are empty
  tick boxes    with both their appearances, and text fields with a font that is addressed by characters: else Poppler
                shows no tick, and Ghostscript prints what was typed as empty boxes (ISO 32000-1, 12.7.3.3 and 9.6.6.2)
docs/upstream.md says of each what WeasyPrint would have to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pydyf
import uharfbuzz as hb
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from ..errors import SheetError

PRIVATE = (
    ("weasyprint.document.Page", "_page_box", "the boxes of a page, each with the language of its text"),
    ("weasyprint.layout.absolute", "AbsolutePlaceholder", "what replaces a box with an absolute position"),
    ("weasyprint.layout.absolute.AbsolutePlaceholder", "_box", "that box"),
    ("weasyprint.formatting_structure.boxes.TextBox", "style", "the language of a piece of text"),
    ("weasyprint.formatting_structure.boxes.ReplacedBox", "style", "the language of a picture"),
    ("weasyprint.formatting_structure.boxes.BlockBox", "children", "boxes inside a box, in the order drawn"),
)
"""(where, name, what for): names used here that are not in WeasyPrint's documented API; any release may remove them."""

FIRST, LAST = 0x20, 0xFF
"""Codes of WinAnsiEncoding that are characters (ISO 32000-1, annex D)."""
FIELD_FONT = "Field"
"""The name of the fields' font."""
DAY = "-done-"
"""In the names of fields for a day, which show a slash between day and month as long as they are empty."""
NONSYMBOLIC = 1 << 5
"""Font flag: the letters are those of the standard Latin set (ISO 32000-1, table 123)."""
PRINT = 1 << 2
"""Annotation flag: it is printed (ISO 32000-1, table 165)."""
Size = tuple[float, float]
"""Width and height, in PDF units."""


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """Add what WeasyPrint leaves out."""
    _mark_languages(document, pdf)
    elements = dict(_elements(pdf))
    _scope_headers(pdf, elements)
    _mark_artifacts(pdf, elements)
    _print_annotations(pdf)
    _finish_fields(pdf)


def label_pages(pdf: pydyf.PDF, parts: Sequence[tuple[str, int]]) -> None:
    """Name the pages of a bound PDF after its parts: `prepaid-1` (ISO 32000-1, 12.4.2)."""
    numbers = pydyf.Array()
    first = 0
    for name, count in parts:
        numbers += [first, pydyf.Dictionary({"S": "/D", "P": pydyf.String(f"{name}-")})]
        first += count
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": numbers})


def _at(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    """Return the object that a reference such as `12 0 R` names."""
    return pdf.objects[int(reference.split()[0])]


def _elements_of_pages(pdf: pydyf.PDF) -> list[pydyf.Array]:
    """Return, for each page, the elements of its pieces of content, in the order of their numbers."""
    numbers = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    of_number = dict(zip(numbers[::2], numbers[1::2], strict=True))
    return [of_number[page] for page in range(len(pdf.page_references))]


def _mark_languages(document: Document, pdf: pydyf.PDF) -> None:
    """Write the language of each foreign phrase into the structure tree.

    The pieces of a page are numbered in the order they are drawn, which for our pages is the order of the boxes:
    verify.py holds us to that.
    """
    main = pdf.catalog["Lang"].string
    for page, elements in zip(document.pages, _elements_of_pages(pdf), strict=True):
        languages = list(_languages(page._page_box))
        if len(languages) != len(elements):
            raise SheetError(
                "has pieces that are not in its structure tree. Report this: finish.py is at fault."
            )
        for language, reference in zip(languages, elements, strict=True):
            if language and language != main:
                _at(pdf, reference)["Lang"] = pydyf.String(language)


def _languages(box: boxes.Box) -> Iterator[str | None]:
    """Yield the language of each piece of content below a box, in the order it is drawn."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
        yield box.style["lang"]
    for child in getattr(box, "children", ()):
        yield from _languages(child)


def _elements(pdf: pydyf.PDF) -> Iterator[tuple[bytes, pydyf.Dictionary]]:
    """Yield every element of the structure tree with its reference, in reading order."""
    left = [*reversed(_at(pdf, pdf.catalog["StructTreeRoot"])["K"])]
    while left:
        reference = left.pop()
        element = _at(pdf, reference)
        if "S" in element:  # else it refers to an annotation
            yield reference, element
            left += [kid for kid in reversed(element["K"]) if isinstance(kid, bytes)]


def _scope_headers(pdf: pydyf.PDF, elements: dict[bytes, pydyf.Dictionary]) -> None:
    """Say of each header cell whether it heads its row or its column: its row if a cell of that row names it."""
    for row in elements.values():
        if row["S"] != "/TR":
            continue
        cells = [elements[kid] for kid in row["K"]]
        named = {id.string for cell in cells if cell["S"] == "/TD" for id in cell["A"]["Headers"]}
        for cell in cells:
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = "/Row" if cell["ID"].string in named else "/Column"


def _mark_artifacts(pdf: pydyf.PDF, elements: dict[bytes, pydyf.Dictionary]) -> None:
    """Mark the text in the margins of a page as an artifact: its elements are not in the structure tree."""
    for reference, of_page in zip(pdf.page_references, _elements_of_pages(pdf), strict=True):
        loose = {number for number, element in enumerate(of_page) if element not in elements}
        if not loose:
            continue
        stream = _at(pdf, _at(pdf, reference)["Contents"]).stream
        for place, operand in enumerate(stream):  # /Span << /MCID 7 >> BDC, an item each
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in loose:
                stream[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        for number in loose:
            of_page[number] = "null"


def _print_annotations(pdf: pydyf.PDF) -> None:
    """Mark links as printed, as fields are."""
    for reference in pdf.page_references:
        for annotation in _at(pdf, reference).get("Annots", ()):
            _at(pdf, annotation)["F"] = PRINT


def _finish_fields(pdf: pydyf.PDF) -> None:
    """Give every tick box both its appearances, every text field its font, and every field for a day its slash."""
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    fields = [_at(pdf, reference) for reference in form["Fields"]]
    ticks = [field for field in fields if field["FT"] == "/Btn"]
    lines = [field for field in fields if field["FT"] == "/Tx"]
    del form["NeedAppearances"]
    _share_appearances(pdf, ticks)
    slashes: dict[Size, bytes] = {}
    for line in lines:
        if DAY in line["T"].string:
            size = _size(line)
            slashes[size] = slashes.get(size) or _slash(pdf, size)
            line["AP"] = pydyf.Dictionary({"N": slashes[size]})
    if lines:
        given = [match for line in lines if (match := re.search(rb"/(\w+) ([\d.]+) Tf", _bytes(line["DA"])))]
        whole = _at(pdf, _at(pdf, form["DR"])["Font"])[given[0][1].decode()]
        form["DR"] = pydyf.Dictionary({"Font": pydyf.Dictionary({FIELD_FONT: _by_characters(pdf, whole)})})
        for line, match in zip(lines, given, strict=True):
            line["DA"] = pydyf.String(f"0 g /{FIELD_FONT} {match[2].decode()} Tf")
    else:
        del form["DR"]


def _share_appearances(pdf: pydyf.PDF, ticks: list[pydyf.Dictionary]) -> None:
    """Give every tick box both its appearances; boxes that look alike share them, which saves a sheet 4 KB."""
    known: dict[bytes, pydyf.Dictionary] = {}
    for tick in ticks:
        shown = tick["AP"]["N"]
        ticked = _at(pdf, shown["on"])
        if ticked.data in known:
            tick["AP"]["N"] = known[ticked.data]
            _empty(pdf, ticked)
        else:
            shown["Off"] = _appearance(pdf, _size(tick))
            known[ticked.data] = shown


def _empty(pdf: pydyf.PDF, unused: pydyf.Object) -> None:
    """Put an empty object in the place of one that nothing names any more; pydyf cannot take it out (docs/upstream.md)."""
    nothing = pydyf.Dictionary()
    nothing.number = unused.number
    pdf.objects[unused.number] = nothing


def _size(field: pydyf.Dictionary) -> Size:
    """Return the width and height of a field."""
    left, top, right, bottom = field["Rect"]
    return round(right - left, 3), round(top - bottom, 3)


def _appearance(pdf: pydyf.PDF, size: Size, *drawing: str) -> bytes:
    """Add what a field of this size shows: by default nothing, its frame is drawn on the page."""
    shown = pydyf.Stream(
        [*drawing], extra={"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, *size))}
    )
    pdf.add_object(shown)
    return shown.reference


def _slash(pdf: pydyf.PDF, size: Size) -> bytes:
    """Add what an empty field for a day shows: a slash in its middle, which a viewer replaces by what is typed."""
    middle, low, high = size[0] / 2, size[1] * 0.2, size[1] * 0.8
    lean = (high - low) * 0.18
    line = f"0.75 w {middle - lean:.2f} {low:.2f} m {middle + lean:.2f} {high:.2f} l S"
    return _appearance(pdf, size, line)


def _by_characters(pdf: pydyf.PDF, reference: bytes) -> bytes:
    """Add a TrueType font once more, addressed by characters; its file, which maps them, is shared."""
    whole = _at(pdf, reference)
    described = _at(pdf, _at(pdf, whole["DescendantFonts"][0])["FontDescriptor"])
    file = _at(pdf, described["FontFile2"])
    font = hb.Font(hb.Face(b"".join(file.stream)))
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


def _width(font: hb.Font, code: int) -> int:
    """Return the width of the character with this code, in thousandths of the type size; 0 if the font lacks it."""
    char = bytes([code]).decode("cp1252", "ignore")
    glyph = font.get_nominal_glyph(ord(char)) if char else None
    return round(font.get_glyph_h_advance(glyph) * 1000 / font.face.upem) if glyph else 0


def _bytes(text: pydyf.String) -> bytes:
    """Return the content of a string object."""
    return text.string if isinstance(text.string, bytes) else text.string.encode()
