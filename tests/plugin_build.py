"""Fixtures that are slow to make and safe to share: the built site, the fonts cut for sheets.

Loaded with `-p tests.plugin_build` (pyproject.toml), so that every test module shares the one built site.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handouts.content import Content, load
from handouts.errors import Problems
from handouts.pdf import Typesetter
from tests.build_tools import ROOT, TINY, Printer, invoke, write_content


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
def printer(tmp_path_factory) -> Printer:
    """The real style sheet and template with real fonts, cut once."""
    return Printer(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory, printer) -> Typesetter:
    """The same fonts with a style sheet of three lines, for sheets that a test writes whole."""
    styles = tmp_path_factory.mktemp("tiny")
    (styles / "sheet.css").write_text(TINY, encoding="utf-8")
    return Typesetter(styles, printer.font_rules, printer.font_folder)
