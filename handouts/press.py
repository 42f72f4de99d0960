"""Print all sheets of a site.

In: the Content. Out: a Handout per guide, and per guide and operator. Fonts are cut once, for the
characters of all sheets together. What was printed before from the same inputs is taken from the
cache; the rest is set in several processes when there is enough of it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import fonts
from .cache import Cache, key
from .content import Content
from .errors import Problem, Problems
from .fit import Sheet, fit
from .handout import Handout
from .preview import picture
from .proof import printed_text
from .render import Edition, Setting, SheetTemplate

WORTH_A_POOL = 4
"""Sheets to set from which on a second process pays for its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where a site's sheets are made of."""

    templates: Path
    stylesheet: Path
    site: str
    cache: Path


def print_all(content: Content, shop: Shop, problems: Problems) -> dict[str, Handout]:
    """Return the handouts by name; editions that cannot be printed are noted and left out."""
    if not content.guides:
        return {}
    template = SheetTemplate(shop.templates, content.data, shop.site)
    editions = list(_editions(content))
    # Set at no size at all: the text with every note and every digit a version mark may hold.
    models = {
        edition.name: template.render(edition, Setting(points="0"), version="0123456789abcdef")
        for edition in editions
    }
    texts = {name: printed_text(html) for name, html in models.items()}
    faces = fonts.find_faces()
    characters = "".join(sorted(set("".join(texts.values()))))
    unknown = fonts.missing_characters(characters, faces)
    for char in sorted(unknown):
        _note_missing(char, content, problems)
    printable = [edition for edition in editions if not unknown & set(texts[edition.name])]
    cache = Cache(shop.cache)
    print_key = key(shop.stylesheet.read_bytes(), characters, fonts.identity(faces))
    keys = {edition.name: key(print_key, models[edition.name]) for edition in printable}
    sheets = {name: _load(cache, keys[name]) for name in keys}
    missing = [edition for edition in printable if sheets[edition.name] is None]
    if missing:
        with _cut_fonts(cache, print_key, characters, faces) as (rules, folder):
            for edition, (sheet, found) in zip(
                missing, _print(missing, template, shop.stylesheet, rules, folder), strict=True
            ):
                problems.extend(found)
                sheets[edition.name] = sheet
                if sheet:
                    cache.put(keys[edition.name], _packed(sheet))
    handouts = {
        edition.name: _handout(edition, sheet, template, cache)
        for edition in printable
        if (sheet := sheets[edition.name])
    }
    cache.prune()
    return handouts


def _editions(content: Content) -> Iterator[Edition]:
    """Yield every guide for everybody, then for each operator that sells what it is about."""
    for guide in content.guides:
        yield Edition(guide=guide)
        if guide.cards:
            for operator in content.data.operators_for(guide.cards):
                yield Edition(guide=guide, operator=operator)


def _note_missing(char: str, content: Content, problems: Problems) -> None:
    """Note a character that no font can print, at the places where it stands."""
    name = f"U+{ord(char):04X} “{char}”"
    files = sorted({guide.path for guide in content.guides})
    files += sorted(map(str, (content.folder / "shared").glob("*.md")))
    files += sorted(map(str, (content.folder / "data").glob("*.toml")))
    for path in files:
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
            if char in line:
                problems.add(path, number, f"No font can print {name}. Write it in other characters.")


@contextmanager
def _cut_fonts(
    cache: Cache, print_key: str, characters: str, faces: list[fonts.Face]
) -> Iterator[tuple[str, Path]]:
    """Give the @font-face rules and the folder of the fonts they name, cut now or before."""
    with tempfile.TemporaryDirectory(prefix="sheet-fonts-") as name:
        folder = Path(name)
        for font in fonts.wanted(faces, characters):
            entry = key(print_key, font.name)
            content = cache.get(entry)
            if content is None:
                content = font.cut()
                cache.put(entry, content)
            (folder / font.name).write_bytes(content)
        yield fonts.rules(fonts.wanted(faces, characters), folder), folder


def _print(
    editions: list[Edition], template: SheetTemplate, stylesheet: Path, rules: str, folder: Path
) -> Iterator[tuple[Sheet | None, list[Problem]]]:
    """Yield (sheet, problems) of each edition, in order."""
    from .pdf import Typesetter  # slow to import, and only needed when something is printed

    setup = (template, Typesetter(stylesheet, rules, folder))
    workers = min(os.cpu_count() or 1, len(editions))
    if len(editions) < WORTH_A_POOL or workers == 1 or sys.platform != "linux":
        _Worker.setup = setup
        yield from map(_print_one, editions)
        return
    # Forked, so that every process starts with the libraries, fonts and templates already loaded.
    _Worker.setup = setup
    with ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("fork"), initializer=_ignore_interrupt
    ) as pool:
        try:
            yield from pool.map(_print_one, editions)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


class _Worker:
    """What a worker process finds when it is forked."""

    setup: tuple


def _ignore_interrupt() -> None:
    """Leave Ctrl+C to the process that waits for the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _print_one(edition: Edition) -> tuple[Sheet | None, list[Problem]]:
    """Fit one edition."""
    template, typesetter = _Worker.setup
    problems = Problems()
    sheet = fit(edition, template, typesetter, problems)
    return sheet, list(problems)


def _packed(sheet: Sheet) -> bytes:
    """Return a sheet as a line of JSON and its PDF."""
    head = {
        "points": sheet.setting.points,
        "dropped": sorted(sheet.setting.dropped),
        "version": sheet.version,
        "fill": sheet.fill,
        "fonts": list(sheet.fonts),
    }
    return json.dumps(head).encode() + b"\n" + sheet.pdf


def _load(cache: Cache, name: str) -> Sheet | None:
    """Return a sheet from the cache, the reverse of _packed."""
    packed = cache.get(name)
    if packed is None:
        return None
    line, _, pdf = packed.partition(b"\n")
    head = json.loads(line)
    return Sheet(
        setting=Setting(points=head["points"], dropped=frozenset(head["dropped"])),
        version=head["version"],
        pdf=pdf,
        fill=head["fill"],
        fonts=tuple(head["fonts"]),
    )


def _handout(edition: Edition, sheet: Sheet, template: SheetTemplate, cache: Cache) -> Handout:
    """Return a sheet with what the site shows of it."""
    oldest = template.oldest(edition)
    if edition.operator:
        return Handout(edition=edition, sheet=sheet, oldest=oldest)
    entry = key("picture", sheet.pdf)
    image = cache.get(entry)
    if image is None:
        image = picture(sheet.pdf)
        cache.put(entry, image)
    twin = template.render(edition, sheet.setting, version=sheet.version, web=True)
    return Handout(edition=edition, sheet=sheet, oldest=oldest, picture=image, twin_html=twin)
