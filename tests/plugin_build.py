"""Fixtures that are slow to make and safe to share: the built site, a browser on it, the fonts cut for sheets.

Loaded with `-p tests.plugin_build` (pyproject.toml), so that every test module shares the one built site.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from audit.chromium import browsing
from handouts.content.data import Data
from handouts.content.languages import EN, HANT
from handouts.content.loader import Content
from handouts.pdf.typesetter import Typesetter
from tests.build_tools import (
    ROOT,
    TINY,
    Printer,
    Site,
    copy_of_the_project,
    invoke,
    loaded,
    run,
    write_content,
)
from tests.web_tools import NOW, PHONE, VISITS, WITHOUT_COPY, Host, Visit


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a function that makes a folder once for all processes that run tests; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the run's own folder; each process has one below it

    def once(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = base / "once" / name, base / f"{name} is made"
        with (base / f"{name} is locked").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                make(folder)
                made.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def whole_site(once) -> Path:
    """The real site with all its editions, built by the real command, with the volume as readers get it."""

    def make(output: Path) -> None:
        done = invoke("build", "--volume", "--output", output)
        assert done.returncode == 0, done.stderr

    return once("whole-site", make)


@pytest.fixture(scope="session")
def site(once, whole_site) -> Path:
    """The first edition of the real site; what holds of it holds of the others, test_editions.py compares them."""

    def make(output: Path) -> None:
        shutil.copytree(whole_site, output, ignore=shutil.ignore_patterns(HANT.folder, EN.folder))

    return once("site", make)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    host = Host(site)
    yield host.address
    host.close()


@pytest.fixture
def open_page(browser, address) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a new browser; `expected` says which complaints are fine.

    Every test that uses it also claims: nothing is asked of another host, and the browser has nothing to complain about.
    """
    contexts: list[BrowserContext] = []
    VISITS.clear()
    fine: list[str] = []

    def open_page(path: str, *, before: str = "", block: str = "", expected: str = "", **options) -> Page:
        context = browser.new_context(viewport=PHONE, **options)
        contexts.append(context)
        context.add_init_script(WITHOUT_COPY)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        VISITS[page] = Visit(page)
        if expected:
            fine.append(expected)
        if before:
            page.add_init_script(before)
        if block:
            page.route(re.compile(block), lambda route: route.abort())
        page.goto(address + path, wait_until="load")
        if options.get("java_script_enabled", True) and not block:
            VISITS[page].settle()
        return page

    yield open_page
    for context in contexts:
        context.close()
    said = [text for visit in VISITS.values() for text in visit.said]
    assert [text for text in said if not any(re.search(pattern, text) for pattern in fine)] == []
    asked = [url for visit in VISITS.values() for url in visit.asked]
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.fixture(scope="session")
def listing(site) -> dict[str, dict]:
    """What handouts.json says of each PDF of the first edition; test_editions.py looks at the others."""
    listed = json.loads((site / "handouts.json").read_text("utf-8"))
    return {path: entry for path, entry in listed.items() if path.startswith("handouts/")}


@pytest.fixture(scope="session")
def real_content() -> Content:
    content, problems = loaded(ROOT / "content")
    assert problems == []
    return content


@pytest.fixture(scope="session")
def data(real_content) -> Data:
    return real_content.data


@pytest.fixture(scope="session")
def one_guide(tmp_path_factory) -> Path:
    """A content folder with one short guide. Do not change it: copy it, or write another."""
    return write_content(tmp_path_factory.mktemp("one-guide") / "content")


@pytest.fixture(scope="session")
def built(once, one_guide) -> Path:
    """An output made from one guide. Copy it before you give it to a build."""

    def make(output: Path) -> None:
        done = invoke("build", "--content", one_guide, "--output", output)
        assert done.returncode == 0, done.stderr

    return once("built", make)


@pytest.fixture
def output(tmp_path, built) -> Path:
    return Path(shutil.copytree(built, tmp_path / "out"))


@pytest.fixture(scope="session")
def model(once, one_guide) -> Site:
    """A project in which that content was built. Copy it."""

    def make(project: Path) -> None:
        done = Site(copy_of_the_project(project)).build(one_guide)
        assert done.returncode == 0, done.stderr

    return Site(once("model", make))


@pytest.fixture(scope="session")
def printer() -> Printer:
    return Printer()


@pytest.fixture(scope="session")
def tiny(printer) -> Typesetter:
    """The same fonts with a style sheet of three lines, for sheets that a test writes completely."""
    return Typesetter({"sheet.css": TINY}, printer.fonts)


@pytest.fixture
def disk(tmp_path) -> Iterator[Callable[[str], Path]]:
    """Return a function that mounts a small disk; needs the right to mount."""
    place = tmp_path / "disk"

    def mount(size: str) -> Path:
        place.mkdir()
        command = ("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place)
        if not shutil.which("mount") or run(*command).returncode:
            pytest.skip("no right to mount a disk here")
        return place

    yield mount
    if place.is_mount():
        assert run("umount", place).returncode == 0
