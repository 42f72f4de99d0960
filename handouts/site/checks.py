"""Check the words of the interface against the templates, and the links of the finished site.

In: the words of ui.toml and the folder of the templates; the folder of a finished site. Out: problems at the line of ui.toml,
or at the line of a page's HTML.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..cache.memoize import memoize
from ..content.loader import Content
from ..content.toml import read_table
from ..errors import Problems, did_you_mean

# --- Words of the interface -------------------------------------------------------------------------------------

WORD = re.compile(r"\bui\.(?P<group>\w+)(?:\.(?P<key>\w+))?")
"""`ui.sheet.who` uses one word; `ui.fields[…]` or `ui.ticks | …` may use any word of a group."""

FROM_PYTHON = {"card", "category", "copy", "when"}
"""Groups with words that Python code uses: titles of papers, the category of posts, the service worker, the timetable."""


def check_words(path: Path, ui: dict[str, dict[str, str]], templates: Path, problems: Problems) -> bool:
    """Find missing and unused words; return True if none is missing."""
    asked: dict[tuple[str, str], Path] = {}
    complete = set(FROM_PYTHON)
    for template in sorted(templates.rglob("*.*")):
        text = template.read_text(encoding="utf-8")
        if "SITENAME" in text:  # the plugin sets it to this word
            asked.setdefault(("site", "name"), template)
        for match in WORD.finditer(text):
            if match["key"]:
                asked.setdefault((match["group"], match["key"]), template)
            else:
                complete.add(match["group"])
    table = read_table(path, problems)
    if table is None:
        return False
    missing = [(group, key) for group, key in sorted(asked) if key not in ui.get(group, {})]
    for group, key in missing:
        where = asked[group, key].relative_to(templates)
        problems.add(path, table.line(group), f"`{key}` is missing in [{group}]; {where} prints it. Add it.")
    for group, words in ui.items():
        known = [key for other, key in asked if other == group]
        for key in words:
            if group not in complete and key not in known:
                hint = did_you_mean(key, known, "Delete it.")
                problems.add(path, table.line(group, key), f"No template prints `{key}` of [{group}]. {hint}")
    return not missing


LINKED = ("about", "lost", "report")
"""Slugs of the pages to which the theme links from every page."""


def check_pages(content: Content, problems: Problems) -> None:
    """Find pages that every page links to and that are missing."""
    for slug in LINKED:
        if not any(page.slug == slug for page in content.pages):
            path = content.folder / "pages" / f"{slug}.md"
            problems.add(path, 1, "This page is missing, and every page links to it. Write it.")


# --- Links ------------------------------------------------------------------------------------------------------

LINKS = {"href", "src", "action", "poster"}


class _Page(HTMLParser):
    """What a page offers to links, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[int, str]] = []
        """(line, target)"""
        self.twice: list[tuple[int, str]] = []
        """(line, id) of each id that occurs again"""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        for name, value in attributes:
            if name == "id" and value:
                if value in self.ids:
                    self.twice.append((line, value))
                self.ids.add(value)
            elif name in LINKS and value is not None and tag != "base":
                self.links.append((line, value))


@memoize(lambda html: hashlib.sha256(html.encode()).hexdigest(), stored=True)
def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page


def check_site(folder: Path, site: str, problems: Problems) -> None:
    """Find links to pages, files and ids that do not exist, and ids that occur twice on a page."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {
        name: _page((folder / name).read_text(encoding="utf-8"))
        for name in sorted(files)
        if name.endswith(".html")
    }
    for name, page in pages.items():
        for line, id in page.twice:
            problems.add(name, line, f"The id `{id}` occurs twice on this page. Make ids unique.")
        for line, link in page.links:
            wrong = _follow(name, link, site, files, pages)
            if wrong:
                problems.add(name, line, f"The link `{link}` {wrong}. Correct it where it is written.")


def _follow(page: str, link: str, site: str, files: set[str], pages: dict[str, _Page]) -> str:
    """Return what is wrong with a link; an empty text if its target exists or is on another site."""
    inside = link.removeprefix(site) if link.startswith(f"{site}/") else link
    try:
        parts = urlsplit(inside)
    except ValueError:
        return "is not an address"
    if parts.scheme or parts.netloc:
        return ""
    path, base = unquote(parts.path), posixpath.dirname(page)
    if path.startswith("/"):  # on 404 and offline pages links begin at the host, with the folder of SITE
        path, base = path.removeprefix(urlsplit(site).path).lstrip("/"), ""
    target = posixpath.normpath(posixpath.join(base, path)) if parts.path else page
    if target.split("/")[0] == "..":
        return "leaves the site"
    if target not in files:
        target = posixpath.normpath(f"{target}/index.html")
    if target not in files:
        return "leads to nothing"
    known = pages.get(target)
    if parts.fragment and known and unquote(parts.fragment) not in known.ids:
        return "names an id that its page does not have"
    return ""
