"""For readers who see, point or move otherwise: keyboard, zoom, text spacing, forced colours, no motion, no scripts.

Numbers in docstrings are success criteria of WCAG 2.2. What axe-core can judge is left to ./inv audit.
"""

import re
import tomllib
from collections.abc import Callable
from io import BytesIO
from operator import attrgetter

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page

from handouts.content.data import Data
from tests.build_tools import CASES
from tests.sheet_tools import squeezed
from tests.web_tools import PHONE, reload, script

KINDS = (
    "", "prepaid/", "5g/", "letters/", "search/", "operators/proximus/", "complaint/", "posts/", "prepaid/sheet/",
)  # fmt: skip
CONTROLS = "a[href], button, input, select, textarea, summary"


def walk(page: Page) -> tuple[list[str], list[dict]]:
    """Press Tab from the first control of a page to its end; return all controls, and what had the focus."""
    controls = page.evaluate(script("listed"), CONTROLS)
    page.locator("[data-number='0']").focus()
    stops: list[dict] = []
    for _ in range(2 * len(controls)):
        focused = page.evaluate(script("focused"))
        if focused is None or (len(stops) > 1 and focused["number"] == stops[0]["number"]):
            break
        if [one["number"] for one in stops[-1:]] != [focused["number"]]:  # a date has three stops
            stops.append(focused)
        page.keyboard.press("Tab")
    return controls, stops


@pytest.mark.parametrize("path", ["", "prepaid/", "letters/", "search/?q=BASE", "prepaid/sheet/"])
def test_tab_reaches_every_control_in_its_order_and_shows_where_it_is(open_page, path):
    """2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11: reached, left again, in order, visible, not behind the bar of ticks."""
    page = open_page(path)
    if path == "prepaid/":
        page.check("#unbind .step__box")
        page.locator(".ticking summary").click()
        page.locator(".dates summary").click()
        page.locator(".dates .action").wait_for()

    controls, stops = walk(page)

    assert [stop["number"] for stop in stops] == list(range(len(controls)))
    assert [controls[stop["number"]] for stop in stops if not stop["visible"]] == []
    assert {controls[stop["number"]]: stop["covered"] for stop in stops if stop["covered"]} == {}


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(300):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by {key}")


