"""Find the sheets' fonts on the machine and subset them to the characters in use.

In: the characters of all papers. Out: a few small font files and, made from them, those of one paper. The system's Noto Sans
CJK has 65,000 glyphs; unsubset, it makes layout and writing of each PDF several times slower. So it is subset twice: once per
build to the characters of the site, then from that small file to those of each paper. The second step takes milliseconds, and
a PDF depends only on the characters it uses: a new character in one guide does not change the other PDFs.

Families, because one character may need two shapes:
  Sheet Han     Noto Sans CJK SC (TC in traditional Chinese): Chinese, and full-width punctuation (“”…—·)
  Sheet Inline  Noto Sans: Latin and digits inside Chinese text, without that punctuation
  Sheet Latin   Noto Sans: French, Dutch, German and English phrases
  Sheet Field   Noto Sans: text typed into form fields. WeasyPrint embeds the complete font of a field
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

from ..cache.memoize import memoize
from ..errors import MachineError
from ..text import WIDE

WEIGHTS = {"Regular": 400, "Bold": 700}
WEIGHT_AXIS = "wght"
"""The axis of weight of a variable font, in the numbers of WEIGHTS (OpenType, registered axes)."""
HAN_FAMILY, LATIN_FAMILY = "Noto Sans CJK SC", "Noto Sans"
HAN_FAMILIES = {"zh-Hant": "Noto Sans CJK TC"}
"""The families of languages that use other shapes for the same characters."""
FIELD_FAMILY = "Sheet Field"
FAMILIES = {
    "Sheet Han": HAN_FAMILY,
    "Sheet Inline": LATIN_FAMILY,
    "Sheet Latin": LATIN_FAMILY,
    FIELD_FAMILY: LATIN_FAMILY,
}
FEATURES = ["kern", "locl", "ccmp", "mark", "mkmk"]
"""OpenType features that are kept: those for Latin accents and spacing."""
FEATURE_TABLES = ("GPOS", "GSUB")
"""Tables of the features. Fields do without: a viewer sets what is typed letter by letter."""
UNUSED_TABLES = ("VORG", "vhea", "vmtx", "gasp", "name", "GDEF")
"""Tables for vertical text, smoothing, names (a style sheet gives them) and classes of glyphs (Unicode gives them)."""
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0"
"""Characters that every font has: ASCII and the no-break space."""
WESTERN = "".join(
    char for char in bytes(range(0x80, 0x100)).decode("cp1252", "ignore") if char.isupper() or char.islower()
)
"""The letters of western Europe beyond ASCII: those of WinAnsiEncoding (ISO 32000-1, annex D)."""
FIELD = ALWAYS + WESTERN + "€’"
"""What can be typed into a field in our font; for other characters a viewer uses another font."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of the machine."""

    family: str
    weight: str
    path: Path
    index: int
    """Its place in a font collection (.ttc); 0 for a plain file."""

    def open(self) -> hb.Face:
        """Map the file into memory, which reads only the parts that are used."""
        return hb.Face(hb.Blob.from_file_path(self.path), self.index)

    @property
    def weights(self) -> tuple[float, float] | None:
        """Return the least and greatest weight of a variable font; None for a font of one weight."""
        axes = self.open().axis_infos
        return next(((axis.min_value, axis.max_value) for axis in axes if axis.tag == WEIGHT_AXIS), None)


@memoize(lambda lang="": lang)
def find_faces(lang: str = "") -> list[Face]:
    """Return the regular and bold faces of both families for a language, as fontconfig finds them."""
    families = (HAN_FAMILIES.get(lang, HAN_FAMILY), LATIN_FAMILY)
    return [_find(family, weight) for family in families for weight in WEIGHTS]


def _find(family: str, weight: str) -> Face:
    """Ask fontconfig for one face; MachineError if it offers another family or weight.

    A variable font has every weight between two bounds. fontconfig lists each of its named instances, with the number of
    the instance in the upper half of the index; subsetting sets the weight.
    """
    query = f"{family}:style={weight}:weight={200 if weight == 'Bold' else 80}"
    command = ["fc-match", "-f", "%{file}\n%{index}\n%{family}\n%{style}", query]
    try:
        answer = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="surrogateescape", check=True
        ).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError) as error:
        raise MachineError("fc-match does not run. Install fontconfig; ./inv does it for you.") from error
    path, index, names, style = [*answer, "", "", ""][:4]  # an empty answer: no font at all
    if family not in names.split(","):
        raise _missing(family, weight, f"{names} {style}")
    instance, place = divmod(int(index), 0x10000)
    face = Face(family, weight, Path(path), place)
    if weight in style.split(","):
        return face
    bounds = face.weights if instance else None
    if bounds is None:
        raise _missing(family, weight, f"{names} {style}")
    if not bounds[0] <= WEIGHTS[weight] <= bounds[1]:
        raise _missing(family, weight, f"{path}, whose weights go from {bounds[0]:g} to {bounds[1]:g}")
    return face


