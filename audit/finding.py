"""What an audit found, as sentences that say page, rule, element and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHOWN = 3
"""Elements named for one rule of one page; the report has all."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with one page or PDF."""

    page: str
    """The file of the page or PDF below the site: `prepaid/index.html`."""
    check: str
    """Who says so: axe, browser, html, lighthouse, requests, verapdf."""
    rule: str
    where: str
    """The element, the line, the address; empty for the page as a whole."""
    text: str
    """What is wrong and what to do, as sentences."""


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line per page and rule, sorted: where it is seen first, and at how many more places."""
    groups: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(findings):
        groups[finding.page, finding.check, finding.rule].append(finding)
    for (page, check, rule), group in groups.items():
        places = list(dict.fromkeys(finding.where for finding in group if finding.where))
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        at = f" at {', '.join(places[:SHOWN])}{more}" if places else ""
        yield f"{page}: {check} {rule}{at}: {group[0].text}"
