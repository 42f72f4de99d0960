"""Keep finished sheets, papers and pictures in the cache, and take them out again.

In: a key and a Sheet or Paper. Out: the same, as it was stored: a line of JSON, then the PDF.
"""

from __future__ import annotations

import json
from datetime import date

from .cache import Cache, key
from .fit import Sheet
from .papers import Paper
from .preview import picture
from .render import Setting


def keep_sheet(cache: Cache, name: str, sheet: Sheet) -> None:
    """Store a sheet."""
    head = {
        "points": sheet.setting.points,
        "dropped": sorted(sheet.setting.dropped),
        "version": sheet.version,
        "fill": sheet.fill,
        "fonts": list(sheet.fonts),
    }
    cache.put(name, _joined(head, sheet.pdf))


def load_sheet(cache: Cache, name: str) -> Sheet | None:
    """Return a stored sheet, or None when there is none."""
    head, pdf = _split(cache.get(name))
    if head is None:
        return None
    return Sheet(
        setting=Setting(points=head["points"], dropped=frozenset(head["dropped"])),
        version=head["version"],
        pdf=pdf,
        fill=head["fill"],
        fonts=tuple(head["fonts"]),
    )


def keep_paper(cache: Cache, name: str, paper: Paper) -> None:
    """Store a letter, the card, a large print or the volume."""
    head = {
        "name": paper.name,
        "lang": paper.lang,
        "guide": paper.guide,
        "pages": paper.pages,
        "fonts": list(paper.fonts),
        "oldest": paper.oldest.isoformat() if paper.oldest else None,
    }
    cache.put(name, _joined(head, paper.pdf))


def load_paper(cache: Cache, name: str) -> Paper | None:
    """Return a stored paper, or None when there is none."""
    head, pdf = _split(cache.get(name))
    if head is None:
        return None
    return Paper(
        name=head["name"],
        lang=head["lang"],
        guide=head["guide"],
        pages=head["pages"],
        fonts=tuple(head["fonts"]),
        oldest=date.fromisoformat(head["oldest"]) if head["oldest"] else None,
        pdf=pdf,
    )


def picture_of(pdf: bytes, cache: Cache) -> bytes:
    """Return the picture of a sheet, made now or before."""
    name = key("picture", pdf)
    image = cache.get(name)
    if image is None:
        image = picture(pdf)
        cache.put(name, image)
    return image


def _joined(head: dict[str, object], pdf: bytes) -> bytes:
    """Return a line of JSON and what follows it."""
    return json.dumps(head).encode() + b"\n" + pdf


def _split(packed: bytes | None) -> tuple[dict | None, bytes]:
    """Return the reverse of _joined; nothing of nothing."""
    if packed is None:
        return None, b""
    line, _, pdf = packed.partition(b"\n")
    return json.loads(line), pdf
