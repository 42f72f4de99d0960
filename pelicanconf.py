"""What this site is. publishconf.py changes what differs when publishing.

Which page has which address, and what else Pelican needs to know, is in handouts/site/settings.py; any of it can be set here.
"""

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

RELATIVE_URLS = True  # links work at any address, also below a folder and from a disk

# Relative to this file, so that `pelican` builds the same site from any folder.
_HERE = Path(__file__).resolve().parent
PATH = str(_HERE / "content")
OUTPUT_PATH = str(_HERE / "output")
THEME = str(_HERE / "theme")

HANDOUTS_CACHE = str(_HERE / ".cache" / "sheets")
PLUGIN_PATHS = [str(_HERE)]
PLUGINS = ["handouts.site.plugin"]

FEED_DOMAIN = SITE
