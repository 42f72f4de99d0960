"""Turn a paper's HTML into pages and bytes with WeasyPrint.

In: HTML, the style sheets, the fonts of this build. Out: a laid-out document, and its bytes.
WeasyPrint reads neither files nor the network, only what it is given. Every message of WeasyPrint (an unknown property, a missing
image, a glyph that no font has) is an error: no sheet is better than a wrong one.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pydyf
import tinyhtml5.inputstream
import weasyprint.pdf.fonts
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.html import UA, UA_FORM
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ..errors import SheetError
from .finish import finish, label_pages
from .fonts import SiteFonts, Subset
from .styles import resolve_properties

OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_forms": True}
"""Tagged for screen readers (ISO 14289-1), with boxes to tick and fields to fill in."""

PRIVATE = (
    ("weasyprint.HTML", "_ua_stylesheets", "to put another style sheet under ours"),
    ("weasyprint.html", "UA", "WeasyPrint's style sheet, to leave rules out"),
    ("weasyprint.html", "UA_FORM", "WeasyPrint's style sheet for form fields"),
    ("weasyprint.css.counters", "CounterStyle", "to read that style sheet"),
    ("weasyprint.urls", "FatalURLFetchingError", "to report what may not be read"),
    ("weasyprint.pdf.fonts", "ffi", "to pass lists of glyphs without a C type for each length"),
    ("tinyhtml5.inputstream", "characters_until_regex", "to cache the patterns of WeasyPrint's HTML parser"),
)
"""(where, name, what for): names used here that are in no documented API, as in finish.py."""

NO_FONTS = Path(__file__).with_name("fonts.conf")
"""A configuration of fontconfig that names no fonts."""
FONT_SCHEME = "sheet-font"
"""Scheme of the addresses by which style sheets name the fonts, which are in memory."""

NOWHERE = "file:///"
"""Relative addresses become those of files, which are refused by name."""
GLYPHS = re.compile(r"hb_codepoint_t\[\d+\]")
"""The C type of a list of glyphs of one length."""


class FontFetcher(URLFetcher):
    """Reads fonts in memory and data: URIs, nothing else."""

    def __init__(self, fonts: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self._fonts = {f"{FONT_SCHEME}:{name}": file for name, file in (fonts or {}).items()}

    def fetch(self, url, headers=None):
        """Return the resource, or refuse it."""
        if url in self._fonts:
            return URLFetcherResponse(url, self._fonts[url])
        return super().fetch(url, headers)


class _AnyLength:
    """WeasyPrint's cffi object, with one type for lists of glyphs of all lengths.

    WeasyPrint names a type for each length, and cffi parses each new name: a tenth of a sheet's time (docs/upstream.md).
    """

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, kind: str, *value: Any) -> Any:
        return self._ffi.new(GLYPHS.sub("hb_codepoint_t[]", kind), *value)


weasyprint.pdf.fonts.ffi = _AnyLength(weasyprint.pdf.fonts.ffi)


class _Patterns(dict):
    """The patterns that find the end of a piece of text.

    tinyhtml5 caches them under the wrong key and compiles one at every tag: half of its time (docs/upstream.md).
    """

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        listed = "".join(f"\\x{ord(char):02x}" for char in sorted(characters))
        self[key] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return self[key]


tinyhtml5.inputstream.characters_until_regex = _Patterns()


class _Html(HTML):
    """A document whose elements have no footnotes and no list markers.

    WeasyPrint's default style sheet has six pseudo-elements for these on every element, and computes styles for 1,900
    boxes of a sheet that are never made. Without them, layout takes 8 ms of 130 less (docs/decisions/0012).
    """

    _DEFAULTS = CSS(string=re.sub(r"(?m)^::.*$", "", UA) + UA_FORM, counter_style=CounterStyle())

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self._DEFAULTS]


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Make fontconfig read a configuration without fonts instead of the machine's."""
    before = os.environ.pop("FONTCONFIG_FILE", None)
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _no_messages() -> Iterator[None]:
    """Raise SheetError with what WeasyPrint logs and what it could not read, instead of printing it."""
    messages: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    before, collect = (logger.handlers, logger.propagate), Collect(logging.WARNING)
    logger.handlers, logger.propagate = [collect], False
    try:
        yield
    except FatalURLFetchingError as error:  # no Exception, so that nothing but this line stops it
        messages.append(f"{error}: {error.__cause__}")
    finally:
        logger.handlers, logger.propagate = before
    if messages:
        raise SheetError(f"cannot be set: {'; '.join(dict.fromkeys(messages))}. Change what it names.")


