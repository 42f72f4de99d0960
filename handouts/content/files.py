r"""Read the writers' files, and nothing else.

In: a path below the content folder. Out: its text, with `\n` line ends.
A file that is not plain UTF-8, that hides characters, or that lies outside the content folder
is a Problem with its line, never an exception.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ..errors import MachineError, Problems

MAX_BYTES = 512 * 1024
"""Far above any guide (they are 10 to 20 KB); keeps a stray dump from stalling the build."""

MAX_LINE = 2000
"""Characters; the longest line we have is 600. A line without end makes every search on it slow."""

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
"""Numbers in circles, which our texts may use as they are."""

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories without a visible shape. Among them are the bidi controls, which can make a text
read differently from what it says (Trojan Source, CVE-2021-42574)."""


def check_tree(folder: Path, problems: Problems) -> None:
    """Note what the content folder holds beside files and folders of its own: it would be published, or waited for.

    Names with a dot belong to editors and systems; nobody reads them here. OSError for a folder that may not be read.
    """
    home = os.path.realpath(folder)
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders + sorted(name for name in files if not name.startswith(".")):
            path = Path(parent, name)
            if not name.isprintable():
                shown = Path(parent, ascii(name))
                problems.add(shown, 1, "This name holds what cannot be printed. Give the file another one.")
            elif wrong := _stray(path, home):
                problems.add(path, 1, wrong)
            elif path.is_symlink() and not path.is_file():
                problems.add(path, 1, "This link leads to no file. Put the file or folder itself here.")


def _raise(error: OSError) -> None:
    raise error


def _stray(path: Path, home: str) -> str:
    """Say what is wrong with a link or an odd kind of file, and what to do; nothing otherwise."""
    if not Path(os.path.realpath(path)).is_relative_to(home):
        return "This link leads outside the content folder. Put the file itself here."
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:  # said when it is read
        return ""
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return "This link leads in a circle. Put the file itself here."
    return "" if S_ISREG(mode) or S_ISDIR(mode) else "This is a pipe or device, not a file. Remove it."


def content_files(folder: Path, pattern: str, problems: Problems) -> Iterator[Path]:
    """Yield the files of one content folder in a fixed order, refusing links that lead outside it."""
    home = os.path.realpath(folder.parent)
    for path in sorted(folder.glob(pattern)):
        if path.name.startswith("."):
            continue
        if wrong := _stray(path, home):
            problems.add(path, 1, wrong)
        elif path.is_dir():
            problems.add(path, 1, "This is a folder with the name of a file. Rename or remove it.")
        else:
            yield path


def read_text(path: Path, problems: Problems) -> str | None:
    """Return the text of a file, or None after noting why it cannot be used."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            problems.add(path, 1, "This is no file. Put a file with this name here.")
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        problems.add(path, 1, "The file is missing. Restore it.")
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            problems.add(path, 1, "This link leads in a circle. Put the file itself here.")
            return None
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
    found = [*hidden_characters(text), *lookalikes(text)]
    for line, wrong in found:
        problems.add(path, line, wrong)
    if not text.strip():
        problems.add(path, 1, "The file is empty. Write it or delete it.")
        return None
    return None if found else text


def hidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, sentence) for control, bidi and zero-width characters, which no guide needs."""
    unseen = {char for char in set(text) - {"\n"} if unicodedata.category(char) in UNSEEN}
    for number, line in enumerate(text.split("\n") if unseen else (), 1):
        for char in line:
            if char in unseen:
                name = f"U+{ord(char):04X} {unicodedata.name(char, 'control')}"
                if char == "\t":
                    yield number, "The line holds a tab. Write two spaces."
                else:
                    yield number, f"The line holds an invisible character, {name}. Delete it."


def lookalikes(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, sentence) for letters that only look like the usual ones: fonts and searches do not know them.

    Kangxi radicals (⼀), ligatures (ﬁ), full-width letters and digits, and accents written apart from their letter.
    """
    if unicodedata.is_normalized("NFKC", text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for part in re.findall(r"\w[\u0300-\u036f]+|\w", line):
            usual = unicodedata.normalize("NFKC", part)
            if part != usual and part not in CIRCLED:
                yield number, f"`{part}` only looks like `{usual}`. Write `{usual}` with your keyboard."
