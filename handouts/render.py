"""Set a guide into the sheet's template.

In: a Guide, the Data, what the sheet must say of itself. Out: a complete HTML document, the same
for paper and for its twin on the web.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import segno
from markupsafe import Markup

from .data import Data
from .markup import bare
from .model import Guide

JINJA_OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
}
"""Shared with Pelican's environment, so that a macro escapes alike on page and paper."""


def unstopped(lead: Markup) -> Markup:
    """Return a lead without its full stop: beside a tick box it is a line, not a sentence."""
    return Markup(str(lead).removesuffix("。"))


FILTERS = {"bare": bare, "unstopped": unstopped, "isodate": date.isoformat}
"""Filters of all templates: pages, sheets, feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to set a sheet: how large the type is and which notes had to leave."""

    points: str
    """Size of the steps, in points, as written in the style sheet: `10.5`."""
    dropped: frozenset[str] = frozenset()
    """Ids of the steps whose optional note is left out."""


class SheetTemplate:
    """The sheet's template, loaded once for all guides."""

    def __init__(self, templates: Path, data: Data, site: str) -> None:
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), **JINJA_OPTIONS)
        environment.filters.update(FILTERS)
        self._template = environment.get_template("sheet.html")
        self._data = data
        self._site = site

    def render(self, guide: Guide, setting: Setting, *, version: str = "", web: bool = False) -> str:
        """Return the sheet as HTML; `web` adds what only its twin on the site needs."""
        url = f"{self._site}/{guide.slug}/"
        days = [self._data.facts[id].read for id in guide.sheet_facts]
        return self._template.render(
            guide=guide,
            phrases=self._data.phrases,
            ui=self._data.ui,
            points=setting.points,
            dropped=setting.dropped,
            version=version,
            oldest=min(days, default=None),
            url=url,
            qr=qr_code(url),
            web=web,
        )

    def version(self, guide: Guide) -> str:
        """Return eight characters that change when anything printed on the sheet changes."""
        html = self.render(guide, Setting(points="0"))
        return hashlib.sha256(html.encode()).hexdigest()[:8]


def qr_code(url: str) -> str:
    """Return a QR code as a data URI of SVG: level M, quiet zone of 4 modules (ISO/IEC 18004)."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=4, scale=1, omitsize=True)