class _Fonts:
    """Font files, as WeasyPrint takes them; it sees no others."""

    def __init__(self, fonts: SiteFonts, files: Mapping[str, bytes]) -> None:
        with _no_system_fonts():
            self.configuration = FontConfiguration()
        self.rules = CSS(
            string=fonts.rules(f"{FONT_SCHEME}:"),
            font_config=self.configuration,
            url_fetcher=FontFetcher(files),
        )


class Typesetter:
    """The style sheets and fonts of one build, parsed once for all its papers."""

    def __init__(self, styles: Mapping[str, str], fonts: Iterable[Subset]) -> None:
        """Take the style sheets by name, and the fonts with the characters of all papers."""
        self._styles = styles
        self._fetcher = FontFetcher()
        self._sheets: dict[tuple[str, frozenset[str]], tuple[CSS, str]] = {}
        self._site_fonts = SiteFonts(fonts)
        self._last: tuple[frozenset[str], _Fonts] | None = None

    @cached_property
    def _all_fonts(self) -> _Fonts:
        """Return the fonts with the characters of all papers: opening others for each takes 20 ms."""
        return _Fonts(self._site_fonts, self._site_fonts.files)

    def _fonts(self, text: str) -> _Fonts:
        """Return the fonts for a paper; the last ones if the characters are the same, as at another type size."""
        characters = frozenset(text)
        if self._last is None or self._last[0] != characters:
            self._last = characters, _Fonts(self._site_fonts, self._site_fonts.for_text(sorted(characters)))
        return self._last[1]

    def _style(self, name: str, classes: frozenset[str]) -> tuple[CSS, str]:
        """Return a style sheet for a paper whose `html` has these classes, parsed at its first use, and its text."""
        if (name, classes) not in self._sheets:
            text = resolve_properties(self._styles, name, classes)
            self._sheets[name, classes] = CSS(string=text, url_fetcher=self._fetcher), text
        return self._sheets[name, classes]

    def read(self, html: str) -> HTML:
        """Return a parsed document, for `lay_out` and for reading its text."""
        return _Html(string=html, base_url=NOWHERE, url_fetcher=self._fetcher)

    @_no_messages()
    def lay_out(
        self, html: str | HTML, style: str = "sheet.css", extra: str = "", text: str | None = None
    ) -> Document:
        """Return the document with its pages laid out; nothing is written yet.

        `extra` is more CSS. The fonts have the characters of `text`, by default those of the document and its style sheet.
        Documents that are bound into one PDF share their fonts, so each gets the same `text`.
        """
        page = self.read(html) if isinstance(html, str) else html
        css, printed = self._style(style, frozenset(page.etree_element.get("class", "").split()))
        if text is None:
            text = "".join(page.etree_element.itertext()) + printed
        fonts, more = self._fonts(text), [CSS(string=extra)] if extra else []
        return page.render(stylesheets=[fonts.rules, css, *more], font_config=fonts.configuration, **OPTIONS)

    @_no_messages()
    def write(
        self, document: Document, *, one_sided: bool = False, labels: Sequence[tuple[str, int]] = ()
    ) -> bytes:
        """Return the PDF of a laid-out document: tagged, without dates, the same bytes each time.

        `one_sided` asks the print dialogue not to print on both sides (ISO 32000-1, table 150). `labels` as in label_pages.
        """

        def finish_all(document: Document, pdf: pydyf.PDF) -> None:
            finish(document, pdf)
            if one_sided:
                pdf.catalog["ViewerPreferences"]["Duplex"] = "/Simplex"
            if labels:
                label_pages(pdf, labels)

        return document.write_pdf(finisher=finish_all, **OPTIONS)

    def bind(self, parts: list[tuple[str, Document]]) -> bytes:
        """Return one PDF of several documents that share their fonts; each part's name labels its pages."""
        if len({id(document.font_config) for _, document in parts}) > 1:
            raise ValueError("documents to be bound must be laid out with the same text")
        pages = [page for _, document in parts for page in document.pages]
        labels = [(name, len(document.pages)) for name, document in parts]
        return self.write(parts[0][1].copy(pages), labels=labels)

    @_no_messages()
    def draw(self, page: HTML, style: str) -> bytes:
        """Return a PDF that only becomes a picture: without tags, fields and compression, with the fonts of the site."""
        fonts, (css, _) = self._all_fonts, self._style(style, frozenset())
        document = page.render(stylesheets=[fonts.rules, css], font_config=fonts.configuration)
        return document.write_pdf(uncompressed_pdf=True)
