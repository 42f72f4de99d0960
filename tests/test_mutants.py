"""Spoilt input: every mutant of a real file is read, or refused with a message that names a line.

Most mutants are read in this process, as far as a build does before it prints; some go through the whole command.
"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from handouts.content.data import Data, load_data
from handouts.content.draft import Draft, split
from handouts.content.files import content_files, read_text
from handouts.content.lint.rules import lint
from handouts.content.loader import load
from handouts.content.parser import parse_guide, parse_text
from handouts.errors import Problem, Problems
from tests.build_tools import MESSAGE, ROOT, Site, tree
from tests.mutants import mutant

SMALL, REAL = ROOT / "tests/small", ROOT / "content"
DEADLINE = 120
"""Seconds after which reading one file counts as a hang; it takes a few hundredths."""


@dataclass(frozen=True, slots=True)
class Job:
    """One mutant: of a file of the small content folder, read with all others, or of a real file, read alone."""

    source: Path
    name: str
    number: int

    def spoilt(self) -> tuple[str, bytes]:
        return mutant((self.source / self.name).read_bytes(), f"{self.source.name}/{self.name} {self.number}")


def campaign_jobs(small: int, texts: int, data: int) -> Iterator[Job]:
    """Yield so many mutants of the small folder, of real texts and of real data, spread evenly over their files."""
    for source, pattern, count in (
        (SMALL, "*/*.[mt][do]*", small),
        (REAL, "*/*.md", texts),
        (REAL, "data/*.toml", data),
    ):
        names = sorted(path.relative_to(source).as_posix() for path in source.glob(pattern))
        yield from (Job(source, names[number % len(names)], number) for number in range(count))


@cache
def known() -> tuple[Data, tuple[Draft, ...]]:
    problems = Problems()
    paths = [path for path in sorted((REAL / "shared").glob("*.md")) if "." not in path.stem]
    shared = tuple(split(path, "shared", path.read_text("utf-8"), problems) for path in paths)
    data = load_data(REAL / "data", problems)
    problems.stop_if_any()
    return data, shared


def read(home: Path, path: Path, problems: Problems) -> None:
    """Do what a build does with a file before anything is printed."""
    if home.name == SMALL.name:
        load(home, problems)
        return
    if path.suffix == ".toml":
        load_data(path.parent, problems)
        return
    data, shared = known()
    kind = path.parent.name
    assert path in content_files(path.parent, "*.md")
    text = read_text(path, problems)
    draft = split(path, kind, text, problems) if text is not None else None
    for line, said in lint(draft, data) if draft else ():
        problems.add(path, line, said)
    if draft and not problems and kind == "guides":
        parse_guide(replace(draft, shared=shared), data, str)
    elif draft and not problems and kind != "shared":
        parse_text(draft, data, str)


def verdict(folder: Path, job: Job) -> tuple[Job, str]:
    """Return how a mutant ended: `fine`, `refused` with messages, or what should never be."""
    home = folder / str(os.getpid()) / job.source.name
    if not home.exists():
        shutil.copytree(job.source, home)
    path, problems = home / job.name, Problems()
    path.write_bytes(job.spoilt()[1])
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(DEADLINE)
    try:
        read(home, path, problems)
        wrong = [str(problem) for problem in problems if not _leads_to_a_line(problem, home)]
    except Exception as error:  # whatever it is, it is what this campaign looks for
        return job, f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        shutil.copyfile(job.source / job.name, path)
    return job, f"misleading: {wrong[0]}" if wrong else "refused" if problems else "fine"


def _too_long(*args: object) -> None:
    raise TimeoutError("a hang")


def _leads_to_a_line(problem: Problem, home: Path) -> bool:
    """Tell whether a message has the form of all, and names a line that an editor can open."""
    path = Path(problem.path)
    if not MESSAGE.fullmatch(str(problem)) or not path.is_relative_to(home):
        return False
    return 1 <= problem.line <= (path.read_bytes().count(b"\n") + 1 if path.is_file() else 1)


def test_spoilt_files_are_read_or_refused_with_a_line(tmp_path):
    verdicts = [verdict(tmp_path, job) for job in campaign_jobs(60, 50, 5)]
    assert {how for _, how in verdicts} == {"fine", "refused"}


@pytest.mark.thorough
def test_thousands_of_spoilt_files_are_read_or_refused_with_a_line(tmp_path, figures):
    jobs = list(campaign_jobs(2_000, 2_500, 500))
    known()  # before the processes are forked, each of which works in a folder of its own

    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        verdicts = list(pool.map(partial(verdict, tmp_path), jobs, chunksize=20))

    count = Counter(how for _, how in verdicts)
    figures(f"{len(jobs)} mutants read: {count['fine']} still fine, {count['refused']} refused")
    assert [(job, how) for job, how in verdicts if how not in ("fine", "refused")] == []


@pytest.mark.thorough
def test_spoilt_contents_end_in_a_site_or_in_messages(tmp_path, model, one_guide, figures):
    """Through the real command; what could still be read goes on to print and page."""
    names = sorted(path.relative_to(one_guide).as_posix() for path in one_guide.rglob("*") if path.is_file())
    jobs = [Job(one_guide, names[number % len(names)], number) for number in range(60)]
    sites = [Site(Path(shutil.copytree(model.project, tmp_path / f"project-{name}"))) for name in "ab"]

    def ends(site: Site, part: list[Job]) -> list[tuple[Job, str]]:
        found = []
        for job in part:
            content = Path(shutil.copytree(one_guide, tmp_path / f"content-{site.project.name}"))
            (content / job.name).write_bytes(job.spoilt()[1])
            before = tree(site.output)
            done = site.build(content)
            lines = done.stderr.rstrip("\n").split("\n")
            untouched = tree(site.output) == before
            refused = done.returncode == 1 and all(map(MESSAGE.fullmatch, lines)) and untouched
            built = done.returncode == 0 and (not done.stderr or all("(warning)" in line for line in lines))
            how = "built" if built else "refused" if refused else f"{done.returncode}: {done.stderr}"
            found.append((job, how if site.alone() else "litter"))
            shutil.rmtree(content)
        return found

    with ThreadPoolExecutor(len(sites)) as pool:
        parts = [pool.submit(ends, site, jobs[number :: len(sites)]) for number, site in enumerate(sites)]
        ended = [one for part in parts for one in part.result()]

    count = Counter(how for _, how in ended)
    figures(f"{len(jobs)} mutants through the build: {count['built']} built, {count['refused']} refused")
    assert [(job, how) for job, how in ended if how not in ("built", "refused")] == []
    assert min(count["built"], count["refused"]) >= 10
