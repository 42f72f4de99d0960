"""The cache gives back what was stored, and stays bounded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handouts.cache.disk import Cache


@pytest.fixture
def folder(tmp_path):
    """A cache with three entries of 20,032 bytes, `a` not used for longest."""
    cache = Cache(tmp_path)
    for age, name in enumerate("cba", 1):
        cache.put(name, name.encode() * 20_000)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    return tmp_path


def names(folder) -> str:
    return "".join(sorted(path.name for path in folder.iterdir()))


@pytest.mark.parametrize(("limit", "left"), [(61_000, "abc"), (60_000, "bc"), (21_000, "c"), (0, "")])
def test_what_was_not_used_for_longest_leaves_first(folder, limit, left):
    Cache(folder).prune(limit)

    assert names(folder) == left


def test_what_a_build_took_out_or_stored_stays_however_much_it_is(folder):
    cache = Cache(folder)
    cache.get("a")
    cache.put("d", b"d" * 100)
    cache.prune(0)

    assert names(folder) == "ad"


def test_what_another_process_used_meanwhile_stays_too(folder):
    """Pictures are made where the sheets are printed."""
    cache, worker = Cache(folder), Cache(folder)
    worker.get("a")
    worker.put("d", b"d" * 100)
    cache.prune(0)

    assert names(folder) == "ad"


def test_what_was_stored_comes_back_and_what_was_spoilt_does_not(folder):
    spoilt = folder / "b"
    spoilt.write_bytes(spoilt.read_bytes()[:-1])

    assert Cache(folder).get("a") == b"a" * 20_000
    assert Cache(folder).get("b") is None
    assert names(folder) == "ac"


def test_a_folder_that_can_only_be_read_still_gives_what_it_has(folder, monkeypatch):
    """Its entries cannot be marked as used, nor those that are spoilt be deleted."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    spoilt = folder / "b"
    spoilt.write_bytes(spoilt.read_bytes()[:-1])
    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)

    assert Cache(folder).get("a") == b"a" * 20_000
    assert Cache(folder).get("b") is None
