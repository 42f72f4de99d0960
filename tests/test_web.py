"""What the pages do in a reader's browser, served as they will be served: with the real headers."""

import gzip
import json
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import ImageChops
from playwright.sync_api import Page

from handouts.model import DIAGRAMS
from handouts.site.calendar import plan
from tests.build_tools import GUIDES, ROOT, SITE
from tests.test_pages import check_form
from tests.web_tools import NOW, PHONE, VISITS, WECHAT, reload, script


def tick(page: Page, *ids: str) -> None:
    for id in ids:
        page.check(f"#{id} .step__box")


def ticked(page: Page) -> list[str]:
    return page.locator(".step__box:checked").evaluate_all("all => all.map(box => box.closest('.step').id)")


def saved(page: Page) -> dict[str, str]:
    return page.evaluate("({...localStorage})")


def printed(page: Page) -> list[str]:
    document = pdfium.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    return [leaf.get_textpage().get_text_bounded() for leaf in document]


def test_the_masthead_is_one_line_and_dark_is_dark(open_page):
    page = open_page("", color_scheme="light")

    for width in (320, 345, 360, 390, 430):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.locator(".masthead").bounding_box()["height"] < 60, width
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != light


USELESS = "button:not([popovertarget]), input:not(.tick__box, .field, .step__box)"
SCRIPTS = (
    "dom", "page", "kept", "operator", "flight", "ticks", "dock", "tools", "calendar", "ics", "version", "offline",
)  # fmt: skip


def test_pages_whose_scripts_fail_to_load_still_read_and_print(open_page, address):
    """One script of a guide, or all of each kind of page."""
    page = open_page("operators/", expected="Failed to (load|fetch)|ERR_FAILED")
    for lost in (*SCRIPTS, r"\w+"):
        page.unroute_all()
        page.route(re.compile(rf"/js/{lost}\.js"), lambda route: route.abort())
        page.goto(f"{address}prepaid/?v=00000000")
        page.locator(".dates summary").click()
        page.check("#unbind .step__box")
        assert page.locator(".answer").is_visible(), lost
        assert page.locator(".day").first.is_visible(), lost
    for path in ("", "search/", "letters/", "operators/base/", "mobile/sheet/", "prepaid/"):
        page.goto(address + path)
        assert page.locator("h1").is_visible()
        assert page.locator(USELESS).count() == 0, path
        assert len(printed(page)) >= 1


def test_a_page_that_is_not_there_is_shown_whole_at_any_depth(open_page):
    page = open_page("no/such/page/", expected="404")

    assert page.locator("h1").inner_text() == "没有这一页"
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).borderBottomStyle") == "solid"
    page.locator(".choice").first.click()
    page.wait_for_url(re.compile(r"^http://[^/]+/prepaid/$"))


def test_a_report_page_without_an_address_says_how_else(open_page):
    assert "请告诉把网址或核对表给你的人" in open_page("report/").locator("main").inner_text()


def test_ticks_are_counted_in_words_saved_forgotten_as_the_reader_asks_and_printed_without_the_bar(open_page):
    page = open_page("prepaid/")
    assert not page.locator(".ticking").is_visible()
    tick(page, "unbind")
    assert saved(page) == {}
    page.locator(".ticking summary").click()
    page.get_by_role("switch", name="把勾选记在这台手机上").check()
    page.get_by_role("switch").uncheck()
    assert (saved(page), ticked(page)) == ({}, ["unbind"])
    page.get_by_role("switch").check()
    tick(page, "balance")
    assert saved(page) == {"ticks:1:prepaid": '["unbind","balance"]'}
    progress = f"已完成 2/{page.locator('.step__box').count()}"
    assert page.locator(".ticking__count").inner_text() == progress
    assert page.locator("[role=status].unseen").inner_text() == progress

    reload(page)
    assert ticked(page) == ["unbind", "balance"]
    page.emulate_media(media="print")
    assert not page.locator(".ticking").is_visible()
    assert not page.locator(".dates").is_visible()
    page.emulate_media(media="screen")

    page.locator(".ticking summary").click()
    page.get_by_role("button", name="清除").click()
    for _ in range(2):
        assert (saved(page), ticked(page)) == ({}, [])
        reload(page)


FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"


def test_storage_that_does_not_store_is_said_and_ticks_and_choices_last_as_long_as_the_page(open_page):
    for fault in (FULL, BLOCKED):
        page = open_page("prepaid/", before=fault)
        tick(page, "unbind")
        page.locator(".ticking summary").click()
        page.locator("#save").click()

        assert "这个浏览器存不了" in page.locator(".ticking__answer").inner_text()
        assert not page.locator("#save").is_checked()
        tick(page, "balance")
        assert ticked(page) == ["unbind", "balance"]
        page.get_by_label("你的运营商").select_option("BASE")
        page.get_by_role("button", name="详：展开每一步").click()
        assert page.locator(".tools__own").is_visible()
        assert page.locator("#unbind .step__body").is_visible()


GARBAGE = {
    "ticks:1:prepaid": ("{", "null", "7", '"unbind"', '{"unbind": true}', '[["unbind"], 7, null, "gone"]'),
    "operator:1": ("gone", "<b>", "", "x" * 99, "Base"),
}


def test_nonsense_in_storage_is_no_tick_and_no_operator(open_page):
    page = open_page("prepaid/")
    for key, texts in GARBAGE.items():
        for text in texts:
            page.evaluate("([key, text]) => { localStorage[key] = text; }", [key, text])
            reload(page)
            assert ticked(page) == [], text
            assert page.get_by_label("你的运营商").input_value() == "", text
            assert page.locator(".tools__own").count() == 0, text
    tick(page, "unbind")
    assert ticked(page) == ["unbind"]


HASHES = {
    "#t=unbind.balance": ["unbind", "balance"],
    "#t=unbind.gone.<script>.": ["unbind"],
    "#t=%E0%A4%A.__proto__.unbind": ["unbind"],
    "#t=": [],
    "#t": [],
    "#unbind": [],
}


def test_ticks_come_with_the_address_join_those_saved_and_unknown_ones_are_ignored(open_page, address):
    page = open_page("prepaid/")
    for number, (hash, expected) in enumerate(HASHES.items()):
        reload(page, f"{address}prepaid/?{number}{hash}")
        assert ticked(page) == expected, hash
    page.evaluate("""() => { localStorage['ticks:1:prepaid'] = '["unbind"]'; }""")
    reload(page, f"{address}prepaid/?more#t=balance")
    assert ticked(page) == ["unbind", "balance"]


def test_a_step_keeps_the_id_that_is_written_beside_it_whatever_its_words(site):
    """Saved ticks hang on it: it comes from no text and no number."""
    for guide in GUIDES:
        source = (ROOT / f"content/guides/{guide}.md").read_text("utf-8")
        written = re.findall(r"^- \[ \] .*\{#([\w-]+)[^}]*\}$", source, re.MULTILINE)
        html = (site / guide / "index.html").read_text("utf-8")
        boxes = re.findall(r'<li class="step" id="([\w-]+)">\s*<label', html)
        assert [id for id in written if id in boxes] == boxes
        assert len(boxes) > 10


def test_the_address_can_be_carried_to_another_phone(open_page, address):
    nothing = "navigator.clipboard.writeText = () => Promise.reject();"
    for options in ({"permissions": ["clipboard-read", "clipboard-write"]}, {"before": nothing}):
        page = open_page("prepaid/?v=00000000", **options)
        tick(page, "unbind", "balance")
        page.locator(".ticking summary").click()
        page.get_by_role("button", name="换一部手机接着勾").click()

        if "before" in options:
            carried = page.locator(".ticking__address").input_value()
        else:
            page.get_by_text("网址已复制").wait_for()
            carried = page.evaluate("navigator.clipboard.readText()")
        assert carried == f"{address}prepaid/#t=unbind.balance"


