"""Write what the search page reads: one record for each page and for each word of the glossary.

In: the Content. Out: search.json, a list in the order of the site: guides, pages, operators, posts, words.
A record leaves out what is empty. The reader's device loads the whole file and does the searching (see
theme/static/js/search.js), so it stays small enough for a phone: a site of many hundred guides is searched without
the least telling parts of its pages, but every page is found by its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from ..content.loader import Content
from ..content.markdown import bare
from ..model import Guide, Operator, Term, Text

HEADING = re.compile(r"<h[23][^>]*>(.*?)</h[23]>", re.DOTALL)


LIMIT = 600_000
"""Bytes of search.json at most: about 220 KB on the way, compressed, and half a second of an old phone's work."""

LEAST_TELLING = ("text", "headings", "aliases")
"""What is left out of all records, one after the other, until the file is small enough."""


def search_index(content: Content, limit: int = LIMIT) -> str:
    """Return search.json: one record a line, so that two builds can be compared."""
    records = list(_records(content))
    index = _listed(records)
    for part in LEAST_TELLING:
        if len(index.encode()) <= limit:
            break
        for record in records:
            record.pop(part)
        index = _listed(records)
    return index


def _listed(records: Iterable[dict[str, object]]) -> str:
    """Return records as a list in JSON."""
    lines = ",\n".join(
        json.dumps(
            {key: value for key, value in record.items() if value}, ensure_ascii=False, separators=(",", ":")
        )
        for record in records
    )
    return f"[\n{lines}\n]\n"


def _records(content: Content) -> Iterator[dict[str, object]]:
    """Yield all records, what most readers look for first."""
    data = content.data
    yield from map(_guide, content.guides)
    yield from (_text(page, f"{page.slug}/") for page in sorted(content.pages, key=lambda page: page.slug))
    yield from map(_operator, data.operators.values())
    newest_first = sorted(
        sorted(content.posts, key=lambda post: post.slug), key=lambda post: post.day, reverse=True
    )
    yield from (_text(post, f"posts/{post.slug}/") for post in newest_first)
    if any(page.slug == "glossary" for page in content.pages):
        yield from map(_term, data.terms.values())


def _record(
    title: str, url: str, aliases: Iterable[str], headings: Iterable[str] = (), text: Iterable[str] = ()
) -> dict[str, object]:
    """Return a record, each word and heading once."""
    return {
        "title": title,
        "url": url,
        "aliases": list(dict.fromkeys(alias for alias in aliases if alias and alias != title)),
        "headings": list(dict.fromkeys(headings)),
        "text": "".join(text),
    }


def _guide(guide: Guide) -> dict[str, object]:
    parts = [part for section in guide.sections for part in (section.intro, section.rest)]
    leads = [_plain(step.lead) for section in guide.sections for step in section.steps]
    headings = [heading for part in parts for heading in _headings(part)]
    return _record(guide.title, f"{guide.slug}/", guide.aliases, headings, [guide.description, *leads])


def _text(text: Text, url: str) -> dict[str, object]:
    return _record(text.title, url, text.aliases, _headings(text.html), [text.summary])


def _operator(operator: Operator) -> dict[str, object]:
    return _record(
        operator.name, f"operators/{operator.id}/", [operator.prepaid_name], text=[operator.summary]
    )


def _term(term: Term) -> dict[str, object]:
    names = [*term.zh[1:], *term.fr, *term.nl, *term.en, *term.de, *term.aliases]
    return _record(term.zh[0], "glossary/", names, text=[term.note])


def _headings(html: Markup) -> list[str]:
    """Return the headings inside a piece of a page, as plain text."""
    return [_plain(Markup(heading)) for heading in HEADING.findall(str(html))]


def _plain(html: Markup) -> str:
    """Return inline HTML as text, without its references."""
    return bare(html).striptags()
