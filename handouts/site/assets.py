"""Join the web's style sheets, and write the service worker, which keeps a copy of the site on the reader's device.

In: the folder of the finished site, the worker's code (theme/worker.js), its words. Out: the style sheets, and sw.js, which begins
with the digest of every file of the copy. https://w3c.github.io/ServiceWorker/, https://www.w3.org/TR/SRI/ (digests).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..paths import WORKER

COMMON_STYLES = ("tokens", "base", "site", "guide", "print")
"""Style sheets that every page needs, in the order of their layers."""
JOINED = "web.css"
"""One file of all of them, because a phone waits for each file before it paints."""
PAGE_STYLE = "page"
"""The style sheet of all pages but guides, which are the largest."""
KIND_STYLES = ("home", "operator", "search", "letters", "say", "text")
"""Style sheets of one kind of page each. The build puts page.css at their beginning, so that no page loads a third file."""
LAZY_STYLE = "dock"
"""A style sheet that a script loads when it is needed."""

COPIED = (
    ("index.html", "offline/*", "search/*", "search.json", "letters/*", "phrases/*", "images/**/*.*"),
    (
        "theme/css/web.css",
        "words.json",
        "theme/js/**/*.js",
        *(f"theme/css/{name}.css" for name in (PAGE_STYLE, *KIND_STYLES, LAZY_STYLE)),
    ),
    ("theme/css/paper.css", "theme/css/sheet.css", "theme/css/twin.css"),
    ("theme/icons/favicon.svg", "*/index.html"),
    ("**/index.html",),
)
"""Files of the copy, the most needed first. PDFs, pictures of sheets, and pages for which there is no room are copied when
the reader opens them."""
ROOM = 4_000_000
"""Bytes of the copy at most, because no reader asked for this download; compressed they are about a third."""

PAPER_COLOUR = re.compile(r"--paper: *([^;]+);")
NO_MEANING = re.compile(r"/\*.*?\*/|\n\s*|(?<=[{;:,]) | (?=[{}])", re.DOTALL)
"""What a browser skips in a style sheet: comments, line ends and spaces beside punctuation."""
COMMENT_OR_INDENT = re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE)
"""Lines that are comments, and indents."""


def join_styles(folder: Path) -> None:
    """Write web.css out of its parts, and page.css in front of each style sheet of a kind of page."""
    parts = [folder / f"{name}.css" for name in COMMON_STYLES]
    joined = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    (folder / JOINED).write_text(NO_MEANING.sub("", joined), encoding="utf-8")
    for part in parts:
        part.unlink()
    page = (folder / f"{PAGE_STYLE}.css").read_text(encoding="utf-8")
    for name in (PAGE_STYLE, *KIND_STYLES, LAZY_STYLE):
        path = folder / f"{name}.css"
        before = page if name in KIND_STYLES else ""
        path.write_text(NO_MEANING.sub("", before + path.read_text(encoding="utf-8")), encoding="utf-8")


def strip_scripts(folder: Path) -> None:
    """Remove comments and indents from the site's scripts; none has a string over several lines."""
    for path in folder.glob("*.js"):
        path.write_text(COMMENT_OR_INDENT.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def paper_colours(tokens: Path) -> list[str]:
    """Return the background colours of light and dark pages, for browsers that colour their frame."""
    return PAPER_COLOUR.findall(tokens.read_text(encoding="utf-8"))[:2]


def write_worker(folder: Path, code: str, words: dict[str, str], others: Sequence[str] = ()) -> None:
    """Write the worker of a finished edition; the other editions are in these folders, with other workers."""
    files = {
        name: _digest((folder / name).read_bytes())
        for name in sorted(_copied(folder))
        if not name.startswith(tuple(others))
    }
    escaped = {name: html.escape(text) for name, text in words.items()}
    site = json.dumps({"words": escaped, "others": others, "files": files}, ensure_ascii=False, indent=0)
    (folder / WORKER).write_text(f"const SITE = {site};\n\n{code}", encoding="utf-8")


def _copied(folder: Path) -> Iterator[str]:
    """Yield the names of the files of the copy, as long as there is room."""
    seen: set[Path] = set()
    room = ROOM
    for patterns in COPIED:
        found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()} - seen
        seen |= found
        for path in sorted(found):
            room -= path.stat().st_size
            if room >= 0:
                yield path.relative_to(folder).as_posix()


def _digest(content: bytes) -> str:
    """Return a digest as browsers check it: `sha256-…`."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
