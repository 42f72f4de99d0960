"""The letter that is filled in on the page: the same words as on paper, and nothing leaves the device."""

import re
import tomllib
from collections.abc import Callable
from itertools import product
from urllib.parse import parse_qs

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page

from handouts.model import LETTERS
from tests.build_tools import CASES
from tests.web_tools import WECHAT, script

LANGUAGES = ("fr", "nl", "de", "en")
SENDER = ("name", "street", "town")
RECIPIENT = ("operator", "address")
FOOT = ("place-date", "signature")
DATES = ("end-date", "sent-date", "answer-by", "port-date", "topup-date", "valid-until")
TYPED = tomllib.loads((CASES / "letter.toml").read_text("utf-8"))
HOSTILE = "</script><img src=x onerror=alert(1)>{iban}$&"
"""With what the mail test adds still within the 60 characters that a field takes."""


@pytest.fixture
def fill_in(open_page) -> Callable[..., Page]:
    """Return a function that fills in a letter, on the page that the test has open already or on a new one."""
    opened: dict[str, Page] = {}

    def fill_in(lang: str = "fr", typed: dict[str, str] = TYPED, *, letter="termination", **options) -> Page:
        if str(options) not in opened:
            opened[str(options)] = open_page(f"letters/#{letter}", **options)
        page = opened[str(options)]
        page.locator(".compose .chip").nth(LETTERS.index(letter)).click()
        choose(page, lang)
        page.evaluate(script("fill"), typed)
        return page

    return fill_in


def choose(page: Page, lang: str) -> None:
    name = {"fr": "法语", "nl": "荷兰语", "de": "德语", "en": "英语"}[lang]
    page.get_by_text(name, exact=True).first.click()


def value(id: str, lang: str, typed: dict[str, str]) -> str:
    """What is in a blank, with dates as the language writes them."""
    text = typed.get(id, "")
    if id not in DATES or not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return text
    day, month, year = text.split("/")
    return {"zh": f"{year}-{month}-{day}", "de": f"{day}.{month}.{year}"}.get(lang, text)


def sentences(lines: dict, lang: str, typed: dict[str, str], left: tuple[str, ...] = ()) -> list[str]:
    """What the letter must say between its head and its foot, from the data alone."""
    kept = [line for id, line in lines.items() if not id.startswith("label-") and id not in left]
    blank = re.compile(r"\{([a-z-]+)\}")
    return [blank.sub(lambda one: value(one[1], lang, typed) or "____", getattr(line, lang)) for line in kept]


def ends(labels: dict, ids: tuple[str, ...], lang: str, typed: dict[str, str]) -> list[str]:
    colon = {"fr": "\u00a0: "}.get(lang, ": ")
    return [value(id, lang, typed) or f"{getattr(labels[id], lang)}{colon}____" for id in ids]


def plain(content, letter: str, lang: str, typed: dict[str, str], left: tuple[str, ...] = ()) -> str:
    """The letter as text; where a hand would sign is the name."""
    labels, lines = content.data.labels, content.data.letters[letter]
    foot = ends(labels, FOOT, lang, {**typed, "signature": typed.get("name", "")})
    head = ["\n".join(ends(labels, part, lang, typed)) for part in (SENDER, RECIPIENT)]
    return "\n\n".join([*head, *sentences(lines, lang, typed, left), "\n".join(foot)])


def test_a_letter_says_what_the_data_says_with_its_meaning_line_by_line(fill_in, real_content):
    labels = real_content.data.labels
    for letter, typed in product(LETTERS, (TYPED, {})):
        page, lines = fill_in("fr", typed, letter=letter), real_content.data.letters[letter]
        for lang in LANGUAGES:
            choose(page, lang)
            own = page.locator(".compose__letter > .compose__line")
            assert own.locator(".compose__said").all_text_contents() == sentences(lines, lang, typed)
            assert own.locator(".compose__zh").all_text_contents() == sentences(lines, "zh", typed)
            said = page.locator(".compose__said")
            assert set(said.evaluate_all("all => all.map(one => one.lang)")) == {lang}
            for id, text in zip((*SENDER, *RECIPIENT), said.all_text_contents(), strict=False):
                assert (typed.get(id) or getattr(labels[id], lang)) in text


