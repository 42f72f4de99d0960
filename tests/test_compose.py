"""The letter that is filled in on the page: the same words as on paper, and nothing leaves the device.

Served with the real headers, as in test_web.py, whose fixtures also claim that nothing is asked of another host.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page

from tests import test_web

address = test_web.address
open_page = test_web.open_page

LANGUAGES = ("fr", "nl", "de", "en")
HEAD = ("name", "street", "town", "operator")
FOOT = ("place-date", "signature")
TYPED = {
    "name": "Zhang San",
    "street": "Rue de l’Été 7 & 9",
    "town": "1348 Louvain-la-Neuve",
    "operator": "Proximus",
    "number": "0470 12 34 56",
    "customer-no": "+32/7 #100%",
    "end-date": "15/03/2027",
    "email": "zhang+sim@example.org",
    "iban": "BE68 5390 0754 7034",
    "place-date": "Gent, 01/02/2027",
}
HOSTILE = "</script><img src=x onerror=alert(1)>{iban}$&"
"""With what the mail test adds still within the 60 characters that a field takes."""


@pytest.fixture
def fill_in(open_page) -> Callable[..., Page]:
    """Return a function that opens the letters and fills one in."""

    def fill_in(lang: str = "fr", typed: dict[str, str] = TYPED, **options) -> Page:
        page = open_page("letters/", **options)
        page.select_option("#compose-language", lang)
        for id, value in typed.items():
            page.fill(f"#compose-{id}", value)
        return page

    return fill_in


def paragraphs(lines: dict, lang: str, typed: dict[str, str]) -> list[str]:
    """What the letter must say, from the data alone."""

    def value(match: re.Match[str]) -> str:
        text = typed.get(match[1]) or "____"
        if match[1] != "end-date" or not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
            return text
        day, month, year = text.split("/")
        return {"zh": f"{year}-{month}-{day}", "de": f"{day}.{month}.{year}"}.get(lang, text)

    def labelled(id: str) -> str:
        label = getattr(lines[f"label-{id}"], lang)
        colon = {"zh": "：", "fr": "\u00a0: "}.get(lang, ": ")
        return (re.split("[，：]", label)[0] if lang == "zh" else label) + colon + (typed.get(id) or "____")

    body = [getattr(line, lang) for id, line in lines.items() if not id.startswith("label-")]
    middle = [re.sub(r"\{([a-z-]+)\}", value, line) for line in body]
    return [*map(labelled, HEAD), *middle, *map(labelled, FOOT)]


def plain(lines: dict, lang: str, typed: dict[str, str]) -> str:
    """The same as a text; where a hand would sign stands the name."""
    said = paragraphs(lines, lang, {**typed, "signature": typed.get("name", "")})
    return "\n\n".join(["\n".join(said[:4]), *said[4:-2], "\n".join(said[-2:])])


def printed(page: Page) -> pdfium.PdfDocument:
    return pdfium.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True, format="A4")))


def text_of(document: pdfium.PdfDocument) -> str:
    return re.sub(r"\s", "", document[0].get_textpage().get_text_range())


# --- The letter -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("typed", [pytest.param(TYPED, id="filled"), pytest.param({}, id="empty")])
def test_the_letter_says_what_the_data_says_with_its_meaning_line_by_line(fill_in, real_content, lang, typed):
    page = fill_in(lang, typed)

    lines = real_content.data.letter
    said = page.locator(".compose__said")
    assert said.all_text_contents() == paragraphs(lines, lang, typed)
    assert page.locator(".compose__zh").all_text_contents() == paragraphs(lines, "zh", typed)
    assert {one.get_attribute("lang") for one in said.all()} == {lang}


def test_every_blank_of_the_data_has_a_field_with_a_label_in_two_languages(fill_in, real_content):
    page = fill_in("nl", {})

    lines = real_content.data.letter
    slots = {slot for line in lines.values() for slot in re.findall(r"\{([a-z-]+)\}", line.fr)}
    assert slots <= set(TYPED)
    for id in TYPED:
        label = lines[f"label-{id}"]
        field = page.get_by_label(f"{label.zh} {label.nl}", exact=True)
        assert field.get_attribute("id") == f"compose-{id}"
        assert field.get_attribute("autocomplete") == "off"


def test_what_is_typed_is_only_ever_text(fill_in, real_content):
    typed = dict.fromkeys(TYPED, HOSTILE)
    page = fill_in("en", typed)

    assert page.locator("main :is(script, img, [onerror])").count() == 0
    said = page.locator(".compose__said").all_text_contents()
    assert said == paragraphs(real_content.data.letter, "en", typed)


def test_half_a_character_is_left_out(fill_in):
    page = fill_in("en", {})

    page.locator("#compose-name").evaluate(
        "input => { input.value = 'a\\ud83db'; input.dispatchEvent(new Event('input', { bubbles: true })); }"
    )

    assert page.locator(".compose__said").first.inner_text() == "Full name: ab"


# --- The date ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["15/3/2027", "15.03.2027", "2027-03-15", "2027年3月15日", " 15-03-2027 "])
def test_dates_are_understood_as_people_type_them(fill_in, typed):
    page = fill_in("fr", {"end-date": typed})

    assert page.locator("#compose-message").inner_text() == "就是 2027-03-15 周一。"
    assert "avec effet au 15/03/2027." in page.locator(".compose__letter").inner_text()


@pytest.mark.parametrize(
    "typed", ["31/02/2027", "15/13/2027", "0/1/2027", "明天", "15/3/27", "<b>", "15/03/1027"]
)
def test_a_date_that_is_none_gets_a_sentence_and_stays_as_typed(fill_in, typed):
    page = fill_in("fr", {"end-date": typed})

    assert page.locator("#compose-message").inner_text() == "没有这一天，写成 15/03/2027 这样。"
    assert f"avec effet au {typed}." in page.locator(".compose__letter").inner_text()
    assert page.get_by_role("button", name="复制").is_enabled()


def test_a_date_in_the_past_gets_a_sentence_and_today_does_not(fill_in):
    page = fill_in("fr", {"end-date": "31/01/2027"})
    assert page.locator("#compose-message").inner_text().startswith("这天已经过去。")
    assert "31/01/2027" in page.locator(".compose__letter").inner_text()

    page.fill("#compose-end-date", "01/02/2027")
    assert page.locator("#compose-message").inner_text() == "就是 2027-02-01 周一。"

    page.fill("#compose-end-date", "")
    assert page.locator("#compose-message").inner_text() == ""


# --- Copy, mail, print ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_letter_is_copied_as_text(fill_in, real_content, lang):
    page = fill_in(lang, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="复制").click()

    page.get_by_text("信已复制。").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == plain(real_content.data.letter, lang, TYPED)


def test_where_nothing_can_be_copied_the_text_stands_there_selected(fill_in, real_content):
    page = fill_in("fr", before="navigator.clipboard.writeText = () => Promise.reject();")

    page.get_by_role("button", name="复制").click()

    field = page.get_by_label("复制不了的话，自己复制这里的字：")
    assert field.input_value() == plain(real_content.data.letter, "fr", TYPED)
    assert field.evaluate("field => field.selectionEnd - field.selectionStart === field.value.length")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "typed", [TYPED, dict.fromkeys(TYPED, f"&body=x?#{HOSTILE}"), {}], ids=["filled", "hostile", "empty"]
)
def test_the_mail_has_subject_and_text_and_no_address(fill_in, real_content, lang, typed):
    page = fill_in(lang, {**typed, "end-date": ""})

    scheme, query = page.get_by_role("link", name="用邮件发").get_attribute("href").split("?", 1)

    lines = real_content.data.letter
    assert scheme == "mailto:"
    assert re.fullmatch(r"[\w.!~*'()%&=-]+", query, re.ASCII)
    assert "+" not in query
    said = parse_qs(query, strict_parsing=True)
    subject = re.sub(r"^\w+\s?: ", "", getattr(lines["subject"], lang))
    text = plain(lines, lang, {**typed, "end-date": ""}).replace("\n", "\r\n")
    assert said == {"subject": [subject], "body": [text]}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "typed", [TYPED, dict.fromkeys(TYPED, "W" * 60), {}], ids=["filled", "as long as can be", "empty"]
)
def test_the_letter_prints_alone_on_one_page(fill_in, real_content, lang, typed):
    page = fill_in(
        lang, typed, before="window.print = () => { window.printed = true; };", color_scheme="dark"
    )
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed")

    document = printed(page)

    assert len(document) == 1
    text = text_of(document)
    document.close()
    assert not re.search(r"[\u4e00-\u9fff]", text)
    if typed is not TYPED:
        return
    for line in paragraphs(real_content.data.letter, lang, typed):
        assert re.sub(r"\s|____", "", line) in text


def test_a_page_on_which_nothing_was_filled_in_prints_as_it_always_did(open_page):
    page = open_page("letters/")
    page.emulate_media(media="print")

    assert not page.locator(".compose").is_visible()
    assert page.locator("#fr").is_visible()


# --- Private, accessible, enhancing -----------------------------------------------------------------------------


def test_nothing_is_sent_and_nothing_is_saved(fill_in):
    spy = """window.wrote = [];
        for (const name of ['setItem', 'getItem']) Storage.prototype[name] = () => window.wrote.push(name);
        for (const name of ['fetch', 'XMLHttpRequest', 'WebSocket']) window[name] = () => window.wrote.push(name);
        navigator.sendBeacon = () => window.wrote.push('beacon');
        window.print = () => {};"""
    asked: list[str] = []
    page = fill_in("fr", {}, before=spy)
    page.on("request", lambda request: asked.append(request.url))
    url = page.url

    for id, value in TYPED.items():
        page.fill(f"#compose-{id}", value)
        page.press(f"#compose-{id}", "Enter")
    page.get_by_role("button", name="复制").click()
    page.get_by_role("button", name="打印").click()

    assert asked == []
    assert page.evaluate("window.wrote") == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.evaluate("indexedDB.databases()") == []
    assert page.url == url
    assert "不发送，也不保存" in page.locator(".compose").inner_text()
    page.reload()
    assert page.input_value("#compose-name") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_and_buttons_suit_a_thumb_and_the_narrowest_phone(fill_in, scheme):
    page = fill_in("de", dict.fromkeys(TYPED, "W" * 60), color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 568})

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for target in page.locator(".compose :is(input, select, button, a)").all():
        assert target.bounding_box()["height"] >= 44
    page.focus("#compose-name")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    assert page.locator(".compose__letter").get_attribute("aria-live") == "off"


def test_wechat_gets_no_dead_buttons(fill_in):
    page = fill_in(
        "fr", {}, user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile MicroMessenger/8.0.49"
    )

    assert page.locator(".compose :is(button, a)").all_inner_texts() == ["复制"]
    assert "在浏览器打开" in page.locator(".compose__about").inner_text()


@pytest.mark.parametrize(
    "how",
    [{"java_script_enabled": False}, {"block": r"letters\.js", "expected": "Failed"}],
    ids=["off", "lost"],
)
def test_without_scripts_nothing_is_missing_and_nothing_is_dead(open_page, real_content, how):
    page = open_page("letters/", **how)

    assert page.locator("main :is(button, input, select, textarea)").count() == 0
    shown = page.locator("main").inner_text()
    for id, line in real_content.data.letter.items():
        if not id.startswith("label-"):
            for text in (line.fr, line.nl, line.de, line.en, line.zh):
                assert re.sub(r"\{[a-z-]+\}", "____", text) in shown
    assert page.locator("main a[type='application/pdf']").count() == len(LANGUAGES)


def test_the_script_is_small(site):
    """And only this page loads it."""
    assert len((site / "theme/js/letters.js").read_text(encoding="utf-8").splitlines()) < 130
    assert [path.parent.name for path in site.rglob("*.html") if "letters.js" in path.read_text("utf-8")] == [
        "letters"
    ]
