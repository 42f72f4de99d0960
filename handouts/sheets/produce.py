"""Print one piece: what a process of the crew does.

In: a Piece and the Tools. Out: what is to be known of the PDF, which lies on the shelf and in the cache; or why there is
none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..cache.disk import Cache
from ..errors import Problem, Problems
from .jobs import Piece, Printed
from .outputs import Shelf, pdf_at, picture_at
from .results import keep, picture_of
from .templates import SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Typesetter  # importing WeasyPrint takes longer than a cached build

Result = tuple[Printed | None, list[Problem]]
"""What comes back from another process."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every process of a crew has at hand."""

    template: SheetTemplate
    typesetter: Typesetter
    cache: Cache
    shelf: Shelf
    refuse_change: Callable[[], None]
    """Raises when what a piece was printed with is not what its key says."""


def produce(tools: Tools, piece: Piece) -> Result:
    """Print a piece, keep it for the next build, and put it away for this one."""
    problems = Problems()
    made: Printed | None = piece.work(*piece.on, tools.template, tools.typesetter, problems)
    if made is None:
        return None, list(problems)
    tools.refuse_change()
    keep(tools.cache, piece.key, made)
    return put_away(tools.shelf, tools.cache, piece, made, piece.meanwhile), list(problems)


def put_away(shelf: Shelf, cache: Cache, piece: Piece, made: Printed, meanwhile: bytes = b"") -> Printed:
    """Put the files of a piece on the shelf; return what is to be known of it. `meanwhile` as in Piece."""
    if piece.pictured:
        shelf.put(picture_at(piece.name), picture_of(made.pdf, cache, meanwhile))
    return replace(made, pdf=shelf.put(pdf_at(piece.name), made.pdf))
