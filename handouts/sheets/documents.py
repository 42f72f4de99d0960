"""Make the papers beside the sheets: letters, phrase card, large print, everything bound together.

In: the templates and a typesetter. Out: Papers, each proven: the pages it should have, every
character once and in order, only our fonts. A paper that is not whole is a problem of its data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..content.loader import Content
from ..errors import Problems, SheetError
from ..paper import A4
from ..pdf.verify import printed_text, prove
from .outputs import Filed, pdf_at
from .templates import SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Document, Typesetter  # importing WeasyPrint takes longer than a cached build

LETTER_LANGUAGES = ("fr", "nl", "de", "en")
PAGE_NUMBER = r"第\d+页，共\d+页"
"""What stands in the margin of every page of the large print."""
USUAL_PAGES = 4
"""Of a large print. It says how many it has, so one of another number is set twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A paper to make."""

    name: str
    title: str
    """What the contents of the volume call it."""
    text: Callable[..., tuple[str, date | None]]
    """Takes the template; returns the HTML, and when the oldest fact in it was read. The large print is told how many
    `pages` it has. Not the HTML itself: a thousand guides have thirty megabytes of it."""
    style: str
    lang: str
    home: Path
    """The file to name when the paper is not whole."""
    guide: str = ""
    pages: int | None = 1
    """How many pages it must have; None when it takes what it needs and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A finished paper."""

    name: str
    lang: str
    guide: str
    pages: int
    fonts: tuple[str, ...]
    oldest: date | None
    pdf: bytes | Filed
    """Its bytes, until they are put away."""

    @property
    def path(self) -> str:
        """Return the address of the PDF."""
        return pdf_at(self.name)

    @property
    def kilobytes(self) -> int:
        """Return the size of the PDF as people read it."""
        return self.pdf.kilobytes


def jobs(content: Content) -> Iterator[Job]:
    """Yield the papers a site has beside its sheets."""
    data, updated = content.folder / "data", last_change(content)
    if not content.data.letter:
        return
    for lang in LETTER_LANGUAGES:
        yield Job(
            name=f"letter-{lang}",
            title=content.data.ui["letter"][f"title_{lang}"],
            text=partial(SheetTemplate.letter, lang=lang, updated=updated),
            style="letter.css",
            lang=lang,
            home=data / "letters.toml",
            pages=2,
        )
    if content.data.phrases:
        home = data / "phrases.toml"
        yield Job(
            name="phrases",
            title=content.data.ui["card"]["title"],
            text=partial(SheetTemplate.card, updated=updated),
            style="card.css",
            lang="zh-Hans",
            home=home,
        )
    for guide in content.guides:
        yield Job(
            name=f"{guide.slug}-large",
            title=guide.sheet_title,
            text=partial(SheetTemplate.large, guide=guide),
            style="large.css",
            lang=guide.lang,
            home=Path(guide.path),
            guide=guide.slug,
            pages=None,
        )


def last_change(content: Content) -> date:
    """Return the day the newest guide was changed: the date of papers that have none of their own."""
    return max(guide.updated for guide in content.guides)


def make(job: Job, template: SheetTemplate, typesetter: Typesetter, problems: Problems) -> Paper | None:
    """Return a finished paper; None after noting why there is none."""
    try:
        html, oldest = job.text(template) if job.pages else job.text(template, pages=USUAL_PAGES)
        document = typesetter.lay_out(html, job.style)
        if job.pages is None and len(document.pages) != USUAL_PAGES:  # it says how many pages it has
            html, _ = job.text(template, pages=len(document.pages))
            document = typesetter.lay_out(html, job.style)
        pdf = typesetter.write(document)
    except SheetError as error:
        problems.add(job.home, 1, f"{job.name}.pdf cannot be set: {error}. Change what it names.")
        return None
    pages = len(document.pages) if job.pages is None else job.pages
    running = PAGE_NUMBER if job.pages is None else ""
    proof = prove(pdf, printed_text(html), pages, running)
    for fault in proof.faults:
        problems.add(job.home, 1, f"{job.name}.pdf is not whole: {fault}. Shorten that place.")
    if proof.faults:
        return None
    return Paper(
        name=job.name,
        lang=job.lang,
        guide=job.guide,
        pages=pages,
        fonts=proof.fonts,
        oldest=oldest,
        pdf=pdf,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One paper in the volume that binds them."""

    name: str
    title: str
    html: str
    style: str
    oldest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What is bound: all parts behind a page of contents."""

    parts: list[Part]
    updated: date
    home: Path
    """The place to name when it is not whole."""


def bind(volume: Volume, template: SheetTemplate, typesetter: Typesetter, problems: Problems) -> Paper | None:
    """Return all parts as one PDF."""
    parts = volume.parts
    try:
        draft = template.contents([(part.title, 0) for part in parts], volume.updated)
        text = draft + "".join(printed_text(part.html) for part in parts)
        documents = [typesetter.lay_out(part.html, part.style, ONE_BOOKMARK, text) for part in parts]
        contents = template.contents(_page_numbers(parts, documents), volume.updated)
        first = typesetter.lay_out(contents, "contents.css", text=text)
        pdf = typesetter.bind(
            [("contents", first), *zip([part.name for part in parts], documents, strict=True)]
        )
    except SheetError as error:
        problems.add(volume.home, 1, f"all.pdf cannot be set: {error}. Change what it names.")
        return None
    pages = len(first.pages) + sum(len(document.pages) for document in documents)
    wanted = printed_text(contents) + "".join(printed_text(part.html) for part in parts)
    proof = prove(pdf, wanted, pages, sizes=tuple(dict.fromkeys((A4, template.paper))))
    for fault in proof.faults:
        problems.add(volume.home, 1, f"all.pdf is not whole: {fault}. Shorten that place.")
    if proof.faults:
        return None
    return Paper(
        name="all",
        lang="zh-Hans",
        guide="",
        pages=pages,
        fonts=proof.fonts,
        oldest=min((part.oldest for part in parts if part.oldest), default=None),
        pdf=pdf,
    )


ONE_BOOKMARK = "h2, h3 { bookmark-level: none }"
"""In the volume only the titles of its parts are bookmarks."""


def _page_numbers(parts: list[Part], documents: list[Document]) -> list[tuple[str, int]]:
    """Return (title, number of its first page) of every part; the contents are page 1."""
    entries, number = [], 2
    for part, document in zip(parts, documents, strict=True):
        entries.append((part.title, number))
        number += len(document.pages)
    return entries
