"""Finding the fonts of the sheet and cutting them to the characters in use."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from handouts.errors import MachineError
from handouts.pdf import fonts
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import prove
from tests.build_tools import TINY, a4


@pytest.fixture(scope="module")
def faces():
    return fonts.find_faces()


def test_the_chinese_face_of_a_collection_is_the_simplified_one(faces):
    """A collection starts with the Japanese face; its shapes are wrong in Chinese text."""
    for face in faces:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            assert font["name"].getBestFamilyName() == face.family


def characters(file: bytes) -> set[str]:
    with TTFont(BytesIO(file)) as font:
        return set(map(chr, font.getBestCmap()))


def named(subsets: list[fonts.Subset], name: str) -> fonts.Subset:
    return next(one for one in subsets if one.name == name)


def test_a_subset_holds_what_the_texts_need_and_little_else(faces):
    han = named(fonts.subsets(faces, "停卡，一二三é"), "Sheet-Han-Regular")
    assert characters(han.content()) == set("停卡，一二三é") | set(fonts.ALWAYS)


def test_wide_marks_come_from_the_chinese_font_only(faces):
    """“” and — fill a square in Chinese: the Latin font inside Chinese text must not offer them."""
    subsets = fonts.subsets(faces, "停“卡”—")
    assert not set("“”—") & characters(named(subsets, "Sheet-Inline-Regular").content())
    assert set("“”—") <= characters(named(subsets, "Sheet-Latin-Regular").content())


def test_other_characters_on_the_site_leave_a_pdf_as_it_is(faces):
    html = a4(
        '<p>停卡，三“日期”。<b>先 4G 后</b></p><p lang="fr">Résilier l’abonnement</p>'
        '<form><label for="n">号</label><input id="n" name="n"></form>',
        '[lang="fr"] { font-family: "Sheet Latin" } input { font-family: "Sheet Field" }',
    )
    one, other = (
        Typesetter({"sheet.css": TINY}, fonts.subsets(faces, html + more))
        for more in ("", "丁七丈ŁłŚAVAŤ龟①～")
    )

    assert one.write(one.lay_out(html)) == other.write(other.lay_out(html))


STAND_INS = {
    "another family": r"/fonts/DejaVuSans.ttf\n0\nDejaVu Sans\nBook",
    "another weight": r"/fonts/NotoSansCJK.ttc\n2\nNoto Sans CJK SC\nLight",
    "no font at all": "",
}


@pytest.mark.parametrize("answer", STAND_INS.values(), ids=STAND_INS)
def test_a_stand_in_font_is_refused(tmp_path, monkeypatch, answer):
    """Fontconfig always offers something; only the family and weight asked for will do."""
    (tmp_path / "fc-match").write_text(f"#!/bin/sh\nprintf '{answer}'\n")
    (tmp_path / "fc-match").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    said = r"Noto Sans CJK SC Regular is not on this machine.*fonts-noto-cjk"
    with pytest.raises(MachineError, match=said):
        fonts.find_faces()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineError, match="Install fontconfig"):
        fonts.find_faces()


THIN, THICK = 50, 200
"""Widths of the stem that replaces every letter at weights 100 and 900."""


def variable_font(path: Path, family: str, least: int = 100, most: int = 900, cff2: bool = False) -> Path:
    """Write a small font whose letters are stems, thicker with the weight, as fontTools makes one."""
    characters = fonts.ALWAYS + fonts.FIELD + "停卡"
    glyphs = {f"uni{ord(char):04X}": char for char in characters}
    order = [".notdef", *glyphs]
    builder = FontBuilder(1000, isTTF=not cff2)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(char): name for name, char in glyphs.items()})
    if cff2:
        shapes = {name: _stem(T2CharStringPen(None, None, CFF2=True), THIN).getCharString() for name in order}
        builder.setupCFF2(shapes)
    else:
        builder.setupGlyf({name: _stem(TTGlyphPen(None), THIN).glyph() for name in order})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-200, usWeightClass=400)
    builder.setupPost()
    weights = {style: weight for style, weight in fonts.WEIGHTS.items() if least <= weight <= most}
    instances = [{"location": {"wght": weight}, "stylename": style} for style, weight in weights.items()]
    builder.setupFvar([("wght", least, least, most, "Weight")], instances)
    if not cff2:
        grow = [(0, 0), (THICK - THIN, 0), (THICK - THIN, 0), (0, 0), *[(0, 0)] * 4]
        builder.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, list(grow))] for name in order})
    builder.save(path)
    return path


def _stem(pen, width: int):
    pen.moveTo((100, 0))
    for point in ((100 + width, 0), (100 + width, 700), (100, 700)):
        pen.lineTo(point)
    pen.closePath()
    return pen


def stem(file: bytes, char: str) -> float:
    with TTFont(BytesIO(file)) as font:
        assert "fvar" not in font
        assert "CFF2" not in font
        shapes, pen = font.getGlyphSet(), BoundsPen(None)
        shapes[font.getBestCmap()[ord(char)]].draw(pen)
        return pen.bounds[2] - pen.bounds[0]


@pytest.fixture
def only(tmp_path, monkeypatch) -> Path:
    """A folder; fontconfig finds the files in it."""
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{tmp_path}/fonts</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    return tmp_path / "fonts"


@pytest.mark.parametrize("cff2", [False, True], ids=["glyf", "CFF2"])
def test_a_variable_font_gives_both_weights(only, cff2):
    """Once all bold Latin came out regular, where fontconfig prefers the variable file; CFF2 ended in a traceback."""
    variable_font(only / "han.otf", fonts.HAN_FAMILY, cff2=cff2)
    variable_font(only / "latin.ttf", fonts.LATIN_FAMILY)

    subsets = fonts.subsets(fonts.find_faces(), "停卡")
    regular, bold = (named(subsets, f"Sheet-Latin-{weight}").content() for weight in fonts.WEIGHTS)
    typesetter = Typesetter({"sheet.css": TINY}, subsets)
    html = a4("<p>停 card <b>卡 card</b></p>")
    proof = prove(typesetter.write(typesetter.lay_out(html)), "停card卡card")

    assert stem(regular, "a") == pytest.approx(106, abs=1)  # 3/8 of the way from 50 to 200
    assert stem(bold, "a") == pytest.approx(162, abs=1)
    thick = THIN if cff2 else pytest.approx(162, abs=1)
    assert stem(named(subsets, "Sheet-Han-Bold").content(), "停") == thick
    assert proof.faults == ()
    assert proof.fonts == ("Sheet-Han", "Sheet-Han-Bold", "Sheet-Inline", "Sheet-Inline-Bold")


def test_a_variable_font_without_bold_is_refused(only):
    variable_font(only / "han.otf", fonts.HAN_FAMILY)
    variable_font(only / "latin.ttf", fonts.LATIN_FAMILY, most=500)
    with pytest.raises(MachineError, match=r"Noto Sans Bold is not on this machine.*Install"):
        fonts.find_faces()
