"""What the site offers of a sheet: its files, their addresses and sizes, and the list of all PDFs.

In: finished sheets, put away. Out: Handouts for the templates, and the content of handouts.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .documents import Paper
from .fit import Sheet
from .outputs import pdf_at, picture_at, twin_at
from .templates import Edition, mark

CHECKS = ("one-page", "text-complete", "inside-margins", "no-overlap", "own-fonts", "no-messages")
"""What proof.py and pdf.py made sure of before a sheet is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A sheet as the site offers it: addresses relative to the site's root, and sizes."""

    edition: Edition
    sheet: Sheet
    oldest: date | None
    """When the oldest fact on it was read."""

    @property
    def pdf(self) -> str:
        """Return the address of the PDF."""
        return pdf_at(self.edition.name)

    @property
    def png(self) -> str:
        """Return the address of the picture; only the edition for everybody has one."""
        return picture_at(self.edition.guide.slug)

    @property
    def twin(self) -> str:
        """Return the address of the web page that looks like the sheet; as the picture."""
        return twin_at(self.edition.guide.slug)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the addresses of all its files."""
        twin = f"{self.twin}index.html"
        return (self.pdf,) if self.edition.operator else (self.pdf, self.png, twin)

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
    def mark(self) -> str:
        """Return what the code on the sheet says of it."""
        return mark(self.edition.guide, self.version)

    @property
    def bytes(self) -> int:
        """Return the size of the PDF."""
        return self.sheet.pdf.size

    @property
    def kilobytes(self) -> int:
        """Return the size of the PDF as people read it: 1 KB is 1,000 bytes."""
        return self.sheet.pdf.kilobytes


def by_operator(handouts: dict[str, Handout]) -> dict[str, dict[str, Handout]]:
    """Return the sheets made for one operator's customers: guide, then operator."""
    sheets: dict[str, dict[str, Handout]] = {}
    for handout in handouts.values():
        of_guide = sheets.setdefault(handout.edition.guide.slug, {})
        if handout.edition.operator:
            of_guide[handout.edition.operator.id] = handout
    return sheets


def manifest(handouts: dict[str, Handout], papers: dict[str, Paper]) -> dict[str, Any]:
    """Return what handouts.json says of each PDF, by its address."""
    entries = {handout.pdf: _entry(handout) for handout in handouts.values()}
    entries |= {paper.path: _paper_entry(paper) for paper in papers.values()}
    return dict(sorted(entries.items()))


def _paper_entry(paper: Paper) -> dict[str, Any]:
    """Return what is said of a letter, the card, a large print, the volume."""
    return {
        "path": paper.path,
        "guide": paper.guide or None,
        "operator": None,
        "language": paper.lang,
        "pages": paper.pages,
        "points": None,
        "fill": None,
        "bytes": paper.pdf.size,
        "sha256": paper.pdf.sha256,
        "fonts": list(paper.fonts),
        "oldest_fact": paper.oldest.isoformat() if paper.oldest else None,
        "checks": [check for check in CHECKS if paper.pages == 1 or check != "one-page"],
    }


def _entry(handout: Handout) -> dict[str, Any]:
    """Return what is said of one PDF."""
    sheet, guide, operator = handout.sheet, handout.edition.guide, handout.edition.operator
    return {
        "path": handout.pdf,
        "guide": guide.slug,
        "operator": operator.id if operator else None,
        "language": guide.lang,
        "pages": handout.pages,
        "points": float(handout.points),
        "fill": sheet.fill,
        "bytes": handout.bytes,
        "sha256": sheet.pdf.sha256,
        "fonts": list(sheet.fonts),
        "version": handout.version,
        "oldest_fact": handout.oldest.isoformat() if handout.oldest else None,
        "notes_left_out": sorted(sheet.setting.dropped),
        "checks": list(CHECKS),
    }
