"""Facts age: who must look again and when, who is told, and how a fact is renewed."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from handouts.content import review
from handouts.content.data import Data, load_data
from handouts.errors import Problems, UsageError
from tests import test_web
from tests.build_tools import ROOT, assert_explained, build, invoke, invoke_command

COMMENTED = """\
# 法律

[port]            # 转网
statement = "转网以后可以要回余额。"
sources = [
  "bipt",         # 荷兰语
]
confidence = "high"
kind = "law"
read = 2025-11-20 # 存档副本
live = false

# 运营商

[phone]
statement = '客服电话。'
value = "+32 2 223 09 09"
sources = ["bipt"]
confidence = "medium"
kind = "operator"
read = 2025-11-20
review_by = 2026-01-31 # 换号之前
live = false
note = "看页面最下方"
"""


@pytest.fixture(scope="module")
def data(real_content) -> Data:
    return real_content.data


@pytest.fixture
def aged(folder):
    """Return a function that sets when facts of the small content were read, and loads it."""

    def aged(days: dict[str, str]) -> Data:
        path = folder / "data/facts.toml"
        text = path.read_text(encoding="utf-8").replace("review_by = 2027-01-31\n", "")
        for id, day in days.items():
            text = re.sub(
                rf"(\[{id}\][^\[]*?(?:\[[^\n]*\n[^\[]*?)?)read = [\d-]+", rf"\g<1>read = {day}", text
            )
        path.write_text(text, encoding="utf-8")
        problems = Problems()
        loaded = load_data(folder / "data", problems)
        assert problems == []
        return loaded

    return aged


# --- Which facts are due ----------------------------------------------------------------------------------------


def test_the_fact_due_first_comes_first(data):
    facts = review.by_age(data)

    assert len(facts) == len(data.facts) > 250
    assert [fact.due for fact in facts] == sorted(fact.due for fact in facts)
    assert facts[0].due < facts[-1].due


def test_a_fact_read_earlier_may_be_due_later(aged):
    """An operator's contact is trusted 120 days, the law a year."""
    data = aged({"port": "2026-08-01", "unsure": "2026-10-01"})

    assert [fact.id for fact in review.by_age(data)][:2] == ["unsure", "phone"]
    assert review.by_age(data)[2].id == "port"


def test_a_fact_is_overdue_on_the_day_after_its_last_day(aged):
    data = aged({"unsure": "2026-07-01"})
    last = date(2026, 7, 1) + timedelta(days=120)

    assert review.due_within(data, last, 0) == []
    assert [fact.id for fact in review.due_within(data, last + timedelta(days=1), 0)] == ["unsure"]


def test_the_table_tells_what_to_open_and_what_to_look_for(data):
    fact = next(fact for fact in data.facts.values() if fact.note)
    lines = list(review.table([fact], data, fact.due + timedelta(days=3)))

    assert lines[0].split() == [
        fact.due.isoformat(), "3", "days", "over", fact.kind, fact.confidence, "archive", fact.read.isoformat(), fact.id,
    ]  # fmt: skip
    assert lines[1].strip() == fact.statement
    assert [line.strip() for line in lines[2:-1]] == [f"open: {data.sources[id].url}" for id in fact.sources]
    assert lines[-1].strip() == f"look for: {fact.note}"
    assert "12 days left" in " ".join(next(review.table([fact], data, fact.due - timedelta(days=12))).split())


def test_a_late_fact_is_a_problem_at_its_line(aged, folder):
    data = aged({"unsure": "2026-07-01"})

    problems = review.late(folder / "data/facts.toml", data, date(2026, 12, 1))

    assert [str(problem) for problem in problems] == [
        "content/data/facts.toml:24: `unsure` was to be checked by 2026-10-29. "
        "Open its source, then ./inv facts renew unsure."
    ]
    assert review.late(folder / "data/facts.toml", aged({}), date(2026, 11, 20))[1:] == []


# --- The command ------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(folder) -> Path:
    """Small content whose facts are not due in this century, whatever the day."""
    _set_dates(folder, "read = 2026-11-20\nreview_by = 2099-01-01")
    return folder


@pytest.fixture
def stale(folder) -> Path:
    """Small content whose facts were all due long ago."""
    _set_dates(folder, "read = 2001-01-01")
    return folder


def _set_dates(folder: Path, dates: str) -> None:
    path = folder / "data/facts.toml"
    text = path.read_text(encoding="utf-8").replace("review_by = 2027-01-31\n", "")
    path.write_text(text.replace("read = 2026-11-20", dates), encoding="utf-8")


def test_due_says_that_nothing_is_due(fresh, tmp_path):
    done = invoke("facts", "--due", "--content", tmp_path / fresh)

    assert (done.returncode, done.stdout, done.stderr) == (0, "0 of 4 facts.\n", "")


def test_due_lists_what_is_due_and_fails(stale, tmp_path):
    done = invoke("facts", "--due", "--content", tmp_path / stale)

    assert done.returncode == 1
    assert "4 of 4 facts." in done.stdout
    assert done.stdout.count("open: https://") == 4
    assert re.findall(r"archive 2001-01-01  (\S+)", done.stdout) == ["phone", "unsure", "fee", "port"]


# --- Build and publish ------------------------------------------------------------------------------------------


