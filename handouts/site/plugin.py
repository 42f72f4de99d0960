"""Build the site with Pelican: a plugin for sites made of guides, each of them also a page to print.

In: Pelican's settings. Out: the site, sheets included. The steps of a run:
  initialized      settings that pelicanconf.py does not set get the defaults of this site (settings.py)
  get_generators   the content is loaded and checked, and every sheet printed and verified; if there are problems, the run
                   stops here with all of them, before anything is written
  readers          give Pelican the parsed guides, pages and posts (reader.py)
  generators       write the files of the sheets, handouts.json, search.json, calendars and the pages of operators
  finalized        join the style sheets, write the service worker with its list of files; then Pelican runs again for each
                   further edition, into its folder (editions.py)
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.readers import Readers
from pelican.utils import wait_for_changes
from pelican.writers import Writer

from .. import paths
from ..cache.disk import Cache
from ..paper import paper_format
from ..sheets.filters import FILTERS, JINJA_OPTIONS
from ..sheets.manifest import manifest
from ..sheets.printer import PrintSettings, write_file
from ..sheets.results import CompiledTemplates
from .assets import join_styles, paper_colours, strip_scripts, write_worker
from .calendar import calendar
from .editions import Edition, load_editions, settings_beside, settings_of
from .feeds import FeedWriter, finish_feed
from .filters import PAGE_FILTERS
from .reader import ContentReader, addresses
from .search import search_index
from .settings import EDITION, EDITIONS, UNREGISTER, complete, is_foreign, own_theme

LAST = "HANDOUTS_LAST"
"""Setting with what a preview printed in its last build."""
UNFINISHED = "HANDOUTS_UNFINISHED"
"""Setting that is true from the beginning of a run until its end."""


def load_and_print(settings: dict[str, Any]) -> None:
    """Load the content and print every sheet of every edition, or raise ContentError with all problems."""
    theme = own_theme(settings)
    printing = PrintSettings(
        templates=theme / "templates",
        styles=theme / "static/css",
        site=settings["SITE"],
        cache=Cache(Path(settings["HANDOUTS_CACHE"])),
        paper=paper_format(settings["PAPER"]),
        volume=settings["HANDOUTS_VOLUME"],
    )
    settings[EDITIONS] = load_editions(settings, printing, settings.get(LAST))
    settings.update(settings_of(settings, settings[EDITIONS][0]))
    if is_foreign(settings):
        return  # its templates expect Jinja as Pelican sets it up
    settings["JINJA_FILTERS"] = {**settings["JINJA_FILTERS"], **FILTERS, **PAGE_FILTERS}
    settings["JINJA_ENVIRONMENT"] = {
        **settings["JINJA_ENVIRONMENT"],
        **JINJA_OPTIONS,
        "bytecode_cache": CompiledTemplates(printing.cache),
    }


class HandoutGenerator(Generator):
    """Gives templates the guides and the data, and writes the files of the sheets."""

    @property
    def _edition(self) -> Edition:
        return self.settings[EDITION]

    def generate_context(self) -> None:
        """Share what the templates of all pages may use."""
        values = self._edition.values
        self.context.update(
            values,
            SITENAME=values["ui"]["site"]["name"],  # Pelican copied its settings before the content was read
            editions=self.settings[EDITIONS],
            root_site=self.settings[EDITIONS][0].site,
            colours=paper_colours(own_theme(self.settings) / "static/css/tokens.css"),
        )
        self.context["generated_content"].update(addresses(self._edition))

    def generate_output(self, writer: Writer) -> None:
        """Write the files that Pelican does not: of operators, sheets and calendars, and the lists of PDFs and of search."""
        output, content = Path(self.output_path), self._edition.content
        if content.operators and not is_foreign(self.settings):
            self._write_operators(writer)
        self._edition.printer.write(output)
        for guide in content.guides:
            file = calendar(guide, content.data, self.settings["SITE"])
            write_file(output / paths.calendar(guide.slug), file)
        if _is_first(self.settings):
            listing: dict[str, Any] = {}
            for one in self.settings[EDITIONS]:
                listing |= manifest([*one.handouts.values(), *one.papers.values()], one.language.prefix)
            text = json.dumps(listing, ensure_ascii=False, indent=2)
            write_file(output / paths.MANIFEST, f"{text}\n".encode())
        write_file(output / paths.SEARCH, search_index(content).encode())

    def _write_operators(self, writer: Writer) -> None:
        """Write one page per operator, and the list of all."""
        write = partial(writer.write_file, context=self.context, relative_urls=self.settings["RELATIVE_URLS"])
        write("operators/index.html", self.get_template("operators"))
        facts, template = self._edition.content.data.facts, self.get_template("operator")
        for operator in self._edition.content.operators.values():
            oldest = min((facts[id].read for id in operator.facts), default=None)
            write(f"operators/{operator.id}/index.html", template, operator=operator, oldest=oldest)


def finish(pelican: Pelican) -> None:
    """Write the files that are made from other files; after the first edition, write the others."""
    settings = pelican.settings
    settings[UNFINISHED] = False
    if is_foreign(settings):
        return
    output = Path(settings["OUTPUT_PATH"])
    others = settings[EDITIONS][1:] if _is_first(settings) else ()
    join_styles(output / settings["THEME_STATIC_DIR"] / "css")
    strip_scripts(output / settings["THEME_STATIC_DIR"] / "js")
    if settings["OFFLINE"]:
        code = (Path(settings["THEME"]) / "worker.js").read_text(encoding="utf-8")
        words = settings[EDITION].content.data.ui["copy"]
        write_worker(output, code, words, [one.language.prefix for one in others])
    else:
        write_file(output / paths.WORKER, UNREGISTER.read_bytes())
    for edition in others:
        Pelican(settings_beside(settings, edition)).run()


def _is_first(settings: dict[str, Any]) -> bool:
    """Tell whether a run writes the edition at the root of the site."""
    return settings[EDITION] is settings[EDITIONS][0]


def _complete(pelican: Pelican) -> None:
    complete(pelican.settings)


def _add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = ContentReader


def _add_writer(pelican: Pelican) -> type[Writer]:
    return FeedWriter


def begin_run(pelican: Pelican) -> type[Generator]:
    """Load and print before any other step of a run; return our generator.

    `pelican -r` repeats a run that failed at once: then wait until a file is saved.
    """
    settings = pelican.settings
    if EDITION not in settings or _is_first(settings):  # the others are loaded and printed with the first
        if settings.get(UNFINISHED):
            wait_for_changes("", settings)
        settings[UNFINISHED] = True
        load_and_print(settings)
    return HandoutGenerator


def register() -> None:
    """Connect to Pelican; it holds receivers weakly, so they are functions of this module."""
    signals.initialized.connect(_complete)
    signals.readers_init.connect(_add_reader)
    signals.get_writer.connect(_add_writer)
    signals.get_generators.connect(begin_run)
    signals.feed_generated.connect(finish_feed)
    signals.finalized.connect(finish)
