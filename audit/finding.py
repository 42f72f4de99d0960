"""What the parts of the audit share: a finding, and an environment in which Node and Java start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OPTIONS = ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "NODE_ENV")
"""Variables that people set for their own Node and Java."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with one page; `where` is an element, a line, an address, or empty for the whole page."""

    page: str
    check: str
    rule: str
    where: str
    text: str


def without_options(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what people set for their own Node and Java."""
    return {name: value for name, value in environment.items() if name not in OPTIONS}
