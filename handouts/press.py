"""Print all sheets and papers of a site.

In: the Content. Out: a Handout per guide, and per guide and operator; and the papers beside them. What was printed
before from the same inputs is taken from the cache; the rest is set in several processes when there is enough of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import fonts
from .cache import Cache, key
from .content import Content
from .crew import Crew
from .errors import MachineError, Problem, Problems
from .fit import Sheet, fit
from .formats import A4, Format
from .handout import Handout
from .limits import stale_facts, unreadable_codes
from .papers import Job, Paper, Part, bind, jobs, last_change, make
from .proof import printed_text
from .render import Edition, Setting, SheetTemplate
from .stock import CompiledTemplates, keep, kept_picture, load, picture_of

if TYPE_CHECKING:
    from .pdf import Typesetter  # importing WeasyPrint takes longer than a cached build

STYLES = ("sheet.css", "paper.css", "letter.css", "card.css", "large.css", "contents.css")
"""The style sheets of papers; a change of the others leaves the cache as it is."""
VOLUME = "all"
"""Name of the paper that binds the others."""

THICKEST = 30
"""Papers bound in one volume at most: their titles fill its page of contents, and all of them are in memory at once.
A larger site has no volume; each guide has its own sheet."""

Printed = Sheet | Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where a site's sheets are made of."""

    templates: Path
    styles: Path
    """The folder of the style sheets."""
    site: str
    cache: Path
    paper: Format = A4


