"""Check a built site: every link inside it leads somewhere.

In: the folder of a finished site. Out: problems, with the page and the line of its HTML.
"""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .errors import Problems

LINKS = {"href", "src", "action", "poster"}


class _Page(HTMLParser):
    """Collects the ids and links of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self.twice: list[tuple[int, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        for name, value in attributes:
            if name == "id" and value:
                if value in self.ids:
                    self.twice.append((line, value))
                self.ids.add(value)
            elif name in LINKS and value is not None and tag != "base":
                self.links.append((line, value))


def check_site(folder: Path, site: str, problems: Problems) -> None:
    """Note links to pages, files and ids that do not exist, and ids that stand twice on a page."""
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for line, id in page.twice:
            problems.add(name, line, f"The id `{id}` stands twice on this page. Make ids unique.")
        for line, link in page.links:
            wrong = _follow(folder, path, link, site, pages)
            if wrong:
                problems.add(name, line, f"The link `{link}` {wrong}. Correct it where it is written.")


def _follow(folder: Path, page: Path, link: str, site: str, pages: dict[Path, _Page]) -> str:
    """Say what is wrong with a link; nothing when it leads somewhere or leaves the site."""
    inside = link.removeprefix(site) if link.startswith(f"{site}/") else link
    try:
        parts = urlsplit(inside)
    except ValueError:
        return "is no address"
    if parts.scheme or parts.netloc:
        return ""
    base = folder if parts.path.startswith("/") else page.parent
    target = Path(base, unquote(parts.path).lstrip("/")).resolve() if parts.path else page
    if not target.is_relative_to(folder.resolve()):
        return "leaves the site"
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "leads to nothing"
    known = pages.get(target)
    if parts.fragment and known and unquote(parts.fragment) not in known.ids:
        return "names an id that its page does not have"
    return ""
