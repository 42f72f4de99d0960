"""The copy on the reader's device: there without network, and never in the way of what is new.

In a real browser, from a real host that goes away, changes, and sends nonsense.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Error, Page

from handouts.paths import WORKER
from handouts.site.assets import ROOM, write_worker
from handouts.site.settings import UNREGISTER
from tests.build_tools import ROOT, run
from tests.web_tools import PHONE, Host, script

CODE = (ROOT / "theme/worker.js").read_text("utf-8").replace("PATIENCE = 4000", "PATIENCE = 60000")
"""The worker, with the patience that the host of a test on a busy machine may need."""
WORDS = {"shown": "副本 {date}。", "old": "旧了 {days} 天。"}
READY = "navigator.serviceWorker.controller?.state === 'activated'"
UPDATE = "navigator.serviceWorker.getRegistration().then(one => one.update().then(() => {}))"
HELD, COPIES = script("held"), script("copies")


@pytest.fixture
def own_site(site, tmp_path) -> Path:
    """A copy of the built site that a test may change, without most of its operators' pages, sheets and pictures."""
    operators = {path.name for path in (site / "operators").iterdir()} - {"index.html", "base"}
    ignored = shutil.ignore_patterns("*-*.pdf", "*phone*.png", *operators)
    own = Path(shutil.copytree(site, tmp_path / "site", ignore=ignored))
    for number in range(14):
        (own / f"handouts/test-{number:02}.pdf").write_bytes(b"%PDF")
    write_worker(own, CODE, WORDS)
    return own


@pytest.fixture
def host(own_site) -> Iterator[Host]:
    """The site below a folder, as GitHub Pages serves a project."""
    host = Host(own_site, "/guides/")
    yield host
    host.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the home page of a host in a new browser and waits for the copy."""
    contexts, foreign = [], []

    def visit(host: Host, path: str = "", *, wait: bool = True, **options) -> Page:
        context = browser.new_context(viewport=PHONE, **options)
        contexts.append(context)
        context.on("request", lambda request: foreign.append(request.url))
        page = context.new_page()
        page.goto(host.address + path)
        if wait:
            until(page, READY)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [url for url in foreign if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


def publish(site: Path, old: str, new: str, *names: str) -> None:
    """Change a text of the site, and write its worker anew, as a build does."""
    for name in names:
        path = site / name
        html = path.read_text("utf-8")
        assert old in html
        path.write_text(html.replace(old, new), "utf-8")
    write_worker(site, CODE, WORDS)


def newest_worker(page: Page, site: Path) -> None:
    """Let the browser look for a new worker, unless it did by itself, and wait until the copy is the new one's."""
    page.evaluate(UPDATE)
    digests = site_of((site / WORKER).read_text("utf-8"))["files"].values()
    until(page, f"({HELD})().then(held => held === '{' '.join(sorted(digests))}')")


def until(page: Page, claim: str) -> None:
    """Wait until something, perhaps a promise of it, is true in the page."""
    for _ in range(1000):
        if page.evaluate(claim):
            return
        page.wait_for_timeout(20)
    raise AssertionError(claim)


@pytest.mark.parametrize("below", ["/", "/guides/"])
def test_after_one_visit_everything_to_read_is_there_without_network(own_site, visit, below):
    host = Host(own_site, below)
    page = visit(host)
    host.close()

    for path in (
        "",
        "prepaid/",
        "prepaid/?v=00000000",
        "operators/base/",
        "posts/",
        "mobile/sheet/",
        "letters/",
    ):
        page.goto(host.address + path)
        assert re.fullmatch(r"副本 \d{4}-\d\d-\d\d。", page.locator(".copy").inner_text())
    assert page.locator("#compose-name").is_visible()
    page.goto(f"{host.address}search/?q=opzeggen")
    page.locator(".search__results a").first.wait_for()
    page.goto(f"{host.address}prepaid/")
    page.check("#unbind .step__box")
    page.locator(".dates summary").click()
    page.fill("#date-flight", "2027-03-15")
    assert page.locator(".ticking__count").is_visible()
    assert page.locator(".day time").count() >= 5
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).borderBottomStyle") == "solid"
    page.emulate_media(media="print")
    assert not page.locator(".copy").is_visible()
    page.goto(f"{host.address}prepaid/sheet/")
    assert all(field.is_visible() for field in page.locator('[name*="-call-"]').all())
    assert len(pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))) == 1


