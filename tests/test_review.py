"""Facts age: who must look again and when, who is told, and how a fact is renewed."""

import difflib
import os
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from handouts.content import review
from handouts.content.data import Data, load_data
from handouts.errors import Problems
from tests.build_tools import CASES, assert_explained, build, invoke, invoke_command, run
from tests.web_tools import reload

COMMENTED = (CASES / "commented.toml").read_text("utf-8")
"""Facts with comments, odd quotes and lists over several lines."""


@pytest.fixture
def aged(folder) -> Callable[..., Data]:
    """Return a function that sets when facts of the small content were read, and loads it."""

    def aged(**days: str) -> Data:
        path = folder / "data/facts.toml"
        facts = path.read_text("utf-8").replace("review_by = 2027-01-31\n", "").split("\n\n")
        for number, fact in enumerate(facts):
            id = fact.partition("]")[0].lstrip("[")
            facts[number] = re.sub(r"(?m)^read = .*", f"read = {days.get(id, '2026-11-20')}", fact)
        path.write_text("\n\n".join(facts), "utf-8")
        problems = Problems()
        loaded = load_data(folder / "data", problems)
        assert problems == []
        return loaded

    return aged


def test_the_fact_due_first_comes_first(data, aged):
    """A fact read earlier may be due later: an operator's contact is trusted 120 days, the law a year."""
    assert len(review.by_age(data)) == len(data.facts)
    facts = review.by_age(aged(port="2026-08-01", unsure="2026-10-01"))
    assert [fact.id for fact in facts][:3] == ["unsure", "phone", "port"]


def test_a_fact_is_overdue_on_the_day_after_its_last_day_and_named_at_its_line(aged, folder):
    data, last = aged(unsure="2026-07-01"), date(2026, 7, 1) + timedelta(days=120)

    assert review.due_within(data, last, 0) == []
    assert [fact.id for fact in review.due_within(data, last + timedelta(days=1), 0)] == ["unsure"]
    assert list(map(str, review.late(folder / "data/facts.toml", data, date(2026, 12, 1)))) == [
        "content/data/facts.toml:24: `unsure` was to be checked by 2026-10-29. "
        "Open its source, then ./inv facts renew unsure."
    ]


def test_the_table_tells_what_to_open_and_what_to_look_for(data):
    fact = next(fact for fact in data.facts.values() if fact.note)
    first, statement, *pages, note = map(str.strip, review.table([fact], data, fact.due + timedelta(days=3)))

    read = [fact.kind, fact.confidence, "archive", fact.read.isoformat(), fact.id]
    assert first.split() == [fact.due.isoformat(), "3", "days", "over", *read]
    assert statement == fact.statement
    assert pages == [f"open: {data.sources[id].url}" for id in fact.sources]
    assert note == f"look for: {fact.note}"
    assert "12 days left" in " ".join(next(review.table([fact], data, fact.due - timedelta(days=12))).split())


DUE = {"2099-01-01": [], "2001-01-01": ["phone", "unsure", "fee", "port"]}


@pytest.mark.parametrize(("read", "due"), DUE.items(), ids=DUE)
def test_due_lists_what_is_due_and_fails_if_anything_is(aged, tmp_path, read, due):
    aged(**dict.fromkeys(("port", "fee", "phone", "unsure"), read))

    done = invoke("facts", "--due", "--content", tmp_path / "content")

    assert (done.returncode, done.stderr) == (bool(due), "")
    assert done.stdout.endswith(f"{len(due)} of 4 facts.\n")
    assert done.stdout.count("open: https://") == len(due)
    assert re.findall(r"archive 2001-01-01  (\S+)", done.stdout) == due


@pytest.fixture
def late_guide(one_guide, tmp_path) -> tuple[Path, str]:
    """A content folder to build in which one fact is overdue, and the id of that fact."""
    folder = shutil.copytree(one_guide, tmp_path / "late")
    path = folder / "data/facts.toml"
    text = re.sub(r"(?m)^read = .*\nreview_by = .*", "read = 2001-01-01", path.read_text("utf-8"), count=1)
    path.write_text(text, "utf-8")
    return folder, re.findall(r"(?m)^\[([a-z0-9-]+)\]", text.partition("read = 2001-01-01")[0])[-1]


