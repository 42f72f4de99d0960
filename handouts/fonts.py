"""Find the sheet's fonts on the machine and cut them down to the characters in use.

In: the characters of all sheets. Out: a few small font files and the @font-face rules that name
them. The system's Noto Sans CJK holds 65,000 glyphs; used whole it makes each PDF several times
larger and slower to write. Cut once per build, it is shared by all sheets.

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
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from .errors import MachineError
from .grammar import WIDE

WEIGHTS = {"Regular": 400, "Bold": 700}
HAN_FAMILY, LATIN_FAMILY = "Noto Sans CJK SC", "Noto Sans"
FAMILIES = {"Sheet Han": HAN_FAMILY, "Sheet Inline": LATIN_FAMILY, "Sheet Latin": LATIN_FAMILY}
FEATURES = ["kern", "locl", "ccmp", "mark", "mkmk"]
"""OpenType features kept: what Latin accents and spacing need. The rest only makes files larger."""
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0"
"""ASCII and the no-break space are kept whatever the texts hold, so that fields can be filled in."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of the machine."""

    family: str
    weight: str
    path: Path
    index: int
    """Its place in a font collection (.ttc); 0 for a plain file."""

    def open(self) -> TTFont:
        """Read the tables of this face only as they are needed; saved again, it keeps its own date."""
        return TTFont(self.path, fontNumber=self.index, lazy=True, recalcTimestamp=False)


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


def missing_characters(text: Iterable[str], faces: Iterable[Face]) -> set[str]:
    """Return the characters for which no face has a glyph; white space needs none."""
    wanted = {char for char in text if not char.isspace()}
    for face in faces:
        if not wanted:
            break
        with face.open() as font:
            wanted -= {char for char in wanted if ord(char) in font.getBestCmap()}
    return wanted


def identity(faces: Iterable[Face]) -> str:
    """Return what names these very font files: path, face, size and time of change."""
    return "\n".join(
        f"{face.path} {face.index} {face.path.stat().st_size} {face.path.stat().st_mtime_ns}"
        for face in faces
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """One font file to make for the sheets."""

    family: str
    face: Face
    characters: frozenset[str]

    @property
    def name(self) -> str:
        """Return the file's name."""
        suffix = "otf" if self.face.family == HAN_FAMILY else "ttf"
        return f"{self.family.replace(' ', '')}-{self.face.weight}.{suffix}"

    def cut(self) -> bytes:
        """Return the face with only these characters; the same input gives the same bytes."""
        options = subset.Options(layout_features=FEATURES, notdef_outline=True, hinting=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=sorted(map(ord, self.characters)))
        out = BytesIO()
        with self.face.open() as font:
            cutter.subset(font)
            font.save(out)
        return out.getvalue()


def wanted(faces: Iterable[Face], text: str) -> list[Cut]:
    """Return the font files that the characters of a text call for."""
    wide = set(re.findall(f"[{WIDE}]", text))
    narrow = set(text) | set(ALWAYS)
    characters = {"Sheet Han": wide | narrow, "Sheet Inline": narrow - wide, "Sheet Latin": narrow}
    return [
        Cut(family, face, frozenset(characters[family]))
        for family, source in FAMILIES.items()
        for face in faces
        if face.family == source
    ]


def rules(cuts: Iterable[Cut], folder: Path) -> str:
    """Return the @font-face rules for the files in a folder."""
    return "\n".join(
        f'@font-face {{ font-family: "{cut.family}"; font-weight: {WEIGHTS[cut.face.weight]};'
        f' src: url("{(folder / cut.name).as_uri()}"); }}'
        for cut in cuts
    )