def test_a_sheet_once_opened_is_kept_and_another_is_said_to_be_missing(host, visit):
    page = visit(host)
    page.evaluate("fetch('handouts/prepaid.pdf').then(answer => answer.blob())")
    until(page, "caches.keys().then(names => names.length === 2)")
    host.close()

    assert page.evaluate("fetch('handouts/prepaid.pdf').then(answer => answer.ok)")
    page.goto(f"{host.address}4g/sheet.png")
    assert page.locator("h1").inner_text() == "没连上网站"
    assert page.locator(".choice").count() == 5


def test_only_the_last_sheets_that_were_opened_are_kept(host, visit):
    page = visit(host)
    names = [f"test-{number:02}.pdf" for number in range(14)]

    for name in names:
        page.evaluate(f"fetch('handouts/{name}').then(answer => answer.blob())")

    until(page, f"""({COPIES})().then(all => JSON.stringify(all).includes("{names[-1]}"))""")
    until(page, f"""({COPIES})().then(all => !JSON.stringify(all).includes("{names[1]}"))""")
    (kept,) = (urls for name, urls in page.evaluate(COPIES).items() if "opened" in name)
    assert [url.rpartition("/")[2] for url in kept] == names[2:]


@pytest.mark.parametrize("fault", [(0, b""), (503, b"later")], ids=["keeps silent", "fails"])
def test_a_host_that_is_there_and_does_not_answer_gives_the_copy_of_that_page_only(host, visit, fault):
    if not fault[0]:
        write_worker(host.folder, CODE.replace("PATIENCE = 60000", "PATIENCE = 500"), WORDS)
    page = visit(host)
    host.faults["prepaid/"] = fault

    page.goto(f"{host.address}prepaid/")

    assert page.locator(".copy").is_visible()
    if fault[0]:
        page.goto(f"{host.address}4g/")
        assert not page.locator(".copy").count()


def test_what_is_published_shows_at_the_next_visit_and_then_also_without_network(host, visit):
    page = visit(host)
    publish(host.folder, "你要停掉哪种卡？</h1>", "新的问题？</h1>", "index.html")

    page.goto(host.address)
    assert page.locator("h1").inner_text() == "新的问题？"
    assert not page.locator(".copy").count()
    newest_worker(page, host.folder)
    host.close()
    page.goto(host.address)

    assert page.locator("h1").inner_text() == "新的问题？"
    assert page.locator(".copy").is_visible()
    page.evaluate(script("age"))
    page.reload()
    assert "旧了 40 天。" in page.locator(".copy").inner_text()


def test_of_a_new_version_only_what_changed_is_fetched_and_what_is_old_goes(host, visit):
    page = visit(host)
    before = page.evaluate(COPIES)
    publish(host.folder, "你要停掉哪种卡？</h1>", "新的问题？</h1>", "index.html")
    host.asked.clear()

    newest_worker(page, host.folder)

    assert sorted(host.asked) == ["/guides/", "/guides/sw.js"]
    after = page.evaluate(COPIES)
    assert after.keys() == before.keys()
    (name,) = before
    assert len(set(after[name]) - set(before[name])) == len(set(before[name]) - set(after[name])) == 1


BROKEN = {
    "throws": (200, b"throw new Error('broken');"),
    "is no script": (200, b"{{{"),
    "fails": (500, b""),
    "is gone": (404, b""),
    "is a page": (200, b"<!doctype html><p>"),
}


