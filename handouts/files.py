r"""Read the writers' files, and nothing else.

In: a path below the content folder. Out: its text, with `\n` line ends.
A file that is not plain UTF-8, that hides characters, or that lies outside the content folder
is a Problem with its line, never an exception.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from .errors import MachineError, Problems

MAX_BYTES = 512 * 1024
"""Far above any guide (they are 10 to 20 KB); keeps a stray dump from stalling the build."""

MAX_LINE = 2000
"""Characters; the longest line we have is 600. A line without end makes every search on it slow."""

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories without a visible shape. Among them are the bidi controls, which can make a text
read differently from what it says (Trojan Source, CVE-2021-42574)."""


def content_files(folder: Path, pattern: str, problems: Problems) -> Iterator[Path]:
    """Yield the files of one content folder in a fixed order, refusing links that lead outside it."""
    home = os.path.realpath(folder.parent)
    for path in sorted(folder.glob(pattern)):
        if path.name.startswith("."):
            continue
        if not Path(os.path.realpath(path)).is_relative_to(home):
            problems.add(path, 1, "This link leads outside the content folder. Put the file itself here.")
        elif path.is_dir():
            problems.add(path, 1, "This is a folder with the name of a file. Rename or remove it.")
        elif path.exists() and not path.is_file():
            problems.add(path, 1, "This is a pipe or device, not a file. Remove it.")
        else:
            yield path


def read_text(path: Path, problems: Problems) -> str | None:
    """Return the text of a file, or None after noting why it cannot be used."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problems.add(path, 1, "The file is missing. Restore it.")
        return None
    except OSError as error:
        raise MachineError(f"{path} cannot be read ({error.strerror}). Check its permissions.") from error
    if len(raw) > MAX_BYTES:
        problems.add(path, 1, f"The file is larger than {MAX_BYTES // 1024} KB. Split it.")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.add(path, 1, "The file starts with a byte order mark. Save it as UTF-8 without BOM.")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(path, line, "The file is not UTF-8 here. Save it as UTF-8.")
        return None
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        problems.add(path, line, "Lines end with CR. Save the file with Unix line ends (LF).")
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            problems.add(path, number, f"The line is longer than {MAX_LINE} characters. Split it.")
            return None
    found = list(hidden_characters(text))
    for line, name in found:
        problems.add(path, line, f"The line holds an invisible character, {name}. Delete it.")
    if not text.strip():
        problems.add(path, 1, "The file is empty. Write it or delete it.")
        return None
    return None if found else text


def hidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, name) for control, bidi and zero-width characters, which no guide needs."""
    for number, line in enumerate(text.split("\n"), 1):
        for char in line:
            if unicodedata.category(char) in UNSEEN:
                yield number, f"U+{ord(char):04X} {unicodedata.name(char, 'control')}"
