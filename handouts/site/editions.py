"""Load and print every edition of a site, and prepare Pelican's settings to write each.

In: Pelican's settings. Out: an Edition for each language of the content; the settings of a run that writes one of them into its
folder, with all its pages, style sheets, search, feeds and service worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import paths
from ..content.files import split_name
from ..content.languages import Language, languages_of
from ..content.loader import FOLDERS, Content, load
from ..errors import Problems
from ..sheets.manifest import Handout, manifest
from ..sheets.printer import PreviewState, Printer, PrintSettings
from .checks import check_words
from .reader import PlainTexts
from .search import check_answers
from .settings import EDITION, is_foreign, saved_paths

ALWAYS = ("", "404.html", "offline/", "search/", "letters/", "phrases/", "calculator/", "posts/")
"""Pages of every edition, whatever its content."""
IGNORED = "HANDOUTS_IGNORED"
"""Setting with the IGNORE_FILES of the site, to which each edition adds the files of other languages."""
AT_ROOT = ("robots", "headers")
"""Templates of files that only have an effect at the root of a host."""


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
    has: Callable[[str], bool]
    """Tells whether there is a page at a place below its root: `prepaid/`."""

    @property
    def listing(self) -> dict[str, Any]:
        """Return the entries of its PDFs in handouts.json, by their addresses below the root of the site."""
        return manifest([*self.handouts.values(), *self.papers.values()], self.language.prefix)

    @property
    def ignored(self) -> list[str]:
        """Return the names of the Markdown files that are of another language."""
        code = self.language.code if self.language.written else ""
        files = (path for kind in FOLDERS for path in (self.content.folder / kind).glob("*.md"))
        return sorted(path.name for path in files if split_name(path)[1] != code)


def load_editions(
    settings: dict[str, Any], print_settings: PrintSettings, last: PreviewState | None
) -> tuple[Edition, ...]:
    """Load and print all editions, or raise ContentError with all problems.

    In a preview and with a foreign theme there is only the first.
    """
    problems = Problems()
    folder = Path(settings.get("HANDOUTS_PATH") or os.path.relpath(settings["PATH"]))
    languages = languages_of(folder)
    saved = [*saved_paths(settings), *(language.prefix for language in languages if language.prefix)]
    editions = []
    for language in languages[:1] if last or is_foreign(settings) else languages:
        site = site_of(settings["SITE"], language)
        content = load(folder, problems, saved, language)
        if any(Path(problem.path).parent == folder / "data" for problem in problems):
            problems.stop_if_any()  # a sheet could lack what it prints
        words = folder / "data" / f"ui{language.suffix}.toml"
        if content.data.ui and not check_words(words, content.data.ui, print_settings.templates, problems):
            problems.stop_if_any()  # no page and no sheet can be set without its words
        if not problems:
            check_answers(content, problems)
        printer = Printer(content, replace(print_settings, site=site), problems, last)
        handouts, papers = printer.print()
        problems.stop_if_any()  # the other editions would repeat them
        has = _places(content)
        plain = PlainTexts(
            print_settings.templates,
            content,
            handouts,
            papers,
            print_settings.compiled,
            has=has,
            root_site=settings["SITE"],
        )
        editions.append(
            Edition(
                language=language,
                site=site,
                content=content,
                printer=printer,
                handouts=handouts,
                papers=papers,
                plain=plain,
                has=has,
            )
        )
    return tuple(editions)


def _places(content: Content) -> Callable[[str], bool]:
    """Return a function that tells whether an edition has a page at a place; only a translated one lacks pages."""
    if not content.data.language.written:
        return lambda place: True
    places = {*ALWAYS, *(f"operators/{id}/" for id in content.operators)}
    places |= {"operators/"} if content.operators else set()
    for guide in content.guides:
        places |= {f"{guide.slug}/", paths.twin(guide.slug), f"categories/{guide.slug}/"}
    places |= {f"{page.slug}/" for page in content.pages}
    places |= {f"posts/{post.slug}/" for post in content.posts}
    places |= {f"categories/{paths.NEWS}/"} if content.posts else set()
    return places.__contains__


def site_of(site: str, language: Language) -> str:
    """Return the address of an edition, without a slash at the end."""
    return f"{site}/{language.prefix}".rstrip("/") if language.prefix else site


def settings_of(settings: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return the settings of the run that writes an edition."""
    ignored = settings.get(IGNORED, settings["IGNORE_FILES"])
    return {
        **settings,
        EDITION: edition,
        IGNORED: ignored,
        "IGNORE_FILES": [*ignored, *edition.ignored],
        "JINJA_GLOBALS": {**settings["JINJA_GLOBALS"], "has": edition.has},
    }


def settings_beside(settings: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return the settings of the run that writes an edition other than the first into its folder."""
    language, site = edition.language, edition.site
    return {
        **settings_of(settings, edition),
        "OUTPUT_PATH": os.path.join(settings["OUTPUT_PATH"], language.folder),
        "DELETE_OUTPUT_DIRECTORY": False,
        "DEFAULT_LANG": language.code.lower(),
        "SITE": site,
        "FEED_DOMAIN": site,
        "DIRECT_TEMPLATES": [name for name in settings["DIRECT_TEMPLATES"] if name not in AT_ROOT],
    }


def full_manifest(editions: Iterable[Edition]) -> dict[str, Any]:
    """Return the content of handouts.json: the PDFs of all editions."""
    return {path: entry for edition in editions for path, entry in edition.listing.items()}
