"""Turn a sheet's HTML into pages and bytes. The only module that imports WeasyPrint.

In: HTML, the style sheet, the fonts cut for this build. Out: a laid-out document, and its bytes.
WeasyPrint reads only the folders it is told, never the network; whatever it has to say
(an unknown property, a missing image, a glyph no font has) is an error here: a sheet that prints
wrong is worse than none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pydyf
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.html import UA, UA_FORM
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from ..errors import SheetError
from . import fonts
from .embed import Shapes, Uncut, slim_fonts
from .finish import finish_fields
from .objects import at
from .slim import keep_destinations_in_use, lean_tree, share_ticks
from .styles import settled

OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_forms": True}
"""Tagged for screen readers (ISO 14289-1), with boxes to tick and fields to fill in."""


class LocalFetcher(URLFetcher):
    """Reads data: URIs and files below the folders it is given, nothing else."""

    def __init__(self, *folders: Path) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url, headers=None):
        """Return the resource, or refuse it."""
        parts = urlsplit(url)
        if parts.scheme == "file":
            path = Path(unquote(parts.path)).resolve()
            if not any(path.is_relative_to(folder) for folder in self._folders):
                raise ValueError(f"{path} lies outside the folders the renderer may read")
        return super().fetch(url, headers)


class _Html(HTML):
    """A document without footnotes and markers of lists.

    WeasyPrint's own style sheet has six pseudo-elements of these for every element, whether it shows them or not: styles
    for 1,900 boxes a sheet, none of which is ever made.
    """

    _DEFAULTS = CSS(string=re.sub(r"(?m)^::.*$", "", UA) + UA_FORM, counter_style=CounterStyle())

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self._DEFAULTS]


class Typesetter:
    """The style sheets and fonts of one build, read once for all its papers."""

    def __init__(self, styles: Path, font_rules: str, font_folder: Path) -> None:
        """Take the folder of the style sheets, the @font-face rules and the folder they point to."""
        self._fetcher = LocalFetcher(styles, font_folder)
        self._styles = styles.resolve()
        self._fonts = FontConfiguration()
        self._sheets: dict[tuple[str, frozenset[str]], CSS] = {}
        files = {name: file for name, file in fonts.shapes(font_folder).items() if file.exists()}
        opened = {file: Shapes(file) for file in files.values()}
        self._shapes = {name: opened[file] for name, file in files.items()}
        with _messages() as said:
            self._font_rules = CSS(
                string=font_rules, base_url=self._base, font_config=self._fonts, url_fetcher=self._fetcher
            )
        _refuse(said)

    @property
    def _base(self) -> str:
        return self._styles.as_uri() + "/"

    def _style(self, name: str, classes: frozenset[str]) -> CSS:
        """Return a style sheet as it holds for a paper whose `html` has these classes, parsed at its first use."""
        if (name, classes) not in self._sheets:
            self._sheets[name, classes] = CSS(
                string=settled(self._styles, name, classes),
                base_url=self._base,
                font_config=self._fonts,
                url_fetcher=self._fetcher,
            )
        return self._sheets[name, classes]

    def read(self, html: str) -> HTML:
        """Return a document's tree, from which it can be laid out and its text be told without reading it again."""
        return _Html(string=html, base_url=self._base, url_fetcher=self._fetcher)

    def lay_out(self, html: str | HTML, style: str = "sheet.css", extra: str = "") -> Document:
        """Return the document with its pages laid out, nothing written yet; `extra` is more CSS."""
        with _messages() as said:
            page = self.read(html) if isinstance(html, str) else html
            classes = frozenset(page.etree_element.get("class", "").split())
            styles = [self._font_rules, self._style(style, classes)]
            if extra:
                styles.append(CSS(string=extra, url_fetcher=self._fetcher))
            document = page.render(stylesheets=styles, font_config=self._fonts, **OPTIONS)
        _refuse(said)
        return document

    def write(self, document: Document) -> bytes:
        """Return the PDF of a laid-out document: tagged, without dates, the same bytes each time."""
        with _messages() as said:
            document.fonts = Uncut()
            pdf = document.write_pdf(finisher=self._finish, **OPTIONS)
        _refuse(said)
        return pdf

    def _finish(self, document: Document, pdf: pydyf.PDF) -> None:
        """Add what WeasyPrint leaves out, and leave out what nobody needs."""
        mark_languages(document, pdf)
        lean_tree(pdf)
        share_ticks(pdf)
        keep_destinations_in_use(pdf)
        slim_fonts(document, pdf, self._shapes)
        finish_fields(pdf)

    def bind(self, parts: list[tuple[str, Document]]) -> bytes:
        """Return one PDF of several documents; each part's name labels its pages."""
        pages = [page for _, document in parts for page in document.pages]

        def finish(document: Document, pdf: pydyf.PDF) -> None:
            self._finish(document, pdf)
            label_pages(pdf, [(name, len(part.pages)) for name, part in parts])

        with _messages() as said:
            pdf = parts[0][1].copy(pages).write_pdf(finisher=finish, **OPTIONS)
        _refuse(said)
        return pdf


@contextmanager
def _messages() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs and what it could not read, as text, instead of printing it."""
    said: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    before, collect = (logger.handlers, logger.propagate), Collect(logging.WARNING)
    logger.handlers, logger.propagate = [collect], False
    try:
        yield said
    except FatalURLFetchingError as error:  # no Exception, so that nothing but this line stops it
        said.append(f"{error}: {error.__cause__}")
    finally:
        logger.handlers, logger.propagate = before


def _refuse(said: list[str]) -> None:
    """Raise when WeasyPrint had anything to say."""
    if said:
        raise SheetError("; ".join(dict.fromkeys(said)))


def mark_languages(document: Document, pdf: pydyf.PDF) -> None:
    """Write the language of each foreign phrase into the structure tree; WeasyPrint drops it.

    WCAG technique PDF19, ISO 32000-1 section 14.9.2. The tree's ParentTree lists, page by page, the
    element of each piece of content in the order it was drawn, which for our pages is the order of the
    boxes: proof.py holds us to that.
    """
    tree = at(pdf, pdf.catalog["StructTreeRoot"])
    numbers = at(pdf, tree["ParentTree"])["Nums"]
    of_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    own = pdf.catalog["Lang"].string
    for number, page in enumerate(document.pages):
        languages = list(_languages(page._page_box))
        elements = of_page[number]
        if len(languages) != len(elements):
            raise SheetError("the pieces of the page are not those of its structure tree")
        for language, reference in zip(languages, elements, strict=True):
            if language and language != own:
                at(pdf, reference)["Lang"] = pydyf.String(language)


def label_pages(pdf: pydyf.PDF, parts: list[tuple[str, int]]) -> None:
    """Name the pages of a bound PDF after its parts: `prepaid-1` (ISO 32000-1, 12.4.2)."""
    numbers = pydyf.Array()
    first = 0
    for name, count in parts:
        numbers += [first, pydyf.Dictionary({"S": "/D", "P": pydyf.String(f"{name}-")})]
        first += count
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": numbers})


def _languages(box: boxes.Box) -> Iterator[str | None]:
    """Yield the language of each piece of content below a box, in the order it is drawn."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
        yield box.style["lang"]
    for child in getattr(box, "children", ()):
        yield from _languages(child)
