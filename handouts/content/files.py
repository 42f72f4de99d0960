r"""Read the files of the content folder.

In: a path below the content folder. Out: its text, with `\n` line ends. A file that is not plain UTF-8, has invisible
characters, or lies outside the content folder is a Problem with its line, not an exception.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Callable, Collection
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ..errors import Findings, MachineError, Problems, UsageError

MAX_BYTES = 512 * 1024
"""Guides have 10 to 20 KB; a file far larger is there by mistake and would stall the build."""
MAX_LINE = 2000
"""Characters in a line. The longest of ours has 700; regular expressions are slow on a very long one."""
FOLDERS = ("guides", "pages", "posts", "shared", "data", "images")
"""The folders of the content folder."""
ALL_FOLDERS = ", ".join(FOLDERS)
IMAGES = (".png", ".jpg", ".jpeg", ".webp")
"""The endings of pictures; not .svg, which may hold scripts."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""A file name that needs no escaping in a path, an address or the list of the offline copy."""
TEMPORARY = re.compile(r"\..*|.*~|#.*#", re.DOTALL)
"""Files of editors and systems: hidden ones, backups of old versions, and copies of what is not saved yet."""
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
"""Numbers in circles, which texts may use."""
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories without a visible shape. They include the bidi controls, which can show a text in another order than
it is stored (Trojan Source, CVE-2021-42574)."""
Convert = Callable[[Path, str], str]
"""Turns the text of a source file into that of an edition, line by line."""


def as_written(path: Path, text: str) -> str:
    """Return the text of a file as its writer wrote it."""
    return text


def split_name(path: Path) -> tuple[str, str]:
    """Return the name of a file without language and ending, and the code of its language: empty for the source."""
    name, _, code = path.stem.partition(".")
    return name, code


def require_folder(content: Path, part: str = "") -> None:
    """Raise UsageError unless the content folder exists and holds the folder `part`."""
    if not content.is_dir():
        raise UsageError(f"{content} is not a folder. Give --content the folder with guides/ and data/.")
    if not (content / part).is_dir():
        raise UsageError(f"{content} has no folder {part}/. Give --content the folder that holds it.")


def check_tree(folder: Path, problems: Problems, tables: Collection[str], languages: Collection[str]) -> None:
    """Add a problem for each file or folder that is not read, so that nothing a writer adds is silently ignored.

    `tables` are the names of the data files, `languages` the codes in names of translations. Files of editors and systems
    are skipped. OSError for a folder that cannot be read.
    """
    below = [folder]
    while below:
        for path in below.pop().iterdir():
            if TEMPORARY.fullmatch(path.name):
                continue
            if wrong := _wrong(path, folder, tables, languages):
                name = path.name if path.name.isprintable() else ascii(path.name)
                problems.add(path.with_name(name), 1, wrong)  # one finding for all that is in a folder
            elif path.is_dir():
                below.append(path)


def _wrong(path: Path, folder: Path, tables: Collection[str], languages: Collection[str]) -> str:
    """Return what is wrong with a file or folder, and what to do; an empty text if nothing is."""
    if not path.name.isprintable():
        return "This name holds what cannot be printed. Give the file another one."
    if wrong := _stray(path, folder):
        return wrong
    if path.is_symlink() and not path.is_file():
        return "This link leads to no file. Put the file or folder itself here."
    if wrong := _unread(path.relative_to(folder), path.is_dir(), tables, languages):
        return wrong
    fits = NAME.fullmatch(path.name)
    return "" if fits else "This name does not fit into every address. Use letters, digits, hyphens, dots."


def _unread(place: Path, is_folder: bool, tables: Collection[str], languages: Collection[str]) -> str:
    """Return why a file or folder is not read, and what to do; an empty text if it is read."""
    home, suffix = place.parts[0], place.suffix
    if is_folder:
        if home == "images" or place.as_posix() in FOLDERS:
            return ""
        if home in FOLDERS:
            return f"Nothing reads a folder here. Move its files to {home}/."
        near = get_close_matches(place.name, FOLDERS, 1)
        return f"Nothing reads this folder. {f'Did you mean {near[0]}/?' if near else f'Use {ALL_FOLDERS}.'}"
    if len(place.parts) == 1:
        return f"Nothing reads this file. Move it to one of {ALL_FOLDERS}, or out of the content."
    if home == "images":
        return "" if suffix in IMAGES else f"This is not a picture. Use {', '.join(IMAGES)}, in lower case."
    if home == "data":
        near = get_close_matches(place.stem, tables, 1)
        hint = f"Did you mean {near[0]}.toml?" if near else "Remove it."
        return "" if suffix == ".toml" and place.stem in tables else f"Nothing reads this file. {hint}"
    if suffix == ".md":
        name, code = split_name(place)
        known = not code or code in languages
        return "" if known else f"`{code}` is not a language of this site. Name it {name}.en.md."
    if suffix.lower() in (".md", ".markdown", ".mdown", ".txt"):
        return f"Only files named *.md are read here. Name it {place.stem}.md, or remove it."
    return "Nothing reads this file. Remove it; pictures go to images/."


def _stray(path: Path, folder: Path) -> str:
    """Return what is wrong with a symbolic link or a special file, and what to do; an empty text if nothing is."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return "This link leads outside the content folder. Put the file itself here."
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:  # read_text reports it
        return ""
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return "This link leads in a circle. Put the file itself here."
    return "" if S_ISREG(mode) or S_ISDIR(mode) else "This is a pipe or device, not a file. Remove it."


