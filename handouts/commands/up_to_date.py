"""Tell, without building, that a build would change nothing.

In: the project, the content, the output. Out: what the last build said, if every input and every file of the
output are still as they were; nothing otherwise. After a build, a note of both in .cache/builds. A file whose
size and times are the same is the same; one whose times differ is compared by its digest. When in doubt, build.

The note is taken of the inputs before the build reads them, and of the output before it is put in place: what
changes meanwhile then differs from the note. A file changed in the very moment of the note could change again
without another time, so it is compared by digest next time (https://git-scm.com/docs/racy-git).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Problems
from .atomic import lock_of

if TYPE_CHECKING:
    from .build import Report  # it loads what this module is there to spare

FORM = 1
"""Of the note; another form counts as no note."""

LIBRARIES = (
    "pelican", "markdown", "jinja2", "markupsafe", "weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5",
    "pypdfium2", "pillow", "segno",
)  # fmt: skip
"""Whatever their versions change shows on a page or a sheet."""

SYSTEM = (
    "/var/lib/dpkg/status", "/var/lib/rpm", "/lib/apk/db/installed", "/opt/homebrew/Cellar", "/etc/fonts",
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts",
)  # fmt: skip
"""What changes when Pango or a font is installed, renewed or removed."""

KEPT = 50
"""Notes kept at most, of as many outputs; the oldest go first."""

RACY = 2_000_000_000
"""Nanoseconds, the coarsest clock of a file system (FAT)."""

Note = dict[str, list]
"""Of each file: size, times of content and of entry, SHA-256."""


@dataclass(slots=True)
class Stamp:
    """The note of one output."""

    root: Path
    content: Path
    output: Path
    _inputs: Note = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Return where the note is kept."""
        name = hashlib.sha256(os.fsencode(os.path.realpath(self.output))).hexdigest()[:16]
        return self.root / ".cache" / "builds" / f"{name}.json"

    # --- Before a build -----------------------------------------------------------------------------------------

    def unchanged(self) -> tuple[str, Problems] | None:
        """Return what the last build made and which facts are overdue today, if nothing changed since."""
        try:
            if lock_of(self.output).exists():  # a build runs, or was killed before it had cleared up
                return None
            note = json.loads(self.path.read_bytes())
            if note["form"] != FORM or note["world"] != self._world(note["fonts"]):
                return None
            inputs, output = note["inputs"], note["output"]
            if not (_same(inputs, dict(self._sources())) and _same(output, dict(_files(self.output)))):
                return None
            made, due = note["made"], date.fromisoformat(note["due"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
            # None, or none of ours; or the output is a link that leads in a circle (RuntimeError), which the build names.
            return None
        return made, self._late() if due < date.today() else Problems()

    def _late(self) -> Problems:
        """Return the overdue facts; their file is as it was when it was checked."""
        from ..content.data import load_data
        from ..content.review import late

        return late(
            self.content / "data" / "facts.toml", load_data(self.content / "data", Problems()), date.today()
        )

    # --- Around a build -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Note the inputs; when one cannot be noted, the build says why, and its note will fit nothing."""
        try:
            self._inputs = {name: _noted(path) for name, path in self._sources()}
        except (OSError, ValueError):
            self._inputs = {}

    def finish(self, stage: Path, report: Report) -> None:
        """Note the finished site, still in its staging folder."""
        from ..pdf.fonts import find_faces

        fonts = sorted({str(face.path) for face in find_faces()})
        self._made = {
            "form": FORM,
            "made": f"{len(report.handouts)} sheets and {report.pages} pages",
            "due": report.next_due.isoformat(),
            "fonts": fonts,
            "world": self._world(fonts),
            "inputs": self._inputs,
            "output": {name: _noted(path) for name, path in _files(stage)},
        }

    def write(self) -> None:
        """Keep the note, whole or not at all; without it the next build is a build."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")  # one build of an output at a time, so the name is free
            try:
                new.write_text(json.dumps(self._made), encoding="utf-8")
                new.replace(self.path)
            finally:
                new.unlink(missing_ok=True)
            notes = sorted(self.path.parent.iterdir(), key=lambda path: -path.stat().st_mtime_ns)
            for old in notes[KEPT:]:
                old.unlink(missing_ok=True)
        except OSError:
            return

    # --- What counts --------------------------------------------------------------------------------------------

    def _sources(self) -> Iterator[tuple[str, Path]]:
        """Yield every file that a build reads; what begins with a dot is an editor's, or the system's."""
        for folder in (self.content, self.root / "theme"):
            yield from ((str(path), path) for _, path in _files(folder.resolve(), hidden=False))
        code = (path for _, path in _files(self.root / "handouts") if path.suffix == ".py")
        for path in (*code, self.root / "pelicanconf.py", self.root / "requirements.lock"):
            yield str(path), path

    def _world(self, fonts: list[str]) -> dict[str, str]:
        """Return what a build rests on beside files: libraries, fonts, Python, how paths are called in messages."""
        world = {"python": sys.version, "content": str(self.content.resolve())}
        for name in LIBRARIES:
            try:
                world[name] = version(name)
            except PackageNotFoundError:
                world[name] = ""
        for name in (*SYSTEM, *fonts):
            try:
                stat = Path(name).expanduser().stat()
                world[name] = f"{stat.st_size} {stat.st_mtime_ns}"
            except (OSError, RuntimeError):  # not there; a user without a home
                world[name] = ""
        return world


def _files(folder: Path, *, hidden: bool = True) -> Iterator[tuple[str, Path]]:
    """Yield every file below a folder, by its relative name; OSError when the folder is not there."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") and not hidden:
                continue
            if entry.is_dir():
                if entry.is_symlink():
                    raise ValueError(f"{entry.path} is a link to a folder, which may lead in a circle")
                if entry.name != "__pycache__":
                    below = _files(Path(entry.path), hidden=hidden)
                    yield from ((f"{entry.name}/{name}", path) for name, path in below)
            else:
                yield entry.name, Path(entry.path)


def _noted(path: Path) -> list:
    """Return the note of a file; its times only when no later change can have the same."""
    looked = time.time_ns()
    stat = path.stat()
    sure = max(stat.st_mtime_ns, stat.st_ctime_ns) < looked - RACY
    times = [stat.st_mtime_ns, stat.st_ctime_ns] if sure else [0, 0]
    return [stat.st_size, *times, _digest(path)]


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; ValueError for a pipe, which would be waited for."""
    if not path.is_file():
        raise ValueError(f"{path} is no file")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same(note: Note, files: dict[str, Path]) -> bool:
    """Tell whether the files are those of the note."""
    if note.keys() != files.keys():
        return False
    for name, path in files.items():
        size, changed, moved, digest = note[name]
        stat = path.stat()
        if stat.st_size != size:
            return False
        same_times = (stat.st_mtime_ns, stat.st_ctime_ns) == (changed, moved)
        if not same_times and _digest(path) != digest:
            return False
    return True
