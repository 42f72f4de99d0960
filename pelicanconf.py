"""What this site is, and how Pelican builds it. publishconf.py changes what differs when publishing."""

import os
from pathlib import Path

DEFAULT_LANG = "zh-hans"
TIMEZONE = "Europe/Brussels"

# The address printed on every sheet and in every QR code, or nothing while it is this one: example.org is reserved
# (RFC 2606). Put the real one here before the first publication; publishing refuses this one.
SITE = (os.environ.get("SITE") or "https://example.org").rstrip("/")
REPORT_URL = ""

# Whether handouts/all.pdf binds everything together: ./inv build --volume, and whenever the site is published.
HANDOUTS_VOLUME = False

PAPER = "A4"  # or "Letter": what the sheets are printed on

# A service worker keeps a copy of the site for readers without network. False takes it back from everybody who has one,
# at their next visit: should it ever show something wrong, publish that.
OFFLINE = True

SITEURL = ""
RELATIVE_URLS = True  # links work at any address, also below a folder and from a disk

# Relative to this file, so that `pelican` builds the same site from any folder.
_HERE = Path(__file__).resolve().parent
PATH = str(_HERE / "content")
OUTPUT_PATH = str(_HERE / "output")
THEME = str(_HERE / "theme")
DELETE_OUTPUT_DIRECTORY = False  # the build writes aside and swaps; see handouts/commands/build.py

HANDOUTS_CACHE = str(_HERE / ".cache" / "sheets")
PLUGIN_PATHS = [str(_HERE)]
PLUGINS = ["handouts.site.plugin"]

PAGE_PATHS = ["guides", "pages"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
ARTICLE_PATHS = ["posts"]
ARTICLE_URL = "posts/{slug}/"
ARTICLE_SAVE_AS = "posts/{slug}/index.html"
STATIC_PATHS = ["images"]
IGNORE_FILES = [
    ".*"
]  # an editor's or the system's; compared with the name alone, Pelican's own pattern never matches
READERS = {"rst": None, "html": None}  # Markdown only; docutils does not know zh-hans
USE_FOLDER_AS_CATEGORY = False
DEFAULT_PAGINATION = False

# Only what the theme designs is written.
DIRECT_TEMPLATES = [
    "index",
    "archives",
    "404",
    "sitemap",
    "robots",
    "headers",
    "search",
    "letters",
    "say",
    "calculator",
    "offline",
    "manifest",
]
TEMPLATE_EXTENSIONS = [".html", ".xml", ".txt", ".json"]
ARCHIVES_SAVE_AS = "posts/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
HEADERS_SAVE_AS = "_headers"
SEARCH_SAVE_AS = "search/index.html"
LETTERS_SAVE_AS = "letters/index.html"
CALCULATOR_SAVE_AS = "calculator/index.html"
SAY_SAVE_AS = "phrases/index.html"
OFFLINE_SAVE_AS = "offline/index.html"
MANIFEST_SAVE_AS = "manifest.webmanifest"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ""

FEED_DOMAIN = SITE
FEED_ALL_ATOM = "feeds/atom.xml"
FEED_MAX_ITEMS = 20  # whole posts: readers fetch the feed again and again
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None

TYPOGRIFY = False  # the text is typographic as written; see handouts/content/lint/text.py