def test_the_sheets_page_prints_the_ticks_of_its_guide_and_gives_them_back(open_page):
    page = open_page("prepaid/")
    tick(page, "unbind")

    page.locator("[data-twin]").click()
    page.wait_for_url("**/prepaid/sheet/#t=unbind")

    assert page.locator("#tick-unbind").is_checked()
    assert page.get_by_role("button", name="打印").is_visible()
    assert len(printed(page)) == 1
    page.check("#tick-balance")
    page.get_by_role("link", name="返回指南").click()
    page.wait_for_url("**/prepaid/#t=unbind.balance")
    assert ticked(page) == ["unbind", "balance"]


def test_on_the_sheets_page_labels_take_one_line_and_numbers_stand_beside_their_operators(open_page):
    """A second line would lie over the next field, and cut the address in a word."""
    page = open_page("prepaid/sheet/")

    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(script("wrapped")) == []
        assert page.evaluate(script("uneven")) == []


@pytest.mark.parametrize("path", ["", "prepaid/#t=unbind", "prepaid/sheet/#t=unbind", "letters/", "phrases/"])
def test_on_paper_stands_nothing_that_only_a_finger_can_use_and_nothing_hangs_on_backgrounds(open_page, path):
    """Browsers leave backgrounds out unless they are told otherwise: a tick, a white letter on black."""
    page = open_page(path)
    useless = page.locator(".action, button:not(.word button)")
    assert useless.count()
    without, with_them = (
        [leaf.render().to_pil() for leaf in pdfium.PdfDocument(page.pdf(print_background=told))]
        for told in (False, True)
    )

    assert len(without) == len(with_them)
    pairs = zip(without, with_them, strict=True)
    assert [i for i, pair in enumerate(pairs) if ImageChops.difference(*pair).getbbox()] == []
    page.emulate_media(media="print")
    assert [one.inner_text() for one in useless.all() if one.is_visible()] == []


def dates(page: Page) -> list[str]:
    return page.eval_on_selector_all(".day time", "times => times.map(time => time.dateTime)")


@pytest.fixture
def dated(open_page) -> Callable[..., Page]:
    """Return a function that opens a guide's dates and enters some, as where there is no date picker."""
    opened: dict[str, Page] = {}

    def dated(guide: str, **days: str) -> Page:
        if guide not in opened:
            opened[guide] = open_page(f"{guide}/")
            opened[guide].locator(".dates summary").click()
            opened[guide].locator(".dates .action").wait_for()
        page = opened[guide]
        for field in page.locator(".dates__input").all():
            field.evaluate("input => { input.type = 'text'; }")
            field.fill(days.get(field.get_attribute("id").removeprefix("date-"), ""))
            field.dispatch_event("change")
        return page

    return dated


def message(page: Page) -> str:
    return page.locator(".dates__message").inner_text()


LIMITS = {
    "2027-03-15": "2027-04-15", "2027-01-31": "2027-02-28", "2028-01-31": "2028-02-29", "2027-12-31": "2028-01-31",
}  # fmt: skip
"""The refund is due within the month after the port."""


def test_a_date_gives_the_dates_of_the_timetable_however_it_is_typed(dated, real_content):
    (guide,) = (one for one in real_content.guides if one.slug == "4g")
    milestones = (row.milestone for row in plan(guide, real_content.data))
    flight = date(2027, 3, 5)
    expected = [str(flight + timedelta(one.days)) for one in milestones if one.counts_from == "flight"]

    for typed in ("2027-03-05", "2027-3-5", "2027/03/05", "2027年3月5日", " 2027.3.5 "):
        page = dated("4g", flight=typed)
        assert dates(page) == expected, typed
        assert message(page) == ""
    assert page.locator(".day").first.inner_text().startswith("2027-02-03 周三")
    for port, limit in LIMITS.items():
        page = dated("prepaid", porting=port)
        assert limit in dates(page)
        assert "之前" in page.locator(".day", has_text=limit).inner_text()


