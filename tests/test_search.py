"""What the search finds, in a reader's browser: the table of queries, brands, scripts, and what happens when nothing works."""

import gzip
import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable
from itertools import product, starmap

import pytest

from handouts.errors import Problems
from handouts.site.search import check_answers
from tests.build_tools import ROOT, loaded
from tests.web_tools import script

QUERIES = tomllib.loads((ROOT / "tests/cases/queries.toml").read_text("utf-8"))["query"]
LIBRARY = ROOT / "theme/static/js/vendor/minisearch.js"
DECISION = (ROOT / "docs/decisions/0014-search-library.md").read_text("utf-8")


@pytest.fixture
def found(open_page, address) -> Callable[[dict], dict]:
    """Return a function that gives for each (query, operator) the addresses found; places of one title are together."""
    page = open_page("search/")

    def found(queries: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[list[str]]]:
        queries = list(queries)
        return dict(zip(queries, page.evaluate(script("find"), [address, queries]), strict=True))

    return found


def answers(url: str, place: str) -> bool:
    """Tell whether an address is a place, or a section of a page that is one."""
    return url == place if "#" in place else url.partition("#")[0].startswith(place)


def test_every_query_is_answered_among_the_first_three_and_those_of_search_toml_first(found):
    wanted = {(query["typed"], query.get("operator", "")): query["to"] for query in QUERIES}
    results = {typed: [urls[0] for urls in result[:3]] for typed, result in found(wanted).items()}
    places = {typed: product(urls, wanted[typed]) for typed, urls in results.items()}
    assert [typed for typed, pairs in places.items() if not any(starmap(answers, pairs))] == []

    table = tomllib.loads((ROOT / "content/data/search.toml").read_text("utf-8")).values()
    wanted = {(typed, ""): answer["to"] for answer in table for typed in answer["typed"]}
    assert [typed for typed, result in found(wanted).items() if wanted[typed] not in result[0]] == []


def test_everything_is_found_by_its_own_title(found, site):
    """Every page but lists and sheets, sections, steps, questions, operators, letters, phrases, words."""
    records = json.loads((site / "search.json").read_text("utf-8"))["records"]
    pages = {path.parent.relative_to(site).as_posix() for path in site.rglob("*/index.html")}
    lists = re.compile(r"[.]|operators|posts|search|offline|categories/.*|.*/sheet")
    missing = pages - {record["url"].partition("/#")[0].rstrip("/") for record in records}
    assert {page for page in missing if not lists.fullmatch(page)} == set()
    results = found({(record["title"], "") for record in records})

    for record in records:
        urls = [url for urls in results[record["title"], ""][:12] for url in urls]
        assert record["url"] in urls, record
        path, _, id = record["url"].partition("#")  # and that place is there
        assert not id or f'id="{id}"' in (site / path / "index.html").read_text("utf-8"), record
    assert {record["kind"] for record in records} == {
        "guide", "section", "step", "page", "operator", "topic", "phrase", "letter", "term",
    }  # fmt: skip


def test_an_operator_that_is_named_comes_first_and_one_that_was_chosen_comes_higher(found, data):
    results = found((f"{brand.name} 怎么办", "") for brand in data.operators.values())
    for (_, result), id in zip(results.items(), data.operators, strict=True):
        assert result[0][0].startswith(f"operators/{id}/"), id

    before, after = (urls[0][0] for urls in found([("余额", ""), ("余额", "jim")]).values())
    assert "jim" not in before
    assert after == "operators/jim/#refund"


def test_a_result_says_what_it_is_and_leads_to_its_section(open_page, address):
    page = open_page("search/?q=1999")
    first = page.locator(".search__result").first

    assert first.locator(".search__trail").inner_text() == "运营商 › BASE"
    assert set(first.locator("mark").all_inner_texts()) == {"1999"}
    first.locator("a").first.click()
    page.wait_for_url(f"{address}operators/base/#phone")


