"""Every page through the Nu HTML checker (https://validator.github.io/validator/), which the W3C runs.

In: a built site. Out: findings. Errors and warnings both count; what we do in spite of a warning stands in MEANT.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from handouts.errors import MachineError

from .finding import Finding
from .tools import Tools, clean

MEANT = ("The “list” role is unnecessary for element",)
"""Warnings that are let pass. Safari takes the role of a list from one that shows no markers, unless it is said
(https://webkit.org/b/170179)."""


@dataclass(frozen=True)
class Checked:
    """What the checker said of a site."""

    findings: list[Finding]
    passed: int
    """Warnings let pass."""


def check(site: Path, tools: Tools) -> Checked:
    """Check all pages in one run of the checker."""
    command = [
        tools.java,
        "-jar",
        tools.nu,
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        "--skip-non-html",
        site,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=clean(os.environ), check=False
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except ValueError as error:
        raise MachineError(f"The HTML checker did not run: {done.stderr.strip()[-500:]}") from error
    meant = [message for message in messages if message["message"].startswith(MEANT)]
    findings = [_finding(site, message) for message in messages if message not in meant]
    return Checked(findings, passed=len(meant))


def _finding(site: Path, message: dict) -> Finding:
    page = message.get("url", "").removeprefix("file:").removeprefix(f"{site.resolve()}/")
    rule = message.get("subType") or message["type"]
    where = f"line {message['lastLine']}" if "lastLine" in message else ""
    extract = " ".join(message.get("extract", "").split())
    return Finding(page, "html", rule, where, f"{message['message']} In: {extract}")
