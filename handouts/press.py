"""Print all sheets of a site.

In: the Content. Out: a Handout per guide, and per guide and operator; then the papers beside them.
Fonts are cut once, for the characters of all papers together. What was printed before from the same inputs is taken from the
cache; the rest is set in several processes when there is enough of it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import fonts
from .cache import Cache, key
from .content import Content
from .errors import MachineError, Problem, Problems
from .fit import Sheet, fit
from .handout import Handout
from .papers import Paper, Part, bind, jobs, last_change, make
from .proof import printed_text
from .render import Edition, Setting, SheetTemplate
from .stock import keep_paper, keep_sheet, load_paper, load_sheet, picture_of

if TYPE_CHECKING:
    from .pdf import Typesetter  # importing WeasyPrint takes longer than a cached build

PR_SET_PDEATHSIG = 1
"""Of prctl(2), Linux."""

STYLES = ("sheet.css", "paper.css", "letter.css", "card.css", "large.css", "contents.css")
"""The style sheets of papers; a change of the others leaves the cache as it is."""

WORTH_A_POOL = 4
"""Sheets to set from which on a second process pays for its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where a site's sheets are made of."""

    templates: Path
    styles: Path
    """The folder of the style sheets."""
    site: str
    cache: Path


class Press:
    """One build's templates, fonts and cache; prints sheets and the papers beside them."""

    def __init__(self, content: Content, shop: Shop, problems: Problems) -> None:
        self._content, self._shop, self._problems = content, shop, problems
        self._template = SheetTemplate(shop.templates, content.data, shop.site)
        self._cache = Cache(shop.cache)
        self._editions = list(_editions(content))
        self._jobs = list(jobs(content, self._template)) if content.guides else []
        # Set at no size at all: the text with every note and every digit a version mark may hold.
        self._models = {
            edition.name: self._template.render(edition, Setting(points="0"), version="0123456789abcdef")
            for edition in self._editions
        }
        texts = {name: printed_text(html) for name, html in self._models.items()}
        texts |= {job.name: printed_text(job.html) for job in self._jobs}
        if self._jobs:
            titles = [(edition.guide.sheet_title, 1) for edition in self._editions]
            titles += [(job.title, 1) for job in self._jobs]
            texts["all"] = printed_text(self._template.contents(titles, last_change(content)))
        self._faces = fonts.find_faces() if texts else []
        self._characters = "".join(sorted(set("".join(texts.values()))))
        unknown = fonts.missing_characters(self._characters, self._faces)
        for char in sorted(unknown):
            _note_missing(char, content, problems)
        self._printable = {name for name, text in texts.items() if not unknown & set(text)}
        styles = b"".join((shop.styles / name).read_bytes() for name in STYLES)
        self._key = key(styles, self._characters, fonts.identity(self._faces))

    def sheets(self) -> dict[str, Handout]:
        """Return the handouts by name; editions that cannot be printed are noted and left out."""
        editions = [edition for edition in self._editions if edition.name in self._printable]
        keys = {edition.name: key(self._key, self._models[edition.name]) for edition in editions}
        sheets = {name: load_sheet(self._cache, keys[name]) for name in keys}
        missing = [edition for edition in editions if sheets[edition.name] is None]
        if missing:
            with self._typesetter() as typesetter:
                printed = _print(missing, self._template, typesetter)
                for edition, (sheet, found) in zip(missing, printed, strict=True):
                    self._problems.extend(found)
                    sheets[edition.name] = sheet
                    if sheet:
                        keep_sheet(self._cache, keys[edition.name], sheet)
        self._cache.prune()
        return {
            edition.name: _handout(edition, sheet, self._template, self._cache)
            for edition in editions
            if (sheet := sheets[edition.name])
        }

    def papers(self, handouts: dict[str, Handout]) -> dict[str, Paper]:
        """Return letters, card, large print and the volume by name, as the sheets."""
        wanted = [job for job in self._jobs if job.name in self._printable]
        parts = list(self._parts(handouts))
        if not wanted:
            return {}
        keys = {job.name: key(self._key, job.html) for job in wanted}
        keys["all"] = key(self._key, *(part.html for part in parts))
        papers = {name: load_paper(self._cache, entry) for name, entry in keys.items()}
        if None not in papers.values():
            return papers
        with self._typesetter() as typesetter:
            for job in wanted:
                papers[job.name] = papers[job.name] or make(
                    job, self._content, self._template, typesetter, self._problems
                )
            papers["all"] = papers["all"] or bind(
                parts, self._content, self._template, typesetter, self._problems
            )
        made = {name: paper for name, paper in papers.items() if paper}
        for name, paper in made.items():
            keep_paper(self._cache, keys[name], paper)
        return made

    def _parts(self, handouts: dict[str, Handout]) -> Iterator[Part]:
        """Yield what the volume binds: the sheets for everybody, then letters and card."""
        for name, handout in handouts.items():
            edition, sheet = handout.edition, handout.sheet
            if edition.operator is None:
                html = self._template.render(edition, sheet.setting, version=sheet.version)
                yield Part(name=name, title=edition.guide.sheet_title, html=html, style="sheet.css")
        for job in self._jobs:
            if job.pages and job.name in self._printable:
                yield Part(name=job.name, title=job.title, html=job.html, style=job.style)

    @contextmanager
    def _typesetter(self) -> Iterator[Typesetter]:
        """Give a typesetter with the fonts of this build, cut now or before."""
        try:
            from .pdf import Typesetter  # slow to import, and only needed when something is printed
        except OSError as error:
            raise MachineError(
                f"WeasyPrint cannot load Pango ({str(error).partition('.')[0]}). "
                "Install libpango-1.0-0 and libharfbuzz-subset0; ./inv does it for you."
            ) from error
        cuts = fonts.wanted(self._faces, self._characters)
        with tempfile.TemporaryDirectory(prefix="sheet-fonts-") as name:
            folder = Path(name)
            for font in cuts:
                entry = key(self._key, font.name)
                content = self._cache.get(entry)
                if content is None:
                    content = font.cut()
                    self._cache.put(entry, content)
                (folder / font.name).write_bytes(content)
            yield Typesetter(self._shop.styles, fonts.rules(cuts, folder), folder)