def test_a_date_that_is_missing_does_not_exist_or_has_passed_gets_a_sentence_and_no_file(dated):
    page = dated("prepaid")
    page.get_by_role("button", name="存进日历").click()
    assert message(page) == "先填一个日期。"

    for nonsense in ("2027-02-31", "2027-13-01", "2027-00-10", "1027-01-01", "明天", "2027-02-28x9"):
        page = dated("prepaid", flight=nonsense)
        assert message(page) == "没有这一天，写成 2027-02-28 这样。"
        assert dates(page) == []
    for flight, said in (
        ("2027-01-31", "这天已经过去，先做后面的。"),
        ("2027-02-06", "前面有几天已经过了"),  # not that the flight has left
        ("2025-01-25", "这些日子都过去了"),
    ):
        page = dated("4g", flight=flight)
        assert message(page).startswith(said)
        assert page.locator(".day--gone").count() == sum(day < NOW[:10] for day in dates(page)) > 0
    page.get_by_role("button", name="存进日历").click()
    assert message(page).startswith("这些日子都过去了")


def test_the_calendar_file_follows_the_rules(dated):
    page = dated("prepaid", flight="2027-03-15", porting="2027-03-08")

    with page.expect_download() as download:
        page.get_by_role("button", name="存进日历").click()
    raw = Path(download.value.path()).read_bytes()

    assert download.value.suggested_filename == "prepaid.ics"
    check_form(raw)
    text = raw.decode().replace("\r\n ", "")
    starts = re.findall(r"DTSTART;VALUE=DATE:(\d{8})", text)
    limit = "20270401"  # a week before the last day
    assert set(starts) == {day.replace("-", "") for day in dates(page) if day != "2027-04-08"} | {limit}
    ids = set(re.findall(r"UID:(prepaid-\S+@sim\.example\.be)", text))
    assert len(ids) == len(starts) == len(dates(page))
    assert re.search(r"SUMMARY:.*（2027-04-08 之前）", text)
    assert re.search(r"DTSTAMP:\d{8}T\d{6}Z\r\n", text)


NEW = "<li><time>2026-12-24</time>：门店不再收表格。</li><li><time>2026-12-01</time>：换了客服电话。</li>"
"""Two changes since the first edition."""


@pytest.fixture
def notice(site, address, open_page) -> Callable[..., str]:
    """Return a function that opens a guide by the code of a paper and reads what the page says of the paper."""
    page = open_page("operators/")

    def notice(version: str, changes: str = "") -> str:
        page.unroute_all()
        html = (site / "prepaid/index.html").read_text("utf-8")
        first = "<li><time>2026-11-20</time>：第一版。"
        assert html.count(first) == 1
        html = re.sub(r"<li><time>(?!2026-11-20)[\d-]+</time>.*?</li>\s*", "", html, flags=re.DOTALL)
        changed = html.replace(first, changes + first)
        page.route("**/prepaid/?v=*", lambda route: route.fulfill(body=changed, content_type="text/html"))
        with page.expect_response("**/version.js") as answer:
            page.goto(f"{address}prepaid/?v={version}")
        page.evaluate("address => import(address)", answer.value.url)  # until the page's own has run
        found = page.locator(".notice")
        return found.inner_text() if found.count() else ""

    return notice


