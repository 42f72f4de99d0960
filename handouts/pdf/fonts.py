"""Find the sheet's fonts on the machine and cut them down to the characters in use.

In: the characters of all papers. Out: a few small font files and the @font-face rules that name
them. The system's Noto Sans CJK holds 65,000 glyphs; used whole it makes each PDF several times
slower to set and write. Cut once per build, it is shared by all papers.

A cut keeps the number of every glyph. So what stands in a PDF depends on the face and on the paper's own
characters, never on those of other papers: one new character in one guide leaves all other PDFs as they are.

Three families, because one character may need two shapes:
  Sheet Han     Noto Sans CJK SC: Chinese, and the marks that fill a square in Chinese text (“”…—·)
  Sheet Inline  Noto Sans: Latin and digits inside Chinese text, without those marks
  Sheet Latin   Noto Sans: whole French, Dutch, German and English phrases
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

from ..cache.memoize import remembered
from ..errors import MachineError
from ..text import WIDE

WEIGHTS = {"Regular": 400, "Bold": 700}
HAN_FAMILY, LATIN_FAMILY = "Noto Sans CJK SC", "Noto Sans"
FAMILIES = {"Sheet Han": HAN_FAMILY, "Sheet Inline": LATIN_FAMILY, "Sheet Latin": LATIN_FAMILY}
FEATURES = ["kern", "locl", "ccmp", "mark", "mkmk"]
"""OpenType features kept: what Latin accents and spacing need. The rest only makes files larger."""
VERTICAL = ("VORG", "vhea", "vmtx")
"""Tables for text that runs downwards."""
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0"
"""ASCII and the no-break space are kept whatever the texts hold."""
WESTERN = "".join(
    char for char in bytes(range(0x80, 0x100)).decode("cp1252", "ignore") if char.isupper() or char.islower()
)
"""The letters of western Europe beyond ASCII: those of WinAnsiEncoding (ISO 32000-1, annex D)."""
FIELD = ALWAYS + WESTERN + "€’"
"""What can be typed into a field in our font; for other characters a viewer takes one of its own."""
SHAPES = {"Sheet Han": "Sheet Han", "Sheet Inline": "Sheet Latin", "Sheet Latin": "Sheet Latin"}
"""Families by whose cut their shapes are embedded: Inline is Latin without some characters, not without shapes."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of the machine."""

    family: str
    weight: str
    path: Path
    index: int
    """Its place in a font collection (.ttc); 0 for a plain file."""

    def open(self) -> hb.Face:
        """Map the file into memory; only what is asked for is read."""
        return hb.Face(hb.Blob.from_file_path(self.path), self.index)


@remembered(lambda: ())
def find_faces() -> list[Face]:
    """Return the regular and bold faces of both families, as fontconfig finds them."""
    return [_find(family, weight) for family in (HAN_FAMILY, LATIN_FAMILY) for weight in WEIGHTS]


def _find(family: str, weight: str) -> Face:
    """Ask fontconfig for one face, and insist that it is the family asked for."""
    query = f"{family}:style={weight}:weight={200 if weight == 'Bold' else 80}"
    try:
        answer = subprocess.run(
            ["fc-match", "-f", "%{file}\n%{index}\n%{family}\n%{style}", query],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError) as error:
        raise MachineError("fc-match does not run. Install fontconfig; ./inv does it for you.") from error
    path, index, names, style = [*answer, "", "", ""][:4]  # an empty answer: no font at all
    if family not in names.split(",") or weight not in style.split(","):
        raise MachineError(
            f"The font {family} {weight} is not on this machine (fontconfig offers {names} {style}). "
            "Install fonts-noto-cjk and fonts-noto-core; ./inv does it for you."
        )
    return Face(family, weight, Path(path), int(index) & 0xFFFF)


@remembered(lambda text, faces: (text, tuple(faces)))
def missing_characters(text: str, faces: Iterable[Face]) -> set[str]:
    """Return the characters for which no face has a glyph; white space needs none."""
    wanted = {char for char in text if not char.isspace()}
    for face in faces:
        if not wanted:
            break
        known = face.open().unicodes
        wanted -= {char for char in wanted if ord(char) in known}
    return wanted


def identity(faces: Iterable[Face]) -> str:
    """Return what names these very font files: path, face, size and time of change."""
    return "\n".join(
        f"{face.path} {face.index} {face.path.stat().st_size} {face.path.stat().st_mtime_ns}"
        for face in faces
    )


def file_name(family: str, weight: str) -> str:
    """Return the name of the file of a cut."""
    suffix = "otf" if FAMILIES[family] == HAN_FAMILY else "ttf"
    return f"{family.replace(' ', '-')}-{weight}.{suffix}"


@dataclass(frozen=True, slots=True)
class Cut:
    """One font file to make for the sheets."""

    family: str
    face: Face
    characters: frozenset[str]

    @property
    def name(self) -> str:
        """Return the file's name."""
        return file_name(self.family, self.face.weight)

    @remembered(lambda self: (identity([self.face]), self.family, self.characters), kept=12)
    def cut(self) -> bytes:
        """Return the face with only these characters; the same input gives the same bytes."""
        order = hb.SubsetInput()
        order.unicode_set.set(map(ord, self.characters))
        order.layout_feature_tag_set.set(map(tag, FEATURES))
        order.drop_table_tag_set.update(map(tag, VERTICAL))
        order.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        return hb.subset(self.face.open(), order).blob.data


def tag(name: str) -> int:
    """Return the number that stands for a table or a feature of OpenType."""
    return int.from_bytes(name.encode(), "big")


def wanted(faces: Iterable[Face], text: str) -> list[Cut]:
    """Return the font files that the characters of a text call for."""
    wide = set(re.findall(f"[{WIDE}]", text))
    narrow = set(text) | set(ALWAYS)
    characters = {
        "Sheet Han": wide | narrow,
        "Sheet Inline": narrow - wide,
        "Sheet Latin": narrow | set(FIELD),
    }
    return [
        Cut(family, face, frozenset(characters[family]))
        for family, source in FAMILIES.items()
        for face in faces
        if face.family == source
    ]


def shapes(folder: Path) -> dict[str, Path]:
    """Return which file in a folder of cuts has the shapes of a font, by the name it has in a PDF."""
    found = {}
    for family, source in SHAPES.items():
        for weight in WEIGHTS:
            pdf_name = "-".join([*family.split(), *([weight] if weight != "Regular" else [])])
            found[pdf_name] = folder / file_name(source, weight)
    return found


def rules(cuts: Iterable[Cut], folder: Path) -> str:
    """Return the @font-face rules for the files in a folder."""
    return "\n".join(
        f'@font-face {{ font-family: "{cut.family}"; font-weight: {WEIGHTS[cut.face.weight]};'
        f' src: url("{(folder / cut.name).as_uri()}"); }}'
        for cut in cuts
    )
