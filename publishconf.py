"""What differs when the site is published: ./inv publish. Everything else is as in pelicanconf.py.

SITE         the address readers see, in sheets, QR codes and feeds: https://sim.example.be, no slash at the end
REPORT_URL   where readers report a mistake, if not by the page about that
PUBLISH_TO   the folder that is made, relative to this file

Each may also come from the environment, as in the workflow for GitHub Pages.
"""

import os

from pelicanconf import *

REPORT_URL = os.environ.get("REPORT_URL") or REPORT_URL  # empty: a variable that the workflow does not have
PUBLISH_TO = os.environ.get("PUBLISH_TO") or "dist"
HANDOUTS_VOLUME = True
