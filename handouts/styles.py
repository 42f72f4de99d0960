"""Join the style sheets of the web into one: a phone waits for one file before it paints, not for five.

In: the folder of the finished site's style sheets. Out: web.css in their place. The sources stay apart, one for each
part of a page. What a single page needs stays apart (letters.css), as do the sheet and its twin.
"""

from __future__ import annotations

import re
from pathlib import Path

PARTS = ("tokens", "base", "site", "guide", "search", "print")
"""In the order of their layers."""
WHOLE = "web.css"
PAPER = re.compile(r"--paper: (#[0-9a-f]{6});")


def join_styles(folder: Path) -> None:
    """Put one file in the place of its parts."""
    parts = [folder / f"{name}.css" for name in PARTS]
    (folder / WHOLE).write_bytes(b"\n".join(part.read_bytes() for part in parts))
    for part in parts:
        part.unlink()


def paper_colours(tokens: Path) -> list[str]:
    """Return the background of light and of dark pages, for what draws a frame around a page."""
    return PAPER.findall(tokens.read_text(encoding="utf-8"))[:2]
