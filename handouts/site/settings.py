"""Set the defaults of this site where pelicanconf.py keeps Pelican's.

In: Pelican's settings. Out: the same settings, completed, so that PATH, PLUGIN_PATHS, PLUGINS and SITE are enough. Of a theme
that was not made for this plugin, only the templates that it has are used.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pelican
from pelican.contents import Article
from pelican.settings import DEFAULT_CONFIG

from ..errors import UsageError

logger = logging.getLogger(__name__)

OWN_THEME = Path(__file__).resolve().parents[2] / "theme"
"""The theme with the templates of sheets and other papers, which are used whatever the theme of the pages."""
UNREGISTER = OWN_THEME / "unregister.js"
"""The script that removes a service worker: in the preview, and on the site while OFFLINE is False."""

DIRECT_TEMPLATES = [
    "index", "archives", "404", "sitemap", "robots", "headers", "search", "letters", "say", "calculator", "offline",
    "manifest", "words",
]  # fmt: skip

EDITION, EDITIONS = "HANDOUTS_EDITION", "HANDOUTS_EDITIONS"
"""Settings with the Edition that a run writes, and with all of them, the first of them at the root of the site."""


def by_change(article: Article) -> tuple[float, float, int, str]:
    """Return what orders articles: the last change in substance first, then the newest, then as on the home page."""
    order = article.guide.order if hasattr(article, "guide") else 0
    return -article.modified.timestamp(), -article.date.timestamp(), order, article.slug


DEFAULTS: dict[str, Any] = {
    "SITE": "https://example.org",
    "REPORT_URL": "",
    "PAPER": "A4",
    "OFFLINE": True,
    "HANDOUTS_VOLUME": False,
    "DEFAULT_LANG": "zh-hans",
    "READERS": {"rst": None, "html": None},  # Markdown only; docutils does not know zh-hans
    # Files of editors and systems, as in content/files.py. Pelican's default never matches, see docs/upstream.md.
    "IGNORE_FILES": [".*", "*~", "#*#"],
    "USE_FOLDER_AS_CATEGORY": False,
    "ARTICLE_PATHS": ["guides", "posts"],
    "ARTICLE_URL": "posts/{slug}/",
    "ARTICLE_SAVE_AS": "posts/{slug}/index.html",
    "ARTICLE_ORDER_BY": by_change,
    "PAGE_PATHS": ["pages"],
    "PAGE_URL": "{slug}/",
    "PAGE_SAVE_AS": "{slug}/index.html",
    "CATEGORY_URL": "categories/{slug}/",
    "CATEGORY_SAVE_AS": "categories/{slug}/index.html",
    "TAG_URL": "operators/{slug}/",  # the page of an operator is the page of its tag
    "TAG_SAVE_AS": "",
    "AUTHOR_SAVE_AS": "",
    "DIRECT_TEMPLATES": DIRECT_TEMPLATES,
    "TEMPLATE_EXTENSIONS": [".html", ".xml", ".txt", ".json"],
    "ARCHIVES_SAVE_AS": "posts/index.html",
    "SITEMAP_SAVE_AS": "sitemap.xml",
    "ROBOTS_SAVE_AS": "robots.txt",
    "HEADERS_SAVE_AS": "_headers",
    "SEARCH_SAVE_AS": "search/index.html",
    "LETTERS_SAVE_AS": "letters/index.html",
    "CALCULATOR_SAVE_AS": "calculator/index.html",
    "SAY_SAVE_AS": "phrases/index.html",
    "OFFLINE_SAVE_AS": "offline/index.html",
    "MANIFEST_SAVE_AS": "manifest.webmanifest",
    "WORDS_SAVE_AS": "words.json",
    "FEED_ALL_ATOM": "feeds/atom.xml",
    "CATEGORY_FEED_ATOM": "feeds/{slug}.atom.xml",
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "TRANSLATION_FEED_ATOM": None,
    "FEED_MAX_ITEMS": 20,  # full texts: readers fetch the feed again and again
}
"""Values in place of those of Pelican."""
USUAL = DEFAULT_CONFIG | DEFAULTS
"""The settings of a site that changes none."""

FOREIGN: dict[str, Any] = {
    "OFFLINE": False,
    "CATEGORIES_SAVE_AS": "categories/index.html",
    "TAG_SAVE_AS": "operators/{slug}/index.html",
    "TAGS_SAVE_AS": "operators/index.html",
}
"""Differences with a theme not made for this plugin: Pelican's pages of tags replace the pages of operators."""


def complete(settings: dict[str, Any]) -> None:
    defaults = DEFAULTS | {"HANDOUTS_CACHE": os.path.join(settings["PATH"], os.pardir, ".cache", "sheets")}
    if settings["SITEURL"]:
        defaults["SITE"] = settings["SITEURL"]
    for name, value in defaults.items():
        if settings.get(name) == DEFAULT_CONFIG.get(name):
            settings[name] = value
    try:
        urlsplit(settings["SITE"])
    except ValueError as error:
        raise UsageError(f"SITE is `{settings['SITE']}`. Write it like https://sim.example.org.") from error
    settings["FEED_DOMAIN"] = settings.get("FEED_DOMAIN") or settings["SITE"]
    if not is_foreign(settings):
        return
    wanted = [*settings["DIRECT_TEMPLATES"], "categories", "tags"]
    missing = [name for name in wanted if not _has_template(settings, name)]
    settings |= FOREIGN
    settings["DIRECT_TEMPLATES"] = [name for name in wanted if name not in missing]
    # The pages that look like sheets need our style sheets and scripts; the theme's files come after them.
    settings["THEME_STATIC_PATHS"] = [str(OWN_THEME / "static"), *settings["THEME_STATIC_PATHS"]]
    logger.warning("The theme has no template for these pages, so they are left out: %s.", ", ".join(missing))


def is_foreign(settings: dict[str, Any]) -> bool:
    """Tell whether the theme was made for any Pelican site, not for this plugin."""
    return not Path(settings["THEME"], "templates", "sheet.html").is_file()


def own_theme(settings: dict[str, Any]) -> Path:
    """Return the theme with the templates of papers: the site's theme, or ours beside a foreign one."""
    return OWN_THEME if is_foreign(settings) else Path(settings["THEME"])


def _has_template(settings: dict[str, Any], name: str) -> bool:
    """Tell whether the theme, or Pelican's simple theme behind it, has a template."""
    themes = (Path(settings["THEME"]), Path(pelican.__file__).parent / "themes" / "simple")
    files = (
        theme / "templates" / f"{name}{end}" for theme in themes for end in settings["TEMPLATE_EXTENSIONS"]
    )
    return any(file.is_file() for file in files)


def saved_paths(settings: dict[str, Any]) -> list[str]:
    """Return the paths that Pelican writes whatever the content is; those of pages have `{slug}` in them."""
    named = [settings[name] for name in settings if name.endswith(("_SAVE_AS", "_ATOM")) and settings[name]]
    return [*map(str, named), *(f"{name}.html" for name in settings["DIRECT_TEMPLATES"])]