def test_a_sheet_is_told_whether_it_is_current_and_what_changed_since(site, notice, listing):
    """The code carries the date and half the version; the page may come from the reader's store, without a network."""
    code = re.search(r'data-versions="(\S+)', (site / "prepaid/index.html").read_text("utf-8"))[1]
    assert re.fullmatch(rf"\d{{6}}-{listing['handouts/prepaid.pdf']['version'][:4]}", code)
    for name in ("prepaid", "prepaid-base"):
        assert notice(code[:7] + listing[f"handouts/{name}.pdf"]["version"][:4]) == "你手上的核对表是最新的。"

    assert [line for line in notice("261120-0000", NEW).split("\n") if line] == [
        "你手上的核对表是 2026-11-20 的，已有新版。那以后改了：",
        "2026-12-24：门店不再收表格。",
        "2026-12-01：换了客服电话。",
        "要用就打印新的一张。",
    ]
    later = notice("261201-0000", NEW)
    assert "门店" in later
    assert "电话。" not in later
    assert notice("261120-0000").startswith("你手上的核对表是 2026-11-20 的，已有新版。步骤没有变，")
    assert "电话、地址" in notice("261224-0000", NEW)
    assert notice("270101-0000", NEW).startswith("你手上的核对表比这一页新。")
    for version in ("", "<b>", "261120-", "261120-00000", "261320-0000", "261120-ABCD", "79d7267f"):
        assert notice(version) == "", version


def test_without_scripts_the_page_shows_its_days_and_its_changes_with_their_dates(open_page):
    page = open_page("prepaid/?v=261101-0000", java_script_enabled=False)
    page.locator(".dates summary").click()
    page.locator("summary", has_text="改了什么").click()

    assert "起飞前 30 天" in page.locator(".day").first.inner_text()
    assert page.locator("#changes li").last.inner_text() == "2026-11-20：第一版。"
    assert page.get_by_text("核对表最下面印着版本日期").is_visible()


def test_wechat_is_told_of_a_browser_and_gets_no_dead_buttons_but_the_picture_of_the_operator(
    open_page, site
):
    page = open_page("prepaid/sheet/", user_agent=WECHAT)
    assert "在浏览器打开" in page.locator(".hint").inner_text()
    assert page.get_by_role("button", name="打印").count() == 0

    page = open_page("prepaid/", user_agent=WECHAT)
    page.locator(".hint").wait_for()
    order = page.locator(".actions > *").evaluate_all("all => all.map(one => one.textContent.trim())")
    assert order[:2] == ["存成图片 1/2", "存成图片 2/2"]
    assert "在浏览器打开" in order[2]
    assert order[3] == "打印 A4"
    page.locator(".dates summary").click()
    page.get_by_text("微信里存不了日历文件").wait_for()
    assert page.get_by_role("button", name="存进日历").count() == 0

    def shown() -> list[str]:
        links = page.locator("[data-picture]").evaluate_all("all => all.map(one => one.href)")
        return [link.split("/")[-1] for link in links]

    common = shown()
    page.get_by_label("你的运营商").select_option("Orange")
    assert shown() == ["prepaid-orange-phone.png", "prepaid-orange-phone-2.png"]
    assert all((site / "handouts" / name).is_file() for name in shown())
    page.get_by_label("你的运营商").select_option("不选运营商")
    assert shown() == common


def test_in_wechat_a_hint_is_seen_before_each_file_that_is_seen(open_page, address):
    page = open_page("", user_agent=WECHAT)
    for path in ("", "operators/base/", "phrases/", "letters/"):
        page.goto(address + path)
        page.locator(".hint").first.wait_for(state="attached")
        assert page.evaluate(script("hinted")), path
        offers = page.locator("main a[type='image/png']").count() > 0
        assert ("先存图片" in page.locator(".hint").first.text_content()) == offers, path


def test_wechat_finds_a_large_picture_and_nobody_else_loads_it(open_page):
    page = open_page("prepaid/", user_agent=WECHAT)
    picture = page.locator("body > img:first-child")
    picture.wait_for(state="attached")
    assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 600
    assert picture.bounding_box()["width"] <= 1
    page = open_page("")
    assert page.locator("body > img").count() == 0
    assert not [url for url in VISITS[page].asked if url.endswith("square.png")]


