"""Turn a paper's HTML into pages and bytes with WeasyPrint.

In: HTML, the style sheets, the fonts of this build. Out: a laid-out document, and its bytes.
WeasyPrint reads only the folders it is given, never the network. Every message of WeasyPrint (an unknown property, a missing
image, a glyph that no font has) is an error: no sheet is better than a wrong one.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
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

OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_forms": True}
"""Tagged for screen readers (ISO 14289-1), with boxes to tick and fields to fill in."""

PRIVATE = (
    ("weasyprint.HTML", "_ua_stylesheets", "to put another style sheet under ours"),
    ("weasyprint.html", "UA", "WeasyPrint's style sheet, to leave rules out"),
    ("weasyprint.html", "UA_FORM", "WeasyPrint's style sheet for form fields"),
    ("weasyprint.css.counters", "CounterStyle", "to read that style sheet"),
    ("weasyprint.urls", "FatalURLFetchingError", "to report what may not be read"),
    ("weasyprint.pdf.fonts", "ffi", "to pass lists of glyphs without a C type for each length"),
)
"""(where, name, what for): names used here that are not in WeasyPrint's documented API, as in finish.py."""

NO_FONTS = Path(__file__).with_name("fonts.conf")
"""A configuration of fontconfig that names no fonts."""
FONT_SCHEME = "sheet-font"
"""Scheme of the addresses by which style sheets name the fonts, which are in memory."""

IMPORT = re.compile(r'@import "([^"]+)";')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ROOT = re.compile(r"(?m)^ *(?:html|\.(?P<class>[\w-]+)) \{(?P<rules>[^{}]*)\}")
"""Rules for the root element. Only these set custom properties (tests/test_pdf.py)."""
SET = re.compile(r"(--[\w-]+): ([^;]+);")
USED = re.compile(r"var\((--[\w-]+)\)")
GLYPHS = re.compile(r"hb_codepoint_t\[\d+\]")
"""The C type of a list of glyphs of one length."""


class LocalFetcher(URLFetcher):
    """Reads data: URIs, files below the folders it is given, and fonts in memory, nothing else."""

    def __init__(self, *folders: Path, fonts: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = [folder.resolve() for folder in folders]
        self._fonts = fonts or {}

    def fetch(self, url, headers=None):
        """Return the resource, or refuse it."""
        parts = urlsplit(url)
        if parts.scheme == FONT_SCHEME and parts.path in self._fonts:
            return URLFetcherResponse(url, self._fonts[parts.path])
        if parts.scheme == "file":
            path = Path(unquote(parts.path)).resolve()
            if not any(path.is_relative_to(folder) for folder in self._folders):
                raise ValueError(f"{path} is outside the folders the renderer may read")
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


class _Html(HTML):
    """A document whose elements have no footnotes and no list markers.

    WeasyPrint's default style sheet has six pseudo-elements for these on every element, and computes styles for 1,900
    boxes of a sheet that are never made. Without them, layout takes 8 ms of 130 less (docs/decisions/0012).
    """

    _DEFAULTS = CSS(string=re.sub(r"(?m)^::.*$", "", UA) + UA_FORM, counter_style=CounterStyle())

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self._DEFAULTS]


class _PaperFonts:
    """The fonts of one paper, as WeasyPrint takes them; it sees no others."""

    def __init__(self, fonts: SiteFonts, text: str) -> None:
        with _no_system_fonts():
            self.configuration = FontConfiguration()
        self.rules = CSS(
            string=fonts.rules(f"{FONT_SCHEME}:"),
            font_config=self.configuration,
            url_fetcher=LocalFetcher(fonts=fonts.for_text(text)),
        )


