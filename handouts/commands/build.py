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
from typing import Any

from jinja2 import TemplateError
from pelican import Pelican
from pelican.generators import PelicanTemplateNotFound
from pelican.settings import read_settings

from .. import paths
from ..cache.disk import Cache
from ..cache.memoize import storing
from ..content import translations
from ..content.files import require_folder
from ..content.review import late
from ..errors import BuildError, ContentError, Problems, UsageError, explain_os_errors
from ..paths import MANIFEST
from ..sheets.printer import PreviewState
from ..site.checks import check_site
from ..site.plugin import LAST
from ..site.settings import EDITIONS
from .atomic import check_target, readable, staging
from .up_to_date import LastBuild

NO_ADDRESS = (
    "Papers carry no address and no code. Put the address of your site into SITE in pelicanconf.py, or call "
    "SITE=https://your.address ./inv build"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build made, for the person who started it."""

    sheets: int
    pages: int
    changes: str
    """A sentence: which PDFs differ from those of the previous output."""
    overdue: Problems
    """Facts past their review date: a warning here; they stop publishing."""
    old: Problems
    """Translations that are older than their sources: a warning here; after some time they stop publishing."""
    next_due: date
    """The last day on which no fact is overdue."""
    hint: str
    """Advice for the person who builds; empty if there is none."""

    @property
    def made(self) -> str:
        """Return what was made, as part of a sentence."""
        return f"{self.sheets} sheets and {self.pages} pages"


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

    `publish` takes the settings for publishing. `volume` also binds all sheets in one PDF. `record` is written after the
    build. `last` is what a preview printed in its last build.
    """
    with explain_os_errors(output):
        require_folder(content)
        check_target(output, content, root)
        with staging(output) as stage:
            if record:
                record.begin()
            settings = _settings(root / ("publishconf.py" if publish else "pelicanconf.py"), content, stage)
            settings.update({"HANDOUTS_VOLUME": volume or publish, LAST: last})
            _write_site(settings, stage)
            report = _report(settings, content, output, stage)
            readable(stage)
            if record:
                record.finish(stage, made=report.made, due=report.next_due, old=report.old)
    return report


def check(*, root: Path, content: Path) -> Report:
    """Build into a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        return build(root=root, content=content, output=Path(folder) / "site")


def _settings(conf: Path, content: Path, stage: Path) -> dict[str, Any]:
    """Return Pelican's settings for a build into the staging folder."""
    override = {"PATH": str(content.resolve()), "OUTPUT_PATH": str(stage), "HANDOUTS_PATH": str(content)}
    try:
        return read_settings(str(conf), override)
    except ValueError as error:  # Pelican raises it for a folder that does not exist
        if content.is_dir():
            raise
        raise UsageError(f"{content} was removed while the site was being built. Build again.") from error


def _write_site(settings: dict[str, Any], stage: Path) -> None:
    """Run Pelican into the staging folder, and check the links of what came out."""
    problems = Problems()
    cache = Cache(Path(settings["HANDOUTS_CACHE"]))
    with storing(cache):
        with _pelican_messages() as messages, redirect_stdout(StringIO()):  # Pelican prints a summary
            try:
                Pelican(settings).run()
            except (TemplateError, PelicanTemplateNotFound) as error:
                where = failed_at(error, "/templates/") or "theme/templates:1"
                message = f"{where}: {' '.join(str(error).split())}. Correct the template."
                raise BuildError(message) from error
        if messages:
            raise BuildError("Pelican reports: " + "; ".join(messages))
        check_site(stage, settings["SITE"], problems)
    cache.prune()  # at the end, because it keeps the entries that this build used
    problems.stop_if_any()


def _report(settings: dict[str, Any], content: Path, output: Path, stage: Path) -> Report:
    source = settings[EDITIONS][0].content
    # A preview shows no warnings.
    texts = [] if settings[LAST] else translations.translated_texts(content, Problems(), source)
    return Report(
        sheets=sum(len(edition.handouts) for edition in settings[EDITIONS]),
        pages=len([*stage.rglob("*.html")]),
        changes=changes(output, stage),
        overdue=late(content / "data" / "facts.toml", source.data, date.today()),
        old=translations.by_file(texts),
        next_due=min((fact.due for fact in source.data.facts.values()), default=date.max),
        hint="" if paths.is_public(settings["SITE"]) else NO_ADDRESS,
    )


NAMED = 5
"""PDFs that a build lists by name; of more it gives their number."""


def changes(output: Path, stage: Path) -> str:
    """Return a sentence: which PDFs differ from the previous output, and which sheets have another type size."""
    before, after = (_listing(folder / MANIFEST) for folder in (output, stage))
    names, resized = [], []
    for path, entry in after.items():
        earlier = before.get(path, {})
        if entry["sha256"] == earlier.get("sha256"):
            continue
        names.append(path.replace("handouts/", "").removesuffix(".pdf"))
        old, new = earlier.get("points"), entry["points"]
        if old and new and old != new:
            names[-1] += f" ({old:g} to {new:g} pt)"
            resized.append(names[-1])
    if not before or not names:
        return ""
    shown = names if len(names) <= NAMED else resized[:NAMED]
    return f"Printed {len(names)} of {len(after)} PDFs" + (f": {', '.join(shown)}." if shown else ".")


def _listing(path: Path) -> dict[str, dict[str, Any]]:
    """Return what handouts.json lists; nothing if it cannot be read."""
    try:
        return {name: dict(entry) for name, entry in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):  # missing, damaged, or not of this program
        return {}


def failed_at(error: Exception, part: str = "") -> str:
    """Return `path:line` of the innermost line of ours that failed, in files with `part` in their path; or an empty text."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        ours = "site-packages" not in frame.filename and Path(frame.filename).is_file()
        if ours and part in frame.filename:
            return f"{os.path.relpath(frame.filename)}:{frame.lineno}"
    return ""


@contextmanager
def _pelican_messages() -> Iterator[list[str]]:
    """Collect Pelican's warnings and errors: it logs many faults and goes on. Raise those of the content and the system."""
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
