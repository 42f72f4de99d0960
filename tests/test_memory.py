"""What is remembered, and when."""

import pytest

from handouts.cache import memoize as memory
from handouts.cache.disk import Cache
from handouts.cache.memoize import remembered, remembering, storing
from handouts.content.loader import load
from handouts.errors import Problems
from tests.build_tools import edit, guide_text, write_content


def test_a_link_follows_its_page_in_what_guides_share_too(tmp_path):
    """Where it leads is not in the file that was read before."""
    folder = write_content(tmp_path / "content")

    with remembering():
        load(folder, Problems())
        edit(folder / "pages/complaint.md", "\nslug: complaint\n", "\nslug: moved\n")
        guide = load(folder, Problems()).guides[0]

    assert 'href="../moved/"' in guide.section("complain").intro


def test_a_fault_is_named_each_time_on_the_line_where_it_stands_now(tmp_path):
    """The lines of the front matter are not in the text, but move it."""
    folder = write_content(tmp_path / "content", guide_text().replace("{#before-1}", ""))
    lines = []

    with remembering():
        for change in ("\norder:", "\norder:", "\n\norder:"):
            edit(folder / "guides/mobile.md", "\norder:", change)
            found = Problems()
            load(folder, found)
            lines.append([problem.line for problem in found])

    first, second, third = lines
    assert first == second != []
    assert third == [line + 1 for line in first]


@pytest.fixture
def store(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def stored(asked):
    """A function whose results may be stored; it notes when it works."""
    return remembered(lambda number: number, stored=True)(lambda number: asked.append(number) or 2 * number)


def test_a_spoilt_entry_and_another_program_count_as_nothing(stored, asked, store, tmp_path, monkeypatch):
    """And a program that was changed since it was loaded stores nothing."""
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
        before = load(folder, Problems())
        edit(folder / "data/facts.toml", 'value = "0800 55 500"', 'value = "0800 55 501"')
        after = load(folder, Problems())

    assert before.data.digest != after.data.digest
    assert after.guides == load(folder, Problems()).guides
