"""Complete the feeds. A listed change of a guide moves it to the top and is its summary; a corrected comma does not.

In: a Guide; a feed from Pelican. Out: the guide's changes; a feed with absolute links, author, language and id
(https://www.rfc-editor.org/rfc/rfc4287).
"""

from __future__ import annotations

import re
from datetime import date

from feedgenerator import Atom1Feed
from markupsafe import Markup, escape
from pelican.writers import Writer

from ..model import Guide

CHANGE = re.compile(r"<li><time>(\d{4}-\d\d-\d\d)</time>[：:]\s*(.*?)</li>", re.DOTALL)


def changes(guide: Guide) -> list[tuple[date, str]]:
    """Return the day and the line of each listed change, the newest first; the last is the first version."""
    section = guide.section("changes")
    found = CHANGE.findall(str(section.intro)) if section else []
    return [(date.fromisoformat(day), Markup(line).striptags()) for day, line in found]


def summary(guide: Guide) -> str:
    """Return what changed last, or the answer of a guide that has not changed yet."""
    written = changes(guide)
    return written[0][1] if len(written) > 1 else guide.description


class FeedWriter(Writer):
    """Writes feeds with absolute links; those of pages are relative."""

    def write_feed(self, elements: list, context: dict, *args: object, **options: object) -> object:
        """Write a feed; SITEURL makes its links absolute."""
        return super().write_feed(elements, {**context, "SITEURL": context["SITE"]}, *args, **options)


def finish_feed(context: dict, feed: Atom1Feed) -> None:
    """Give a feed its language, author and id, and make links inside an entry lead to its page."""
    feed.feed["language"] = context["ui"]["site"]["lang"]
    feed.feed["author_name"] = context["SITENAME"]
    if not feed.feed["feed_url"].endswith(f"/{context['FEED_ALL_ATOM']}"):
        feed.feed["id"] = feed.feed["feed_url"]
    for entry in feed.items:
        entry["content"] = entry["content"].replace('href="#', f'href="{entry["link"]}#')
        entry["description"] = str(escape(entry["description"]))
        entry["author_name"] = entry["author_name"] or None