def test_from_home_to_the_printer_by_keyboard_alone(open_page):
    """The first stop skips what is on every page."""
    page = open_page("", before="window.print = () => document.body.append('PRINTED')")

    page.keyboard.press("Tab")
    box = page.locator(":focus").bounding_box()
    assert min(box["x"], box["y"], box["height"] - 20) >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    tab_to(page, "main .tile")
    page.keyboard.press("Enter")
    page.wait_for_url("**/prepaid/")
    tab_to(page, "#unbind .step__box")
    page.keyboard.press("Space")
    tab_to(page, "[data-twin]", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/prepaid/sheet/#t=unbind")
    assert page.locator("#tick-unbind").is_checked()
    tab_to(page, ".twin button")
    page.keyboard.press("Enter")

    assert page.get_by_text("PRINTED").is_visible()


def test_at_four_times_the_size_or_spaced_nothing_is_cut_too_small_for_a_finger_or_moves(open_page, address):
    """1.4.10: 1280 by 1024 at 400 % is 320 by 256. On a phone 1.4.12; 2.5.8: 24 by 24 px; 2.3.3, for who asked for that."""
    page = open_page("", reduced_motion="reduce")
    wrong = {}
    for path in KINDS:
        page.set_viewport_size({"width": 320, "height": 256})
        reload(page, address + path)
        wrong[path] = page.evaluate(script("cramped"))
        page.set_viewport_size(PHONE)
        wrong[f"{path}, for a finger"] = page.evaluate(script("small"), CONTROLS)
        wrong[f"{path}, moving"] = page.evaluate(script("moving"))
        assert page.evaluate("document.getAnimations().length") == 0, path
        page.evaluate(script("spacing"))
        wrong[f"{path}, spaced"] = page.evaluate(script("cramped"))
    page.set_viewport_size({"width": 195, "height": 422})  # a phone at 200 %
    for path in KINDS:
        reload(page, address + path)
        wrong[f"{path}, twice as large"] = page.evaluate(script("cramped"))

    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_check_of_room_sees_what_is_cut_covered_and_too_wide(browser):
    page = browser.new_page(viewport={"width": 320, "height": 256})
    page.set_content(
        '<p style="width: 400px">宽</p><p style="height: 9px; overflow: hidden">切</p>'
        '<p style="margin: 30px 0 0">下</p><p style="margin: -20px 0 0">上</p>'
    )

    assert page.evaluate(script("cramped")) == ["408 px wide", "cut: 切", "下 lies over 上"]
    page.close()


def picture(page: Page, selector: str) -> Image.Image:
    """Return an element with its surroundings, where an outline is drawn; in grey."""
    element = page.locator(selector).first
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
    return Image.open(BytesIO(page.screenshot(clip=clip))).convert("L")


def differ(one: Image.Image, other: Image.Image) -> int:
    return sum(ImageChops.difference(one, other).point(lambda step: step > 60).histogram()[1:])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_forced_colours_ticks_drawings_and_the_focus_show(open_page, address, scheme):
    page = open_page("", forced_colors="active", color_scheme=scheme)
    tab_to(page, ".tile")
    focused = picture(page, ".tile")
    page.evaluate("document.activeElement.blur()")
    assert differ(focused, picture(page, ".tile")) > 50

    for selector in ("#save", "#tick-unbind", "#unbind .step__box"):
        path = "prepaid/sheet/" if selector == "#tick-unbind" else "prepaid/"
        reload(page, address + path)
        if selector == "#save":
            page.check("#unbind .step__box")
            page.locator(".ticking summary").click()
        before = picture(page, selector)
        page.locator(selector).click()
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        assert differ(before, picture(page, selector)) > 20, selector

    for path in ("prepaid/", "mobile/", "timeline/"):
        reload(page, address + path)
        drawing = picture(page, "figure svg")
        assert differ(drawing, Image.new("L", drawing.size, drawing.getpixel((0, 0)))) > 500, path


def test_without_scripts_every_page_reads_prints_and_promises_nothing(open_page, address):
    page = open_page("", java_script_enabled=False)
    useless = "button:not([popovertarget]), select, form[action], input:not(.step__box, .tick__box, .field)"
    for path in KINDS:
        page.goto(address + path)
        assert page.locator("main h1").is_visible(), path
        assert len(page.locator("main").inner_text()) > 100, path
        assert page.locator(useless).count() == 0, path
        with pdfium.PdfDocument(page.pdf(format="A4")) as document:
            assert document[0].get_textpage().count_chars() > 100, path


RULES = ("first-six-months-fee", "device-table", "device-always-due", "prepaid-refund-last-topup")
in_all_languages = attrgetter("zh", "fr", "nl", "de", "en")
BUILT_BY_SCRIPTS: dict[str, Callable[[Data], list[str]]] = {
    "letters/": lambda data: [
        re.sub(r"\{[a-z-]+\}", "____", text)
        for lines in data.letters.values()
        for line in lines.values()
        if not line.id.startswith("label-")
        for text in in_all_languages(line)
    ],
    "phrases/": lambda data: [text for phrase in data.phrases.values() for text in in_all_languages(phrase)],
    "calculator/": lambda data: [data.facts[id].statement for id in RULES],
}


@pytest.mark.parametrize(
    "how",
    [{"java_script_enabled": False}, {"block": r"/js/\w+\.js", "expected": "Failed"}],
    ids=["switched off", "lost on the way"],
)
def test_what_scripts_work_with_is_there_without_them_and_nothing_is_dead(open_page, address, data, how):
    page = open_page("operators/", **how)
    for path, words in BUILT_BY_SCRIPTS.items():
        page.goto(address + path)
        assert page.locator("main :is(button, input, select, textarea)").count() == 0, path
        shown = squeezed(page.locator("main").text_content())
        assert [text for text in words(data) if squeezed(text) not in shown] == []


ATTACKS = tomllib.loads((CASES / "attacks.toml").read_text("utf-8"))


def test_the_policy_refuses_each_attack(browser, address):
    """The headers forbid it, and the browser obeys: nothing runs, nothing changes, nobody is asked."""
    page = browser.new_page()
    left: list[str] = []
    page.on("response", lambda response: left.append(response.url))
    for name, attack in ATTACKS.items():
        page.goto(f"{address}prepaid/")
        listen = "window.refused = new Promise(end => addEventListener('securitypolicyviolation', end))"
        page.evaluate(f"() => {{ {listen}; {attack} }}")
        refused = "Promise.race([refused.then(() => true), new Promise(end => setTimeout(end, 9000))])"
        assert page.evaluate(refused), name
        assert not page.title().endswith("1"), name  # a form that was refused leaves an empty page
        style = "getComputedStyle(document.querySelector('h1') ?? document.body).position"
        assert page.evaluate(style) == "static", name
        assert [url for url in left if not url.startswith(address)] == [], name
    page.close()
