"""The fonts in a finished PDF: the right shapes, each once, whatever else the fonts were cut for."""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.pens.recordingPen import DecomposingRecordingPen, RecordingPen
from fontTools.ttLib import TTFont

from handouts.pdf import fonts
from handouts.pdf.embed import FIELD, character_map, widths
from handouts.pdf.typesetter import Typesetter
from tests.build_tools import TINY, a4

PAGE = a4(
    '<p>停卡，三“日期”。 ✓ <b>先 4G 后</b></p><p lang="fr">Résilier l’abonnement “4G” <b>été</b></p>'
    '<form><label for="n">号</label><input id="n" name="n"></form>',
    '[lang="fr"], input { font-family: "Sheet Latin" }',
)


@pytest.fixture(scope="module")
def pdf(tiny) -> bytes:
    return tiny.write(tiny.lay_out(PAGE))


@pytest.fixture(scope="module")
def embedded(pdf) -> Iterator[dict[str, pikepdf.Dictionary]]:
    """The fonts of the page, each once, by name without the mark of the subset."""
    with pikepdf.open(BytesIO(pdf)) as document:
        found = document.pages[0].Resources.Font.values()
        yield {str(font.BaseFont).partition("+")[2]: font for font in found}


def texts(font: pikepdf.Dictionary) -> dict[int, str]:
    """Return what each glyph of a font says."""
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>\n", font.ToUnicode.read_bytes().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs if text != "ffff"}


def stated_widths(font: pikepdf.Dictionary) -> dict[int, int]:
    """Return the widths that a font states."""
    runs = [part if isinstance(part, pikepdf.Array) else int(part) for part in font.DescendantFonts[0].W]
    return {
        first + place: int(width)
        for first, run in zip(runs[::2], runs[1::2], strict=True)
        for place, width in enumerate(run)
    }


def outlines(font: pikepdf.Dictionary) -> dict[int, tuple[list, float]]:
    """Return (outline, width) of each glyph, as a viewer finds it: by its name in CFF, by its place in TrueType."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    found = {}
    if "/FontFile3" in descriptor:
        assert str(descriptor.FontFile3.Subtype) == "/CIDFontType0C"
        cff = CFFFontSet()
        cff.decompile(BytesIO(descriptor.FontFile3.read_bytes()), None)
        assert len(cff[0].FDArray) == 1
        for name in cff[0].charset:
            glyph = cff[0].CharStrings[name]
            pen = RecordingPen()
            glyph.draw(pen)
            reader = T2WidthExtractor([], [], glyph.private.nominalWidthX, glyph.private.defaultWidthX)
            reader.execute(glyph)
            found[0 if name == ".notdef" else int(name[3:])] = (pen.value, reader.width)
    else:
        file = TTFont(BytesIO(descriptor.FontFile2.read_bytes()))
        shapes = file.getGlyphSet()
        for place, name in enumerate(file.getGlyphOrder()):
            found[place] = (drawn(shapes, name), shapes[name].width)
    return found


def drawn(shapes, name: str) -> list:
    """Return the outline of a glyph, the parts it is put together of drawn out."""
    pen = DecomposingRecordingPen(shapes)
    shapes[name].draw(pen)
    return pen.value


def test_two_families_of_one_face_share_one_font(embedded):
    assert sorted(embedded) == ["Sheet-Han", "Sheet-Han-Bold", "Sheet-Latin", "Sheet-Latin-Bold"]


def test_every_code_shows_the_shape_of_its_character(embedded):
    """Chinese printed through Ghostscript came out as boxes when codes were not the names of the glyphs."""
    faces = {
        ("Sheet-Han" if face.family == fonts.HAN_FAMILY else "Sheet-Latin")
        + ("-Bold" if face.weight == "Bold" else ""): face
        for face in fonts.find_faces()
    }
    for name, font in embedded.items():
        found, stated, said = outlines(font), stated_widths(font), texts(font)
        assert len(said) > 1
        with TTFont(faces[name].path, fontNumber=faces[name].index, lazy=True) as system:
            shapes, glyphs = system.getGlyphSet(), system.getBestCmap()
            for code, text in said.items():
                shape = glyphs[ord(text)]
                assert found[code] == (drawn(shapes, shape), shapes[shape].width), f"{name}: {text}"
                assert stated.get(code, 1000) == shapes[shape].width, f"{name}: {text}"


def test_a_font_holds_what_the_page_shows_and_nothing_else(embedded):
    said = texts(embedded["Sheet-Han"])

    assert set(said.values()) == set("停卡，三“”日期。✓号 ")


def test_every_letter_of_our_languages_can_be_typed_into_a_field(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        font = document.Root.AcroForm.DR.Font.Field
        with TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes())) as file:
            found = {chr(code) for code in file.getBestCmap()}
        wide = {chr(code): int(width) for code, width in enumerate(font.Widths, int(font.FirstChar))}

    assert set(FIELD) <= found
    assert set("çéèëïôùœÉäöüß€") <= found
    assert all(wide[char] > 0 for char in "AZaz09éÉß")


def test_other_characters_in_the_cut_leave_a_pdf_as_it_is(pdf, tmp_path):
    """So one new character in one guide leaves the PDFs of all others as they are."""
    (tmp_path / "sheet.css").write_text(TINY, encoding="utf-8")
    cuts = fonts.wanted(fonts.find_faces(), re.sub("<[^>]*>", "", PAGE) + "丁七丈ŁłŚAVAŤ龟①～")
    for cut in cuts:
        (tmp_path / cut.name).write_bytes(cut.cut())
    other = Typesetter(tmp_path, fonts.rules(cuts, tmp_path), tmp_path)

    assert other.write(other.lay_out(PAGE)) == pdf


def test_widths_are_stated_in_runs_and_only_where_they_are_unusual():
    assert list(widths({7: 500, 3: 600, 4: 1000, 6: 400})) == [3, [600], 6, [400, 500]]


def test_a_long_character_map_comes_in_blocks_of_a_hundred():
    lines = character_map(dict.fromkeys(range(1, 151), "卡")).decode().split("\n")

    assert [line for line in lines if "beginbfchar" in line] == ["100 beginbfchar", "50 beginbfchar"]
    assert lines.count("<0001> <5361>") == 1