def test_every_blank_has_a_field_with_a_label_in_two_languages(fill_in, real_content):
    filled_by_itself = {"name": "name", "street": "address-line1", "number": "tel", "email": "email"}
    for letter in LETTERS:
        page, lines = fill_in("nl", {}, letter=letter), real_content.data.letters[letter].values()
        blanks = {blank for line in lines for blank in re.findall(r"\{([a-z-]+)\}", line.nl)}
        for id in {*SENDER, *RECIPIENT, *blanks, "place-date"}:
            label = real_content.data.labels[id]
            field = page.get_by_label(f"{label.zh} {label.nl}", exact=True)
            assert field.get_attribute("id") == f"compose-{id}"
            if id in filled_by_itself:
                assert field.get_attribute("autocomplete") == filled_by_itself[id]


def test_a_sentence_that_is_left_out_is_in_no_letter_and_its_blank_is_not_asked_for(fill_in, real_content):
    page = fill_in("fr", permissions=["clipboard-read", "clipboard-write"])
    optional = [id for id, line in real_content.data.letter.items() if line.optional]
    boxes = page.get_by_label("写上这一句")
    assert boxes.count() == len(optional) > 3

    page.locator("#compose-keep-refund").uncheck()
    page.locator("#compose-keep-equipment").uncheck()

    assert page.locator("#compose-iban").count() == 0
    page.get_by_role("button", name="复制").click()
    page.get_by_text("信已复制。").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == plain(real_content, "termination", "fr", TYPED, ("refund", "equipment"))
    page.locator("#compose-keep-refund").check()
    assert page.input_value("#compose-iban") == TYPED["iban"]


def test_what_is_typed_is_only_ever_text_and_stays_when_letter_and_language_change(fill_in, real_content):
    page = fill_in("en", dict.fromkeys(TYPED, HOSTILE))

    assert page.locator("main :is(script, img, [onerror])").count() == 0
    said = page.locator(".compose__letter > .compose__line .compose__said").all_text_contents()
    assert said == sentences(real_content.data.letter, "en", dict.fromkeys(TYPED, HOSTILE))
    page.get_by_text("委托书", exact=True).first.click()
    choose(page, "nl")
    assert page.input_value("#compose-name") == HOSTILE
    assert page.evaluate("location.hash") == "#proxy"
    assert page.locator(".compose__line--subject .compose__said").inner_text() == "Betreft: volmacht"


def test_the_operator_brings_its_name_and_the_address_that_is_known(open_page, data):
    """Named in the address, chosen on the page, or on another one before."""
    page = open_page("letters/?operator=proximus")
    assert page.input_value("#compose-operator") == "Proximus"
    assert page.input_value("#compose-address") == data.facts["proximus-post"].value
    page.select_option("#compose-brand", "base")
    assert page.input_value("#compose-operator") == "BASE"
    assert page.input_value("#compose-address") == data.facts["base-post"].value
    page.select_option("#compose-brand", "jim")
    mail = page.get_by_role("link", name="用邮件发").get_attribute("href")
    assert mail.startswith("mailto:info%40jimmobile.be?")

    for path, chosen, shown in (("", "digi", "DIGI Belgium"), ("?operator=gone", '"><b>', "")):
        page = open_page(f"letters/{path}", before=f"localStorage.setItem('operator:1', '{chosen}')")
        assert page.input_value("#compose-operator") == shown


def test_dates_are_understood_as_people_type_them_and_get_a_sentence_otherwise(fill_in):
    page = fill_in("fr", {})
    good, none = "就是 2027-03-15 周一。", "没有这一天，写成 15/03/2027 这样。"
    for typed in ("15/3/2027", "15.03.2027", "2027-03-15", "2027年3月15日", " 15-03-2027 "):
        page.fill("#compose-end-date", typed)
        assert page.locator("#compose-end-date-message").inner_text() == good, typed
        assert "avec effet au 15/03/2027." in page.locator(".compose__letter").inner_text()
    for typed in ("31/02/2027", "15/13/2027", "0/1/2027", "明天", "15/3/27", "<b>", "15/03/1027"):
        page.fill("#compose-end-date", typed)
        assert page.locator("#compose-end-date-message").inner_text() == none, typed
        assert f"avec effet au {typed}." in page.locator(".compose__letter").inner_text()
        assert page.get_by_role("button", name="复制").is_enabled()
    for typed, said in (("31/01/2027", "这天已经过去"), ("01/02/2027", "就是 2027-02-01 周一。"), ("", "")):
        page.fill("#compose-end-date", typed)
        message = page.locator("#compose-end-date-message").inner_text()
        assert message.startswith(said), typed
        assert bool(message) == bool(typed)
        assert typed in page.locator(".compose__letter").inner_text()


