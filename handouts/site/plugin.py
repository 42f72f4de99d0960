"""Build the site with Pelican: a plugin for sites made of guides, each of them also a page to print.

In: Pelican's settings. Out: the site, sheets included. The order of a run:
  initialized      settings that pelicanconf.py leaves to Pelican get the values this site needs (settings.py)
  get_generators   the content is loaded and checked, every sheet printed, proven and put away; one problem
                   anywhere stops the run before anything is in its place, with all problems named
  readers          give Pelican the parsed guides, pages and posts (reader.py)
  generators       put what hangs on the sheets in its place: PDF, picture, twin; write handouts.json and search.json
  finalized        join the style sheets, and write the service worker, which knows every file
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.readers import Readers
from pelican.utils import wait_for_changes
from pelican.writers import Writer

from .. import paths
from ..cache.disk import Cache
from ..content.loader import Content, load
from ..errors import BuildError, Problems
from ..paper import paper_format
from ..sheets.filters import FILTERS, JINJA_OPTIONS
from ..sheets.manifest import Handout, by_operator, manifest
from ..sheets.printer import Means, Printer
from ..sheets.results import compiled_templates
from .assets import SLEEPER, join_styles, paper_colours, strip_scripts, write_worker
from .calendar import calendar, plan
from .checks import check_words
from .feeds import FeedWriter, finish_feed
from .notes import dated, listed, noted, short
from .reader import CONTENT, HANDOUTS, PAPERS, PLAIN, ContentReader, PlainTexts, addresses
from .search import check_answers, search_index
from .settings import complete, is_foreign, own_theme, saved_paths

PRINTER = "HANDOUTS_PRINTER"
"""Key of Pelican's settings under which what writes the printed files travels."""
LAST = "HANDOUTS_LAST"
"""Key under which a preview hands in what it printed last."""
RAN = "HANDOUTS_RAN"
"""Key that tells that there was a run before in this process."""


def load_and_print(pelican: Pelican) -> None:
    """Load the content and print every sheet, or raise ContentError with all problems."""
    settings = pelican.settings
    problems = Problems()
    folder = Path(settings.get("HANDOUTS_PATH") or os.path.relpath(settings["PATH"]))
    content = load(folder, problems, saved_paths(settings))
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
    words = folder / "data" / "ui.toml"
    if content.data.ui and not check_words(words, content.data.ui, theme / "templates", problems):
        problems.stop_if_any()  # no page and no sheet can be set without its words
    if not problems:
        check_answers(content, problems)
    printer = Printer(content, means, problems, settings.get(LAST))
    settings[HANDOUTS], settings[PAPERS] = printer.print()
    problems.stop_if_any()
    settings[CONTENT], settings[PRINTER] = content, printer
    compiled = compiled_templates(means.compiled)
    settings[PLAIN] = PlainTexts(means.templates, content, settings[HANDOUTS], settings[PAPERS], compiled)
    if is_foreign(settings):
        return  # its templates expect Jinja as Pelican sets it up
    settings["JINJA_FILTERS"] = {
        **settings["JINJA_FILTERS"],
        **FILTERS,
        "listed": listed,
        "short": short,
        "noted": noted,
        "dated": dated,
    }
    settings["JINJA_ENVIRONMENT"] = {
        **settings["JINJA_ENVIRONMENT"],
        **JINJA_OPTIONS,
        "bytecode_cache": compiled,
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
        handouts: dict[str, Handout] = self.settings[HANDOUTS]
        output = Path(self.output_path)
        self.settings[PRINTER].write(output)
        content: Content = self.settings[CONTENT]
        for guide in content.guides:
            file = calendar(guide, content.data, self.settings["SITE"])
            _write(output / paths.calendar(guide.slug), file)
        listing = manifest([*handouts.values(), *self.settings[PAPERS].values()])
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
    """Write what is made of the files that everything else has written."""
    settings = pelican.settings
    if is_foreign(settings):
        return
    output = Path(settings["OUTPUT_PATH"])
    join_styles(output / settings["THEME_STATIC_DIR"] / "css")
    strip_scripts(output / settings["THEME_STATIC_DIR"] / "js")
    if settings["OFFLINE"]:
        code = (Path(settings["THEME"]) / "worker.js").read_text(encoding="utf-8")
        write_worker(output, code, settings[CONTENT].data.ui["copy"])
    else:
        _write(output / paths.WORKER, SLEEPER.encode())


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
