"""The cache gives back what was stored, and stays bounded."""

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


def test_what_a_build_or_a_process_beside_it_took_out_or_stored_stays_however_much_it_is(folder):
    """Pictures are made where the sheets are printed."""
    cache, worker = Cache(folder), Cache(folder)
    cache.get("a")
    worker.get("b")
    worker.put("d", b"d" * 100)
    cache.prune(0)

    assert names(folder) == "abd"


def test_what_was_stored_comes_back_and_what_was_spoilt_does_not(folder, monkeypatch):
    """Where nothing can be written either, and entries be neither marked as used nor deleted."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    spoilt = folder / "b"
    whole = spoilt.read_bytes()
    for read_only in (False, True):
        spoilt.write_bytes(whole[:-1])
        if read_only:
            monkeypatch.setattr(os, "utime", refuse)
            monkeypatch.setattr(Path, "unlink", refuse)
        assert Cache(folder).get("a") == b"a" * 20_000
        assert Cache(folder).get("b") is None
        assert names(folder) == ("abc" if read_only else "ac")