def content_files(folder: Path, pattern: str) -> list[Path]:
    """Return the files of one folder, sorted and not yet checked; `read_text` does that."""
    return sorted(path for path in folder.glob(pattern) if not TEMPORARY.fullmatch(path.name))


def read_text(path: Path, problems: Problems, convert: Convert = as_written) -> str | None:
    """Return the text of a file as an edition has it; None after adding a problem if it cannot be used.

    The file lies in a folder of the content folder.
    """
    raw = b""
    try:
        if path.is_dir():
            wrong = "This is a folder with the name of a file. Rename or remove it."
        elif not (wrong := _stray(path, path.parent.parent)):  # reading a pipe would block
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        wrong = "The file is missing. Restore it."
    except OSError as error:
        raise MachineError(f"{path} cannot be read ({error.strerror}). Check its permissions.") from error
    fault = (1, wrong) if wrong else _fault(raw)
    if fault:
        problems.add(path, *fault)
        return None
    text = raw.decode("utf-8")
    findings = [*hidden_characters(text), *lookalikes(text)]
    if not text.strip():
        findings.append((1, "The file is empty. Write it or delete it."))
    problems.add_all(path, findings)
    return None if findings else convert(path, text)


def _fault(raw: bytes) -> tuple[int, str] | None:
    """Return why bytes are no text for us, with the line; None if they are."""
    if len(raw) > MAX_BYTES:
        return 1, f"The file is larger than {MAX_BYTES // 1024} KB. Split it."
    if raw.startswith(BOM_UTF8):
        return 1, "The file starts with a byte order mark. Save it as UTF-8 without BOM."
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return raw.count(b"\n", 0, error.start) + 1, "The file is not UTF-8 here. Save it as UTF-8."
    if "\r" in text:
        number = text.count("\n", 0, text.index("\r")) + 1
        return number, "Lines end with CR. Save the file with Unix line ends (LF)."
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            return number, f"The line is longer than {MAX_LINE} characters. Split it."
    return None


def replace_file(path: Path, text: str) -> None:
    """Write a file in one step: a reader gets the old text or the new one. Its mode stays, and a link to it."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def hidden_characters(text: str) -> Findings:
    """Yield (line, sentence) for control, bidi and zero-width characters."""
    unseen = {char for char in set(text) - {"\n"} if unicodedata.category(char) in UNSEEN}
    for number, line in enumerate(text.split("\n") if unseen else (), 1):
        for char in line:
            if char == "\t":
                yield number, "The line holds a tab. Write two spaces."
            elif char in unseen:
                name = f"U+{ord(char):04X} {unicodedata.name(char, 'control')}"
                yield number, f"The line holds an invisible character, {name}. Delete it."


def lookalikes(text: str) -> Findings:
    """Yield (line, sentence) for letters that only look like the usual ones: fonts and searches lack them.

    These are Kangxi radicals (⼀), ligatures (ﬁ), full-width letters and digits, and combining accents.
    """
    characters = set(text).difference(CIRCLED)
    letters = {char for char in characters if re.match(r"[\w\u0300-\u036f\u2e80-\u2fdf]", char)}
    if not any(
        unicodedata.combining(char) or unicodedata.normalize("NFKC", char) != char for char in letters
    ):
        return  # as nearly always
    for number, line in enumerate(text.split("\n"), 1):
        for part in re.findall(r"\w[\u0300-\u036f]+|[\w\u2e80-\u2fdf]", line):
            usual = unicodedata.normalize("NFKC", part)
            if part != usual and part not in CIRCLED:
                yield number, f"`{part}` only looks like `{usual}`. Write `{usual}` with your keyboard."
