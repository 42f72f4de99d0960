"""What all tests share; `tests/small` is the smallest content folder that has everything, to copy and to spoil."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from tests.build_tools import SITE, edit, loaded

TESTS = Path(__file__).resolve().parent
os.environ["SITE"] = SITE

# The same examples on every machine, and no limit on the time of one: a slow machine is no bug.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("same")

# What tests start hears Ctrl+C as in a terminal; a shell that runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figures(request) -> Callable[[str], None]:
    """Return a function that notes what a campaign tried and what survived, to be printed at the end."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter, config) -> None:
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return `content`, a copy of tests/small; the working directory holds it, so messages are short."""
    shutil.copytree(TESTS / "small", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    return Path("content")


@pytest.fixture
def replace(folder) -> Callable[[str, str, str], None]:
    return lambda name, old, new: edit(folder / name, old, new)


@pytest.fixture
def problems(folder) -> Callable[[], list[str]]:
    """Return a function that loads the folder and says what is wrong with it."""
    return lambda: loaded(folder)[1]
