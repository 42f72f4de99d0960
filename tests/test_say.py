"""The phrases in a reader's hand: one language at a time, one phrase as large as the screen, copied, read aloud."""

import pytest
from playwright.sync_api import Page

from tests.web_tools import script

NO_VOICES = "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"


def clerk(page: Page, number: int = 0) -> Page:
    page.locator(".phrase .action").nth(number).click()
    page.locator(".clerk[open]").wait_for()
    return page


def test_the_list_shows_one_language_remembers_which_was_chosen_and_prints_all(open_page, real_content):
    page = open_page("phrases/")
    said = [phrase.fr for phrase in real_content.data.phrases.values()]
    assert [one.inner_text() for one in page.locator(".say dd:visible").all()] == said
    assert page.evaluate("localStorage.length") == 0

    page.get_by_role("button", name="荷兰语").first.click()
    page.reload()

    said = [phrase.nl for phrase in real_content.data.phrases.values()]
    assert [one.inner_text() for one in page.locator(".say dd:visible").all()] == said
    page.emulate_media(media="print")
    assert page.locator(".say dd:visible").count() == 4 * len(said)
    assert not page.locator(".say .action").first.is_visible()


@pytest.mark.parametrize(
    ("width", "height", "least"),
    [
        (320, 568, 26),
        *(pytest.param(*size, marks=pytest.mark.thorough) for size in ((390, 844, 34), (1280, 800, 34))),
    ],
)
def test_every_phrase_is_as_large_as_fits_in_every_language(open_page, real_content, width, height, least):
    page = open_page("phrases/")
    page.set_viewport_size({"width": width, "height": height})
    clerk(page)

    for lang in ("法语", "荷兰语", "英语", "德语"):
        page.locator(".clerk").get_by_role("button", name=lang).click()
        for _ in real_content.data.phrases:
            size, fits = page.evaluate("""() => {
                const [text, paper] = ["text", "paper"].map((name) => document.querySelector(`.clerk__${name}`));
                return [parseFloat(text.style.fontSize), text.scrollHeight <= paper.clientHeight + 1 && text.scrollWidth <= paper.clientWidth + 1];
            }""")
            assert least <= size <= 56
            assert fits
            page.get_by_role("button", name="下一句").click()


def test_the_clerk_reads_it_from_the_other_side(open_page, real_content):
    page = clerk(open_page("phrases/"))
    first, second, *_, last = real_content.data.phrases.values()
    assert page.locator(".clerk__text").inner_text() == first.fr
    assert page.locator(".clerk__text").get_attribute("lang") == "fr"
    assert first.zh in page.locator(".clerk__zh").inner_text()

    page.get_by_role("button", name="转向店员").click()
    turned = page.locator(".clerk__paper").evaluate("paper => getComputedStyle(paper).transform")
    assert turned.startswith("matrix(-1, 0, 0, -1")

    page.keyboard.press("ArrowLeft")
    assert page.locator(".clerk__zh b").inner_text() == last.zh
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".clerk__zh b").inner_text() == second.zh
    assert page.locator(".clerk__count").inner_text() == f"2/{len(real_content.data.phrases)}"
    page.keyboard.press("Escape")
    assert page.locator(".clerk").is_hidden()


def test_it_is_read_aloud_in_the_languages_that_have_a_voice_and_in_no_other(open_page, real_content):
    page = clerk(open_page("phrases/", before=script("voices")))
    first = next(iter(real_content.data.phrases.values()))

    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("window.spoken") == [[first.fr, "fr-BE"]]
    page.locator(".clerk").get_by_role("button", name="荷兰语").click()
    assert page.get_by_role("button", name="朗读").is_hidden()
    page.locator(".clerk").get_by_role("button", name="德语").click()
    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("window.spoken.at(-1)") == [first.de, "de_DE"]


def test_without_a_voice_a_clipboard_or_storage_the_phrase_is_still_there(open_page, real_content):
    broken = f"""{NO_VOICES};
        navigator.clipboard.writeText = () => Promise.reject();
        Object.defineProperty(window, "localStorage", {{ get() {{ throw new DOMException("no"); }} }});"""
    page = clerk(open_page("phrases/", before=broken))
    first = next(iter(real_content.data.phrases.values()))

    assert page.get_by_role("button", name="朗读").is_hidden()
    page.get_by_role("button", name="复制").click()
    page.get_by_text("长按复制").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == first.fr
    page.locator(".clerk").get_by_role("button", name="英语").click()
    assert page.locator(".clerk__text").inner_text() == first.en


def test_without_scripts_it_is_a_list_in_all_languages(open_page, real_content):
    """Switched off, or lost on the way."""
    for how in ({"java_script_enabled": False}, {"block": r"say\.js", "expected": "Failed"}):
        page = open_page("phrases/", **how)

        assert page.locator("main button").count() == 0
        shown = page.locator("main").inner_text()
        for phrase in real_content.data.phrases.values():
            assert all(text in shown for text in (phrase.zh, phrase.fr, phrase.nl, phrase.en, phrase.de))
