"""Render the HTML of sheets and other papers.

In: a Variant or another paper, the Data, the address of the site. Out: a complete HTML document. The sheet on paper and its
twin on the web come from one template.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2
import segno
from markupsafe import Markup

from .. import paths
from ..cache.disk import key
from ..cache.memoize import memoize
from ..content.data import Data
from ..model import Guide, Milestone
from ..paper import A4, Format
from .filters import FILTERS, JINJA_OPTIONS, spaced
from .selection import FALLBACK, Selection, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to lay out a sheet: the size of the type, and the notes that are left out."""

    points: str
    """Size of the steps, in points, as written in the style sheet: `10.5`."""
    dropped: frozenset[str] = frozenset()
    """Ids of the steps whose optional note is left out."""

    @property
    def cache_key(self) -> tuple:
        """Return a key for it that is the same in every process."""
        return (self.points, *sorted(self.dropped))


POINTS, VERSION, CODE = "\ufdd0", "\ufdd1", "\ufdd2"
"""Placeholders in a sheet for what is known only when it is printed. Unicode reserves these characters for programs, and no
content may contain them."""
PLACEHOLDERS = {POINTS, VERSION, CODE}


class SheetTemplate:
    """The templates of sheets and other papers, loaded once for all."""

    def __init__(
        self,
        templates: Path,
        data: Data,
        site: str,
        paper: Format = A4,
        compiled: jinja2.BytecodeCache | None = None,
    ) -> None:
        """Take the folder of the templates, the data, the site's address, the paper, and the cache of compiled templates.

        All templates are read now, so that a template saved during a build changes nothing.
        """
        paths_of = {
            path.relative_to(templates).as_posix(): path
            for path in sorted(templates.rglob("[!.]*"))  # hidden files belong to editors
            if path.is_file()
        }
        texts = {name: path.read_text(encoding="utf-8") for name, path in paths_of.items()}

        def source(name: str) -> tuple[str, str, None] | None:
            return (texts[name], str(paths_of[name]), None) if name in texts else None

        environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(source), bytecode_cache=compiled, **JINJA_OPTIONS
        )
        environment.filters.update(FILTERS)
        self._key = (key(*texts, *texts.values()), data.digest, site, paper)
        """The part of the key of every method below that does not depend on its arguments."""
        self._environment = environment
        self._data = data
        self.selection = Selection(data)
        self._site = site if paths.is_public(site) else ""
        self.paper = paper

    def _set(self, template: str, **values: object) -> str:
        """Return a rendered template; without `version`, it has the placeholder VERSION."""
        data = self._data
        values = {
            "ui": data.ui,
            "phrases": data.phrases,
            "edition": data.language,
            "version": VERSION,
            **values,
        }
        return spaced(self._environment.get_template(template).render(**values), self._data.language.code)

    @memoize(lambda self, variant: (self._key, variant.cache_key), stored=True)
    def model(self, variant: Variant) -> str:
        """Return the sheet with all notes, and placeholders for size, version and code: everything that it may print."""
        return self._sheet(variant, Setting(points=POINTS), VERSION)

    @memoize(
        lambda self, variant, setting, version: (self._key, variant.cache_key, setting.cache_key, version),
        stored=True,
    )
    def twin(self, variant: Variant, setting: Setting, version: str) -> str:
        """Return the sheet as a web page."""
        return self._sheet(variant, setting, version, web=True)

    def render(self, variant: Variant, setting: Setting, *, version: str = "", measured: bool = False) -> str:
        """Return the sheet as HTML: the model with its placeholders replaced, or rendered again without some notes.

        `measured` adds an id to each step, so that its position can be read.
        """
        if setting.dropped or measured:
            return self._sheet(variant, setting, version, measured=measured)
        marks: dict[str, str | int | None] = {
            POINTS: setting.points.replace(".", "-"),
            VERSION: version,
            CODE: self._code_of(variant, version),
        }
        return self.model(variant).translate(str.maketrans(marks))

    def _sheet(self, variant: Variant, setting: Setting, version: str, **how: bool) -> str:
        """Return the sheet from its template; `how` says if it is a twin (web), or measured."""
        return self._set(
            "sheet.html",
            **self._values(variant, version),
            points=setting.points,
            paper=self.paper.name,
            dropped=setting.dropped,
            **{"web": False, "measured": False, **how},
        )

    @memoize(lambda self, variant: (self._key, variant.cache_key), stored=True)
    def phone(self, variant: Variant) -> str:
        """Return the sheet as a page for the screen of a phone."""
        return self._set("phone.html", **self._values(variant, self.version(variant)))

    @memoize(lambda self, guide, pages=0: (self._key, guide.digest, pages), stored=True)
    def large(self, guide: Guide, pages: int = 0) -> str:
        """Return the large print of a guide, which says how many pages it has."""
        variant = Variant(guide=guide)
        return self._set("large.html", **self._values(variant, self.version(variant)), pages=pages)

    def _values(self, variant: Variant, version: str) -> dict[str, object]:
        """Return the values for the templates of a sheet, on paper, on a phone and in large print."""
        guide, operator = variant.guide, variant.operator
        due = self.selection.due(guide)
        return {
            "guide": guide,
            "operator": operator,
            "contacts": [] if operator else self.selection.contacts(guide),
            "topics": self.selection.topics(guide, operator) if operator else {},
            "copied": self.selection.copied(variant),
            "fallback": self.selection.fallback(variant),
            "calls": self.selection.calls(variant),
            "due": due,
            "notes": {step.id: _beside(step.note, due.get(step.id)) for step in guide.steps},
            "again": self.selection.again(guide),
            "said": guide.phrases[: self.paper.phrases],
            "oldest": self.selection.oldest(variant),
            "url": self._page(guide.slug),
            "version": version,
            "qr": CODE if version == VERSION else self._code_of(variant, version),
        }

    def _page(self, path: str) -> str:
        """Return the address of a page as papers print it; an empty text if the site has no address."""
        return f"{self._site}/{path}/" if self._site else ""

    def _place(self, path: str) -> dict[str, str]:
        """Return the address of a page and its QR code, as templates take them."""
        url = self._page(path)
        return {"url": url, "qr": qr_code(url) if url else ""}

    def _code_of(self, variant: Variant, version: str) -> str:
        """Return the QR code of a sheet; an empty text if the site has no address."""
        return qr_code(self.address(variant.guide, version)) if self._site else ""

    def address(self, guide: Guide, version: str) -> str:
        """Return the address in the QR code of a guide's sheets; it tells the page which sheet somebody holds."""
        return f"{self._site}/{guide.slug}/?v={mark(guide, version)}"

    def version(self, variant: Variant) -> str:
        """Return eight characters that change when anything printed on the sheet changes."""
        return short_hash(self.model(variant))

    @memoize(lambda self, kind, lang: (self._key, kind, lang), stored=True)
    def letter(self, kind: str, lang: str) -> str:
        """Return a letter in one language."""
        return self._set("letter.html", **self._of_letter(kind, lang, "title"))

    @memoize(lambda self, kind, lang, updated: (self._key, kind, lang, updated), stored=True)
    def notes(self, kind: str, lang: str, updated: date) -> str:
        """Return the notes on a letter, with addresses."""
        html = self._set(
            "letter-notes.html",
            **self._of_letter(kind, lang, "notes"),
            kind=kind,
            name=paths.letter_name(kind, lang),
            notes=paths.notes_name(kind, lang),
            addresses=self.selection.addresses(),
            updated=updated,
            oldest=self.selection.oldest_address(),
            **self._place("letters"),
        )
        return _versioned(html)

    def letter_title(self, kind: str, lang: str, of: str = "title") -> str:
        """Return what readers call a letter, or `of` its notes."""
        ui = self._data.ui
        return (
            ui["letter"][of]
            .replace("{kind}", ui["letters"][kind])
            .replace("{language}", ui["language"][lang])
        )

    def _of_letter(self, kind: str, lang: str, title: str) -> dict[str, object]:
        """Return the values for the templates of a letter and its notes."""
        return {
            "lang": lang,
            "lines": self._data.letters[kind],
            "title": self.letter_title(kind, lang, title),
        }

    @memoize(lambda self, updated: (self._key, updated), stored=True)
    def card(self, updated: date) -> str:
        """Return the phrase card."""
        return _versioned(self._set("phrases.html", updated=updated))

    @memoize(lambda self, updated: (self._key, updated), stored=True)
    def phrases_phone(self, updated: date) -> str:
        """Return the phrases as pages for the screen of a phone."""
        phrases = [phrase for id, phrase in self._data.phrases.items() if id != FALLBACK]
        half = (len(phrases) + 1) // 2
        html = self._set(
            "phrases-phone.html",
            groups=[phrases[:half], phrases[half:]],
            updated=updated,
            **self._place("phrases"),
        )
        return _versioned(html)

    def contents(self, entries: list[tuple[str, int]], updated: date) -> str:
        """Return the first page of the volume that binds all papers: (title, page) of each."""
        return _versioned(self._set("contents.html", entries=entries, updated=updated))


