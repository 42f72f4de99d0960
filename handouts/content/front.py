"""Split a file into front matter and body.

In: the text of a guide, page or post. Out: a Draft. The front matter stands between two lines of
three hyphens; each line is `key: value`, each key at most once, all keys known.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from ..errors import Problems
from .syntax import Draft

GUIDE = (
    "title", "sheet", "slug", "name", "home", "card", "updated", "order",
    "who", "start", "takes", "costs", "phrases", "fields", "aliases",
)  # fmt: skip
REQUIRED = {
    "guides": GUIDE,
    "pages": ("title", "slug", "updated", "summary"),
    "posts": ("title", "slug", "date", "summary"),
    "shared": (),
}
OPTIONAL = {
    "guides": ("lang", "cards", "diagram", "draft"),
    "pages": ("lang", "aliases", "diagram", "draft"),
    "posts": ("lang", "aliases", "draft"),
    "shared": (),
}
INLINE = ("home", "card", "who", "start", "takes", "costs")
"""Keys whose values may hold citations and foreign words; the others are plain text."""

LISTS = ("cards", "phrases", "fields", "aliases", "diagram")
"""Keys whose values are words separated by spaces."""

FENCE = "---"


def split(path: Path, kind: str, text: str, problems: Problems) -> Draft | None:
    """Return the draft, or None when there is no usable front matter (which is noted)."""
    lines = text.rstrip("\n").split("\n")
    if not REQUIRED[kind]:
        return Draft(path, kind, {}, {}, tuple(lines), 0)
    if lines[0].rstrip() != FENCE:
        problems.add(path, 1, f"The front matter is missing. Start the file with a line `{FENCE}`.")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        problems.add(path, 1, f"The front matter does not end. Close it with a line `{FENCE}`.")
        return None
    front, front_lines = _pairs(path, kind, lines[1:end], problems)
    for key in REQUIRED[kind]:
        if key not in front:
            problems.add(path, 1, f"The front matter has no `{key}`. Add a line `{key}: …`.")
    return Draft(path, kind, front, front_lines, tuple(lines[end + 1 :]), end + 1)


def _pairs(
    path: Path, kind: str, lines: list[str], problems: Problems
) -> tuple[dict[str, str], dict[str, int]]:
    """Read `key: value` lines, noting those that are none."""
    known = (*REQUIRED[kind], *OPTIONAL[kind])
    front: dict[str, str] = {}
    front_lines: dict[str, int] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        match = re.fullmatch(r"([A-Za-z_-]+)\s*:\s*(.*?)\s*", line)
        if not match:
            problems.add(path, number, "This is no `key: value` line. Write one pair a line.")
            continue
        key, value = match.groups()
        if key not in known:
            near = get_close_matches(key.lower(), known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
            problems.add(path, number, f"`{key}` is an unknown key. {hint}")
        elif key in front:
            problems.add(path, number, f"`{key}` stands here twice. Keep one of the two lines.")
        elif not value:
            problems.add(path, number, f"`{key}` is empty. Write its value behind the colon.")
            front[key] = value
        else:
            front[key] = value
        front_lines.setdefault(key, number)
    return front, front_lines
