"""The names of PDFs, and the paths of files that are not pages of Pelican.

In: slugs, ids of operators, languages. Out: names; paths relative to the root of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from .model import LETTERS

LETTER_LANGUAGES = ("fr", "nl", "de", "en")
"""The languages in which letters are printed, in the order of the site."""
PHRASES = "phrases"
"""Name of the phrase card."""
VOLUME = "all"
"""Name of the volume that binds the other PDFs."""

MANIFEST = "handouts.json"
SEARCH = "search.json"
WORKER = "sw.js"

UNREACHABLE = re.compile(r"(.*\.)?(example(\.(org|com|net))?|test|invalid|localhost|local|[\d.]+|.*:.*)")
"""Hosts that readers cannot open: reserved names (RFC 2606, RFC 6762), and IP addresses."""
NEWS = "news"
"""The category of posts; those of guides are called after a guide."""
FOLDERS = ("categories", "handouts", "feeds", "images", "operators", "posts", "theme")
"""Folders in the root of the site; no page may take one as its address."""


def is_public(site: str) -> bool:
    """Tell whether readers can open the address of a site; if not, no paper prints it."""
    try:
        host = urlsplit(site).hostname or ""
    except ValueError:
        return False
    return bool(host) and not UNREACHABLE.fullmatch(host)


def letter_name(kind: str, lang: str) -> str:
    """Return the name of a letter in one language; the letter that ends a contract has the short one."""
    return f"letter-{lang}" if kind == LETTERS[0] else f"letter-{kind}-{lang}"


def notes_name(kind: str, lang: str) -> str:
    """Return the name of the page that says what a letter means."""
    return letter_name(kind, lang).replace("letter-", "letter-notes-", 1)


def large_name(guide: str) -> str:
    return f"{guide}-large"


def sheet_name(guide: str, operator: str = "") -> str:
    """Return the name of a guide's sheet, for everybody or for one operator's customers."""
    return f"{guide}-{operator}" if operator else guide


def pdf(name: str) -> str:
    return f"handouts/{name}.pdf"


def phone(name: str, number: int) -> str:
    """Return the path of a picture for a phone: the first, the second, … of a PDF."""
    return f"handouts/{name}-phone{f'-{number}' if number > 1 else ''}.png"


def picture(guide: str) -> str:
    """Return the path of the picture of a guide's sheet."""
    return f"{guide}/sheet.png"


def twin(guide: str) -> str:
    """Return the folder of the web page of a guide's sheet."""
    return f"{guide}/sheet/"


def calendar(guide: str) -> str:
    return f"{guide}/dates.ics"


def pdf_names(guides: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, str, str]]:
    """Yield (name, guide, operator) of every PDF of a site; `guides` are (slug, ids of its operators)."""
    letters = (
        name(kind, lang)
        for kind in LETTERS
        for lang in LETTER_LANGUAGES
        for name in (letter_name, notes_name)
    )
    for name in (VOLUME, PHRASES, *letters):
        yield name, "", ""
    for guide, operators in guides:
        yield sheet_name(guide), guide, ""
        yield large_name(guide), guide, ""
        for operator in operators:
            yield sheet_name(guide, operator), guide, operator


def taken_slugs(saved: Iterable[str]) -> frozenset[str]:
    """Return the slugs that no page may have; `saved` are the paths in the site's settings, some with `{slug}` in them."""
    first = {path.partition("/")[0] for path in saved if "{" not in path.partition("/")[0]}
    return frozenset({*first, *FOLDERS, NEWS})