@pytest.mark.parametrize("path", ["", "prepaid/", "timeline/", "operators/base/", "posts/voo-orange/"])
def test_a_shared_link_has_title_text_picture_and_data(site, path):
    html = (site / path / "index.html").read_text("utf-8")

    picture = re.search(rf'og:image" content="{re.escape(SITE)}/([^"]+)"', html)[1]
    assert (site / picture).stat().st_size < 300_000
    assert re.search(rf'hreflang="zh-Hans" href="{re.escape(SITE)}/', html)
    assert re.search(rf'hreflang="x-default" href="{re.escape(SITE)}/', html)
    if path:
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
        graph = data["@graph"]
        assert [node["@type"] for node in graph] == ["Article", "BreadcrumbList"]
        assert graph[0]["url"] == f"{SITE}/{path}"
        assert graph[0]["headline"]


def test_home_answers_within_the_first_screen(open_page):
    """Four kinds of card, the emergency, the first operators: what a reader in a hurry came for."""
    page = open_page("")
    chips = (f".chip:has-text('{name}')" for name in ("Proximus", "BASE"))
    least = {"li:nth-child(4) > .tile": 480, ".urgent__one--lost": 640} | dict.fromkeys(chips, 844)

    assert page.locator(".tile").count() == 4
    assert "4G" not in page.locator(".finder").inner_text()  # the contract tells which card it is
    for selector, bottom in least.items():
        box = page.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] < bottom, selector


