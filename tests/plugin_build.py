"""Fixtures that are slow to make and safe to share: the built site, the fonts cut for sheets.

Loaded with `-p tests.plugin_build` (pyproject.toml), so that every test module shares the one built site.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from handouts.content import Content, load
from handouts.errors import Problems
from handouts.pdf import Typesetter
from tests.build_tools import (
    ROOT,
    TINY,
    Printer,
    Site,
    build,
    copy_of_the_project,
    invoke,
    no_letters,
    write_content,
)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The real site, built by the real command."""
    output = tmp_path_factory.mktemp("built") / "site"
    done = invoke("build", "--output", output)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture(scope="session")
def listing(site) -> dict[str, dict]:
    """What handouts.json says of each PDF."""
    return json.loads((site / "handouts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def real_content() -> Content:
    """The real content, loaded and checked."""
    problems = Problems()
    content = load(ROOT / "content", problems)
    problems.stop_if_any()
    return content


@pytest.fixture(scope="session")
def one_guide(tmp_path_factory) -> Path:
    """A content folder with one short guide. Do not change it: copy it, or write your own."""
    return write_content(tmp_path_factory.mktemp("one-guide") / "content")


@pytest.fixture(scope="session")
def built(tmp_path_factory, one_guide) -> Path:
    """An output made from one guide. Copy it before you give it to a build."""
    output = tmp_path_factory.mktemp("built") / "out"
    done = build(one_guide, output)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture
def output(tmp_path, built) -> Path:
    """An output of an earlier build."""
    return Path(shutil.copytree(built, tmp_path / "out"))


@pytest.fixture(scope="session")
def quick(tmp_path_factory) -> Path:
    """Content that is printed quickly."""
    return no_letters(tmp_path_factory.mktemp("quick") / "content")


@pytest.fixture(scope="session")
def model(tmp_path_factory, quick) -> Site:
    """A project in which that content was built. Copy it."""
    site = Site(copy_of_the_project(tmp_path_factory.mktemp("model") / "project"))
    done = site.build(quick)
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="session")
def printer(tmp_path_factory) -> Printer:
    """The real style sheet and template with real fonts, cut once."""
    return Printer(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory, printer) -> Typesetter:
    """The same fonts with a style sheet of three lines, for sheets that a test writes whole."""
    styles = tmp_path_factory.mktemp("tiny")
    (styles / "sheet.css").write_text(TINY, encoding="utf-8")
    return Typesetter(styles, printer.font_rules, printer.font_folder)
