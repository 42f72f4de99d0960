"""Tell, without building, that a build would change nothing.

In: the project, the content, the output. Out: what the last build made, if all of its inputs and its output are as they
were; None otherwise. A record of the last build stands in .cache/builds. In it, inputs count by their bytes, as they
were before the build read them; the files of the output by name, size and times, so that they need not be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Problems
from .atomic import leftovers

if TYPE_CHECKING:
    from .build import Report  # importing it loads what this module is there to spare

SYSTEM = (
    "/var/lib/dpkg/status", "/var/lib/rpm", "/lib/apk/db/installed", "/opt/homebrew/Cellar", "/etc/fonts",
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts",
)  # fmt: skip
"""Paths that change when Pango or a font is installed, renewed or removed."""

KEPT = 50
"""Records kept at most, each of another output; the oldest are deleted first."""


@dataclass(slots=True)
class LastBuild:
    """The record of the last build of one output."""

    root: Path
    content: Path
    output: Path
    volume: bool = False
    _inputs: str = ""

    @property
    def path(self) -> Path:
        """Return the file of the record."""
        name = hashlib.sha256(os.fsencode(os.path.realpath(self.output))).hexdigest()[:16]
        return self.root / ".cache" / "builds" / f"{name}.json"

    def unchanged(self) -> tuple[str, Problems] | None:
        """Return what the last build made and which facts are overdue today, if nothing changed since."""
        try:
            record = json.loads(self.path.read_bytes())
            found = {
                "inputs": self._digest_inputs(),
                "output": _digest_output(self.output),
                "fonts": _states(record["fonts"]),
            }
            if any(record[name] != value for name, value in found.items()) or leftovers(
                self.output.resolve()
            ):
                return None
            made, due = str(record["made"]), date.fromisoformat(record["due"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
            return None  # no record, a damaged one, or a file that only the build can explain
        return made, self._overdue() if due < date.today() else Problems()

    def _overdue(self) -> Problems:
        from ..content.data import load_data
        from ..content.review import late

        data = load_data(self.content / "data", Problems())
        return late(self.content / "data" / "facts.toml", data, date.today())

    def begin(self) -> None:
        """Take the digest of the inputs before they are read; what cannot be read is the build's to explain."""
        self._inputs = ""
        with suppress(OSError, ValueError):
            self._inputs = self._digest_inputs()

    def finish(self, stage: Path, report: Report) -> None:
        """Write the record of a site that is about to replace the output; without a record the next build builds."""
        from ..pdf.fonts import find_faces

        record = {
            "made": f"{len(report.handouts)} sheets and {report.pages} pages",
            "due": report.next_due.isoformat(),
            "fonts": _states(str(face.path) for face in find_faces()),
            "inputs": self._inputs,
            "output": _digest_output(stage),
        }
        new = self.path.with_suffix(".new")
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                new.write_text(json.dumps(record), encoding="utf-8")
                new.replace(self.path)
            finally:
                new.unlink(missing_ok=True)
            for old in sorted(self.path.parent.iterdir(), key=lambda path: -path.stat().st_mtime_ns)[KEPT:]:
                old.unlink()

    def _digest_inputs(self) -> str:
        """Return one digest of everything that a build reads, and of the libraries that it uses."""
        digest = hashlib.sha256(repr((sys.version, self.content.resolve(), self.volume, os.environ.get("SITE"))).encode())
        libraries = Path(sysconfig.get_path("purelib")).glob("*.dist-info")  # their names hold the versions
        digest.update(repr(sorted(path.name for path in libraries)).encode())
        digest.update(repr(_states(SYSTEM)).encode())
        code = (path for _, path in _files(self.root / "handouts") if path.suffix in (".py", ".js"))
        sources = (_files(folder.resolve(), hidden=False) for folder in (self.content, self.root / "theme"))
        files = (path for folder in sources for _, path in folder)
        for path in (*files, *code, self.root / "pelicanconf.py"):
            if not path.is_file():  # a pipe would be waited for
                raise ValueError(f"{path} is no file")
            written = path.read_bytes()
            digest.update(f"{path} {len(written)} ".encode(errors="surrogateescape") + written)
        return digest.hexdigest()


def _states(names: Iterable[str]) -> dict[str, str]:
    """Return size and time of each path, nothing where it is not there."""
    found = dict.fromkeys(sorted(names), "")
    for name in found:
        with suppress(OSError, RuntimeError):  # RuntimeError: `~` of a user without a home
            stat = Path(name).expanduser().stat()
            found[name] = f"{stat.st_size} {stat.st_mtime_ns}"
    return found


def _digest_output(folder: Path) -> str:
    """Return one digest of the names, sizes and times of all files of a site."""
    digest = hashlib.sha256()
    for name, path in _files(folder):
        stat = path.stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: Path, *, hidden: bool = True) -> Iterator[tuple[str, Path]]:
    """Yield every file below a folder with its relative name, sorted; hidden ones are an editor's or the system's."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if (entry.name.startswith(".") and not hidden) or entry.name == "__pycache__":
                continue
            if not entry.is_dir():
                yield entry.name, Path(entry.path)
            elif entry.is_symlink():
                raise ValueError(f"{entry.path} is a link to a folder, which may lead in a circle")
            else:
                for name, path in _files(Path(entry.path), hidden=hidden):
                    yield f"{entry.name}/{name}", path
