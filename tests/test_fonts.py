"""Finding the fonts of the sheet and cutting them to the characters in use."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from handouts.errors import MachineError
from handouts.pdf import fonts


@pytest.fixture(scope="module")
def faces():
    return fonts.find_faces()


def test_both_families_are_found_in_two_weights(faces):
    found = {(face.family, face.weight) for face in faces}

    assert found == {
        ("Noto Sans CJK SC", "Regular"),
        ("Noto Sans CJK SC", "Bold"),
        ("Noto Sans", "Regular"),
        ("Noto Sans", "Bold"),
    }


def test_the_chinese_face_of_a_collection_is_the_simplified_one(faces):
    """A collection starts with the Japanese face; its shapes are wrong in Chinese text."""
    for face in faces:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            assert font["name"].getBestFamilyName() == face.family


def test_only_characters_without_a_glyph_are_missing(faces):
    assert fonts.missing_characters("停卡 résilier €\u00a0\n\U0001f600\ue000", faces) == {
        "\U0001f600",
        "\ue000",
    }


def characters(cut: fonts.Cut) -> set[str]:
    """Return what the file of a cut can show."""
    with TTFont(BytesIO(cut.cut())) as font:
        return set(map(chr, font.getBestCmap()))


def named(cuts: list[fonts.Cut], name: str) -> fonts.Cut:
    return next(cut for cut in cuts if cut.name == name)


def test_a_cut_font_holds_what_the_texts_need_and_little_else(faces):
    cut = named(fonts.wanted(faces, "停卡，一二三é"), "Sheet-Han-Regular.otf")

    assert characters(cut) == set("停卡，一二三é") | set(fonts.ALWAYS)


def test_a_cut_keeps_the_number_of_every_glyph(faces):
    """Else one more character anywhere would change every PDF."""
    few, many = (named(fonts.wanted(faces, text), "Sheet-Han-Regular.otf") for text in ("卡", "停卡，一二三"))

    with TTFont(BytesIO(few.cut())) as one, TTFont(BytesIO(many.cut())) as other:
        assert one.getGlyphID(one.getBestCmap()[ord("卡")]) == other.getGlyphID(
            other.getBestCmap()[ord("卡")]
        )


def test_wide_marks_come_from_the_chinese_font_only(faces):
    """“” and — fill a square in Chinese: the Latin font inside Chinese text must not offer them."""
    cuts = fonts.wanted(faces, "停“卡”—")

    assert not set("“”—") & characters(named(cuts, "Sheet-Inline-Regular.ttf"))
    assert set("“”—") <= characters(named(cuts, "Sheet-Latin-Regular.ttf"))


def test_each_family_and_weight_has_one_file_and_one_rule(faces, tmp_path):
    cuts = fonts.wanted(faces, "停")

    rules = fonts.rules(cuts, tmp_path).split("\n")

    assert len({cut.name for cut in cuts}) == len(cuts) == len(rules) == 6
    for cut in cuts:
        assert sum((tmp_path / cut.name).as_uri() in rule for rule in rules) == 1


def test_the_same_characters_give_the_same_bytes_at_any_time(faces, monkeypatch):
    """Neither the order of the characters nor the clock plays a part."""
    one = [cut.cut() for cut in fonts.wanted(faces, "停卡résilier")]
    monkeypatch.setattr("fontTools.misc.timeTools.time.time", lambda: 4_000_000_000.0)
    other = [cut.cut() for cut in fonts.wanted(faces, "réslie停r卡")]

    assert one == other


def fake_fc_match(tmp_path: Path, monkeypatch, answer: str) -> None:
    """Put an fc-match first on the path that always gives this answer."""
    (tmp_path / "fc-match").write_text(f"#!/bin/sh\nprintf '{answer}'\n")
    (tmp_path / "fc-match").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(r"/fonts/DejaVuSans.ttf\n0\nDejaVu Sans\nBook", id="another family"),
        pytest.param(r"/fonts/NotoSansCJK.ttc\n2\nNoto Sans CJK SC\nLight", id="another weight"),
        pytest.param("", id="no font at all"),
    ],
)
def test_a_stand_in_font_is_refused(tmp_path, monkeypatch, answer):
    """Fontconfig always offers something; only the family and weight asked for will do."""
    fake_fc_match(tmp_path, monkeypatch, answer)

    with pytest.raises(
        MachineError, match=r"Noto Sans CJK SC Regular is not on this machine.*fonts-noto-cjk"
    ):
        fonts.find_faces()


def test_a_machine_without_fontconfig_is_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MachineError, match="Install fontconfig"):
        fonts.find_faces()
