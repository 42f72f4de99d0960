"""Load and print every edition of a site, and prepare Pelican's settings to write each.

In: Pelican's settings. Out: an Edition for each language of the content; the settings of a run that writes one of them into its
folder, with all its pages, style sheets, search, feeds and service worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from .. import paths
from ..content.files import split_name
from ..content.languages import SOURCE, Language, languages_of
from ..content.loader import FOLDERS, Content, load
from ..errors import Problems
from ..sheets.manifest import Handout, by_operator
from ..sheets.printer import PreviewState, Printer, PrintSettings
from .calendar import plan
from .checks import check_pages, check_words
from .search import check_answers
from .settings import EDITION, is_foreign, saved_paths

ALWAYS = ("", "404.html", "offline/", "search/", "letters/", "phrases/", "calculator/", "posts/")
"""Pages of every edition, whatever its content."""
IGNORED = "HANDOUTS_IGNORED"
"""Setting with the IGNORE_FILES of the site, to which each edition adds the files of other languages."""
AT_ROOT = ("robots", "headers")
"""Templates of files that only have an effect at the root of a host."""


@dataclass(frozen=True, eq=False)
class Edition:
    """The site in one language."""

    content: Content
    printing: PrintSettings
    printer: Printer
    handouts: dict[str, Handout]
    """The sheets, by name."""
    papers: dict[str, Handout]
    """The other papers, by name."""

    @property
    def language(self) -> Language:
        return self.content.data.language

    @property
    def site(self) -> str:
        """Return its address, without a slash at the end."""
        return self.printing.site

    @property
    def ignored(self) -> list[str]:
        """Return the names of the Markdown files that are of another language."""
        code = self.language.code if self.language.written else ""
        files = (path for kind in FOLDERS for path in (self.content.folder / kind).glob("*.md"))
        return sorted(path.name for path in files if split_name(path)[1] != code)

    @property
    def values(self) -> dict[str, Any]:
        """Return what all its templates may use: those of pages and of plain texts."""
        content, data = self.content, self.content.data
        return {
            "ui": data.ui,
            "edition": self.language,
            "guides": content.guides,
            "operators": content.operators,
            "left_out": content.left_out,
            "facts": data.facts,
            "sources": data.sources,
            "phrases": data.phrases,
            "letters": data.letters,
            "letter": data.letter,
            "labels": data.labels,
            "terms": data.terms,
            "timetable": data.timetable,
            "plan": partial(plan, data=data),
            "sure": data.sure,
            "operators_for": data.operators_for,
            "papers": self.papers,
            "sheets": by_operator(self.handouts.values()),
        }

    def has(self, place: str) -> bool:
        """Tell whether there is a page at a place below its root, `prepaid/`; only a translated edition lacks pages."""
        return not self.language.written or place in self.places

    @cached_property
    def places(self) -> set[str]:
        """Return the addresses of its pages."""
        content = self.content
        places = {*ALWAYS, *(f"operators/{id}/" for id in content.operators)}
        if content.operators:
            places.add("operators/")
        for guide in content.guides:
            places |= {f"{guide.slug}/", paths.twin(guide.slug), f"categories/{guide.slug}/"}
        places |= {f"{page.slug}/" for page in content.pages}
        places |= {f"posts/{post.slug}/" for post in content.posts}
        if content.posts:
            places.add(f"categories/{paths.NEWS}/")
        return places


def load_editions(
    settings: dict[str, Any], printing: PrintSettings, last: PreviewState | None
) -> tuple[Edition, ...]:
    """Load and print all editions, or raise ContentError with all problems.

    In a preview and with a foreign theme there is only the first.
    """
    folder = Path(settings.get("HANDOUTS_PATH") or os.path.relpath(settings["PATH"]))
    languages = languages_of(folder)
    saved = [*saved_paths(settings), *(language.prefix for language in languages if language.prefix)]
    loaded: list[tuple[Content, Problems]] = []
    printable = True
    for language in languages[:1] if last or is_foreign(settings) else languages:
        found = Problems()
        content = load(folder, found, saved, language)
        if any(Path(problem.path).parent == folder / "data" for problem in found):
            printable = False  # a sheet could lack what it prints
        words = folder / "data" / f"ui{language.suffix}.toml"
        if content.data.ui and not check_words(words, content.data.ui, printing.templates, found):
            printable = False  # no sheet can be set without its words
        if not found:
            check_answers(content, found)
            if language == SOURCE and not is_foreign(settings):
                check_pages(content, found)
        loaded.append((content, found))
    if not printable:
        _stop_if_any(found for _, found in loaded)
    editions = []
    for content, found in loaded:
        its_own = replace(printing, site=f"{printing.site}/{content.data.language.prefix}".rstrip("/"))
        printer = Printer(content, its_own, found, last)
        editions.append(Edition(content, its_own, printer, *printer.print()))
    _stop_if_any(found for _, found in loaded)
    return tuple(editions)


def _stop_if_any(problems: Iterable[Problems]) -> None:
    """Raise ContentError with the problems of all editions; a converted edition repeats those of the source."""
    every = Problems()
    for found in problems:
        known = {(one.path, one.line) for one in every}
        every += (one for one in found if (one.path, one.line) not in known)
    every.stop_if_any()


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
    return {
        **settings_of(settings, edition),
        "OUTPUT_PATH": os.path.join(settings["OUTPUT_PATH"], edition.language.folder),
        "DELETE_OUTPUT_DIRECTORY": False,
        "DEFAULT_LANG": edition.language.code.lower(),
        "SITE": edition.site,
        "FEED_DOMAIN": edition.site,
        "DIRECT_TEMPLATES": [name for name in settings["DIRECT_TEMPLATES"] if name not in AT_ROOT],
    }