@pytest.fixture
def late_guide(one_guide, tmp_path) -> tuple[Path, str]:
    """A content folder to build in which one fact is overdue, and the id of that fact."""
    folder = tmp_path / "late"
    shutil.copytree(one_guide, folder)
    path = folder / "data/facts.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^read = .*$", "read = 2026-11-20\nreview_by = 2099-01-01", text, flags=re.MULTILINE)
    text = re.sub(r"^review_by = (?!2099-01-01).*\n", "", text, flags=re.MULTILINE)
    text = text.replace("read = 2026-11-20\nreview_by = 2099-01-01", "read = 2001-01-01", 1)
    path.write_text(text, encoding="utf-8")
    return folder, re.search(r"^\[([a-z0-9-]+)\]", text, re.MULTILINE)[1]


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


def test_publishing_names_overdue_facts_with_all_else_that_is_wrong(late_guide, tmp_path):
    folder, id = late_guide
    with (folder / "pages/about.md").open("a", encoding="utf-8") as page:
        page.write("\n【待写】\n\n一句话。[@no-such-fact]\n")

    done = invoke("publish", "--content", folder, "--to", tmp_path / "site")

    assert_explained(done, 1, f"`{id}` was to be checked by", "【待写】 is left here", "no-such-fact")
    assert not (tmp_path / "site").exists()


# --- Renewing a fact --------------------------------------------------------------------------------------------


@pytest.fixture
def commented(folder) -> Path:
    """Facts with comments, odd quotes and lists over several lines."""
    path = folder / "data/facts.toml"
    path.write_text(COMMENTED, encoding="utf-8", newline="\n")
    return path


def changed(before: str, after: str) -> list[str]:
    """Return the lines that differ, as `- old` and `+ new`."""
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_renewing_changes_the_date_and_nothing_else(commented):
    review.renew(commented, ["port"], date(2027, 3, 1))

    assert changed(COMMENTED, commented.read_text(encoding="utf-8")) == [
        "- read = 2025-11-20 # 存档副本",
        "+ read = 2027-03-01 # 存档副本",
        "- live = false",
        "+ live = true",
    ]


def test_a_date_set_for_the_last_look_goes_when_it_has_passed(commented):
    review.renew(commented, ["phone"], date(2027, 3, 1))

    assert [
        line for line in changed(COMMENTED, commented.read_text(encoding="utf-8")) if "review_by" in line
    ] == ["- review_by = 2026-01-31 # 换号之前"]


def test_a_date_set_for_a_later_look_stays(commented):
    review.renew(commented, ["phone"], date(2026, 1, 1))

    assert "review_by = 2026-01-31 # 换号之前" in commented.read_text(encoding="utf-8")


def test_a_fact_that_is_not_there_cannot_be_renewed(data):
    with pytest.raises(UsageError, match=r"There is no fact `gone`\. \./inv facts lists them all\."):
        review.find(data, ["gone"])


def renew(content: Path, id: str, answer: str) -> subprocess.CompletedProcess[str]:
    """Run `facts renew` as somebody who answers so."""
    return subprocess.run(
        invoke_command("facts", "renew", id, "--content", content),
        input=answer,
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_it_shows_the_page_and_asks_and_a_yes_renews(commented, folder, tmp_path):
    done = renew(tmp_path / folder, "port", "y\n")

    assert done.returncode == 0, done.stderr
    assert "open: https://bipt.be/port" in done.stdout
    assert "Does the live page say exactly this today? [y/N]" in done.stdout
    lines = changed(COMMENTED, commented.read_text(encoding="utf-8"))
    assert [line[:7] for line in lines] == ["- read ", "+ read ", "- live ", "+ live "]


@pytest.mark.parametrize("answer", ["n\n", "\n", "maybe\n"])
def test_without_a_yes_nothing_changes(commented, folder, tmp_path, answer):
    done = renew(tmp_path / folder, "port", answer)

    assert done.returncode == 1
    assert "Nothing was changed. Correct the statement in facts.toml first." in done.stderr
    assert commented.read_text(encoding="utf-8") == COMMENTED


# --- What readers see -------------------------------------------------------------------------------------------

PAGE = "operators/base/"


address = test_web.address
open_page = test_web.open_page


@pytest.fixture
def marked(open_page, address) -> Callable[..., dict[str, int]]:
    """Return a function that opens a page on a given day and counts the facts that it marks as aged."""
    page = open_page("")

    def marked(day: date, path: str = PAGE) -> dict[str, int]:
        page.clock.set_fixed_time(f"{day}T12:00:00Z")
        test_web.reload(page, address + path)  # marks come by a script that a script asks for
        return {
            "sources": page.locator(".source .overdue").count(),
            "references": page.locator(".ref .overdue").count(),
            "words": set(page.locator(".overdue").all_text_contents()),
        }

    return marked


NONE = {"sources": 0, "references": 0, "words": set()}


def test_after_its_day_and_not_before_a_fact_is_marked_in_words_at_its_source_and_its_references(
    marked, data
):
    operator = data.operators["base"]
    dues = sorted({data.facts[id].due for id in operator.facts})
    due = [id for id in operator.facts if data.facts[id].due <= dues[0]]
    assert dues[0] < dues[-1]
    assert marked(dues[0]) == NONE  # nor on the last day itself

    some = marked(dues[0] + timedelta(days=1))

    assert some["sources"] == len(due) > 0
    assert some["references"] >= len(due)
    assert some["words"] == {data.ui["source"]["overdue"]}
    assert some["sources"] < marked(dues[-1] + timedelta(days=1))["sources"] == len(operator.facts)


def test_guides_pages_and_posts_are_marked_alike(marked):
    for path in ("prepaid/", "lost/", "posts/voo-orange/"):
        assert marked(date(2040, 1, 1), path)["sources"] > 3
        assert marked(date(2026, 11, 21), path) == NONE
