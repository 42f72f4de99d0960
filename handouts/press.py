"""Print all sheets of a site.

In: the Content. Out: one Sheet per guide, with the files it becomes. Fonts are cut once, for the
characters of all sheets together.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import fonts
from .content import Content
from .errors import Problems
from .fit import Sheet, fit
from .model import Guide
from .preview import picture
from .proof import printed_text
from .render import Setting, SheetTemplate

CHECKS = ("one-page", "text-complete", "inside-margins", "own-fonts", "no-messages")
"""What proof.py and pdf.py made sure of before a sheet is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A sheet as the site offers it: addresses relative to the site's root, and sizes."""

    sheet: Sheet
    png_bytes: bytes
    twin_html: str
    fonts: tuple[str, ...]

    @property
    def pdf(self) -> str:
        """Return the address of the PDF."""
        return f"handouts/{self.sheet.guide.slug}.pdf"

    @property
    def png(self) -> str:
        """Return the address of the picture."""
        return f"{self.sheet.guide.slug}/sheet.png"

    @property
    def twin(self) -> str:
        """Return the address of the web page that looks like the sheet."""
        return f"{self.sheet.guide.slug}/sheet/"

    @property
    def pages(self) -> int:
        """Return how many pages the PDF has; the proof insists on one."""
        return 1

    @property
    def points(self) -> str:
        """Return the size of the steps in points."""
        return self.sheet.setting.points

    @property
    def version(self) -> str:
        """Return the eight characters that name this state of the sheet."""
        return self.sheet.version

    @property
    def bytes(self) -> int:
        """Return the size of the PDF."""
        return len(self.sheet.pdf)

    @property
    def kilobytes(self) -> int:
        """Return the size of the PDF as people read it: 1 KB is 1,000 bytes."""
        return round(len(self.sheet.pdf) / 1000)


def print_all(
    content: Content, templates: Path, stylesheet: Path, site: str, problems: Problems
) -> dict[str, Handout]:
    """Return the handouts by slug; guides that cannot be printed are noted and left out."""
    if not content.guides:
        return {}
    template = SheetTemplate(templates, content.data, site)
    faces = fonts.find_faces()
    text = "".join(sorted(set("".join(_texts(content.guides, template)))))
    unknown = fonts.missing_characters(text, faces)
    for char in sorted(unknown):
        _note_missing(char, content, problems)
    printable = [guide for guide in content.guides if not unknown & set("".join(_texts([guide], template)))]
    from .pdf import Typesetter  # slow to import, and only needed when something is printed

    with tempfile.TemporaryDirectory(prefix="sheet-fonts-") as folder:
        rules = fonts.cut(text, faces, Path(folder))
        typesetter = Typesetter(stylesheet, rules, Path(folder))
        sheets = [fit(guide, template, typesetter, problems) for guide in printable]
    return {sheet.guide.slug: _handout(sheet, template) for sheet in sheets if sheet}


def _texts(guides: Iterable[Guide], template: SheetTemplate) -> Iterator[str]:
    """Yield the text of each sheet, version marks included."""
    for guide in guides:
        yield printed_text(template.render(guide, Setting(points="0"), version="0123456789abcdef"))


def _handout(sheet: Sheet, template: SheetTemplate) -> Handout:
    """Return a sheet with its picture and its twin."""
    from .proof import font_names

    return Handout(
        sheet=sheet,
        png_bytes=picture(sheet.pdf),
        twin_html=template.render(sheet.guide, sheet.setting, version=sheet.version, web=True),
        fonts=font_names(sheet.pdf),
    )


def _note_missing(char: str, content: Content, problems: Problems) -> None:
    """Note a character that no font can print, at the places where it stands."""
    name = f"U+{ord(char):04X} “{char}”"
    files = sorted({guide.path for guide in content.guides})
    files += sorted(map(str, (content.folder / "shared").glob("*.md")))
    files += [str(content.folder / "data" / file) for file in ("phrases.toml", "ui.toml", "facts.toml")]
    for path in files:
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
            if char in line:
                problems.add(path, number, f"No font can print {name}. Write it in other characters.")


def manifest(handouts: dict[str, Handout], content: Content) -> dict[str, Any]:
    """Return what handouts.json says of each PDF."""
    facts = content.data.facts
    return {
        handout.pdf: {
            "path": handout.pdf,
            "guide": slug,
            "operator": None,
            "language": handout.sheet.guide.lang,
            "pages": handout.pages,
            "points": float(handout.points),
            "fill": handout.sheet.fill,
            "bytes": handout.bytes,
            "sha256": hashlib.sha256(handout.sheet.pdf).hexdigest(),
            "fonts": list(handout.fonts),
            "version": handout.version,
            "oldest_fact": min(
                (facts[id].read.isoformat() for id in handout.sheet.guide.sheet_facts), default=None
            ),
            "notes_left_out": sorted(handout.sheet.setting.dropped),
            "checks": list(CHECKS),
        }
        for slug, handout in sorted(handouts.items())
    }
