"""The paper sizes of a sheet; PAPER in pelicanconf.py names one.

In: a name. Out: a Format. paper.css has a named page for each (`@page letter`), and the template names it in the HTML, so
the sheet, its web page and what a browser prints follow. Letters and the phrase card are always A4: the letters are sent
in Belgium, the card folds to A6.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UsageError

MM = 72 / 25.4
"""PDF units in a millimetre."""


@dataclass(frozen=True, slots=True)
class Format:
    """A paper size, in millimetres."""

    name: str
    width: float
    height: float
    phrases: int
    """How many phrases a sheet has room for."""

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in PDF units."""
        return self.width * MM, self.height * MM


A4 = Format("A4", 210, 297, phrases=5)
LETTER = Format("Letter", 215.9, 279.4, phrases=4)
"""ANSI Y14.1 A: 8.5 by 11 inches."""


def paper_format(name: str) -> Format:
    """Return the format that PAPER names."""
    for paper in (A4, LETTER):
        if paper.name == name:
            return paper
    raise UsageError(f"PAPER in pelicanconf.py is {name!r}. Write {A4.name!r} or {LETTER.name!r}.")