def _missing(family: str, weight: str, offered: str) -> MachineError:
    return MachineError(
        f"The font {family} {weight} is not on this machine (fontconfig offers {offered}). "
        "Install fonts-noto-cjk and fonts-noto-core; ./inv does it for you."
    )


@memoize(lambda text, faces: (text, tuple(faces)))
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
    """Return a text that changes when one of these files changes."""
    return "\n".join(
        f"{face.path} {face.index} {face.weight} {face.path.stat().st_size} {face.path.stat().st_mtime_ns}"
        for face in faces
    )


@dataclass(frozen=True, slots=True)
class Subset:
    """A face, and the characters it is reduced to."""

    family: str
    face: Face
    characters: frozenset[str]

    @property
    def name(self) -> str:
        """Return the name of its file in a style sheet."""
        return f"{self.family.replace(' ', '-')}-{self.face.weight}"

    @memoize(lambda self: (identity([self.face]), self.family, self.characters), kept=16)
    def content(self) -> bytes:
        """Return the font file; the same input gives the same bytes."""
        unused = UNUSED_TABLES + FEATURE_TABLES * (self.family == FIELD_FAMILY)
        return _subset(self.face.open(), self.characters, unused, WEIGHTS[self.face.weight])


def _subset(
    face: hb.Face, characters: Iterable[str], unused: Iterable[str] = (), weight: int | None = None
) -> bytes:
    """Return a font with only these characters, of one weight, without unused tables, with outlines that a PDF can embed.

    The identity charset names CFF glyphs by their index: some viewers look them up by name, others by index (ISO 32000-1,
    9.7.4.2), and otherwise Ghostscript prints empty boxes. Subroutines are removed because WeasyPrint removes them in any
    case, and the second subsetting is quicker without them.
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.set(map(ord, characters))
    wanted.layout_feature_tag_set.set(map(tag, FEATURES))
    wanted.drop_table_tag_set.update(map(tag, unused))
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.flags |= hb.SubsetFlags.CFF_IDENTITY_CHARSET | hb.SubsetFlags.DOWNGRADE_CFF2
    wanted.flags |= hb.SubsetFlags.DESUBROUTINIZE
    axes = [axis.tag for axis in face.axis_infos]
    if axes:
        wanted.pin_all_axes_to_default(face)
        if WEIGHT_AXIS in axes:
            wanted.pin_axis_location(face, WEIGHT_AXIS, weight)
    return hb.subset(face, wanted).blob.data


def tag(name: str) -> int:
    """Return the number of an OpenType table or feature."""
    return int.from_bytes(name.encode(), "big")


def subsets(faces: Iterable[Face], text: str) -> list[Subset]:
    """Return the fonts for a text: each family with the characters it must have."""
    wide = set(re.findall(f"[{WIDE}]", text))
    narrow = set(text) | set(ALWAYS)
    characters = {
        "Sheet Han": wide | narrow,
        "Sheet Inline": narrow - wide,
        "Sheet Latin": narrow,
        FIELD_FAMILY: set(FIELD),
    }
    return [
        Subset(family, face, frozenset(characters[family]))
        for family, source in FAMILIES.items()
        for face in faces
        if source == (HAN_FAMILY if face.family in HAN_FAMILIES.values() else face.family)
        and (family != FIELD_FAMILY or face.weight == "Regular")
    ]


class SiteFonts:
    """The font files of a site, from which those of each paper are made."""

    def __init__(self, made: Iterable[Subset]) -> None:
        self._subsets = list(made)
        self.files = {one.name: one.content() for one in self._subsets}
        self._faces = {name: hb.Face(file) for name, file in self.files.items()}

    def for_text(self, text: Iterable[str]) -> dict[str, bytes]:
        """Return the files for a paper with these characters, by name."""
        characters = {*text, *ALWAYS}
        return {
            one.name: self.files[one.name]
            if one.family == FIELD_FAMILY
            else _subset(self._faces[one.name], characters)
            for one in self._subsets
        }

    def rules(self, base: str) -> str:
        """Return the @font-face rules for these files, addressed by `base` and their names."""
        return "\n".join(
            f'@font-face {{ font-family: "{one.family}"; font-weight: {WEIGHTS[one.face.weight]};'
            f' src: url("{base}{one.name}"); }}'
            for one in self._subsets
        )