@dataclass(slots=True)
class Last:
    """What earlier builds of this process printed, for a preview that shows a changed sheet before all others.

    A guide has one sheet for everybody, up to a dozen for operators, a large print, and a place in the volume. In a
    hurry, only the first is printed, and no picture is made of it; in the place of the others stands what was made
    last, counted in `left`.
    """

    hurry: bool = False
    left: int = 0
    printed: dict[str, Printed] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A PDF to print."""

    name: str
    shows: tuple[str, ...]
    """The HTML that it shows, at most: every note, and every digit that a version mark may hold."""
    key: str
    """Under which the cache has it, if it was printed before."""
    work: Callable
    on: tuple
    """What `work` works on."""
    bound: bool = False
    """Whether it is part of the volume, or decides how a part looks there."""
    waits: bool = True
    """Whether a preview may show the last one for a while."""


class Press:
    """One build's templates, fonts and cache; prints sheets and the papers beside them."""

    def __init__(self, content: Content, shop: Shop, problems: Problems, last: Last | None = None) -> None:
        """Take what is printed, what it is printed with, and in a preview what was printed last."""
        self._last = last or Last()
        self._made: dict[str, Printed] = {}
        self._cache = Cache(shop.cache)
        self._template = SheetTemplate(
            shop.templates, content.data, shop.site, shop.paper, CompiledTemplates(self._cache)
        )
        unreadable = dict(unreadable_codes(content, self._template))
        problems.extend(unreadable.values())
        guides = tuple(guide for guide in content.guides if guide not in unreadable)
        content = replace(content, guides=guides)
        self._content, self._shop, self._problems = content, shop, problems
        self._editions = list(_editions(content))
        problems.extend(stale_facts(self._editions, self._template, content.folder / "data/facts.toml"))
        self._jobs = list(jobs(content, self._template)) if content.guides else []
        self._faces = fonts.find_faces() if self._editions else []
        styles = b"".join((shop.styles / name).read_bytes() for name in STYLES)
        # Not the characters of all papers: a PDF holds only its own (embed.py).
        self._key = key(styles, fonts.identity(self._faces))

    def print(self) -> tuple[dict[str, Handout], dict[str, Paper]]:
        """Return all sheets and all papers by name; what cannot be printed is noted and left out."""
        self._last.left = 0
        pieces = [*self._sheets(), *self._papers()]
        # What the volume binds comes first, so that the volume, the longest piece, need not wait for the rest.
        missing = [
            piece for piece in sorted(pieces, key=lambda piece: not piece.bound) if not self._found(piece)
        ]
        left = [*self._printable(missing)]
        before_volume = [piece for piece in left if piece.bound]
        if not before_volume:
            left += self._volume()
        if left:
            bound = [piece for piece in pieces if piece.bound] if before_volume else []
            shown = {html for piece in left + bound for html in piece.shows}
            with (
                self._typesetter(_characters([*shown, self._contents()])) as typesetter,
                self._crew(typesetter, len(left)) as crew,
            ):
                self._print(left, before_volume, crew)
        if not self._last.left:
            self._last.printed = dict(self._made)
        handouts = {
            edition.name: self._handout(edition, self._made[edition.name])
            for edition in self._editions
            if edition.name in self._made
        }
        self._cache.prune()  # at the end, when all that this build uses was used
        names = [*(job.name for job in self._jobs), VOLUME]
        return handouts, {name: self._made[name] for name in names if name in self._made}

    def _sheets(self) -> Iterator[Piece]:
        """Yield the sheets to print."""
        for edition in self._editions:
            model = self._template.render(edition, Setting(points="0"), version="0123456789abcdef")
            yield Piece(
                name=edition.name,
                shows=(model,),
                key=key(self._key, model),
                work=print_sheet,
                on=(edition, edition.operator is None and not self._last_picture(edition)),
                bound=edition.operator is None,
                waits=edition.operator is not None,
            )

    def _papers(self) -> Iterator[Piece]:
        """Yield the letters, the card and the large prints to print."""
        for job in self._jobs:
            yield Piece(
                name=job.name,
                shows=(job.html,),
                key=key(self._key, job.html),
                work=print_paper,
                on=(job,),
                bound=job.pages is not None,
            )

    def _volume(self) -> list[Piece]:
        """Return the volume to print, if there is one and it is not there yet; its parts are."""
        parts = list(self._parts())
        if not self._jobs or not parts or len(parts) > THICKEST:
            return []
        shows = tuple(part.html for part in parts)
        piece = Piece(name=VOLUME, shows=shows, key=key(self._key, *shows), work=print_volume, on=(parts,))
        return [] if self._found(piece) else [piece]

    def _parts(self) -> Iterator[Part]:
        """Yield what the volume binds: the sheets for everybody, then letters and card."""
        for edition in self._editions:
            sheet = self._made.get(edition.name)
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
            if job.pages and job.name in self._made:
                yield Part(name=job.name, title=job.title, html=job.html, style=job.style, oldest=job.oldest)

    def _contents(self) -> str:
        """Return the volume's page of contents, its page numbers still unknown."""
        titles = [edition.guide.sheet_title for edition in self._editions] + [job.title for job in self._jobs]
        return self._template.contents([(title, 1) for title in titles], last_change(self._content))

    def _printable(self, pieces: list[Piece]) -> Iterator[Piece]:
        """Yield the pieces all of whose characters some font can print; note the others' characters.

        What is in the cache was printed, with these very fonts.
        """
        texts = {piece.name: _characters(piece.shows) for piece in pieces}
        unknown = fonts.missing_characters("".join(texts.values()), self._faces)
        for char in sorted(unknown):
            _note_missing(char, self._content, self._problems)
        return (piece for piece in pieces if not unknown & set(texts[piece.name]))

    def _found(self, piece: Piece) -> bool:
        """Tell whether a piece need not be printed, and take what is there instead."""
        made = load(self._cache, piece.key)
        if made is None and self._last.hurry and piece.waits:
            made = self._last.printed.get(piece.name)
            self._last.left += made is not None
        if made:
            self._made[piece.name] = made
        return made is not None

    def _crew(self, typesetter: Typesetter, pieces: int) -> Crew:
        """Return the processes that print."""
        return Crew(pieces, (self._content, self._template, typesetter, self._cache))

    def _print(self, left: list[Piece], before_volume: list[Piece], crew: Crew) -> None:
        """Print what is left, and the volume once its parts are there."""
        results = {piece.name: crew.hand(piece.name, piece.work, *piece.on) for piece in left}
        if before_volume:
            for piece in before_volume:
                self._take(piece, *results[piece.name].result())
            for piece in self._volume():
                left.append(piece)
                results[piece.name] = crew.hand(piece.name, piece.work, *piece.on)
        for piece in left:
            if piece not in before_volume:
                self._take(piece, *results[piece.name].result())

    def _take(self, piece: Piece, made: Printed | None, problems: list[Problem]) -> None:
        """Keep what was printed, or note why it was not."""
        self._problems.extend(problems)
        if made:
            keep(self._cache, piece.key, made)
            self._made[piece.name] = made

    def _handout(self, edition: Edition, sheet: Sheet) -> Handout:
        """Return a sheet with what the site shows of it."""
        oldest = self._template.oldest(edition)
        if edition.operator:
            return Handout(edition=edition, sheet=sheet, oldest=oldest)
        image = kept_picture(sheet.pdf, self._cache)
        if image is None and (image := self._last_picture(edition)):
            self._last.left += 1
        image = self._last.pictures[edition.name] = image or picture_of(sheet.pdf, self._cache)
        twin = self._template.render(edition, sheet.setting, version=sheet.version, web=True)
        return Handout(edition=edition, sheet=sheet, oldest=oldest, picture=image, twin_html=twin)

    def _last_picture(self, edition: Edition) -> bytes | None:
        """Return the picture that a preview in a hurry may show for a while."""
        return self._last.pictures.get(edition.name) if self._last.hurry else None

    @contextmanager
    def _typesetter(self, characters: str) -> Iterator[Typesetter]:
        """Give a typesetter with fonts for these characters."""
        try:
            from .pdf import Typesetter  # slow to import, and only needed when something is printed
        except OSError as error:
            raise MachineError(
                f"WeasyPrint cannot load Pango ({str(error).partition('.')[0]}). "
                "Install libpango-1.0-0 and libharfbuzz-subset0; ./inv does it for you."
            ) from error
        cuts = fonts.wanted(self._faces, characters)
        with tempfile.TemporaryDirectory(prefix="sheet-fonts-") as name:
            folder = Path(name)
            for font in cuts:
                (folder / font.name).write_bytes(font.cut())
            yield Typesetter(self._shop.styles, fonts.rules(cuts, folder), folder)


