"""Audit the built site: ./inv audit.

In: a folder with a built site. Out: a table, and a folder with the findings of all pages as JSON, Lighthouse's pages
and the list of all requests. Five judges: axe-core, the Nu HTML checker, veraPDF, Lighthouse, and the record of requests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from handouts.errors import BuildError, CallError

from . import browse, lighthouse, nu, pictures, verapdf
from .finding import Finding, sentences
from .host import Host
from .tools import Tools


class AuditError(BuildError):
    """The site does not pass; the message has a line for each thing that is wrong."""


@dataclass(frozen=True)
class Audit:
    """All that was found."""

    address: str
    seen: list[browse.Seen]
    checked: nu.Checked
    papers: verapdf.Judged
    measured: list[lighthouse.Scores]

    @property
    def findings(self) -> list[Finding]:
        """Return the findings of all judges, sorted."""
        parts = [
            self.checked.findings,
            self.papers.findings,
            *(one.findings for one in (*self.seen, *self.measured)),
        ]
        return sorted({finding for part in parts for finding in part})


def show(root: Path, site: Path, folder: Path) -> None:
    """Take pictures of all kinds of pages; see pictures.py."""
    count = pictures.take(site, folder)
    print(f"{count} pictures in {folder}")


def judge(root: Path, site: Path, report: Path) -> None:
    """Audit a site, print the table, write the report; raise AuditError if anything is wrong."""
    audit = examine(site, report, Tools(root))
    write(audit, report)
    for line in table(audit):
        print(line)
    print(f"The whole report: {report}")
    if audit.findings:
        raise AuditError("\n".join(sentences(audit.findings)))


def examine(site: Path, report: Path, tools: Tools) -> Audit:
    """Let all judges look at a site. Those that measure no time come first, Lighthouse alone after them."""
    if report.exists() and not report.is_dir():
        raise CallError(f"{report} is a file. Give --report a folder.")
    pages, address = browse.pages_of(site), browse.address_of(site)
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(nu.check, site, tools)
        seen = browse.look(site, pages, tools.axe)
        checked = checking.result()
    papers = verapdf.check(site, tools.root / ".cache" / "verapdf")
    with Host(site).serving() as local:
        measured = list(lighthouse.measure(local, guides(site, pages), report / "lighthouse", tools))
    return Audit(address, seen, checked, papers, measured)


def guides(site: Path, pages: Sequence[str]) -> list[str]:
    """Return home and the guides: the pages that have a sheet."""
    return [page for page in pages if page == browse.HOME or (site / page).with_name("sheet.png").is_file()]


def table(audit: Audit) -> Iterator[str]:
    """Yield the figures as lines."""
    count = len(audit.seen)
    by_judge = dict.fromkeys(("axe", "browser", "html", "lighthouse", "requests", "verapdf"), 0)
    for finding in audit.findings:
        by_judge[finding.check] += 1
    looks = sum(one.states for one in audit.seen)
    asked = [url for one in audit.seen for url in one.requests]
    yield f"axe         {by_judge['axe']:4} violations on {count} pages, {looks} looks (light and dark, as they open and in use)"
    yield f"html        {by_judge['html']:4} errors and warnings on {count} pages ({audit.checked.passed} meant warnings)"
    yield (
        audit.papers.left_out
        or f"verapdf     {by_judge['verapdf']:4} rules of PDF/UA-1 broken; {audit.papers.passed} PDFs break none"
    )
    yield f"browser     {by_judge['browser']:4} complaints"
    yield f"requests    {by_judge['requests']:4} of {len(asked)} to another host than {audit.address}"
    yield f"lighthouse  {by_judge['lighthouse']:4} points lost"
    transferred = {one.page: one.transferred for one in audit.seen}
    head = [*lighthouse.WANTED, *(f"{name} ms" for name in lighthouse.TIMES.values()), "KB"]
    yield f"  {'':24}" + "".join(f"{name:>15}" for name in head)
    for one in audit.measured:
        figures = [one.scores[name] for name in lighthouse.WANTED]
        figures += [*one.milliseconds.values(), round(transferred[one.page] / 1024)]
        yield f"  {one.page:24}" + "".join(f"{figure:>15}" for figure in figures)


def write(audit: Audit, report: Path) -> None:
    """Write what was found: audit.json for programs, requests.txt for whoever wants to see them all."""
    report.mkdir(parents=True, exist_ok=True)
    whole = {
        "address": audit.address,
        "findings": [asdict(finding) for finding in audit.findings],
        "pages": [{"page": one.page, "looks": one.states, "bytes": one.transferred} for one in audit.seen],
        "lighthouse": [{"page": one.page, **one.scores, **one.milliseconds} for one in audit.measured],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    (report / "audit.json").write_text(text + "\n", encoding="utf-8")
    lines = [f"{one.page} {url}" for one in audit.seen for url in dict.fromkeys(one.requests)]
    (report / "requests.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
