"""Build the site with Pelican: a plugin for sites made of guides, each of them also a page to print.

In: Pelican's settings. Out: the site, sheets included. The order of a run:
  initialized      settings that pelicanconf.py leaves to Pelican get the values this site needs (settings.py)
  get_generators   the content is loaded and checked, every sheet printed, proven and put away; one problem
                   anywhere stops the run before anything is in its place, with all problems named
  readers          give Pelican the parsed guides, pages and posts (reader.py)
  generators       put what hangs on the sheets in its place: PDF, picture, twin; write handouts.json and search.json
  finalized        join the style sheets, write the service worker, which knows every file; then Pelican runs once
                   more for each further edition, into a folder of its own (editions.py)
"""

from __future__ import annotations

import json
import sys
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
from ..content.loader import Content
from ..errors import BuildError
from ..paper import paper_format
from ..sheets.filters import FILTERS, JINJA_OPTIONS
from ..sheets.manifest import by_operator
from ..sheets.printer import Means
from ..sheets.results import compiled_templates
from .assets import SLEEPER, join_styles, paper_colours, strip_scripts, write_worker
from .calendar import calendar, plan
from .editions import EDITION, EDITIONS, PRINTER, load_editions, settings_beside, whole_listing
from .feeds import FeedWriter, finish_feed
from .notes import dated, explained, listed, noted, short
from .reader import CONTENT, HANDOUTS, PAPERS, ContentReader, addresses
from .search import search_index
from .settings import complete, is_foreign, own_theme

LAST = "HANDOUTS_LAST"
"""Key under which a preview hands in what it printed last."""
RAN = "HANDOUTS_RAN"
"""Key that tells that there was a run before in this process."""


def load_and_print(pelican: Pelican) -> None:
    """Load the content and print every sheet of every edition, or raise ContentError with all problems."""
    settings = pelican.settings
    theme = own_theme(settings)
    cache = Path(settings["HANDOUTS_CACHE"])
    means = Means(
        templates=theme / "templates",
        styles=theme / "static/css",
        site=settings["SITE"],
        cache=Cache(cache),
        compiled=cache.with_name("templates"),
        paper=paper_format(settings["PAPER"]),
        volume=settings["HANDOUTS_VOLUME"],
    )
    settings[EDITIONS] = load_editions(settings, means, settings.get(LAST))
    settings.update(settings[EDITIONS][0].settings)
    if is_foreign(settings):
        return  # its templates expect Jinja as Pelican sets it up
    settings["JINJA_FILTERS"] = {
        **settings["JINJA_FILTERS"],
        **FILTERS,
        "listed": listed,
        "short": short,
        "noted": noted,
        "dated": dated,
        "explained": explained,
    }
    settings["JINJA_ENVIRONMENT"] = {
        **settings["JINJA_ENVIRONMENT"],
        **JINJA_OPTIONS,
        "bytecode_cache": compiled_templates(means.compiled),
    }


