"""The errors of a build, and the exit code of each.

BuildError
├── ContentError   1  the content is at fault: a list of problems, each with path and line
├── UsageError     2  the call is at fault: no such folder, an output that must not be replaced
└── MachineError   3  the machine is at fault: a missing font or library, no space left

Every message is one or two sentences: what is wrong, then what to do. `explain_os_errors` turns an OSError into one of them.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

Findings = Iterable[tuple[int, str]]
"""What a check of one file yields: the line, and a sentence that says what is wrong and what to do about it."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in the content, at a place a writer can open."""

    path: str
    line: int
    text: str
    """What is wrong and what to do about it."""

    def __str__(self) -> str:
        """Return `path:line: text`, the form that editors turn into a link; always one line."""
        return f"{self.path}:{self.line}: {' '.join(self.text.split())}"


class Problems(list[Problem]):
    """The problems found so far: a build collects all of them before it stops."""

    def add(self, path: Path | str, line: int, text: str) -> None:
        """Add a problem; `line` counts from 1."""
        self.append(Problem(str(path), line, text))

    def add_all(self, path: Path | str, findings: Findings) -> None:
        """Add the findings of one file."""
        for line, text in findings:
            self.add(path, line, text)

    def stop_if_any(self) -> None:
        """Raise ContentError with all problems, sorted and each once."""
        if self:
            raise ContentError(self)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question with the known word that is most like this one; `otherwise` if none is."""
    near = get_close_matches(word, list(known), 1)
    return f"Did you mean `{near[0]}`?" if near else otherwise


class BuildError(Exception):
    """A fault with a message for the person at the terminal."""

    exit_code = 1


class ContentError(BuildError):
    """The content cannot be published as it is."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(BuildError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2


class MachineError(BuildError):
    """The machine lacks something: space, a permission, a library, a font."""

    exit_code = 3


class SheetError(BuildError):
    """A paper cannot be printed. The message begins after the name of the paper: `is 12 mm too long…`."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(text)
        self.line = line


SYSTEM_FAULTS = {
    errno.ENOSPC: "The disk is full. Free some space and try again",
    errno.EDQUOT: "Your quota is used up. Free some space and try again",
    errno.EFBIG: "A file may not grow so large here. Raise the limit (ulimit -f) and try again",
    errno.EACCES: "This is not allowed. Check the permissions of this path and of the folder above it",
    errno.EPERM: "This is not allowed. Check the permissions of this path and of the folder above it",
    errno.EROFS: "The file system is read-only. Choose a folder that can be written",
    errno.EBUSY: "Another disk is mounted here, so it cannot be replaced. Choose a folder inside it",
    errno.EMFILE: "Too many files are open. Raise the limit (ulimit -n) and try again",
    errno.ENOMEM: "There is not enough memory. Close other programs and try again",
}
CALL_FAULTS = {
    errno.ENAMETOOLONG: "This name is too long. Choose a shorter one",
    errno.ENOTDIR: "A folder above this one is a file. Choose another folder",
    errno.EEXIST: "This is a file. Choose another folder",
    errno.ELOOP: "This link leads in a circle. Choose another folder",
}


@contextmanager
def explain_os_errors(where: object = "") -> Iterator[None]:
    """Raise errors of the system as a BuildError; it names `where` if the system names no path."""
    try:
        yield
    except shutil.Error as error:  # it has (file, copy, reason) of every file that was not copied
        file, _, reason = error.args[0][0]
        raise MachineError(f"{file} cannot be copied ({reason}). Correct that and try again.") from error
    except OSError as error:
        if not error.errno:  # raised by Python code, not by the system: a fault of the program
            raise
        place = error.filename or where
        start = f"{place}: " if place else ""
        if error.errno in CALL_FAULTS:
            raise UsageError(f"{start}{CALL_FAULTS[error.errno]}.") from error
        fault = SYSTEM_FAULTS.get(error.errno, f"{error.strerror}. Correct that and try again")
        raise MachineError(f"{start}{fault}.") from error