def test_the_chosen_operator_is_shown_and_taken_back_with_a_tap(open_page):
    page = open_page("search/?q=退余额", before="localStorage['operator:1'] ??= 'jim'")
    first = page.locator(".search__title").first
    page.get_by_text("已选 JIM Mobile，记在这台手机上").wait_for()
    assert "JIM" in first.inner_text()

    page.get_by_role("button", name="取消").click()

    assert page.locator(".search__own").inner_text() == ""
    assert "JIM" not in first.inner_text()
    assert page.evaluate("({...localStorage})") == {}


def test_search_works_by_keyboard_alone(open_page):
    page = open_page("search/?q=opzeggen")
    assert "也找了：终止" in page.locator(".search__count").inner_text()  # as the glossary calls it
    page.fill("#q", "")
    page.keyboard.type("BASE")
    page.locator(".search__result").first.wait_for()

    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "search__title"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("operators/base/"))


def test_the_page_is_never_empty(open_page):
    page = open_page("search/")
    for typed in ("zzzz", "𠀀", "﷽", "()", "<script>alert(1)</script>", "的", "?!"):
        page.fill("#q", "")
        page.locator(".search__count:empty").wait_for(state="attached")
        page.fill("#q", typed)

        page.locator(".search__count:not(:empty)").wait_for()
        assert page.locator(".instead a").count() > 10, typed
        assert page.locator("[data-search] :is(script, img)").count() == 0, typed
    page.fill("#q", "<img src=x onerror=alert(1)>")
    page.reload()  # a query stays in the address
    assert page.input_value("#q") == "<img src=x onerror=alert(1)>"
    assert page.locator("[data-search] :is(script, img)").count() == 0


def test_without_scripts_or_a_file_of_the_search_that_is_said_and_other_ways_are_shown(open_page):
    for lost in (r"search\.json", r"find\.js", r"minisearch\.js", ""):
        missing = {"block": lost, "expected": "Failed to|ERR_FAILED"}
        page = open_page("search/?q=BASE", **(missing if lost else {"java_script_enabled": False}))
        if lost:
            page.locator(".search__count:not(:empty)").wait_for()
            assert page.locator(".search__count").inner_text().startswith("搜索用的文件没有读到")
        else:
            assert "JavaScript" in page.locator("noscript p").inner_text()
        assert page.locator(".instead a").count() > 10
        assert page.locator(".instead a").first.is_visible()


def test_library_and_index_are_small_and_come_with_the_first_letter(site, open_page, address):
    parts = ("search.json", "theme/js/search.js", "theme/js/find.js", "theme/js/vendor/minisearch.js")
    assert sum(len(gzip.compress((site / part).read_bytes(), 6)) for part in parts) < 120_000
    assert (site / "search.json").stat().st_size < 600_000  # half a second to read on an old phone

    page = open_page("search/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.wait_for_timeout(100)
    assert asked == []
    page.fill("#q", "BASE")
    page.locator(".search__result").first.wait_for()
    assert {"search.json", "theme/js/vendor/minisearch.js"} <= set(asked)


def test_the_library_is_the_published_file_with_its_licence():
    """Its version and digest are in the decision that chose it."""
    assert f"`{hashlib.sha256(LIBRARY.read_bytes()).hexdigest()}`" in DECISION
    licence = LIBRARY.with_name("minisearch.LICENSE.txt").read_text("utf-8")
    assert "Permission is hereby granted, free of charge" in licence
    assert re.search(r"MiniSearch \d+\.\d+\.\d+", DECISION)


def test_words_that_lead_nowhere_are_a_fault_of_the_content(tmp_path):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    table = tmp_path / "content/data/search.toml"
    table.write_text('[lost]\ntyped = ["丢卡"]\nto = "lost/#gone"\n', "utf-8")
    problems = Problems()
    check_answers(loaded(tmp_path / "content")[0], problems)

    assert [str(problem) for problem in problems] == [
        f"{table}:3: Nothing that can be found is at `lost/#gone`. Write a page, or a section as `page/#id`."
    ]