def test_a_broken_worker_keeps_nobody_from_the_newest_page(host, visit):
    page = visit(host)
    shown = "你要停掉哪种卡？"

    for number, fault in enumerate(BROKEN.values()):
        publish(host.folder, f"{shown}</h1>", f"第 {number} 问</h1>", "index.html")
        shown = f"第 {number} 问"
        host.faults[WORKER] = fault
        for one in (page, visit(host, wait=False)):
            one.goto(host.address)
            assert one.locator("h1").inner_text() == shown
            assert not one.locator(".copy").count()


def test_a_copy_that_cannot_be_made_whole_leaves_the_one_before(host, visit):
    """A file that differs from its digest, as in the middle of an upload, or one that is missing."""
    page = visit(host)
    publish(host.folder, "你要停掉哪种卡？</h1>", "新的问题？</h1>", "index.html")
    (host.folder / "index.html").write_text("<p>half", "utf-8")

    page.evaluate(UPDATE)
    until(page, "navigator.serviceWorker.getRegistration().then(one => !one.installing && !one.waiting)")
    host.close()
    page.goto(host.address)

    assert page.locator("h1").inner_text() == "你要停掉哪种卡？"
    assert page.locator(".copy").is_visible()


def test_the_copy_can_be_taken_back_from_everybody(host, visit):
    page = visit(host)
    page.evaluate("caches.open('of another site')")
    (host.folder / WORKER).write_bytes(UNREGISTER.read_bytes())

    page.evaluate(UPDATE)
    until(page, "caches.keys().then(names => names.length === 1)")

    assert list(page.evaluate(COPIES)) == ["of another site"]
    host.close()
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        page.goto(f"{host.address}?anew")  # else the browser's own cache may answer


def test_who_saves_data_gets_no_copy(host, browser):
    saving = "Object.defineProperty(Navigator.prototype, 'connection', {get: () => ({saveData: true})});"
    context = browser.new_context()
    context.add_init_script(saving)
    page = context.new_page()
    page.goto(host.address, wait_until="networkidle")

    assert not page.evaluate("navigator.serviceWorker.getRegistration()")
    context.close()


@pytest.mark.thorough
def test_the_setting_that_takes_it_back_publishes_that_and_asks_for_no_new_one(tmp_path):
    pelican = (sys.executable, "-m", "pelican", "-s", ROOT / "pelicanconf.py")
    assert run(*pelican, "-o", tmp_path, "-e", "OFFLINE=false").returncode == 0
    assert (tmp_path / WORKER).read_bytes() == UNREGISTER.read_bytes()
    assert not [page for page in tmp_path.rglob("*.html") if "offline.js" in page.read_text("utf-8")]


def site_of(worker: str) -> dict:
    """Return what the worker knows of the site."""
    return json.loads(worker.removeprefix("const SITE = ").partition(";\n\n// Keep")[0])


def test_the_copy_holds_what_can_be_read_and_no_sheet_to_print(site):
    files = site_of((site / WORKER).read_text("utf-8"))["files"]

    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}
    assert pages < files.keys()
    assert {
        "search.json",
        "theme/css/web.css",
        "theme/js/calendar.js",
        "theme/icons/favicon.svg",
    } < files.keys()
    assert not [name for name in files if name.endswith((".pdf", ".png", ".xml"))]


def test_of_a_site_too_large_for_a_phone_the_copy_holds_what_is_needed_first(tmp_path):
    parts = {"index.html": 2, "a/index.html": 5, "b/index.html": 9, "c/index.html": 2, "a/b/index.html": 3}
    for name, tenths in parts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(tenths * ROOM // 10))
    write_worker(tmp_path, CODE, WORDS)

    files = site_of((tmp_path / WORKER).read_text("utf-8"))["files"]
    assert list(files) == ["a/index.html", "index.html"]