def test_a_build_warns_of_an_overdue_fact_and_goes_on(late_guide, tmp_path):
    folder, id = late_guide
    done = build(folder, tmp_path / "site")

    assert done.returncode == 0
    assert (tmp_path / "site/index.html").is_file()
    assert re.fullmatch(
        rf"{re.escape(str(folder))}/data/facts\.toml:\d+: `{id}` was to be checked by 200\d-\d\d-\d\d\. "
        rf"Open its source, then \./inv facts renew {id}\. \(warning\)\n",
        done.stderr,
    )
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:  # to read the warning
        again = run(
            *invoke_command("build", "--content", folder, "--output", tmp_path / "site"), stderr=nobody
        )
    assert again.returncode == 0


def test_publishing_names_overdue_facts_with_all_else_that_is_wrong(late_guide, tmp_path):
    folder, id = late_guide
    page = folder / "pages/about.md"
    text = re.sub(r"(?m)^updated: .*", "updated: 2099-01-01", page.read_text("utf-8"))
    page.write_text(f"{text}\n【待写】\n\n一句话。[@no-such-fact]\n", "utf-8")

    done = invoke("publish", "--content", folder, "--to", tmp_path / "site")

    assert_explained(
        done, 1, f"`{id}` was to be checked by", "【待写】 is left here", "no-such-fact", "a day to come"
    )
    assert not (tmp_path / "site").exists()


@pytest.fixture
def commented(folder) -> Path:
    path = folder / "data/facts.toml"
    path.write_text(COMMENTED, "utf-8", newline="\n")
    return path


def changed(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_renewing_changes_the_date_and_nothing_else(commented):
    """A date set for the last look goes when it has passed, and one for a later look stays."""
    review.renew(commented, ["port"], date(2027, 3, 1))
    assert changed(COMMENTED, commented.read_text("utf-8")) == [
        "- read = 2025-11-20 # 存档副本", "+ read = 2027-03-01 # 存档副本", "- live = false", "+ live = true",
    ]  # fmt: skip

    review.renew(commented, ["phone"], date(2026, 1, 1))
    assert "review_by = 2026-01-31 # 换号之前" in commented.read_text("utf-8")
    review.renew(commented, ["phone"], date(2027, 3, 1))
    assert "review_by" not in commented.read_text("utf-8")


@pytest.mark.parametrize("answer", ["y\n", "\n", "maybe\n"])
def test_it_shows_the_page_and_asks_and_a_yes_alone_renews(commented, folder, tmp_path, answer):
    done = run(*invoke_command("facts", "renew", "port", "--content", tmp_path / folder), input=answer)

    assert "open: https://bipt.be/port" in done.stdout
    assert "Does the live page say exactly this today? [y/N]" in done.stdout
    lines = [line[:7] for line in changed(COMMENTED, commented.read_text("utf-8"))]
    renewed = (0, ["- read ", "+ read ", "- live ", "+ live "])
    assert (done.returncode, lines) == (renewed if answer == "y\n" else (1, []))
    assert ("Nothing was changed. Correct the statement in facts.toml first." in done.stderr) is (not lines)


PAGE = "operators/base/"


@pytest.fixture
def marked(open_page, address) -> Callable[..., dict[str, int]]:
    """Return a function that opens a page on a given day and counts the facts that it marks as aged."""
    page = open_page("")

    def marked(day: date, path: str = PAGE) -> dict[str, int]:
        page.clock.set_fixed_time(f"{day}T12:00:00Z")
        reload(page, address + path)  # marks come by a script that a script asks for
        return {
            "sources": page.locator(".source .overdue").count(),
            "references": page.locator(".ref .overdue").count(),
            "words": set(page.locator(".overdue").all_text_contents()),
        }

    return marked


NONE = {"sources": 0, "references": 0, "words": set()}


def test_after_its_day_and_not_before_a_fact_is_marked_in_words_at_source_and_references(marked, data):
    ids = data.operators["base"].facts
    dues = sorted({data.facts[id].due for id in ids})
    due = [id for id in ids if data.facts[id].due <= dues[0]]
    assert dues[0] < dues[-1]
    assert marked(dues[0]) == NONE  # nor on the last day itself

    some = marked(dues[0] + timedelta(days=1))

    assert some["sources"] == len(due) > 0
    assert some["references"] >= len(due)
    assert some["words"] == {data.ui["source"]["overdue"]}
    assert some["sources"] < marked(dues[-1] + timedelta(days=1))["sources"] == len(ids)


def test_guides_pages_and_posts_are_marked_alike(marked):
    for path in ("prepaid/", "lost/", "posts/voo-orange/"):
        assert marked(date(2040, 1, 1), path)["sources"] > 3
        assert marked(date(2026, 11, 21), path) == NONE
