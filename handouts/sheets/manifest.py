"""Describe the PDFs of a site: for templates, and for handouts.json.

In: what was printed. Out: Handouts, and the content of handouts.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import paths
from .templates import Setting

CHECKS = ("one-page", "text-complete", "inside-margins", "no-overlap", "own-fonts", "no-messages")
"""What verify.py and typesetter.py have checked before a PDF is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A PDF of the site, without its bytes."""

    name: str
    """Without the ending: `prepaid-base`, `letter-fr`."""
    lang: str
    guide: str = ""
    """The slug of its guide; empty if it belongs to none."""
    operator: str = ""
    """The id of the operator whose customers it is for; empty if it is for everybody."""
    pages: int = 1
    fonts: tuple[str, ...]
    """The families of the fonts embedded in it."""
    oldest: date | None
    """When the oldest fact on it was read."""
    setting: Setting | None = None
    """How a sheet was made to fit; None for other papers."""
    version: str = ""
    """Eight characters that change with the sheet."""
    mark: str = ""
    """Its date and version in the QR code of a sheet."""
    fill: float | None = None
    """How much of the page's height is used, from 0 to 1."""
    bytes: int
    sha256: str
    phone: tuple[str, ...] = ()
    """The addresses of its pictures for a phone, in order."""

    @property
    def path(self) -> str:
        """Return the address of the PDF."""
        return paths.pdf(self.name)

    @property
    def png(self) -> str:
        """Return the address of the picture of a guide's general sheet."""
        return paths.picture(self.guide)

    @property
    def twin(self) -> str:
        """Return the address of the web page that looks like a guide's general sheet."""
        return paths.twin(self.guide)

    @property
    def kilobytes(self) -> int:
        """Return the size of the PDF as people read it: 1 KB is 1,000 bytes."""
        return round(self.bytes / 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A finished and verified PDF with its bytes; results.py keeps it."""

    handout: Handout
    pdf: bytes
    picture: bytes = b""
    """A PNG of the page, only of a guide's general sheet."""
    phone: tuple[bytes, ...] = ()
    """PNGs for a phone."""


def printed(pdf: bytes, *, picture: bytes = b"", phone: tuple[bytes, ...] = (), **known: Any) -> Printed:
    """Return a finished PDF with its size and digest, and its pictures with their addresses."""
    digest = hashlib.sha256(pdf).hexdigest()
    at = tuple(paths.phone(known["name"], number) for number in range(1, len(phone) + 1))
    handout = Handout(**known, bytes=len(pdf), sha256=digest, phone=at)
    return Printed(handout=handout, pdf=pdf, picture=picture, phone=phone)


def by_operator(handouts: Iterable[Handout]) -> dict[str, dict[str, Handout]]:
    """Return the sheets for one operator's customers, by guide and operator."""
    sheets: dict[str, dict[str, Handout]] = {}
    for handout in handouts:
        of_guide = sheets.setdefault(handout.guide, {})  # also for a guide without such sheets
        if handout.operator:
            of_guide[handout.operator] = handout
    return sheets


def manifest(handouts: Iterable[Handout], prefix: str = "") -> dict[str, Any]:
    """Return the content of handouts.json by the address of each PDF; `prefix` is the folder of its edition."""
    ordered = sorted(handouts, key=lambda handout: handout.path)
    return {prefix + handout.path: _entry(handout, prefix) for handout in ordered}


def _entry(handout: Handout, prefix: str) -> dict[str, Any]:
    """Return what handouts.json says of a PDF; only sheets have a version and notes that are left out."""
    setting = handout.setting
    return {
        "path": prefix + handout.path,
        "guide": handout.guide or None,
        "operator": handout.operator or None,
        "language": handout.lang,
        "pages": handout.pages,
        "points": float(setting.points) if setting else None,
        "fill": handout.fill,
        "bytes": handout.bytes,
        "sha256": handout.sha256,
        "fonts": list(handout.fonts),
        "phone": [prefix + picture for picture in handout.phone],
        **({"version": handout.version} if setting else {}),
        "oldest_fact": handout.oldest.isoformat() if handout.oldest else None,
        **({"notes_left_out": sorted(setting.dropped)} if setting else {}),
        "checks": [check for check in CHECKS if handout.pages == 1 or check != "one-page"],
    }
