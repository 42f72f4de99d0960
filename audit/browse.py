"""Every page in a real browser: axe-core in light and dark, as it opens and in use; every request; every complaint.

In: a built site. Out: findings, and what was asked of whom. Pages are seen at the site's own address (its canonical
one, so that 404.html too finds its styles); the answers come from the folder, and whatever is asked of anybody else
is refused and noted. A service worker's requests are seen like a page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from handouts.errors import CallError

from .chromium import browsing
from .finding import Finding
from .host import Host

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
SCHEMES = ("light", "dark")
HOME = "index.html"
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
TYPED = {"date": "2027-03-15", "search": "预付卡", "email": "zhang@example.org", "tel": "0470 12 34 56"}
"""What is typed into a field of each kind; into others a name."""

USE = """typed => {
  const used = [];
  for (const one of document.querySelectorAll("details:not([open])")) { one.open = true; used.push(one); }
  for (const one of document.querySelectorAll("input, textarea")) {
    if (!one.checkVisibility() || one.readOnly || one.disabled) continue;
    if (one.type === "checkbox" || one.type === "radio") { if (used.length % 2) one.click(); }
    else {
      one.value = typed[one.type] ?? "Zhang San";
      for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    used.push(one);
  }
  return used.length;
}"""
"""Use a page: open what opens, tick every other box, fill in every field. Returns how much there was to use."""

RUN = """async options => (await axe.run(document, options)).violations.map(({ id, help, helpUrl, nodes }) => ({
  id, help, helpUrl, nodes: nodes.map(({ target, failureSummary }) => ({ target: target.join(" "), failureSummary }))
}))"""


@dataclass
class Seen:
    """What the browser made of one page."""

    page: str
    findings: list[Finding] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    states: int = 0
    """How often axe looked: schemes times states."""
    transferred: int = 0
    """Bytes of the first load, compressed where a host compresses."""


def pages_of(site: Path) -> list[str]:
    """Return the file of every page below the site's root."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def address_of(site: Path) -> str:
    """Return the address that readers see, with a slash at the end, as the home page says it."""
    home = site / HOME
    found = CANONICAL.search(home.read_text(encoding="utf-8")) if home.is_file() else None
    if not found:
        raise CallError(f"{site} holds no site: no {HOME} with a canonical address. Build one: ./inv build.")
    return found[1]


def look(site: Path, pages: Sequence[str], axe: str, workers: int = 2) -> list[Seen]:
    """Look at pages with several browsers at once; what is seen comes in the order of the pages."""
    host, address = Host(site), address_of(site)
    with ThreadPoolExecutor(workers) as pool:
        # Long pages lie side by side; dealing them out in turn gives each browser its share.
        shares = [pages[number::workers] for number in range(workers)]
        seen = pool.map(lambda share: _look(host, address, share, axe), shares)
        return sorted((one for share in seen for one in share), key=lambda one: pages.index(one.page))


@contextmanager
def visiting(
    browser: Browser, host: Host, address: str, asked: list[str], **options: Any
) -> Iterator[BrowserContext]:
    """Open a context in which the site is at its address and nothing else exists; `asked` gets every request."""
    context = browser.new_context(**{"viewport": PHONE, **options})

    def answer(route: Route) -> None:
        url = route.request.url
        if not is_own(url, address):
            route.abort()
            return
        found = host.answer(url.removeprefix(address))
        route.fulfill(status=found.status, headers=found.headers, body=found.body)

    context.on("request", lambda request: asked.append(request.url))
    context.route("**/*", answer)
    yield context
    context.close()


def is_own(url: str, address: str) -> bool:
    """Tell whether a request stays with the site or with the device."""
    return url.startswith((address, "data:", "blob:", "about:"))


def _look(host: Host, address: str, pages: Sequence[str], axe: str) -> list[Seen]:
    found = []
    with browsing() as browser:
        for name in pages:
            seen = Seen(name)
            said: list[str] = []
            loaded: list[str] = []
            with visiting(browser, host, address, seen.requests) as context:
                page = context.new_page()
                _listen(page, said)
                page.on("request", lambda request, to=loaded: to.append(request.url))
                page.goto(address + name.removesuffix(HOME), wait_until="networkidle")
                seen.transferred = _weight(host, address, loaded)
                _judge(page, seen, axe)
            seen.findings += _complaints(seen, said, address)
            found.append(seen)
    return found


def _listen(page: Page, said: list[str]) -> None:
    page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))


def _weight(host: Host, address: str, requests: Sequence[str]) -> int:
    """Return the bytes of what a page itself asked of its host; a worker's copies come after it."""
    paths = {url.removeprefix(address) for url in requests if url.startswith(address)}
    return sum(host.answer(path).transferred for path in paths)


def _judge(page: Page, seen: Seen, axe: str) -> None:
    """Let axe-core look at a page as it opens, and again in use if there is anything to use."""
    page.evaluate(axe)
    _axe(page, "as it opens", seen)
    if page.evaluate(USE, TYPED):
        page.wait_for_load_state("networkidle")
        _axe(page, "in use", seen)


def _complaints(seen: Seen, said: Sequence[str], address: str) -> Iterator[Finding]:
    """Yield what the browser said, and who else was asked."""
    text = "The browser complains of this. Mend it; the console of the browser's own tools says where."
    for what in dict.fromkeys(said):
        yield Finding(seen.page, "browser", "console", what, text)
    text = (
        "The page asks another host. Take the file into theme/static/, or link to it instead of loading it."
    )
    for url in dict.fromkeys(seen.requests):
        if not is_own(url, address):
            yield Finding(seen.page, "requests", "own host only", url, text)


def _axe(page: Page, state: str, seen: Seen) -> None:
    # target-size is off by default, whatever the tags: https://github.com/dequelabs/axe-core, doc/rule-descriptions.md
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
        "preload": False,  # axe would copy imported styles into the page, which the policy refuses, and complain of us
    }
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        seen.states += 1
        for rule in page.evaluate(RUN, options):
            for node in rule["nodes"]:
                summary = " ".join(node["failureSummary"].split())
                text = f"({scheme}, {state}) {rule['help']}. {summary}. See {rule['helpUrl']}"
                seen.findings.append(Finding(seen.page, "axe", rule["id"], node["target"], text))
