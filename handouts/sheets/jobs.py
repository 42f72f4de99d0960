"""List what a site prints.

In: the Content, the templates. Out: a Piece for each sheet and each paper, with its HTML, by which the cache knows it;
and for the volume that binds them, once its parts are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from html import unescape

from ..cache.disk import key
from ..content.loader import Content
from .documents import Paper, Part, Volume, bind, jobs, last_change, make
from .fit import Sheet, fit
from .templates import Edition, SheetTemplate

TAG = re.compile(r"<[^>]*>")
VOLUME = "all"
"""Name of the paper that binds the others."""

THICKEST = 30
"""Papers bound in one volume at most: their titles fill its page of contents, and all of them are in memory at once.
A larger site has no volume; each guide has its own sheet."""

Printed = Sheet | Paper


class Hurry(IntEnum):
    """What of the printed may wait in a preview. What was made last stands in its place, if the cache still has it."""

    NONE = 0
    SHEETS = 1
    """All but the sheet of a guide for everybody: those for operators, the large print, the volume, the picture."""
    PAGES = 2
    """All: of a changed sheet only its web page is new."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A PDF to print."""

    name: str
    key: str
    """Under which the cache has it, if it was printed before."""
    work: Callable
    on: tuple
    """What `work` works on."""
    bound: bool = False
    """Whether it is part of the volume, or decides how a part looks there."""
    pictured: bool = False
    """Whether the site shows a picture of it."""
    meanwhile: bytes = b""
    """What a preview in a hurry shows in place of the picture, until there is time to make it."""
    waits: Hurry = Hurry.SHEETS
    """From which hurry on a preview may show the last one for a while."""


class Pieces:
    """All that one site prints."""

    def __init__(self, content: Content, template: SheetTemplate, means: str) -> None:
        """Take what is printed, and what names the means: fonts and styles."""
        self.editions = tuple(editions(content))
        self._content, self._template, self._means = content, template, means
        self._jobs = tuple(jobs(content)) if content.guides else ()

    @property
    def paper_names(self) -> list[str]:
        """Return the names of the papers beside the sheets, in the order of the site."""
        return [*(job.name for job in self._jobs), VOLUME]

    @property
    def bound(self) -> bool:
        """Tell whether there is a volume: papers beside the sheets, and not too many to bind."""
        thick = len(self._content.guides) + sum(job.pages is not None for job in self._jobs)
        return bool(self._jobs) and thick <= THICKEST

    def sheets(self) -> Iterator[tuple[Piece, str]]:
        """Yield the sheets to print, and of each the HTML with every note, as yet without a version."""
        for edition in self.editions:
            model = self._template.model(edition)
            piece = Piece(
                name=edition.name,
                key=key(self._means, model),
                work=fit,
                on=(edition,),
                bound=edition.operator is None,
                pictured=edition.operator is None,
                waits=Hurry.SHEETS if edition.operator else Hurry.PAGES,
            )
            yield piece, model

    def papers(self) -> Iterator[tuple[Piece, str]]:
        """Yield the letters, the card and the large prints to print, and the HTML of each."""
        for job in self._jobs:
            html, _ = job.text(self._template)
            piece = Piece(
                name=job.name,
                key=key(self._means, html),
                work=make,
                on=(job,),
                bound=job.pages is not None,
            )
            yield piece, html

    def volume(self, made: Mapping[str, Printed]) -> Piece | None:
        """Return the volume of what is printed; None when there is none. Its parts are on the shelf."""
        parts = list(self._parts(made))
        if not parts:
            return None
        home = self._content.folder / "guides"
        volume = Volume(parts=parts, updated=last_change(self._content), home=home)
        texts = (part.html for part in parts)
        return Piece(name=VOLUME, key=key(self._means, *texts), work=bind, on=(volume,))

    def characters_of_volume(self, made: Mapping[str, Printed]) -> str:
        """Return the characters of its contents, and of those of its parts that are there already."""
        return characters([self._contents(), *(part.html for part in self._parts(made))])

    def _parts(self, made: Mapping[str, Printed]) -> Iterator[Part]:
        """Yield what the volume binds: the sheets for everybody, then letters and card; nothing without a volume."""
        if not self.bound:
            return
        for edition in self.editions:
            sheet = made.get(edition.name)
            if edition.operator is None and sheet:
                html = self._template.render(edition, sheet.setting, version=sheet.version)
                yield Part(
                    name=edition.name,
                    title=edition.guide.sheet_title,
                    html=html,
                    style="sheet.css",
                    oldest=self._template.oldest(edition),
                )
        for job in self._jobs:
            if job.pages and job.name in made:
                html, oldest = job.text(self._template)
                yield Part(name=job.name, title=job.title, html=html, style=job.style, oldest=oldest)

    def _contents(self) -> str:
        """Return the volume's page of contents, its page numbers still unknown."""
        titles = [edition.guide.sheet_title for edition in self.editions] + [job.title for job in self._jobs]
        return self._template.contents([(title, 1) for title in titles], last_change(self._content))


def editions(content: Content) -> Iterator[Edition]:
    """Yield every guide for everybody, then for each operator that sells what it is about."""
    for guide in content.guides:
        yield Edition(guide=guide)
        if guide.cards:
            for operator in content.data.operators_for(guide.cards):
                yield Edition(guide=guide, operator=operator)


def characters(papers: Iterable[str]) -> str:
    """Return the characters of papers in HTML, each once, with those of their titles.

    A font with more characters than are printed does no harm, so nothing is parsed: templates escape < and >.
    """
    text = unescape(TAG.sub("", "".join(papers)))
    return "".join(sorted(set("".join(text.split()))))
