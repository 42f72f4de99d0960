"""Build the site in a folder beside the output, then exchange the two.

In: the content folder and the output folder. Out: a complete site and a Report, or a BuildError whose message says what to
do. A build that fails does not change the output and leaves nothing beside it.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import paths
from ..cache.disk import Cache
from ..cache.memoize import storing
from ..content import translations
from ..content.files import require_folder
from ..content.review import late
from ..errors import BuildError, ContentError, Problem, Problems, UsageError, explained
from ..paths import MANIFEST
from ..sheets.manifest import Handout
from ..site.checks import check_site
from .atomic import check_target, readable, staging
from .up_to_date import LastBuild

if TYPE_CHECKING:
    from ..sheets.printer import PreviewState  # slow to import

NO_ADDRESS = (
    "Papers carry no address and no code. Put the address of your site into SITE in pelicanconf.py, or call "
    "SITE=https://your.address ./inv build"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build made, for the person who started it."""

    output: Path
    handouts: dict[str, Handout]
    pages: int
    changes: str
    """A sentence: which PDFs differ from those of the previous output."""
    overdue: tuple[Problem, ...]
    """Facts past their review date: a warning, and an error when publishing."""
    old: tuple[Problem, ...]
    """Translations that are older than their sources: a warning, and an error when publishing after some time."""
    next_due: date
    """The last day on which no fact is overdue."""
    hint: str
    """Advice for the person who builds; empty if there is none."""

    @property
    def made(self) -> str:
        """Return what was made, as part of a sentence."""
        return f"{len(self.handouts)} sheets and {self.pages} pages"


def build(
    *,
    root: Path,
    content: Path,
    output: Path,
    publish: bool = False,
    volume: bool = False,
    record: LastBuild | None = None,
    last: PreviewState | None = None,
) -> Report:
    """Build `content` into `output`; messages name both paths as given.

    `publish` makes overdue facts an error. `volume` also binds all sheets in one PDF. `record` is written after the build.
    `last` is what a preview printed in its last build.
    """
    try:
        require_folder(content)
        check_target(output, content, root)
        with staging(output) as stage:
            if record:
                record.begin()
            report = _build_into(stage, root, content, output, publish=publish, volume=volume, last=last)
            readable(stage)
            if record:
                record.finish(stage, report)
        return report
    except OSError as error:
        if not error.errno:  # raised by Python code, not by the system: a fault of the program
            raise
        raise explained(error, output) from error


def check(*, root: Path, content: Path) -> Report:
    """Build into a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        return build(root=root, content=content, output=Path(folder) / "site")


def _build_into(
    stage: Path,
    root: Path,
    content: Path,
    output: Path,
    *,
    publish: bool,
    volume: bool,
    last: PreviewState | None,
) -> Report:
    """Run Pelican into the staging folder and check what came out."""
    from jinja2 import TemplateError
    from pelican import Pelican
    from pelican.generators import PelicanTemplateNotFound
    from pelican.settings import read_settings

    from ..site.plugin import LAST
    from ..site.settings import EDITIONS

    try:
        settings = read_settings(
            str(root / ("publishconf.py" if publish else "pelicanconf.py")),
            override={
                "PATH": str(content.resolve()),
                "OUTPUT_PATH": str(stage),
                "HANDOUTS_PATH": str(content),
                "CACHE_CONTENT": False,
                "LOAD_CONTENT_CACHE": False,
                "HANDOUTS_VOLUME": volume or publish,
                LAST: last,
            },
        )
    except ValueError as error:  # Pelican raises it for a folder that does not exist
        if content.is_dir():
            raise
        raise UsageError(f"{content} was removed while the site was being built. Build again.") from error
    problems = Problems()
    cache = Cache(Path(settings["HANDOUTS_CACHE"]))
    with storing(cache):
        with _pelican_messages() as messages, redirect_stdout(StringIO()):  # Pelican prints a summary
            try:
                Pelican(settings).run()
            except (TemplateError, PelicanTemplateNotFound) as error:
                raise BuildError(_theme_fault(error)) from error
        if messages:
            raise BuildError("Pelican reports: " + "; ".join(messages))
        check_site(stage, settings["SITE"], problems)
    cache.prune()  # at the end, because it keeps the entries that this build used
    problems.stop_if_any()
    pages = sum(1 for _ in stage.rglob("*.html"))
    editions = settings[EDITIONS]
    data = editions[0].content.data
    overdue = late(content / "data" / "facts.toml", data, date.today())
    texts = translations.translated_texts(content, problems)
    if publish:
        overdue.extend(translations.overdue(texts, date.today()))
        overdue.stop_if_any()
    return Report(
        output=output,
        handouts={
            f"{edition.language.prefix}{name}": handout
            for edition in editions
            for name, handout in edition.handouts.items()
        },
        pages=pages,
        changes=changes(output, stage),
        overdue=tuple(overdue),
        old=tuple(translations.by_file(texts)),
        next_due=min((fact.due for fact in data.facts.values()), default=date.max),
        hint="" if paths.is_public(settings["SITE"]) else NO_ADDRESS,
    )


NAMED = 5
"""PDFs that a build lists by name; of more it gives their number."""


def changes(output: Path, stage: Path) -> str:
    """Return a sentence: which PDFs differ from the previous output, and which sheets have another type size."""
    before, after = (_listing(folder / MANIFEST) for folder in (output, stage))
    changed = [path for path in after if before.get(path, {}).get("sha256") != after[path]["sha256"]]
    if not before or not changed:
        return ""
    names = [
        f"{path.replace('handouts/', '').removesuffix('.pdf')}{_type_size(before.get(path, {}), after[path])}"
        for path in changed
    ]
    resized = [name for name in names if "pt" in name]
    shown = names if len(names) <= NAMED else resized[:NAMED]
    return f"Printed {len(names)} of {len(after)} PDFs" + (f": {', '.join(shown)}." if shown else ".")


def _listing(path: Path) -> dict[str, dict[str, Any]]:
    """Return what handouts.json lists; nothing if it cannot be read."""
    try:
        return {name: dict(entry) for name, entry in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):  # missing, damaged, or not of this program
        return {}


def _type_size(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return how the type size of a sheet changed: ` (11 to 10.5 pt)`."""
    old, new = before.get("points"), after.get("points")
    return f" ({old:g} to {new:g} pt)" if old and new and old != new else ""


def _theme_fault(error: Exception) -> str:
    """Return where a template failed and why, in the form of all messages."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/templates/" in frame.filename]
    where = f"{os.path.relpath(frames[-1].filename)}:{frames[-1].lineno}" if frames else "theme/templates:1"
    return f"{where}: {' '.join(str(error).split())}. Correct the template."


@contextmanager
def _pelican_messages() -> Iterator[list[str]]:
    """Collect Pelican's warnings and errors: it logs many faults and goes on. Ours are raised again."""
    messages: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # The error of a file that could not be copied is an argument.
            for value in (*(record.exc_info or ()), *(record.args or ())):
                if isinstance(value, (ContentError, OSError)):
                    raise value
            messages.append(record.getMessage())

    logger = logging.getLogger("pelican")
    collect = Collect(logging.WARNING)
    logger.addHandler(collect)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield messages
    finally:
        logger.removeHandler(collect)
        logger.propagate = propagate
