"""Print all sheets and papers of a site.

In: the Content. Out: a Handout for each PDF and, when the site is written, its files. A PDF whose inputs have not changed is
taken from the cache; the others are printed, in several processes if there are enough. PDFs are passed on through the disk,
not in memory.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from ..cache.disk import Cache, key
from ..cache.memoize import memoize
from ..content.loader import Content
from ..errors import MachineError, Problem, Problems, SheetError
from ..paper import A4, Format
from ..pdf import fonts
from ..pdf.styles import read_styles
from . import pool
from .documents import PrintJob
from .jobs import STAGES, print_jobs, volume_job
from .manifest import Handout
from .preflight import stale_facts, unprintable, unreadable_codes
from .results import CompiledTemplates, Results
from .templates import PLACEHOLDERS, SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettings:
    """The inputs of all sheets of a site other than the content."""

    templates: Path
    styles: Path
    """The folder of the style sheets."""
    site: str
    cache: Cache
    paper: Format = A4
    volume: bool = False
    """True to also bind everything in one PDF."""


@dataclass(slots=True)
class PreviewState:
    """What a preview printed in its last build: it shows an outdated PDF until the new one is printed."""

    stage: int = STAGES[-1]
    """PDFs of a later stage may be outdated."""
    old: int = 0
    """How many PDFs are outdated."""
    keys: dict[str, str] = field(default_factory=dict)
    """The key of the result of each PDF, by its name."""


class Printer:
    """One build's templates, styles, fonts and results."""

    def __init__(
        self, content: Content, settings: PrintSettings, problems: Problems, last: PreviewState | None = None
    ) -> None:
        """List the jobs, and check what must not be printed; `last` is for a preview."""
        self._content, self._settings, self._problems = content, settings, problems
        self._last = last or PreviewState()
        self._results = Results(settings.cache)
        self._template = SheetTemplate(
            settings.templates, content.data, settings.site, settings.paper, CompiledTemplates(settings.cache)
        )
        self._styles = read_styles(settings.styles)
        unreadable = list(unreadable_codes(content, self._template))
        self._jobs = [] if unreadable else list(print_jobs(content, self._template))
        self._faces = fonts.find_faces(content.data.language.code) if self._jobs else []
        # The characters of the site are not part of the key: fonts have only those of a paper or a guide (fonts.py).
        self._inputs = key(*self._styles.values(), fonts.identity(self._faces))
        self._made: dict[str, Handout] = {}
        self._keys: dict[str, str] = {}
        variants = [job.variant for job in self._jobs if job.variant]
        problems.extend([*unreadable, *stale_facts(variants, self._template, content.folder)])

    def print(self) -> tuple[dict[str, Handout], dict[str, Handout]]:
        """Print what is not in the cache; return the sheets and the other papers, by name.

        What cannot be printed becomes a problem and is left out.
        """
        self._last.old = 0
        self._print([job for job in self._jobs if not self._is_done(job)])
        if self._settings.volume and not self._problems:
            volume = volume_job(self._content, self._template, self._jobs, self._made)
            if volume:
                self._jobs.append(volume)
                self._print([] if self._is_done(volume) else [volume])
        if not self._last.old:
            self._last.keys = dict(self._keys)
        made = {job: self._made[job.name] for job in self._jobs if job.name in self._made}
        sheets = {job.name: one for job, one in made.items() if job.variant}
        return sheets, {job.name: one for job, one in made.items() if not job.variant}

    def write(self, site: Path) -> None:
        """Copy what was printed into the site."""
        for job in self._jobs:
            made = self._results.load(self._keys[job.name])
            if made is None:
                raise MachineError("The cache was emptied while the site was being built. Build again.")
            for path, content in job.files(made).items():
                write_file(site / path, content)

    def _is_done(self, job: PrintJob) -> bool:
        """Tell whether a job need not be printed; use its cached result, or the outdated one where a preview may."""
        wanted = self._keys[job.name] = key(self._inputs, *job.inputs())
        old = self._last.keys.get(job.name, wanted) if job.stage > self._last.stage else wanted
        for name in (wanted, old):
            found = self._results.load(name)
            if found:
                self._last.old += name != wanted
                self._made[job.name], self._keys[job.name] = found.handout, name
                return True
        return False

    def _print(self, jobs: list[PrintJob]) -> None:
        """Print these jobs, except those with a character that no font has."""
        if not jobs:
            return
        characters: set[str] = set(string.hexdigits)
        for job in jobs:
            characters |= _characters(job)
        in_margins = "".join(re.findall(r"content:([^;}]*)", "".join(self._styles.values())))
        wanted = "".join(sorted(characters.union(in_margins)))
        unknown = set(fonts.missing_characters(wanted, self._faces))
        for char in sorted(unknown):
            variants = [job.variant for job in jobs if job.variant]
            self._problems.extend(unprintable(char, variants, self._template, self._content.folder))
        if unknown:
            jobs = [job for job in jobs if not _characters(job) & unknown]
        typesetter = self._typesetter(wanted)

        def work(job: PrintJob) -> Handout | Problem:
            """Print one job and keep its result; in a process of the pool."""
            try:
                made = job.print(typesetter)
            except SheetError as error:
                return Problem(job.home, error.line, f"{job.name}.pdf {error}")
            self._results.keep(self._keys[job.name], made)
            return made.handout

        for job, made in pool.run(work, jobs):
            if isinstance(made, Problem):
                self._problems.append(made)
            else:
                self._made[job.name] = made

    @memoize(lambda self, characters: (self._inputs, characters), kept=2)
    def _typesetter(self, characters: str) -> Typesetter:
        """Return a typesetter with fonts for these characters."""
        try:
            from ..pdf.typesetter import Typesetter  # slow to import; only needed when something is printed
        except OSError as error:
            raise MachineError(
                f"WeasyPrint cannot load Pango ({str(error).partition('.')[0]}). "
                "Install libpango-1.0-0 and libharfbuzz-subset0; ./inv does it for you."
            ) from error
        return Typesetter(self._styles, fonts.subsets(self._faces, characters))


def _characters(job: PrintJob) -> set[str]:
    """Return the characters of a paper and its pictures, with those of its title.

    A font with more characters than are printed does no harm, so nothing is parsed: templates escape < and >.
    """
    text = unescape(TAG.sub("", job.html() + job.phone()))
    return set(text) - set(string.whitespace) - PLACEHOLDERS


def write_file(path: Path, content: bytes) -> None:
    """Write a file, making the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
