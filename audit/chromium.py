"""The browser in which pages are checked: Debian's headless Chromium, or elsewhere the one that Playwright installed.

The headless shell is the same engine without the desktop around it: a page opens in half the time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from handouts.errors import MachineError

NAME = "chromium-headless-shell"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find() -> str:
    """Return the path of the browser, or raise MachineError."""
    system = shutil.which(NAME)
    if system:
        return system
    with sync_playwright() as playwright:
        installed = playwright.chromium.executable_path
    if not Path(installed).is_file():
        raise MachineError("There is no Chromium. Run ./inv audit once; it installs what it needs.")
    return installed


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start a browser and close it."""
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
