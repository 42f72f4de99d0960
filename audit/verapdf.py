"""Check every PDF of the site with veraPDF, the reference checker of PDF/UA-1 (https://verapdf.org).

In: a built site, all editions. Out: findings. veraPDF comes from Maven Central, in the versions of verapdf.xml; where Java
or Maven is missing, the check is left out with a sentence.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handouts.errors import MachineError

from .finding import Finding, without_options

PROJECT = Path(__file__).with_name("verapdf.xml")
COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies"
MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
PROFILE = "ua1"
LEFT_OUT = (
    "veraPDF is left out: this machine has no {}. Install Java and Maven (Debian: maven) to run it too."
)


@dataclass(frozen=True)
class VeraPdfResult:
    """What veraPDF found on a site."""

    findings: list[Finding]
    passed: int
    """PDFs without a failure."""
    left_out: str = ""
    """Why it did not run, as a sentence."""


def check(site: Path, libraries: Path) -> VeraPdfResult:
    """Check all PDFs in one run; `libraries` is a folder to keep veraPDF in."""
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if missing:
        return VeraPdfResult([], 0, LEFT_OUT.format(" and no ".join(missing)))
    files = sorted(site.glob("**/handouts/*.pdf"))
    findings = list(_findings(site, files, libraries)) if files else []
    failed = {finding.page for finding in findings}
    return VeraPdfResult(findings, len(files) - len(failed))


def _findings(site: Path, files: list[Path], libraries: Path) -> Iterator[Finding]:
    """Yield a finding for each rule that a PDF breaks."""
    _install(libraries)
    command = ["java", "-cp", f"{libraries}/*", MAIN, "--flavour", PROFILE, "--format", "json", *files]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=without_options(os.environ),
        check=False,
    )
    try:
        jobs = json.loads(done.stdout)["report"]["jobs"]
    except (ValueError, KeyError) as error:
        raise MachineError(f"veraPDF did not run: {done.stderr.strip()[-500:]}") from error
    if len(jobs) != len(files):
        raise MachineError(f"veraPDF checked {len(jobs)} of {len(files)} PDFs: {done.stderr.strip()[-500:]}")
    for job in jobs:
        page = Path(job["itemDetails"]["name"]).relative_to(site).as_posix()
        if "validationResult" not in job:
            message = job.get("taskException", {}).get("exceptionMessage", "it cannot be read")
            yield Finding(page, "verapdf", "readable", "", f"{message}.")
            continue
        for result in job["validationResult"]:
            for rule in result["details"]["ruleSummaries"]:
                if rule["failedChecks"]:
                    where = rule["checks"][0]["context"] if rule["checks"] else ""
                    yield Finding(
                        page, "verapdf", f"{rule['clause']}-{rule['testNumber']}", where, rule["description"]
                    )


def _install(libraries: Path) -> None:
    """Copy veraPDF's jars from Maven Central; Maven checks each against its digest."""
    stamp = libraries / PROJECT.name
    if stamp.is_file() and stamp.read_bytes() == PROJECT.read_bytes():
        return
    shutil.rmtree(libraries, ignore_errors=True)
    command = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", PROJECT, COPY]
    command.append(f"-DoutputDirectory={libraries}")
    done = subprocess.run(
        command, capture_output=True, text=True, env=without_options(os.environ), check=False
    )
    if done.returncode:
        raise MachineError(f"Maven did not install veraPDF: {done.stdout.strip()[-500:]}")
    stamp.write_bytes(PROJECT.read_bytes())