class HandoutGenerator(Generator):
    """Gives templates the guides and the data, and writes the files of the sheets."""

    def generate_context(self) -> None:
        """Share what the templates of all pages may use."""
        content: Content = self.settings[CONTENT]
        data = content.data
        self.context.update(
            SITENAME=data.ui["site"]["name"],  # Pelican copied its settings before the content was read
            ui=data.ui,
            edition=self.settings[EDITION].language,
            editions=[one.language for one in self.settings[EDITIONS]],
            whole_site=self.settings[EDITIONS][0].site,
            guides=content.guides,
            operators=data.operators,
            operators_for=data.operators_for,
            sure=data.sure,
            papers=self.settings[PAPERS],
            sheets=by_operator(self.settings[HANDOUTS].values()),
            facts=data.facts,
            sources=data.sources,
            phrases=data.phrases,
            letters=data.letters,
            labels=data.labels,
            letter=data.letter,
            terms=data.terms,
            timetable=data.timetable,
            plan=partial(plan, data=data),
            colours=paper_colours(own_theme(self.settings) / "static/css/tokens.css"),
        )
        linked = addresses(content, self.settings[HANDOUTS], self.settings[PAPERS])
        self.context["generated_content"].update({address.url: address for address in linked})

    def generate_output(self, writer: Writer) -> None:
        """Write the pages of the operators, the reminders and lists, and move the files of the sheets to their places."""
        self._write_operators(writer)
        output = Path(self.output_path)
        self.settings[PRINTER].write(output)
        content: Content = self.settings[CONTENT]
        for guide in content.guides:
            file = calendar(guide, content.data, self.settings["SITE"])
            _write(output / paths.calendar(guide.slug), file)
        if _is_first(self.settings):
            listing = whole_listing(self.settings[EDITIONS])
            _write(output / paths.MANIFEST, f"{json.dumps(listing, ensure_ascii=False, indent=2)}\n".encode())
        _write(output / paths.SEARCH, search_index(content).encode())

    def _write_operators(self, writer: Writer) -> None:
        """Write one page per operator, and the list of all."""
        data = self.settings[CONTENT].data
        if not data.operators or is_foreign(self.settings):
            return
        relative = self.settings["RELATIVE_URLS"]
        index, one = self.get_template("operators"), self.get_template("operator")
        writer.write_file(paths.OPERATORS, index, self.context, relative)
        for operator in data.operators.values():
            oldest = min((data.facts[id].read for id in operator.facts), default=None)
            writer.write_file(
                paths.operator_page(operator.id),
                one,
                self.context,
                relative,
                operator=operator,
                oldest=oldest,
            )


def finish(pelican: Pelican) -> None:
    """Write what is made of the files that everything else has written; after the first edition, write the others."""
    settings = pelican.settings
    if is_foreign(settings):
        return
    output = Path(settings["OUTPUT_PATH"])
    others = settings[EDITIONS][1:] if _is_first(settings) else ()
    join_styles(output / settings["THEME_STATIC_DIR"] / "css")
    strip_scripts(output / settings["THEME_STATIC_DIR"] / "js")
    if settings["OFFLINE"]:
        code = (Path(settings["THEME"]) / "worker.js").read_text(encoding="utf-8")
        words = settings[CONTENT].data.ui["copy"]
        write_worker(output, code, words, [one.language.prefix for one in others])
    else:
        _write(output / paths.WORKER, SLEEPER.encode())
    for edition in others:
        Pelican(settings_beside(settings, edition)).run()


def _is_first(settings: dict[str, Any]) -> bool:
    """Tell whether a run writes the edition at the root of the site."""
    return settings[EDITION] is settings[EDITIONS][0]


def _write(path: Path, content: bytes) -> None:
    """Write a file, making the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _complete(pelican: Pelican) -> None:
    complete(pelican.settings)


def _add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = ContentReader


def _add_writer(pelican: Pelican) -> type[Writer]:
    return FeedWriter


def begin_run(pelican: Pelican) -> type[Generator]:
    """Load and print before anything else of a run, again in each run of `pelican -r`; add our generator.

    `pelican -r` starts a run that failed over and over; from the second run on, wait until a file was saved.
    """
    if EDITION in pelican.settings and not _is_first(pelican.settings):
        return HandoutGenerator  # loaded and printed with the first
    while True:
        try:
            load_and_print(pelican)
        except BuildError as error:
            if not pelican.settings.get(RAN):
                raise
            print(error, file=sys.stderr, flush=True)
            wait_for_changes("", pelican.settings)
        else:
            return HandoutGenerator
        finally:
            pelican.settings[RAN] = True


def register() -> None:
    """Connect to Pelican; it holds receivers weakly, so they are functions of this module."""
    signals.initialized.connect(_complete)
    signals.readers_init.connect(_add_reader)
    signals.get_writer.connect(_add_writer)
    signals.get_generators.connect(begin_run)
    signals.feed_generated.connect(finish_feed)
    signals.finalized.connect(finish)
