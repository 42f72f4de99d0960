"""Read the style sheets of papers.

In: the folder of the theme's style sheets. Out: the text of each, once per build; and one with its imports and the values of
its custom properties, as WeasyPrint gets it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

STYLES = ("sheet.css", "paper.css", "letter.css", "card.css", "large.css", "contents.css", "phone.css")
"""The style sheets of papers, which are part of every key."""

IMPORT = re.compile(r'@import "([^"]+)";')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ROOT = re.compile(r"(?m)^ *(?:html|\.(?P<class>[\w-]+)) \{(?P<rules>[^{}]*)\}")
"""Rules for the root element. Only these set custom properties (tests/test_pdf.py)."""
SET = re.compile(r"(--[\w-]+): ([^;]+);")
USED = re.compile(r"var\((--[\w-]+)\)")


def read_styles(folder: Path) -> dict[str, str]:
    """Return the style sheets by name. They are read once, so that one saved during a build changes nothing."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in STYLES}


def resolve_properties(styles: Mapping[str, str], name: str, classes: Collection[str]) -> str:
    """Return a style sheet with its imports, for an `html` element with these classes.

    Custom properties are replaced by their values, because WeasyPrint would resolve them for each element.
    """
    text = COMMENT.sub("", IMPORT.sub(lambda found: styles[found[1]], styles[name]))
    values: dict[str, str] = {}
    for rule in ROOT.finditer(text):
        if rule["class"] is None or rule["class"] in classes:
            values |= SET.findall(rule["rules"])
    return USED.sub(lambda found: values.get(found[1], found[0]), text)
