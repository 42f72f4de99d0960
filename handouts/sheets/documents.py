"""Print one PDF: a sheet, another paper, or the volume that binds them.

In: its HTML, a typesetter. Out: a finished and verified PDF, or a SheetError that says what to change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .. import paths
from ..paper import Format
from ..pdf.pictures import phone_pictures
from ..pdf.verify import printed_text, prove
from .fit import fit
from .manifest import Handout, Printed, printed
from .selection import Variant
from .templates import SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

PAGE_NUMBER = r"–\d+/\d+–"
"""The text in the margin of every page of the large print."""
USUAL_PAGES = 4
"""Pages of most large prints. Each states its number of pages, so one with another number is laid out twice."""
ONE_BOOKMARK = "h2, h3 { bookmark-level: none }"
"""In the volume only the titles of its parts are bookmarks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PrintJob(ABC):
    """A PDF to print."""

    name: str
    title: str = ""
    """Its title in the contents of the volume."""
    lang: str
    home: str
    """The file that it is made from: its problems are reported there."""
    guide: str = ""
    style: str = "sheet.css"
    oldest: date | None = None
    """When the oldest fact on it was read."""
    bound: bool = False
    """True if it is part of the volume."""
    variant: Variant | None = None
    """The variant that a sheet is of; None for other papers."""

    @property
    def stage(self) -> int:
        """Return the first stage of a preview that prints it: the general sheets of guides come first."""
        return 1 if self.variant and not self.variant.operator else 2

    @abstractmethod
    def html(self) -> str:
        """Return the HTML that it may print."""

    def phone(self) -> str:
        """Return the HTML of its pictures for a phone; an empty text if it has none."""
        return ""

    def inputs(self) -> tuple[str, ...]:
        """Return what its files are made of, besides styles and fonts; its key in the cache is made of this."""
        return self.name, self.html(), self.phone()

    @abstractmethod
    def print(self, typesetter: Typesetter) -> Printed:
        """Return the finished PDF; SheetError if it cannot be printed."""

    def as_printed(self, made: Handout) -> str:
        """Return its HTML as it was printed."""
        return self.html()

    def files(self, made: Printed) -> dict[str, bytes]:
        """Return its files in the site, by their paths."""
        return {paths.pdf(self.name): made.pdf, **dict(zip(made.handout.phone, made.phone, strict=True))}


@dataclass(frozen=True, kw_only=True, eq=False)
class SheetJob(PrintJob):
    """A guide on one page."""

    variant: Variant
    template: SheetTemplate
    characters: str
    """The characters that its fonts have. The sheets of a guide share fonts, because opening them takes 20 ms."""

    def html(self) -> str:
        """Return the sheet with all its notes."""
        return self.template.model(self.variant)

    def phone(self) -> str:
        """Return the sheet as a page for a phone."""
        return self.template.phone(self.variant)

    def inputs(self) -> tuple[str, ...]:
        """Return also the notes that may be left out, which the HTML does not tell."""
        return *super().inputs(), self.characters, *self.variant.guide.optional_notes

    def print(self, typesetter: Typesetter) -> Printed:
        """Return it in the largest type size that fits."""
        return fit(self.variant, self.template, typesetter, self.characters)

    def as_printed(self, made: Handout) -> str:
        """Return its HTML in the size that fits."""
        assert made.setting, "every sheet has one"
        return self.template.render(self.variant, made.setting, version=made.version)

    def files(self, made: Printed) -> dict[str, bytes]:
        """Return its files; of a guide's general sheet also a picture, and its twin on the web."""
        files = super().files(made)
        setting, version = made.handout.setting, made.handout.version
        if setting and not self.variant.operator:
            twin = self.template.twin(self.variant, setting, version)
            files[paths.picture(self.guide)] = made.picture
            files[f"{paths.twin(self.guide)}index.html"] = twin.encode()
        return files


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperJob(PrintJob):
    """A letter, the notes on it, the phrase card or a large print."""

    template: Callable[..., str]
    """Returns its HTML; if it is `numbered`, for a number of pages."""
    phone_template: Callable[[], str] = str
    """Returns the HTML of its pictures for a phone."""
    pages: int | None = None
    """How many it must have; None if it takes as many as it needs."""
    numbered: bool = False
    """True if it says how many pages it has, and each page its number."""
    one_sided: bool = False
    """As in Typesetter.write."""

    def html(self) -> str:
        """Return it with the usual number of pages."""
        return self.template(pages=USUAL_PAGES) if self.numbered else self.template()

    def phone(self) -> str:
        """Return its page for a phone."""
        return self.phone_template()

    def print(self, typesetter: Typesetter) -> Printed:
        """Return it on as many pages as it needs."""
        html = self.html()
        document = typesetter.lay_out(html, self.style)
        if self.numbered and len(document.pages) != USUAL_PAGES:
            html = self.template(pages=len(document.pages))
            document = typesetter.lay_out(html, self.style)
        pdf = typesetter.write(document, one_sided=self.one_sided)
        pages = self.pages or len(document.pages)
        proof = prove(pdf, printed_text(html), pages, PAGE_NUMBER if self.numbered else "")
        proof.raise_for_faults()
        phone = self.phone()
        return printed(
            pdf,
            phone=phone_pictures(phone, typesetter) if phone else (),
            name=self.name,
            lang=self.lang,
            guide=self.guide,
            pages=pages,
            fonts=proof.fonts,
            oldest=self.oldest,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class VolumeJob(PrintJob):
    """One PDF of a table of contents and other papers."""

    parts: list[tuple[PrintJob, str]]
    """Each with its HTML as it was printed."""
    contents: Callable[[list[tuple[str, int]]], str]
    """Returns the HTML of the table of contents; takes the title and first page of each part."""
    sizes: tuple[Format, ...]
    """The paper sizes of its pages."""

    def html(self) -> str:
        """Return the table of contents, without its numbers, and all parts."""
        return "".join([self._blank_contents, *(html for _, html in self.parts)])

    @property
    def _blank_contents(self) -> str:
        return self.contents([(job.title, 0) for job, _ in self.parts])

    def print(self, typesetter: Typesetter) -> Printed:
        """Return it; all parts are laid out with the same characters, so that they share their fonts."""
        texts = "".join(printed_text(html) for _, html in self.parts)
        text = printed_text(self._blank_contents) + texts
        laid_out = [typesetter.lay_out(html, job.style, ONE_BOOKMARK, text) for job, html in self.parts]
        entries, pages = [], 1
        for (job, _), document in zip(self.parts, laid_out, strict=True):
            entries.append((job.title, pages + 1))
            pages += len(document.pages)
        contents = self.contents(entries)
        first = typesetter.lay_out(contents, "contents.css", text=text)
        names = ["contents", *(job.name for job, _ in self.parts)]
        pdf = typesetter.bind(list(zip(names, [first, *laid_out], strict=True)))
        proof = prove(pdf, printed_text(contents) + texts, pages, sizes=self.sizes)
        proof.raise_for_faults()
        return printed(
            pdf, name=self.name, lang=self.lang, pages=pages, fonts=proof.fonts, oldest=self.oldest
        )