def _beside(note: Markup, due: Milestone | None) -> Markup:
    """Return the note of a step without the day it begins with, if the rail of time beside it shows that day."""
    if due is None or due.counts_from != "flight" or due.days > 0:
        return note
    return Markup(
        re.sub(
            rf'^(?:by )?<span class="when" data-when="{due.id}">[^<]*</span>(?:[:,;] ?|前?(?:[换換改]完)?[：，]?)',
            "",
            str(note),
        )
    )


def mark(guide: Guide, version: str) -> str:
    """Return the mark of a sheet in its QR code: its date and half its version, such as `261120-79d7`.

    It is short so that the squares of the code stay large. From the date, the page says what has changed since.
    """
    return f"{guide.updated:%y%m%d}-{version[:4]}"


def _versioned(html: str) -> str:
    """Return a paper with its hash as its version."""
    return html.replace(VERSION, short_hash(html))


def short_hash(html: str) -> str:
    """Return the first eight characters of the digest of a text."""
    return hashlib.sha256(html.encode()).hexdigest()[:8]


@memoize(lambda url: url, stored=True)
def qr_code(url: str) -> str:
    """Return a QR code as a data URI of SVG: level M, quiet zone of 4 modules (ISO/IEC 18004)."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=4, scale=1, omitsize=True)
