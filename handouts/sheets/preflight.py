"""Find what must not be printed, before anything is laid out.

In: the Content, the templates. Out: problems: an address too long for a QR code that phones can read, a fact too old for the
date of a sheet, a character that no font has. None of this depends on the day of the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..content.files import content_files
from ..content.loader import Content
from ..errors import Problem
from ..model import REVIEW_AFTER
from .selection import Variant
from .templates import SheetTemplate

LONGEST_ADDRESS = 180
"""Characters in a code. More take 65 squares a side, quiet zone included (version 10, level M, ISO/IEC 18004): on the
25 mm of sheet.css 0.38 mm each, and phones need 0.4 mm at a hand's distance (DENSO WAVE)."""
OLDEST = max(REVIEW_AFTER.values())
"""The longest interval of review of any kind of fact: two years."""


def unreadable_codes(content: Content, template: SheetTemplate) -> Iterator[Problem]:
    """Yield a problem for each guide whose address makes its QR code too fine."""
    for guide in content.guides:
        length = len(template.address(guide, version="")) + 4  # of the version
        if length > LONGEST_ADDRESS:
            lines = Path(guide.path).read_text(encoding="utf-8").split("\n")
            line = next((n for n, text in enumerate(lines, 1) if text.startswith("slug")), 1)
            yield Problem(
                guide.path,
                line,
                f"The address in the code of the sheet has {length} characters; a phone reads at most "
                f"{LONGEST_ADDRESS} from paper. Shorten the slug, or SITE in pelicanconf.py.",
            )


def stale_facts(variants: Iterable[Variant], template: SheetTemplate, folder: Path) -> Iterator[Problem]:
    """Yield a problem for each fact, at its line of facts.toml, that is too old for the date of a sheet."""
    stale = {
        fact: variant
        for variant in variants
        for fact in template.selection.facts(variant)
        if variant.guide.updated - fact.read > OLDEST
    }
    for fact, variant in stale.items():
        yield Problem(
            str(folder / "data/facts.toml"),
            fact.lines["read"],
            f"`{fact.id}` was read on {fact.read}, more than {OLDEST.days} days before {variant.name}.pdf says it was "
            f"updated. Open its source, then ./inv facts renew {fact.id}.",
        )


def unprintable(
    char: str, variants: Iterable[Variant], template: SheetTemplate, folder: Path
) -> Iterator[Problem]:
    """Yield a problem for a character that no font has, at each place where a sheet prints it."""
    text = f"No font can print U+{ord(char):04X} “{char}”. Write it in other characters."
    places = {
        (str(folder / one.path) if one.path.startswith("data/") else one.path, one.line)
        for variant in variants
        for one in template.selection.printed(variant)
        if char in one.text
    }
    for path, line in places or _lines_with(char, folder / "data"):
        yield Problem(path, line, text)


def _lines_with(char: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Yield (path, line) of a character in the data files."""
    for path in content_files(folder, "*.toml"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if char in line:
                yield str(path), number
