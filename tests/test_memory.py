"""What is remembered in memory and on disk, when, and for how long."""

import os
from pathlib import Path

import pytest

from handouts.cache import memoize as memory
from handouts.cache.disk import Cache
from handouts.cache.memoize import memoize, memoizing, storing
from tests.build_tools import edit, guide_text, loaded, write_content


def test_a_link_follows_its_page_in_what_guides_share_too(tmp_path):
    """Where it leads is not in the file that was read before."""
    folder = write_content(tmp_path / "content")

    with memoizing():
        loaded(folder)
        edit(folder / "pages/complaint.md", "\nslug: complaint\n", "\nslug: moved\n")
        guide = loaded(folder)[0].guides[0]

    assert 'href="../moved/"' in guide.section("complain").intro


def test_a_fault_is_named_each_time_on_the_line_where_it_stands_now(tmp_path):
    """The lines of the front matter are not in the text, but move it."""
    folder = write_content(tmp_path / "content", guide_text().replace("{#before-1}", ""))
    lines = []

    with memoizing():
        for change in ("\norder:", "\norder:", "\n\norder:"):
            edit(folder / "guides/mobile.md", "\norder:", change)
            lines.append([int(problem.split(":")[1]) for problem in loaded(folder)[1]])

    first, second, third = lines
    assert first == second != []
    assert third == [line + 1 for line in first]


@pytest.fixture
def store(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


def test_a_spoilt_entry_and_another_program_count_as_nothing(store, tmp_path, monkeypatch):
    """And a program that was changed since it was loaded stores nothing."""
    asked: list[int] = []
    stored = memoize(lambda number: number, stored=True)(lambda number: asked.append(number) or 2 * number)
    with storing(store):
        stored(1)
        stored(1)
        (entry,) = (tmp_path / "cache").iterdir()
        entry.write_bytes(entry.read_bytes()[:-1])
        assert stored(1) == 2
    assert asked == [1, 1]
    monkeypatch.setattr(memory, "code_digest", lambda: b"saved just now")
    with storing(store):
        stored(1)
        stored(1)
    assert asked == [1] * 4
    monkeypatch.setattr(memory, "LOADED", b"saved just now")
    with storing(store):
        stored(1)
        stored(1)
    assert asked == [1] * 5


def test_a_changed_fact_is_read_anew_everywhere(tmp_path, store):
    folder = write_content(tmp_path / "content")
    with storing(store):
        before, _ = loaded(folder)
        facts = folder / "data/facts.toml"
        facts.write_text(facts.read_text("utf-8").replace('value = "€', 'value = "€1', 1), "utf-8")
        after, _ = loaded(folder)

    assert before.data.digest != after.data.digest
    assert after.guides == loaded(folder)[0].guides


@pytest.fixture
def entries(tmp_path):
    """A cache with three entries of 20,032 bytes, `a` not used for longest."""
    cache = Cache(tmp_path)
    for age, name in enumerate("cba", 1):
        cache.put(name, name.encode() * 20_000)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    return tmp_path


def names(entries) -> str:
    return "".join(sorted(path.name for path in entries.iterdir()))


@pytest.mark.parametrize(("limit", "left"), [(61_000, "abc"), (60_000, "bc"), (21_000, "c"), (0, "")])
def test_what_was_not_used_for_longest_leaves_first(entries, limit, left):
    Cache(entries).prune(limit)
    assert names(entries) == left


def test_what_a_build_or_a_process_beside_it_took_out_or_stored_stays_however_much_it_is(entries):
    """Pictures are made where the sheets are printed."""
    cache, worker = Cache(entries), Cache(entries)
    cache.get("a")
    worker.get("b")
    worker.put("d", b"d" * 100)
    cache.prune(0)

    assert names(entries) == "abd"


def test_what_was_stored_comes_back_and_what_was_spoilt_does_not(entries, monkeypatch):
    """Where nothing can be written either, and entries be neither marked as used nor deleted."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    spoilt = entries / "b"
    whole = spoilt.read_bytes()
    for read_only in (False, True):
        spoilt.write_bytes(whole[:-1])
        if read_only:
            monkeypatch.setattr(os, "utime", refuse)
            monkeypatch.setattr(Path, "unlink", refuse)
        assert Cache(entries).get("a") == b"a" * 20_000
        assert Cache(entries).get("b") is None
        assert names(entries) == ("abc" if read_only else "ac")
