"""Load and print every edition of a site, and say how Pelican is to write those beside the first.

In: Pelican's settings. Out: an Edition for each language of the content; the settings of a run that writes one of them
into its own folder, where it is complete: pages, style sheets, search, feeds, what works without network.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..content.languages import Language, languages_of
from ..content.loader import Content, load
from ..errors import Problems
from ..sheets.manifest import Handout, manifest
from ..sheets.printer import Last, Means, Printer
from ..sheets.results import compiled_templates
from .checks import check_words
from .reader import CONTENT, HANDOUTS, PAPERS, PLAIN, PlainTexts
from .search import check_answers
from .settings import is_foreign, saved_paths

PRINTER, EDITION, EDITIONS = "HANDOUTS_PRINTER", "HANDOUTS_EDITION", "HANDOUTS_EDITIONS"
"""Keys of Pelican's settings under which travel who writes the printed files, the edition of this run, and all of them."""
OF_THE_ROOT = ("robots", "headers")
"""Templates of files that count at the root of a host only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edition:
    """The site in one language."""

    language: Language
    site: str
    """Its address, without a slash at the end."""
    content: Content
    printer: Printer
    handouts: dict[str, Handout]
    papers: dict[str, Handout]
    plain: PlainTexts

    @property
    def listing(self) -> dict[str, Any]:
        """Return what handouts.json says of its PDFs, by their addresses below the root of the whole site."""
        return manifest([*self.handouts.values(), *self.papers.values()], self.language.prefix)

    @property
    def settings(self) -> dict[str, Any]:
        """Return what Pelican's settings must have to write it."""
        return {
            EDITION: self,
            CONTENT: self.content,
            HANDOUTS: self.handouts,
            PAPERS: self.papers,
            PLAIN: self.plain,
            PRINTER: self.printer,
        }


def load_editions(settings: dict[str, Any], means: Means, last: Last | None) -> tuple[Edition, ...]:
    """Load and print all editions, or raise ContentError with all problems.

    A preview shows the first one only; a foreign theme knows of no other.
    """
    problems = Problems()
    folder = Path(settings.get("HANDOUTS_PATH") or os.path.relpath(settings["PATH"]))
    languages = languages_of(folder)
    saved = [*saved_paths(settings), *(language.prefix for language in languages if language.prefix)]
    editions = []
    for language in languages[:1] if last or is_foreign(settings) else languages:
        site = site_of(settings["SITE"], language)
        content = load(folder, problems, saved, language)
        if content.data.spoilt != frozenset():
            problems.stop_if_any()  # a sheet could lack what it prints
        words = folder / "data" / "ui.toml"
        if content.data.ui and not check_words(words, content.data.ui, means.templates, problems):
            problems.stop_if_any()  # no page and no sheet can be set without its words
        if not problems:
            check_answers(content, problems)
        printer = Printer(content, replace(means, site=site), problems, last)
        handouts, papers = printer.print()
        problems.stop_if_any()  # the other editions have the same
        plain = PlainTexts(means.templates, content, handouts, papers, compiled_templates(means.compiled))
        editions.append(
            Edition(
                language=language,
                site=site,
                content=content,
                printer=printer,
                handouts=handouts,
                papers=papers,
                plain=plain,
            )
        )
    return tuple(editions)


def site_of(site: str, language: Language) -> str:
    """Return the address of an edition, without a slash at the end."""
    return f"{site}/{language.prefix}".rstrip("/") if language.prefix else site


def settings_beside(settings: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return the settings of the run that writes an edition beside the first."""
    language, site = edition.language, edition.site
    return {
        **settings,
        **edition.settings,
        "OUTPUT_PATH": os.path.join(settings["OUTPUT_PATH"], language.folder),
        "DELETE_OUTPUT_DIRECTORY": False,
        "DEFAULT_LANG": language.code.lower(),
        "SITE": site,
        "FEED_DOMAIN": site,
        "DIRECT_TEMPLATES": [name for name in settings["DIRECT_TEMPLATES"] if name not in OF_THE_ROOT],
    }


def whole_listing(editions: Iterable[Edition]) -> dict[str, Any]:
    """Return the content of handouts.json: the PDFs of all editions."""
    return {path: entry for edition in editions for path, entry in edition.listing.items()}
