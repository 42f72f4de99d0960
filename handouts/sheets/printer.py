"""Print all sheets and papers of a site.

In: the Content. Out: a Handout per guide, and per guide and operator; the papers beside them; and on the shelf their
files. What was printed before from the same inputs is taken from the cache; the rest is set in several processes when
there is enough of it. No process holds a file longer than it works on it, nor the HTML of what it does not print.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..cache.disk import Cache, key
from ..cache.memoize import remembered
from ..content.loader import Content
from ..errors import CallError, MachineError, Problem, Problems
from ..paper import A4, Format
from ..pdf import fonts
from .documents import Paper
from .fit import Sheet
from .jobs import Hurry, Piece, Pieces, Printed, characters
from .manifest import Handout
from .outputs import Shelf
from .pool import Crew
from .preflight import stale_facts, unreadable_codes
from .produce import Tools, produce, put_away
from .results import Codes, CompiledTemplates, kept_picture, load
from .templates import Edition, SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

STYLES = ("sheet.css", "paper.css", "letter.css", "card.css", "large.css", "contents.css")
"""The style sheets of papers; a change of the others leaves the cache as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where a site's sheets are made of."""

    templates: Path
    styles: Path
    """The folder of the style sheets."""
    site: str
    cache: Cache
    paper: Format = A4


@dataclass(slots=True)
class Last:
    """What earlier builds of this process printed, for a preview that shows first what somebody looks at first."""

    hurry: Hurry = Hurry.NONE
    left: int = 0
    """How much waits."""
    keys: dict[str, str] = field(default_factory=dict)
    """Under which the cache has each PDF, by its name."""


