"""Join the web's style sheets, and write the service worker, which keeps a copy of the site on the reader's device.

In: the folder of the finished site, the worker's code (theme/worker.js), what it says of a copy. Out: sw.js, which begins
with the digest of every file of the copy. The same site gives the same bytes. What the worker does stands in its code;
the rules of the browser: https://w3c.github.io/ServiceWorker/, https://www.w3.org/TR/SRI/ (digests).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

NAME = "sw.js"
"""At the root: a worker rules only the folder it lies in, and what is below."""
COPIED = (
    ("index.html", "offline/*", "search/*", "search.json", "letters/*", "phrases/*", "images/**/*.*"),
    ("theme/css/web.css", "theme/css/letters.css", "theme/css/say.css", "theme/js/**/*.js"),
    ("theme/css/paper.css", "theme/css/sheet.css", "theme/css/twin.css"),
    ("theme/icons/favicon.svg", "*/index.html"),
    ("**/index.html",),
)
"""What can be read without network, what most readers need first. PDFs and pictures of sheets, and pages for which
there is no room, are kept when the reader opens them."""
ROOM = 4_000_000
"""Bytes before compression, about a third on the way: no more is taken of a reader's data unasked."""

SLEEPER = """\
// This one takes the place of a service worker that kept copies of pages, deletes them, and leaves.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(`${registration.scope}|`)) await caches.delete(name);
  await self.registration.unregister();
})()));
"""
"""What the preview answers, and what is published while OFFLINE in pelicanconf.py is False."""


PARTS = ("tokens", "base", "site", "guide", "search", "print")
"""Style sheets that every page needs, in the order of their layers."""
WHOLE = "web.css"
"""All of them in one file: a phone waits for one before it paints, not for five."""
PAPER = re.compile(r"--paper: (#[0-9a-f]{6});")


SPARE = re.compile(r"/\*.*?\*/|\n\s*|(?<=[{;:,]) | (?=[{}])", re.DOTALL)
"""What a phone need not load: comments, ends of lines, spaces beside marks."""


ASIDE = re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE)
"""Lines that are comments, and indents."""


def join_styles(folder: Path) -> None:
    """Put one file in the place of its parts."""
    parts = [folder / f"{name}.css" for name in PARTS]
    whole = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    (folder / WHOLE).write_text(SPARE.sub("", whole), encoding="utf-8")
    for part in parts:
        part.unlink()


def strip_scripts(folder: Path) -> None:
    """Take out of the site's own scripts what only their readers need: no script has text over several lines."""
    for path in folder.glob("*.js"):
        path.write_text(ASIDE.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def paper_colours(tokens: Path) -> list[str]:
    """Return the background of light and of dark pages, for what draws a frame around a page."""
    return PAPER.findall(tokens.read_text(encoding="utf-8"))[:2]


def write_worker(folder: Path, code: str, words: dict[str, str]) -> None:
    """Write the worker of a finished site."""
    files = {name: _digest((folder / name).read_bytes()) for name in sorted(_copied(folder))}
    said = {name: html.escape(text) for name, text in words.items()}
    site = json.dumps({"words": said, "files": files}, ensure_ascii=False, indent=0)
    (folder / NAME).write_text(f"const SITE = {site};\n\n{code}", encoding="utf-8")


def _copied(folder: Path) -> Iterator[str]:
    """Yield the files of the copy, as long as there is room."""
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
