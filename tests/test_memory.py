"""What is remembered, and when."""

import pytest

from handouts.cache import memoize as memory
from handouts.cache.disk import Cache
from handouts.cache.memoize import remembered, remembering, storing
from handouts.content.loader import load
from handouts.errors import Problems
from tests.build_tools import guide_text, write_content


def test_a_link_follows_its_page_in_what_guides_share_too(tmp_path):
    """Where it leads is not in the file that was read before."""
    folder = write_content(tmp_path / "content")
    page = folder / "pages/complaint.md"

    with remembering():
        load(folder, Problems())
        page.write_text(page.read_text("utf-8").replace("\nslug: complaint\n", "\nslug: moved\n"), "utf-8")
        guide = load(folder, Problems()).guides[0]

    assert 'href="../moved/"' in guide.section("complain").intro


def test_problems_are_named_each_time(tmp_path):
    folder = write_content(tmp_path / "content")
    (folder / "data/phrases.toml").write_text("[cancel]\nzh = 1\n", encoding="utf-8")

    with remembering():
        found = [
            sorted(map(str, problems)) for problems in (Problems(), Problems()) if load(folder, problems)
        ]

    assert found[0] == found[1] != []


def test_a_fault_is_named_on_the_line_where_it_stands_now(tmp_path):
    """The lines of the front matter are not in the text, but move it."""
    bad = guide_text().replace("{#before-1}", "")
    folder = write_content(tmp_path / "content", bad)
    first, second = Problems(), Problems()

    with remembering():
        load(folder, first)
        (folder / "guides/mobile.md").write_text(bad.replace("\norder:", "\n\norder:", 1), encoding="utf-8")
        load(folder, second)

    assert [problem.line for problem in second] == [problem.line + 1 for problem in first] != []


# --- On disk, for the next build -------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def stored(asked):
    """A function whose results may be stored; it notes when it works."""

    @remembered(lambda number: ("double", number), stored=True)
    def stored(number: int) -> dict[str, int]:
        asked.append(number)
        return {"double": 2 * number}

    return stored


def test_a_spoilt_entry_and_another_program_count_as_nothing(stored, asked, store, tmp_path, monkeypatch):
    with storing(store):
        stored(1)
        (entry,) = (tmp_path / "cache").iterdir()
        entry.write_bytes(entry.read_bytes()[:-1])
        stored(1)
    monkeypatch.setattr(memory, "LOADED", b"another version")
    monkeypatch.setattr(memory, "code_digest", lambda: b"another version")
    with storing(store):
        stored(1)

    assert asked == [1, 1, 1]


def test_a_program_that_was_changed_since_it_was_loaded_stores_nothing(stored, asked, store, monkeypatch):
    monkeypatch.setattr(memory, "code_digest", lambda: b"saved just now")
    for _ in range(2):
        with storing(store):
            stored(1)

    assert asked == [1, 1]


def test_a_changed_fact_is_read_anew_everywhere(tmp_path, store):
    folder = write_content(tmp_path / "content")
    with storing(store):
        before = load(folder, Problems())
        facts = folder / "data/facts.toml"
        facts.write_text(facts.read_text("utf-8").replace("0800 55 500", "0800 55 501"), "utf-8")
        after = load(folder, Problems())

    assert before.data.digest != after.data.digest
    assert after.guides == load(folder, Problems()).guides