def _editions(content: Content) -> Iterator[Edition]:
    """Yield every guide for everybody, then for each operator that sells what it is about."""
    for guide in content.guides:
        yield Edition(guide=guide)
        if guide.cards:
            for operator in content.data.operators_for(guide.cards):
                yield Edition(guide=guide, operator=operator)


def _characters(papers: Iterable[str]) -> str:
    """Return the characters of papers in HTML, each once."""
    return "".join(sorted(set("".join(map(printed_text, papers)))))


def _note_missing(char: str, content: Content, problems: Problems) -> None:
    """Note a character that no font can print, at the places where it stands."""
    name = f"U+{ord(char):04X} “{char}”"
    files = sorted({guide.path for guide in content.guides})
    files += sorted(map(str, (content.folder / "shared").glob("*.md")))
    files += sorted(map(str, (content.folder / "data").glob("*.toml")))
    for path in files:
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
            if char in line:
                problems.add(path, number, f"No font can print {name}. Write it in other characters.")


Result = tuple[Printed | None, list[Problem]]
"""What comes back from another process."""


def print_sheet(
    _: Content,
    template: SheetTemplate,
    typesetter: Typesetter,
    cache: Cache,
    edition: Edition,
    pictured: bool,
) -> Result:
    """Fit one edition; the picture of it is found in the cache when the site needs it."""
    problems = Problems()
    sheet = fit(edition, template, typesetter, problems)
    if sheet and pictured:
        picture_of(sheet.pdf, cache)
    return sheet, list(problems)


def print_paper(
    content: Content, template: SheetTemplate, typesetter: Typesetter, _: Cache, job: Job
) -> Result:
    """Make one paper."""
    problems = Problems()
    return make(job, content, template, typesetter, problems), list(problems)


def print_volume(
    content: Content, template: SheetTemplate, typesetter: Typesetter, _: Cache, parts: list[Part]
) -> Result:
    """Bind the volume."""
    problems = Problems()
    return bind(parts, content, template, typesetter, problems), list(problems)
