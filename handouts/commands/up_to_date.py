"""Find out, without building, that a build would change nothing.

In: the project, the content, the output. Out: what the last build made, if its inputs and its output have not changed since;
otherwise None. .cache/builds has a record of the last build of each output: a digest of all inputs, taken before the build
read them, a digest of the names, sizes and times of the output's files, and sizes and times of the fonts' files.
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
from itertools import chain
from pathlib import Path

from ..content.files import replace_file
from ..errors import Problem, Problems
from .atomic import leftovers

SYSTEM = (
    "/var/lib/dpkg/status", "/var/lib/rpm", "/lib/apk/db/installed", "/opt/homebrew/Cellar", "/etc/fonts",
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts",
)  # fmt: skip
"""Paths that change when Pango or a font is installed, updated or removed."""


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
        name = hashlib.sha256(os.fsencode(os.path.realpath(self.output))).hexdigest()[:16]
        return self.root / ".cache" / "builds" / f"{name}.json"

    def unchanged(self) -> tuple[str, Problems] | None:
        """Return what the last build made and what it would warn of today, if nothing changed since."""
        try:
            record = json.loads(self.path.read_bytes())
            state = [self._digest_inputs(), _digest_output(self.output), states(record["state"][2])]
            if state != record["state"] or leftovers(self.output.resolve()):
                return None
            made, due = str(record["made"]), date.fromisoformat(record["due"])
            warnings = Problems(Problem(*one) for one in record["old"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            return None  # no record, a damaged one, or a file that cannot be read: the build reports it
        if due < date.today():
            from ..content.data import load_data
            from ..content.review import late

            data = self.content / "data"
            warnings += late(data / "facts.toml", load_data(data, Problems()), date.today())
        return made, warnings

    def begin(self) -> None:
        """Take the digest of the inputs before the build reads them."""
        with suppress(OSError, ValueError):  # the build reports what cannot be read
            self._inputs = self._digest_inputs()

    def finish(self, stage: Path, *, made: str, due: date, old: Problems) -> None:
        """Write the record of a site that is about to replace the output.

        `made` says what it is, `due` is the last day on which no fact is overdue, `old` are its old translations.
        """
        from ..pdf.fonts import find_faces

        record = {
            "made": made,
            "due": due.isoformat(),
            "old": [(one.path, one.line, one.text) for one in old],
            "state": [self._inputs, _digest_output(stage), states(str(face.path) for face in find_faces())],
        }
        with suppress(OSError):  # without a record, the next build is a full one
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.path, json.dumps(record))

    def _digest_inputs(self) -> str:
        """Return one digest of everything that a build reads, and of the libraries that it uses."""
        call = (sys.version, self.content.resolve(), self.volume, os.environ.get("SITE"))
        digest = hashlib.sha256(repr(call).encode())
        libraries = Path(sysconfig.get_path("purelib")).glob("*.dist-info")  # their names hold the versions
        digest.update(repr(sorted(path.name for path in libraries)).encode())
        digest.update(repr(states(SYSTEM)).encode())
        folders = (self.content.resolve(), self.root / "theme", self.root / "handouts")
        for path in (*chain.from_iterable(map(files_below, folders)), self.root / "pelicanconf.py"):
            if not path.is_file():  # reading a pipe would block; a link to a folder may lead in a circle
                raise ValueError(f"{path} is no file")
            content = path.read_bytes()
            digest.update(f"{path} {len(content)} ".encode(errors="surrogateescape") + content)
        return digest.hexdigest()


def states(names: Iterable[str]) -> dict[str, str]:
    """Return size and time of each path; an empty text for one that does not exist."""
    found = dict.fromkeys(sorted(names), "")
    for name in found:
        with suppress(OSError, RuntimeError):  # RuntimeError: `~` of a user without a home
            stat = Path(name).expanduser().stat()
            found[name] = f"{stat.st_size} {stat.st_mtime_ns}"
    return found


def _digest_output(folder: Path) -> str:
    """Return one digest of the names, sizes and times of all files of a site."""
    digest = hashlib.sha256()
    for path in files_below(folder):
        stat, name = path.stat(), path.relative_to(folder)
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}\n".encode())
    return digest.hexdigest()


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file and link below a folder, sorted, but for hidden ones, which belong to editors and systems."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from files_below(Path(entry.path))
            else:
                yield Path(entry.path)
