"""Keep finished sheets, papers, pictures, codes and compiled templates in the cache, and take them out again.

In: a key, a Sheet or Paper. Out: the same, as it was stored: a line of JSON, then the PDF. A picture by the PDF it shows.
"""

from __future__ import annotations

import json
from datetime import date
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from ..cache.disk import Cache, key
from ..cache.memoize import remembered
from ..pdf.thumbnail import picture
from .documents import Paper
from .fit import Sheet
from .templates import Setting, qr_code


def keep(cache: Cache, name: str, made: Sheet | Paper) -> None:
    """Store what was printed."""
    head = _of_sheet(made) if isinstance(made, Sheet) else _of_paper(made)
    cache.put(name, json.dumps(head).encode() + b"\n" + made.pdf)


def load(cache: Cache, name: str) -> Sheet | Paper | None:
    """Return what was stored, or None when there is nothing."""
    packed = cache.get(name)
    if packed is None:
        return None
    line, _, pdf = packed.partition(b"\n")
    head = json.loads(line)
    return _sheet(head, pdf) if "version" in head else _paper(head, pdf)


def _of_sheet(sheet: Sheet) -> dict[str, Any]:
    """Return what is stored of a sheet beside its PDF."""
    return {
        "points": sheet.setting.points,
        "dropped": sorted(sheet.setting.dropped),
        "version": sheet.version,
        "fill": sheet.fill,
        "fonts": list(sheet.fonts),
    }


def _sheet(head: dict[str, Any], pdf: bytes) -> Sheet:
    """Return the sheet of which this was stored."""
    return Sheet(
        setting=Setting(points=head["points"], dropped=frozenset(head["dropped"])),
        version=head["version"],
        pdf=pdf,
        fill=head["fill"],
        fonts=tuple(head["fonts"]),
    )


def _of_paper(paper: Paper) -> dict[str, Any]:
    """Return what is stored of a letter, the card, a large print or the volume beside its PDF."""
    return {
        "name": paper.name,
        "lang": paper.lang,
        "guide": paper.guide,
        "pages": paper.pages,
        "fonts": list(paper.fonts),
        "oldest": paper.oldest.isoformat() if paper.oldest else None,
    }


def _paper(head: dict[str, Any], pdf: bytes) -> Paper:
    """Return the paper of which this was stored."""
    return Paper(
        name=head["name"],
        lang=head["lang"],
        guide=head["guide"],
        pages=head["pages"],
        fonts=tuple(head["fonts"]),
        oldest=date.fromisoformat(head["oldest"]) if head["oldest"] else None,
        pdf=pdf,
    )


def kept_picture(pdf: bytes, cache: Cache) -> bytes | None:
    """Return the picture of a sheet if it was made before."""
    return cache.get(key("picture", pdf))


def picture_of(pdf: bytes, cache: Cache, meanwhile: bytes = b"") -> bytes:
    """Return the picture of a sheet, made now or before; `meanwhile` in the place of one that was not."""
    image = kept_picture(pdf, cache) or meanwhile
    if not image:
        image = picture(pdf)
        cache.put(key("picture", pdf), image)
    return image


class Codes:
    """QR codes, each drawn once: choosing how it is masked takes longer than setting the page around it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def __call__(self, url: str) -> str:
        """Return the code of an address."""
        name = key("code", url)
        kept = self._cache.get(name)
        if kept is None:
            kept = qr_code(url).encode()
            self._cache.put(name, kept)
        return kept.decode()


class CompiledTemplates(BytecodeCache):
    """Templates as Jinja compiled them, so that only a changed one is compiled again; pages and papers share macros."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a name for the bucket of a template; Jinja's own cannot name a file that the locale cannot."""
        return f"{name}|{filename}".encode("utf-8", "surrogateescape").hex()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket of a template with what was compiled before."""
        compiled = self._cache.get(self._key(bucket))
        if compiled:
            bucket.code = _code(compiled, bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._cache.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return key("template", bucket.key, bucket.checksum)


@remembered(lambda compiled, bucket: compiled)
def _code(compiled: bytes, bucket: Bucket) -> CodeType | None:
    """Return a template's code from what was stored; nothing of another version of Jinja."""
    bucket.bytecode_from_string(compiled)
    return bucket.code
