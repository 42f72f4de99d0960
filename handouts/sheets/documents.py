"""Make the papers that are not sheets: letters, phrase card, large print, and the volume that binds everything.

In: a function that returns the HTML, the templates, a typesetter. Out: a finished and verified PDF, or problems at the file
that the paper is made from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .. import paths
from ..errors import Problems, SheetError
from ..paper import A4
from ..pdf.pictures import phone_pictures
from ..pdf.verify import printed_text, prove
from .manifest import Printed, printed
from .templates import SheetTemplate

if TYPE_CHECKING:
    from ..pdf.typesetter import Document, Typesetter  # importing WeasyPrint takes longer than a cached build

PAGE_NUMBER = r"–\d+/\d+–"
"""The text in the margin of every page of the large print."""
USUAL_PAGES = 4
"""Pages of most large prints. Each states its number of pages, so one with another number is laid out twice."""
ONE_BOOKMARK = "h2, h3 { bookmark-level: none }"
"""In the volume only the titles of its parts are bookmarks."""


def make(
    template: SheetTemplate,
    typesetter: Typesetter,
    problems: Problems,
    *,
    name: str,
    text: Callable[..., tuple[str, date | None]],
    style: str,
    lang: str,
    home: Path,
    guide: str = "",
    pages: int | None = None,
    numbered: bool = False,
    one_sided: bool = False,
    phone: Callable[[], str] | None = None,
) -> Printed | None:
    """Return a finished paper; None after adding a problem at `home`.

    `pages` is the number it must have; None if it takes as many as it needs. A `numbered` paper states how many these are, and
    has the number of each in its margin. `one_sided`: see Typesetter.write. `phone` returns the HTML of its pictures for a phone.
    """
    try:
        html, oldest = text(pages=USUAL_PAGES) if numbered else text()
        document = typesetter.lay_out(html, style)
        if numbered and len(document.pages) != USUAL_PAGES:
            html, _ = text(pages=len(document.pages))
            document = typesetter.lay_out(html, style)
        pdf = typesetter.write(document, one_sided=one_sided)
        shown = phone_pictures(phone(), typesetter) if phone else ()
    except SheetError as error:
        problems.add(home, 1, f"{name}.pdf cannot be set: {error}. Change what it names.")
        return None
    count = pages or len(document.pages)
    proof = prove(pdf, printed_text(html), count, PAGE_NUMBER if numbered else "")
    for fault in proof.faults:
        problems.add(home, 1, f"{name}.pdf is not whole: {fault}. Shorten that place.")
    if proof.faults:
        return None
    made = {
        "name": name,
        "lang": lang,
        "guide": guide,
        "pages": count,
        "fonts": proof.fonts,
        "oldest": oldest,
    }
    return printed(pdf, shown, **made)


def bind(
    template: SheetTemplate,
    typesetter: Typesetter,
    problems: Problems,
    *,
    names: list[str],
    parts: list[tuple[str, str, str]],
    updated: date,
    oldest: date | None,
    home: Path,
    lang: str,
) -> Printed | None:
    """Return one PDF of a table of contents and all parts: (title, HTML, style sheet) of each."""
    try:
        titles = [title for title, _, _ in parts]
        draft = template.contents([(title, 0) for title in titles], updated)
        text = draft + "".join(printed_text(html) for _, html, _ in parts)
        documents = [typesetter.lay_out(html, style, ONE_BOOKMARK, text) for _, html, style in parts]
        contents = template.contents(_page_numbers(titles, documents), updated)
        first = typesetter.lay_out(contents, "contents.css", text=text)
        pdf = typesetter.bind([("contents", first), *zip(names, documents, strict=True)])
    except SheetError as error:
        problems.add(home, 1, f"{paths.VOLUME}.pdf cannot be set: {error}. Change what it names.")
        return None
    pages = len(first.pages) + sum(len(document.pages) for document in documents)
    wanted = printed_text(contents) + "".join(printed_text(html) for _, html, _ in parts)
    proof = prove(pdf, wanted, pages, sizes=tuple(dict.fromkeys((A4, template.paper))))
    for fault in proof.faults:
        problems.add(home, 1, f"{paths.VOLUME}.pdf is not whole: {fault}. Shorten that place.")
    if proof.faults:
        return None
    return printed(pdf, name=paths.VOLUME, lang=lang, pages=pages, fonts=proof.fonts, oldest=oldest)


def _page_numbers(titles: list[str], documents: list[Document]) -> list[tuple[str, int]]:
    """Return (title, number of its first page) of every part, after the contents on page 1."""
    entries, number = [], 2
    for title, document in zip(titles, documents, strict=True):
        entries.append((title, number))
        number += len(document.pages)
    return entries