class Press:
    """One build's templates, fonts and cache; prints sheets and the papers beside them."""

    def __init__(
        self, content: Content, shop: Shop, shelf: Shelf, problems: Problems, last: Last | None = None
    ) -> None:
        """Take what is printed, what with, where it is put, and in a preview what was printed last."""
        self._last = last or Last()
        self._shelf = shelf
        self._made: dict[str, Printed] = {}
        self._keys: dict[str, str] = {}
        self._cache = shop.cache
        self._template = SheetTemplate(
            shop.templates,
            content.data,
            shop.site,
            shop.paper,
            CompiledTemplates(self._cache),
            code=Codes(self._cache),
        )
        unreadable = dict(unreadable_codes(content, self._template))
        problems.extend(unreadable.values())
        guides = tuple(guide for guide in content.guides if guide not in unreadable)
        content = replace(content, guides=guides)
        self._content, self._shop, self._problems = content, shop, problems
        self._faces = fonts.find_faces() if guides else []
        self._styles = _styles(shop.styles)
        # Not the characters of all papers: its fonts have only its own (fonts.py).
        self._means = key(*self._styles, fonts.identity(self._faces))
        self._pieces = Pieces(content, self._template, self._means)
        facts = content.folder / "data/facts.toml"
        problems.extend(stale_facts(self._pieces.editions, self._template, facts))

    def print(self) -> tuple[dict[str, Handout], dict[str, Paper]]:
        """Put the files of all sheets and papers on the shelf; return what is to be known of them, by name.

        What cannot be printed is noted and left out.
        """
        self._last.left = 0
        texts: dict[Piece, str] = {}
        for piece, html in chain(self._pieces.sheets(), self._pieces.papers()):
            if not self._found(piece):
                texts[replace(piece, meanwhile=self._last_picture(piece))] = characters([html])
        left = [*self._printable(texts)]
        before_volume = [piece for piece in left if piece.bound]
        if not before_volume:
            left = self._volume() + left
        if left:
            volume = self._pieces.characters_of_volume(self._made)
            wanted = "".join({*chain(string.hexdigits, volume, *texts.values())})  # digits: of a version
            count = len(left) + bool(before_volume and self._pieces.bound)
            with self._crew(self._typesetter(wanted), count) as crew:
                self._print(left, before_volume, crew)
        if not self._last.left:
            self._last.keys = self._keys
        handouts = {
            edition.name: self._handout(edition, self._made[edition.name])
            for edition in self._pieces.editions
            if edition.name in self._made
        }
        names = self._pieces.paper_names
        return handouts, {name: self._made[name] for name in names if name in self._made}

    def _volume(self) -> list[Piece]:
        """Return the volume if it is to be printed, when all its parts are."""
        volume = self._pieces.volume(self._made)
        return [volume] if volume and not self._found(volume) else []

    def _printable(self, texts: dict[Piece, str]) -> Iterator[Piece]:
        """Yield the pieces all of whose characters some font can print; note the others' characters.

        What is in the cache was printed, with these very fonts. What the volume binds comes first.
        """
        unknown = fonts.missing_characters("".join({*chain(*texts.values())}), self._faces)
        for char in sorted(unknown):
            _note_missing(char, self._content, self._problems)
        pieces = sorted(texts, key=lambda piece: not piece.bound)
        return (piece for piece in pieces if not unknown & set(texts[piece]))

    def _found(self, piece: Piece) -> bool:
        """Tell whether a piece need not be printed, and take what is there instead."""
        found = load(self._cache, piece.key)
        if found is None and self._last.hurry >= piece.waits and piece.name in self._last.keys:
            found = load(self._cache, self._last.keys[piece.name])
            self._last.left += found is not None
        if found:
            self._take(piece, put_away(self._shelf, self._cache, piece, found))
        return found is not None

    def _last_picture(self, piece: Piece) -> bytes:
        """Return the picture that a preview in a hurry may show for a while, if there is one."""
        if not (self._last.hurry and piece.pictured and piece.name in self._last.keys):
            return b""
        made = load(self._cache, self._last.keys[piece.name])
        return (made and kept_picture(made.pdf, self._cache)) or b""

    def _crew(self, typesetter: Typesetter, pieces: int) -> Crew:
        """Return the processes that print."""
        tools = Tools(self._template, typesetter, self._cache, self._shelf, self._refuse_change)
        return Crew(pieces, (tools,))

    def _refuse_change(self) -> None:
        """Raise CallError when a style sheet is no longer the one under whose name sheets are kept."""
        if _styles(self._shop.styles) != self._styles:
            raise CallError(f"{self._shop.styles} was changed while the site was being built. Build again.")

    def _print(self, left: list[Piece], before_volume: list[Piece], crew: Crew) -> None:
        """Print what is left: the parts of the volume, then the volume, which takes longest, then the rest.

        As many others as there are processes come before the volume, so that none waits for the last part.
        """
        self._last.left += sum(bool(piece.meanwhile) for piece in left)

        def handed(pieces: list[Piece]) -> list[tuple[Piece, Future]]:
            return [(piece, crew.hand(piece.name, produce, piece)) for piece in pieces]

        spare = len(before_volume) + crew.size
        results = handed(left[:spare])
        if before_volume:
            for piece, result in results[: len(before_volume)]:
                self._take(piece, *result.result())
            results = results[len(before_volume) :] + handed(self._volume())
        for piece, result in results + handed(left[spare:]):
            self._take(piece, *result.result())

    def _take(self, piece: Piece, made: Printed | None, problems: Iterable[Problem] = ()) -> None:
        """Take down what is on the shelf, or note why it is not."""
        self._problems.extend(problems)
        if made:
            self._made[piece.name], self._keys[piece.name] = made, piece.key

    def _handout(self, edition: Edition, sheet: Sheet) -> Handout:
        """Return a sheet as the site offers it, its twin on the shelf too."""
        handout = Handout(edition=edition, sheet=sheet, oldest=self._template.oldest(edition))
        if edition.operator is None:
            twin = self._template.twin(edition, sheet.setting, sheet.version)
            self._shelf.put(f"{handout.twin}index.html", twin.encode())
        return handout

    @remembered(lambda self, characters: (self._shop.styles, self._means, frozenset(characters)), kept=2)
    def _typesetter(self, characters: str) -> Typesetter:
        """Return a typesetter with fonts for these characters. It reads their files at once."""
        try:
            from ..pdf.typesetter import (
                Typesetter,  # slow to import, and only needed when something is printed
            )
        except OSError as error:
            raise MachineError(
                f"WeasyPrint cannot load Pango ({str(error).partition('.')[0]}). "
                "Install libpango-1.0-0 and libharfbuzz-subset0; ./inv does it for you."
            ) from error
        return Typesetter(self._shop.styles, fonts.subsets(self._faces, characters))


def _styles(folder: Path) -> list[bytes]:
    """Return the style sheets of papers."""
    return [(folder / name).read_bytes() for name in STYLES]


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