def test_the_letter_is_copied_as_text_or_stands_there_selected(fill_in, real_content):
    for lang in LANGUAGES:
        page = fill_in(lang, permissions=["clipboard-read", "clipboard-write"])
        page.evaluate("navigator.clipboard.writeText('')")
        page.get_by_role("button", name="复制").click()
        page.wait_for_function("navigator.clipboard.readText()")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == plain(real_content, "termination", lang, TYPED)
    assert page.get_by_text("信已复制。").is_visible()

    page = fill_in("fr", before="navigator.clipboard.writeText = () => Promise.reject();")
    page.get_by_role("button", name="复制").click()
    field = page.get_by_label("复制不了的话，自己复制这里的字：")
    assert field.input_value() == plain(real_content, "termination", "fr", TYPED)
    assert field.evaluate("field => field.selectionEnd - field.selectionStart === field.value.length")


def test_the_mail_has_subject_and_text_and_no_address(fill_in, real_content):
    subjects = real_content.data.letter["subject"]
    hostile = dict.fromkeys(TYPED, f"&body=x?#{HOSTILE}")
    for lang, typed in product(LANGUAGES, (TYPED, hostile, {})):
        typed = {**typed, "end-date": ""}
        page = fill_in(lang, typed)
        scheme, query = page.get_by_role("link", name="用邮件发").get_attribute("href").split("?", 1)

        assert scheme == "mailto:"
        assert re.fullmatch(r"[\w.!~*'()%&=-]+", query, re.ASCII)
        assert "+" not in query
        said = parse_qs(query, strict_parsing=True)
        subject = re.sub(r"^\w+\s?: ", "", getattr(subjects, lang))
        text = plain(real_content, "termination", lang, typed).replace("\n", "\r\n")
        assert said == {"subject": [subject], "body": [text]}


def test_a_letter_prints_alone_on_one_page(fill_in, real_content):
    """Filled in, as long as can be, or empty; from a dark page too."""
    script = "window.print = () => { window.printed = (window.printed ?? 0) + 1; };"
    trials = list(product(LETTERS, (TYPED, dict.fromkeys(TYPED, "W" * 60), {})))
    for letter, typed in trials:
        page = fill_in("de", typed, letter=letter, before=script, color_scheme="dark")
        page.get_by_role("button", name="打印").click()
        with pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, format="A4")) as document:
            assert len(document) == 1, letter
            text = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
        assert not re.search(r"[\u4e00-\u9fff]", text)
        if typed is TYPED:
            for line in sentences(real_content.data.letters[letter], "de", typed):
                assert re.sub(r"\s|____", "", line) in text
    assert page.evaluate("window.printed") == len(trials)


def test_nothing_is_sent_and_nothing_is_saved(fill_in):
    asked: list[str] = []
    page = fill_in("fr", {}, before=script("spy"))
    page.on("request", lambda request: asked.append(request.url))
    url = page.url

    for id in ("name", "number", "end-date", "iban"):
        page.fill(f"#compose-{id}", TYPED[id])
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


def test_fields_and_buttons_suit_a_thumb_and_the_narrowest_phone(fill_in):
    page = fill_in("de", dict.fromkeys(TYPED, "W" * 60), letter="complaint")
    page.set_viewport_size({"width": 320, "height": 568})

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    targets = page.locator(".compose :is(.field, select, button, a, .chip, .compose__keep)")
    assert min(targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")) >= 44
    assert page.locator(".compose__letter").get_attribute("aria-live") == "off"


def test_wechat_gets_no_dead_buttons(fill_in):
    page = fill_in("fr", {}, user_agent=WECHAT)

    assert page.locator(".compose__buttons :is(button, a)").all_inner_texts() == ["复制"]
    hint = page.locator(".compose .hint")
    assert "在浏览器打开" in hint.inner_text()
    assert hint.bounding_box()["y"] < page.locator(".compose__buttons").bounding_box()["y"]
