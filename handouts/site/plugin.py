"""Build the site with Pelican. Only this module and build.py import pelican.

In: Pelican's settings. Out: the site, sheets included. The order of a run:
  get_generators   the content is loaded and checked, every sheet printed, proven and put away; one problem
                   anywhere stops the run before anything is in its place, with all problems named
  readers          give Pelican the parsed guides, pages and posts
  generators       put what hangs on the sheets in its place: PDF, picture, twin; write handouts.json and search.json
  finalized        join the style sheets, and write the service worker, which knows every file
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from feedgenerator import Atom1Feed
from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.readers import BaseReader
from pelican.utils import wait_for_changes
from pelican.writers import Writer

from .. import paths
from ..cache.disk import Cache
from ..content.loader import Content, load
from ..errors import BuildError, CallError, Problems
from ..paper import paper_format
from ..sheets.filters import FILTERS, JINJA_OPTIONS
from ..sheets.manifest import Handout, by_operator, manifest
from ..sheets.printer import Means, Printer
from ..sheets.results import compiled_templates
from .assets import NAME, SLEEPER, join_styles, paper_colours, strip_scripts, write_worker
from .calendar import calendar, plan
from .checks import check_words
from .notes import dated, listed, noted, short
from .search import check_answers, search_index

CONTENT, HANDOUTS, PAPERS, PRINTER = (
    "HANDOUTS_CONTENT",
    "HANDOUTS_PRINTED",
    "HANDOUTS_PAPERS",
    "HANDOUTS_PRINTER",
)
"""Keys of Pelican's settings under which the loaded content, what was printed, and who writes it travel."""
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
    theme = Path(settings["THEME"])
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
    settings["SITENAME"] = settings["AUTHOR"] = content.data.ui.get("site", {}).get("name", "")
    if not problems:
        check_answers(content, problems)
    printer = Printer(content, means, problems, settings.get(LAST))
    settings[HANDOUTS], settings[PAPERS] = printer.print()
    problems.stop_if_any()
    settings[CONTENT], settings[PRINTER] = content, printer
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
        "bytecode_cache": compiled_templates(means.compiled),
    }


def saved_paths(settings: dict[str, Any]) -> list[str]:
    """Return the paths that Pelican writes whatever the content is; those of pages have `{slug}` in them."""
    named = [settings[name] for name in settings if name.endswith(("_SAVE_AS", "_ATOM")) and settings[name]]
    return [*map(str, named), *(f"{name}.html" for name in settings["DIRECT_TEMPLATES"])]


class ContentReader(BaseReader):
    """Hands Pelican what the parser made of a Markdown file."""

    enabled = True
    file_extensions = ("md",)

    def __init__(self, settings: dict) -> None:
        """Look the files up by name: a search of all for each takes seconds with a thousand."""
        super().__init__(settings)
        content: Content = settings[CONTENT]
        self._guides = {_real(guide.path): guide for guide in content.guides}
        self._texts = {_real(text.path): text for text in (*content.pages, *content.posts)}

    def read(self, source_path: str) -> tuple[str, dict]:
        """Return the article's HTML and the metadata that places it."""
        path = _real(source_path)
        guide, text = self._guides.get(path), self._texts.get(path)
        if guide:
            handout: Handout = self.settings[HANDOUTS][guide.slug]
            return "", {
                "title": guide.title,
                "slug": guide.slug,
                "summary": guide.description,
                "template": "guide",
                "guide": guide,
                "handout": handout,
            }
        if text is None:
            raise CallError(f"{source_path} appeared while the site was being built. Build again.")
        metadata = {"title": text.title, "slug": text.slug, "summary": text.summary, "text": text}
        if source_path.startswith(os.path.join(self.settings["PATH"], "posts")):
            metadata["date"] = self.process_metadata("date", text.day.isoformat())
        return str(text.html), metadata


def _real(path: str) -> str:
    """Return the path of a file, whatever links led to its folder: Pelican is given the folder without them."""
    return os.path.join(os.path.realpath(Path(path).parent), Path(path).name)


class HandoutGenerator(Generator):
    """Gives templates the guides and the data, and writes the files of the sheets."""

    def generate_context(self) -> None:
        """Share what the templates of all pages may use."""
        content: Content = self.settings[CONTENT]
        data = content.data
        self.context.update(
            ui=data.ui,
            SITENAME=self.settings["SITENAME"],  # Pelican copied its settings before the content was read
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
            colours=paper_colours(Path(self.settings["THEME"]) / "static/css/tokens.css"),
        )

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
        if not data.operators:
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


class FeedWriter(Writer):
    """Writes feeds with whole addresses: they are read far from the site, whose own links are relative."""

    def write_feed(self, elements: list, context: dict, *args: object, **options: object) -> object:
        """Write a feed as if the site's links were absolute."""
        return super().write_feed(elements, {**context, "SITEURL": context["SITE"]}, *args, **options)


def finish(pelican: Pelican) -> None:
    """Write what is made of the files that everything else has written."""
    settings = pelican.settings
    output = Path(settings["OUTPUT_PATH"])
    join_styles(output / settings["THEME_STATIC_DIR"] / "css")
    strip_scripts(output / settings["THEME_STATIC_DIR"] / "js")
    if settings["OFFLINE"]:
        code = (Path(settings["THEME"]) / "worker.js").read_text(encoding="utf-8")
        write_worker(output, code, settings[CONTENT].data.ui["copy"])
    else:
        _write(output / NAME, SLEEPER.encode())


def _finish_feed(context: dict, feed: Atom1Feed) -> None:
    """Let links inside a post lead to its page, and date a feed without posts by its guides, not by now."""
    for entry in feed.items:
        entry["content"] = entry["content"].replace('href="#', f'href="{entry["link"]}#')
    if not feed.items:
        day = max(guide.updated for guide in context["guides"])
        feed.latest_post_date = lambda: datetime.combine(day, time(), UTC)


def _write(path: Path, content: bytes) -> None:
    """Write a file, making the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _add_reader(readers) -> None:
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
    signals.readers_init.connect(_add_reader)
    signals.get_writer.connect(_add_writer)
    signals.get_generators.connect(begin_run)
    signals.feed_generated.connect(_finish_feed)
    signals.finalized.connect(finish)
