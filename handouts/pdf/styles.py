"""Join style sheets: those of the web into one file, that of a paper with what it imports.

In: a folder of style sheets. Out: for the web, web.css in the place of its parts: a phone waits for one file before it
paints, not for five. What a single page needs stays apart (letters.css), as do the sheet and its twin. For a paper, one
text whose custom properties are in place: WeasyPrint would work them out for each element, an eighth of its layout.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

PARTS = ("tokens", "base", "site", "guide", "search", "print")
"""In the order of their layers."""
WHOLE = "web.css"
PAPER = re.compile(r"--paper: (#[0-9a-f]{6});")

IMPORT = re.compile(r'@import "([^"]+)";')
ROOT = re.compile(r"(?m)^ *(?:html|\.(?P<class>[\w-]+)) \{(?P<rules>[^{}]*)\}")
"""What may hold for the whole of a paper. Custom properties are set nowhere else (tests/test_styles.py)."""
SET = re.compile(r"(--[\w-]+): ([^;]+);")
SPARE = re.compile(r"/\*.*?\*/|\n\s*|(?<=[{;:,]) | (?=[{}])", re.DOTALL)
"""What a phone need not load: comments, ends of lines, spaces beside marks."""
USED = re.compile(r"var\((--[\w-]+)\)")


def join_styles(folder: Path) -> None:
    """Put one file in the place of its parts."""
    parts = [folder / f"{name}.css" for name in PARTS]
    whole = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    (folder / WHOLE).write_text(SPARE.sub("", whole), encoding="utf-8")
    for part in parts:
        part.unlink()


def paper_colours(tokens: Path) -> list[str]:
    """Return the background of light and of dark pages, for what draws a frame around a page."""
    return PAPER.findall(tokens.read_text(encoding="utf-8"))[:2]


def settled(folder: Path, name: str, classes: Collection[str]) -> str:
    """Return a paper's style sheet with what it imports, for an `html` element of these classes."""
    text = (folder / name).read_text(encoding="utf-8")
    text = IMPORT.sub(lambda found: (folder / found[1]).read_text(encoding="utf-8"), text)
    values: dict[str, str] = {}
    for rule in ROOT.finditer(text):
        if rule["class"] is None or rule["class"] in classes:
            values |= SET.findall(rule["rules"])
    return USED.sub(lambda found: values.get(found[1], found[0]), text)