class Typesetter:
    """The style sheets and fonts of one build, read once for all its papers."""

    def __init__(self, styles: Path, fonts: Iterable[Subset]) -> None:
        """Take the folder of the style sheets, and the fonts with the characters of all papers."""
        self._fetcher = LocalFetcher(styles)
        self._styles = styles.resolve()
        self._base = self._styles.as_uri() + "/"
        self._sheets: dict[tuple[str, frozenset[str]], tuple[CSS, str]] = {}
        self._site_fonts = SiteFonts(fonts)
        self._last: tuple[frozenset[str], _PaperFonts] | None = None

    def _style(self, name: str, classes: frozenset[str]) -> tuple[CSS, str]:
        """Return a style sheet for a paper whose `html` has these classes, parsed at its first use, and its text."""
        if (name, classes) not in self._sheets:
            text = settled(self._styles, name, classes)
            css = CSS(string=text, base_url=self._base, url_fetcher=self._fetcher)
            self._sheets[name, classes] = css, text
        return self._sheets[name, classes]

    def _fonts(self, text: str) -> _PaperFonts:
        """Return the fonts for a paper; the last ones if the characters are the same, as at another type size."""
        characters = frozenset(text)
        if self._last is None or self._last[0] != characters:
            self._last = characters, _PaperFonts(self._site_fonts, "".join(sorted(characters)))
        return self._last[1]

    def read(self, html: str) -> HTML:
        """Return a parsed document, for `lay_out` and for reading its text."""
        return _Html(string=html, base_url=self._base, url_fetcher=self._fetcher)

    def lay_out(
        self, html: str | HTML, style: str = "sheet.css", extra: str = "", text: str | None = None
    ) -> Document:
        """Return the document with its pages laid out; nothing is written yet.

        `extra` is more CSS. The fonts have the characters of `text`, by default those of the document and its style sheet.
        Documents that are bound into one PDF share their fonts, so each gets the same `text`.
        """
        with _no_messages():
            page = self.read(html) if isinstance(html, str) else html
            classes = frozenset(page.etree_element.get("class", "").split())
            css, styled = self._style(style, classes)
            if text is None:
                text = "".join(page.etree_element.itertext()) + styled
            fonts = self._fonts(text)
            styles = [fonts.rules, css]
            if extra:
                styles.append(CSS(string=extra, url_fetcher=self._fetcher))
            return page.render(stylesheets=styles, font_config=fonts.configuration, **OPTIONS)

    def write(self, document: Document, *, one_sided: bool = False) -> bytes:
        """Return the PDF of a laid-out document: tagged, without dates, the same bytes each time.

        `one_sided` asks the print dialogue not to print on both sides (ISO 32000-1, table 150).
        """

        def finish_one(document: Document, pdf: pydyf.PDF) -> None:
            finish(document, pdf)
            if one_sided:
                pdf.catalog["ViewerPreferences"]["Duplex"] = "/Simplex"

        with _no_messages():
            return document.write_pdf(finisher=finish_one, **OPTIONS)

    def draw(self, document: Document) -> bytes:
        """Return a PDF that is only used to make a picture: without tags, fields and compression."""
        with _no_messages():
            return document.write_pdf(uncompressed_pdf=True)

    def bind(self, parts: list[tuple[str, Document]]) -> bytes:
        """Return one PDF of several documents that share their fonts; each part's name labels its pages."""
        if len({id(document.font_config) for _, document in parts}) > 1:
            raise ValueError("documents to be bound must be laid out with the same text")
        pages = [page for _, document in parts for page in document.pages]

        def finish_volume(document: Document, pdf: pydyf.PDF) -> None:
            finish(document, pdf)
            label_pages(pdf, [(name, len(part.pages)) for name, part in parts])

        with _no_messages():
            return parts[0][1].copy(pages).write_pdf(finisher=finish_volume, **OPTIONS)


def settled(folder: Path, name: str, classes: Collection[str]) -> str:
    """Return a paper's style sheet with its imports, for an `html` element with these classes.

    Custom properties are replaced by their values, because WeasyPrint would resolve them for each element.
    """
    text = (folder / name).read_text(encoding="utf-8")
    text = IMPORT.sub(lambda found: (folder / found[1]).read_text(encoding="utf-8"), text)
    text = COMMENT.sub("", text)
    values: dict[str, str] = {}
    for rule in ROOT.finditer(text):
        if rule["class"] is None or rule["class"] in classes:
            values |= SET.findall(rule["rules"])
    return USED.sub(lambda found: values.get(found[1], found[0]), text)


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
        raise SheetError("; ".join(dict.fromkeys(messages)))