def test_the_day_of_the_flight_leads_to_the_timetable_unless_there_is_no_such_day(open_page):
    page = open_page("")
    page.locator("#flight").evaluate("input => { input.type = 'text'; }")
    for nonsense in ("", "2027-02-31", "明天"):
        page.fill("#flight", nonsense)
        page.get_by_role("button", name="排日程").click()
        assert page.locator(".flight__message").inner_text() == "没有这一天，写成 2027-02-28 这样。"
    assert saved(page) == {}

    page.get_by_label("起飞日期").fill("2027-03-15")
    page.get_by_role("button", name="排日程").click()
    page.wait_for_url("**/timeline/#d=2027-03-15")
    assert saved(page) == {"flight:1": "2027-03-15"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_guide_is_short_and_begins_with_its_boxes(open_page, address, scripts):
    """At most twelve screens as it opens; the first box within the first of them."""
    page = open_page("operators/", java_script_enabled=scripts)
    for guide in GUIDES:
        page.goto(f"{address}{guide}/")
        assert page.evaluate("document.documentElement.scrollHeight") <= 12 * PHONE["height"], guide
        assert page.locator(".step__box").first.bounding_box()["y"] < 700, guide
        heights = "labels => labels.map(label => label.getBoundingClientRect().height)"
        assert min(page.locator(".steps .step__label").evaluate_all(heights)) >= 56, guide


SIZES = {"13px", "15px", "17px", "20px", "26px", "34px"}


def test_text_has_the_sizes_that_the_tokens_are_named_by(open_page, address):
    page = open_page("")
    for path in ("", "5g/", "operators/base/", "lost/", "search/", "letters/", "calculator/"):
        page.goto(address + path)
        assert set(page.evaluate(script("sizes"))) <= SIZES, path


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_printed_whole_on_few_pages_with_the_addresses_of_its_sources(open_page, guide):
    page = open_page(f"{guide}/")
    first = "all => all.map(p => (p.firstChild.querySelector?.('button') ?? p.firstChild).textContent)"
    bodies = page.locator(".step__body p:first-child").evaluate_all(first)
    leaves = printed(page)
    text = re.sub(r"\s|\ufffe|\x02|-", "", "".join(leaves))

    assert len(leaves) <= 5
    assert [body for body in bodies if re.sub(r"\s|-", "", body)[:12] not in text] == []
    assert "https://" in text
    assert len(text) > 1000
    if guide == "data":  # a word and its meaning stand in the text
        assert re.sub(r"\W", "", text).count("ICCIDSIM卡自己的编号") == 1


def test_a_link_opens_the_fold_or_the_step_it_leads_to_and_short_or_long_is_chosen_once(open_page):
    for scripts in (True, False):
        page = open_page("prepaid/#money-refund", java_script_enabled=scripts)
        page.locator("#money-refund").wait_for()

    page = open_page("prepaid/#balance")
    page.locator("#balance .step__body").wait_for()
    assert page.locator("#balance .step__link").get_attribute("href") == "#balance"
    other = page.locator("#unbind .step__body")
    assert not other.is_visible()
    assert saved(page) == {}
    page.get_by_role("button", name="详：展开每一步").click()
    page.reload()
    assert other.is_visible()
    page.get_by_role("button", name="简：收起每一步").click()
    assert not other.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_word_is_explained_where_it_stands_by_finger_and_by_keyboard(open_page, scripts):
    page = open_page("data/#iccid", java_script_enabled=scripts)
    page.locator("#iccid").evaluate("step => { step.querySelector('details').open = true; }")
    word = page.locator("#iccid").get_by_role("button", name="ICCID")
    meaning = page.locator("#word-sim-number")
    assert not meaning.is_visible()

    word.click()
    assert meaning.is_visible()
    assert meaning.inner_text().startswith("SIM 卡自己的编号")
    shown, near = meaning.bounding_box(), word.bounding_box()
    assert 0 <= shown["x"] < shown["x"] + shown["width"] <= PHONE["width"]
    assert near["y"] + near["height"] > shown["y"] - 24
    assert near["y"] < shown["y"] + shown["height"] + 24

    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "ICCID"
    page.keyboard.press("Enter")
    assert meaning.is_visible()


def test_each_explained_word_stands_in_a_guide_and_is_explained_once(site, data):
    html = {guide: (site / guide / "index.html").read_text("utf-8") for guide in GUIDES}
    found = {guide: re.findall(r' popovertarget="word-([\w-]+)"', text) for guide, text in html.items()}
    assert set().union(*found.values()) == {id for id, term in data.terms.items() if term.explain}
    assert all(len(ids) == len(set(ids)) for ids in found.values())


def test_every_reference_is_named_and_every_source_leads_back(open_page, address):
    """By the roles of notes: https://www.w3.org/TR/dpub-aria/."""
    page = open_page("")
    for path in ("prepaid/", "complaint/", "operators/base/"):
        page.goto(address + path)
        page.locator("main [role=doc-noteref][aria-label]").last.wait_for(state="attached")  # after the load
        references = page.locator("main [role=doc-noteref]")
        assert references.count() == page.locator("main .ref a").count() > 5
        names = references.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        assert all(re.match(r"出处 \d+：\S", name) for name in names)
        page.locator("[role=doc-endnotes] summary").click()
        page.locator("[role=doc-backlink]").first.wait_for()
        back = page.locator("[role=doc-endnotes] [role=doc-backlink]")
        back = back.evaluate_all("all => all.map(a => a.hash.slice(1))")
        assert sorted(back) == sorted(references.evaluate_all("all => all.map(one => one.id)"))


def test_the_operator_is_chosen_once_and_known_everywhere(open_page):
    page = open_page("prepaid/")
    assert saved(page) == {}

    page.get_by_label("你的运营商").select_option("BASE")
    assert saved(page) == {"operator:1": "base"}
    assert page.locator(".tools__own").inner_text().split() == ["BASE", "怎么停", "BASE", "核对表"]
    assert page.locator(".brand").first.get_attribute("data-operator") == "base"

    page.goto(page.url.replace("prepaid/", ""))
    assert page.locator(".chip--chosen").inner_text() == "BASE"
    page.locator(".chip--chosen").click()
    page.get_by_text("已选 BASE，记在这台手机上").wait_for()
    page.get_by_role("button", name="取消").click()
    assert saved(page) == {}
    page.get_by_role("button", name="这是我的运营商").wait_for()


KNOWN = "localStorage['operator:1'] = 'base'; localStorage['flight:1'] = '2027-03-15';"


def test_the_sheets_page_is_ones_own_and_still_one_page(open_page):
    page = open_page("prepaid/sheet/", before=KNOWN)
    page.locator(".contacts h2", has_text="BASE").wait_for()

    assert "+32 486 19 1999" in page.locator(".contacts").inner_text()
    assert "Orange" not in page.locator(".contacts").inner_text()
    assert page.locator("#field-operator").input_value() == "BASE"
    assert "起飞 2027-03-15" in " ".join(page.locator(".sheet__who").all_inner_texts())
    assert len(printed(page)) == 1

    page.get_by_label("你的运营商").select_option("")
    assert "Orange" in page.locator(".contacts").inner_text()
    assert page.locator("#field-operator").input_value() == ""


def test_a_day_in_a_text_shows_the_readers_own_date(open_page, address):
    page = open_page("operators/")
    html = '<main><h1>x</h1><p><span class="when" data-when="prepare" data-days="-30">起飞前 30 天</span></p></main>'
    source = page.content()
    made = re.sub(r"<main.*</main>", html, source, flags=re.DOTALL).replace("../", "/")
    page.route("**/made/", lambda route: route.fulfill(body=made, content_type="text/html"))

    page.goto(f"{address}made/#d=2027-03-15")
    page.locator(".when time").wait_for()

    assert page.locator(".when").inner_text() == "起飞前 30 天2027-02-13"
    page.get_by_role("button", name="清除").click()
    assert page.locator(".when").inner_text() == "起飞前 30 天"
    assert saved(page) == {}


def test_every_drawing_is_drawn_and_described_and_its_words_stay_inside_it(open_page, address):
    files = {path.name.removesuffix(".svg.html") for path in (ROOT / "theme/templates/diagrams").iterdir()}
    assert files == set(DIAGRAMS)

    page = open_page("")
    for path in ("mobile/", "prepaid/", "timeline/"):
        page.goto(address + path)
        assert page.locator("figure svg[role=img]").count() == 1
        for drawing in page.locator("figure svg").all():
            named = drawing.get_attribute("aria-labelledby").split()
            assert all(len(page.locator(f"#{id}").text_content()) > 3 for id in named)
        assert page.evaluate(script("outside")) == []


def transferred(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)


def scripts_of(script: Path) -> set[Path]:
    """Return a script and what it imports at once; what it imports when it is needed is not counted."""
    text = script.read_text("utf-8")
    imported = re.findall(r'^import .* from "\./([^"]+)";$', text, re.MULTILINE)
    return {script}.union(*(scripts_of(script.with_name(name)) for name in imported))


def parts_of(page: Path) -> tuple[set[Path], set[Path]]:
    head = page.read_text("utf-8").partition("</head>")[0]
    styles = {(page.parent / href).resolve() for href in re.findall(r'rel="stylesheet" href="([^"]+)"', head)}
    links = re.findall(r'(?:<script type="module" src|rel="modulepreload" href)="([^"]+)"', head)
    return styles, set().union(*(scripts_of((page.parent / link).resolve()) for link in links))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_light(site, guide):
    page = site / guide / "index.html"
    styles, scripts = parts_of(page)
    assert transferred({page} | styles | scripts) < 40 * 1024
    assert transferred(scripts) < 4_500


BUILT_BY_SCRIPT = ("search/", "letters/", "phrases/", "calculator/")


@pytest.mark.parametrize("path", ["", "mobile/", "operators/base/", *BUILT_BY_SCRIPT])
def test_a_page_waits_for_little_style_and_for_a_script_only_where_it_builds_the_page(site, path):
    """What a script puts above the text would else push it down under the reader's thumb."""
    page = site / path / "index.html"
    styles, _ = parts_of(page)
    head = page.read_text("utf-8").partition("</head>")[0]

    assert len(styles) == (1 if path == "mobile/" else 2)
    assert transferred(styles) < 7_700
    assert re.findall(r"<script (?!type=\"(?:module|application/(?:ld\+)?json)\")", head) == []
    assert head.count(' blocking="render"') == (path in BUILT_BY_SCRIPT)
