"""Give Pelican the parsed Markdown files: guides and posts are articles, reference pages are pages.

In: the loaded content and what was printed. Out: for each file its full text in plain HTML, which any theme can show, and its
metadata. Links are in Pelican's form (`{filename}`), so they work in every theme and feed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from pelican.contents import Category, Tag
from pelican.readers import BaseReader

from .. import paths
from ..errors import UsageError
from ..model import Guide, Operator, Text
from ..sheets.filters import FILTERS, JINJA_OPTIONS, without_fact_ids
from ..sheets.results import CompiledTemplates
from .editions import Edition
from .feeds import changes, summary
from .filters import listed
from .settings import EDITION, EDITIONS, is_foreign

RELATIVE = re.compile(r'(?<=(?:href|.src)=")\.\./(?P<target>[^"#]*)')
"""A link of a guide to another page or to a picture."""

SOURCES = """{% from "macros/guide.html" import source_list %}{{ source_list(text.citations, facts, sources, ui) }}"""


class PlainTexts:
    """Renders the guides, pages and posts of an edition as plain HTML."""

    def __init__(self, settings: dict[str, Any]) -> None:
        edition: Edition = settings[EDITION]
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(edition.printing.templates),
            bytecode_cache=CompiledTemplates(edition.printing.cache),
            **JINJA_OPTIONS,
        )
        environment.filters.update(FILTERS, listed=listed)
        environment.globals.update(edition.values, has=edition.has, handouts=edition.handouts)
        self._guide = environment.get_template("plain.html")
        self._sources = environment.from_string(SOURCES)
        self._root_site = settings[EDITIONS][0].site

    def render(self, text: Guide | Text) -> str:
        """Return a guide with its links in Pelican's form, or a page or post with its sources."""
        if isinstance(text, Guide):
            return RELATIVE.sub(self._link, self._guide.render(guide=text))
        return f"{without_fact_ids(text.html)}\n{self._sources.render(text=text)}"

    def _link(self, found: re.Match[str]) -> str:
        target = found["target"]
        if target.startswith("../"):  # out of the edition
            return f"{self._root_site}/{target.removeprefix('../')}"
        return f"{{{'static' if target.startswith('images/') else 'filename'}}}/{target}"


def addresses(edition: Edition) -> dict[str, SimpleNamespace]:
    """Return what plain texts link to, by its address; Pelican takes the target of a link from its `url`."""
    urls = [handout.path for handout in (*edition.handouts.values(), *edition.papers.values())]
    for guide in edition.content.guides:
        urls += [paths.picture(guide.slug), paths.calendar(guide.slug)]
    return {url: SimpleNamespace(url=url) for url in (*edition.places, *urls)}


class ContentReader(BaseReader):
    """Returns the text and metadata of a parsed Markdown file."""

    enabled = True
    file_extensions = ("md",)

    def __init__(self, settings: dict) -> None:
        super().__init__(settings)
        self._edition: Edition = settings[EDITION]
        content = self._edition.content
        self._data = content.data
        kinds: list[tuple[Iterable[Any], Callable[[Any], dict[str, Any]]]]
        kinds = [(content.guides, self._of_guide), (content.pages, _of_text), (content.posts, self._of_post)]
        self._texts = {_real(text.path): (text, describe) for texts, describe in kinds for text in texts}

    @cached_property
    def _plain(self) -> PlainTexts:
        return PlainTexts(self.settings)  # only some of the readers that Pelican makes read a file

    def read(self, source_path: str) -> tuple[str, dict]:
        """Return the full text and the metadata."""
        found = self._texts.get(_real(source_path))
        if found is None:
            raise UsageError(f"{source_path} appeared while the site was being built. Build again.")
        text, describe = found
        return self._plain.render(text), describe(text)

    def _of_guide(self, guide: Guide) -> dict[str, Any]:
        """Return the metadata of a guide; a foreign theme uses its template of articles.

        The category of a kind of card is named by its first guide on the home page.
        """
        head = next(one for one in self._edition.content.guides if kind_of(one) == kind_of(guide))
        metadata = {
            "title": guide.title,
            "slug": guide.slug,
            "url": f"{guide.slug}/",
            "save_as": f"{guide.slug}/index.html",
            "summary": summary(guide),
            "date": self._day(min((day for day, _ in changes(guide)), default=guide.updated)),
            "modified": self._day(guide.updated),
            "category": self._category(head.name, head.slug),
            "tags": self._tags(self._data.operators_for(guide.cards)),
            "guide": guide,
            "handout": self._edition.handouts[guide.slug],
        }
        return metadata if is_foreign(self.settings) else metadata | {"template": "guide"}

    def _of_post(self, text: Text) -> dict[str, Any]:
        """Return the metadata of a post. Its tags are the operators with a cited fact that no other has."""
        operators = self._data.operators.values()
        users = Counter(id for operator in operators for id in operator.facts)
        telling = {id for id in text.citations if users[id] == 1}
        about = [operator for operator in operators if telling & set(operator.facts)]
        return _of_text(text) | {
            "date": self._day(text.day),
            "modified": self._day(text.day),
            "category": self._category(self._data.ui["category"]["news"], paths.NEWS),
            "tags": self._tags(about),
        }

    def _day(self, day: date) -> Any:
        return self.process_metadata("date", day.isoformat())

    def _category(self, name: str, slug: str) -> Category:
        category = Category(name, self.settings)
        category.slug = slug
        return category

    def _tags(self, operators: Iterable[Operator]) -> list[Tag]:
        """Return the operators as tags; the page of an operator is the page of its tag."""
        tags = []
        for operator in operators:
            tags.append(Tag(operator.name, self.settings))
            tags[-1].slug = operator.id
        return tags


def kind_of(guide: Guide) -> str:
    """Return the kind of card a guide is about, as the theme draws it; nothing for an overview."""
    return next((kind for kind in ("prepaid", "data", "pack", "plan") if kind in guide.cards), "")


def _of_text(text: Text) -> dict[str, Any]:
    return {"title": text.title, "slug": text.slug, "summary": text.summary, "text": text}


def _real(path: str) -> str:
    """Return the path of a file, whatever links led to its folder: Pelican is given the folder without them."""
    return os.path.join(os.path.realpath(Path(path).parent), Path(path).name)