def _editions(content: Content) -> Iterator[Edition]:
    """Yield every guide for everybody, then for each operator that sells what it is about."""
    for guide in content.guides:
        yield Edition(guide=guide)
        if guide.cards:
            for operator in content.data.operators_for(guide.cards):
                yield Edition(guide=guide, operator=operator)


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


def _print(
    editions: list[Edition], template: SheetTemplate, typesetter: Typesetter
) -> Iterator[tuple[Sheet | None, list[Problem]]]:
    """Yield (sheet, problems) of each edition, in order."""
    _Worker.setup = template, typesetter
    workers = min(os.cpu_count() or 1, len(editions))
    if len(editions) < WORTH_A_POOL or workers == 1 or sys.platform != "linux":
        yield from map(_print_one, editions)
        return
    # Forked, so that every process starts with the libraries, fonts and templates already loaded.
    with ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_follow,
        initargs=(os.getpid(),),
    ) as pool:
        try:
            yield from pool.map(_print_one, editions)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


class _Worker:
    """What a worker process finds when it is forked."""

    setup: tuple


def _follow(parent: int) -> None:
    """Leave Ctrl+C to the process that waits for the workers; end when that one is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before the line above
        os._exit(1)


def _print_one(edition: Edition) -> tuple[Sheet | None, list[Problem]]:
    """Fit one edition."""
    template, typesetter = _Worker.setup
    problems = Problems()
    sheet = fit(edition, template, typesetter, problems)
    return sheet, list(problems)


def _handout(edition: Edition, sheet: Sheet, template: SheetTemplate, cache: Cache) -> Handout:
    """Return a sheet with what the site shows of it."""
    oldest = template.oldest(edition)
    if edition.operator:
        return Handout(edition=edition, sheet=sheet, oldest=oldest)
    image = picture_of(sheet.pdf, cache)
    twin = template.render(edition, sheet.setting, version=sheet.version, web=True)
    return Handout(edition=edition, sheet=sheet, oldest=oldest, picture=image, twin_html=twin)
