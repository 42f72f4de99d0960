"""Finding the fonts of the sheet and cutting them to the characters in use."""

import os
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from handouts import fonts
from handouts.errors import MachineError


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
        with face.open() as font:
            assert font["name"].getBestFamilyName() == face.family


def test_only_characters_without_a_glyph_are_missing(faces):
    assert fonts.missing_characters("停卡 résilier €\u00a0\n\U0001f600\ue000", faces) == {"\U0001f600", "\ue000"}


def test_a_cut_font_holds_what_the_texts_need_and_little_else(faces, tmp_path):
    fonts.cut("停卡，一二三é", faces, tmp_path)

    with TTFont(tmp_path / "SheetHan-Regular.otf") as font:
        held = set(map(chr, font.getBestCmap()))
    assert held == set("停卡，一二三é") | set(fonts.ALWAYS)
    assert all(path.stat().st_size < 60_000 for path in tmp_path.iterdir())


def test_wide_marks_come_from_the_chinese_font_only(faces, tmp_path):
    """“” and — fill a square in Chinese: the Latin font inside Chinese text must not offer them."""
    fonts.cut("停“卡”—", faces, tmp_path)

    with TTFont(tmp_path / "SheetInline-Regular.ttf") as inline, TTFont(tmp_path / "SheetLatin-Regular.ttf") as latin:
        assert not set(map(ord, "“”—")) & set(inline.getBestCmap())
        assert set(map(ord, "“”—")) <= set(latin.getBestCmap())


def test_each_cut_font_has_its_rule(faces, tmp_path):
    rules = fonts.cut("停", faces, tmp_path).split("\n")

    assert len(rules) == 6
    for path in tmp_path.iterdir():
        assert sum(path.as_uri() in rule for rule in rules) == 1


def test_the_same_characters_give_the_same_bytes(faces, tmp_path):
    """The order of the characters and the folder play no part."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()

    fonts.cut("停卡résilier", faces, one)
    fonts.cut("réslie停r卡", faces, other)

    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


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
    """fontconfig always offers something; only the family and weight asked for will do."""
    fake_fc_match(tmp_path, monkeypatch, answer)

    with pytest.raises(MachineError, match=r"Noto Sans CJK SC Regular is not on this machine.*fonts-noto-cjk"):
        fonts.find_faces()


def test_a_machine_without_fontconfig_is_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MachineError, match="Install fontconfig"):
        fonts.find_faces()
