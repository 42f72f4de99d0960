"""Three readers on their way, from the first tap to the printed page.

Each journey is a generator: it does on an open page what a reader does, by what is written there, and yields a stop
wherever the reader has something new before them. The last stop holds the printed paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Stop:
    """Where a reader is."""

    name: str
    page: Page
    paper: bytes = b""
    """The PDF that the browser would print; empty before the last stop."""


def tourist(page: Page, address: str, flight: str) -> Iterator[Stop]:
    """A tourist with a prepaid card, days before the flight: home, answer, dates, sheet, paper."""
    page.goto(address)
    yield Stop("home", page)
    page.get_by_role("link", name="预付卡").first.click()
    page.locator(".answer").wait_for()
    yield Stop("answer", page)
    page.locator(".dates summary").click()
    page.fill("#date-flight", flight)
    page.locator(".day time").first.wait_for()
    yield Stop("dates", page)
    page.locator(".step__label").first.click()
    page.locator("[data-twin]").first.click()
    page.wait_for_url("**/prepaid/sheet/**")
    yield Stop("sheet", page)
    yield Stop("paper", page, _printed(page))


def student(page: Page, address: str) -> Iterator[Stop]:
    """A student with a 5G contract who does not know which card it is: table, guide, letter, paper."""
    page.goto(address)
    page.locator(".finder__ask").click()
    for answer in ("手机里", "收，每月"):
        page.locator(".finder__next > summary", has_text=answer).click()
    yield Stop("which", page)
    page.locator(".finder").get_by_role("link", name="捆绑套餐").click()
    page.wait_for_url("**/5g/**")
    yield Stop("guide", page)
    page.locator(".guide__body a[href$='/letters/']").first.click()
    page.wait_for_url("**/letters/")
    yield from _write(
        page, "fr", {"operator": "Proximus", "number": "0470 12 34 56", "end-date": "2027-07-15"}
    )


def abroad(page: Page, address: str) -> Iterator[Stop]:
    """Somebody home again who is still charged: search, the way to complain, letter, paper."""
    page.goto(address)
    page.locator(".masthead").get_by_role("link", name="搜索").click()
    page.locator("#q").fill("投诉")
    page.locator(".search__results a").first.wait_for()
    yield Stop("search", page)
    page.locator(".search__results").get_by_role("link", name="投诉：").first.click()
    page.wait_for_url("**/complaint/**")
    yield Stop("complaint", page)
    page.locator(".masthead__home").click()
    page.locator("main a[href$='/letters/']").first.click()
    page.wait_for_url("**/letters/")
    yield from _write(
        page, "nl", {"operator": "Telenet", "customer-no": "1234567", "email": "zhang@example.org"}
    )


def _write(page: Page, lang: str, typed: dict[str, str]) -> Iterator[Stop]:
    """Fill in the letter and print it."""
    page.get_by_text({"fr": "法语", "nl": "荷兰语"}[lang], exact=True).first.click()
    for id, value in {"name": "Zhang San", **typed}.items():
        page.fill(f"#compose-{id}", value)
    page.locator(".compose__letter").scroll_into_view_if_needed()
    yield Stop("letter", page)
    page.get_by_role("button", name="打印").click()
    yield Stop("paper", page, _printed(page))


def _printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, format="A4", print_background=True)
