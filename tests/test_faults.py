"""Whatever happens to the machine, the old output stays complete and the next build is right; docs/faults.md has the figures."""

import os
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.build_tools import (
    HAN,
    ROOT,
    SITE,
    Site,
    assert_explained,
    copy_of_the_project,
    differing,
    guide_text,
    invoke_command,
    run,
    tree,
    write_content,
)

LIMITED = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); os.execv(*sys.argv[2:3], sys.argv[2:])"


@pytest.fixture
def site(tmp_path, model) -> Site:
    """A project with a full cache and an output of an earlier build."""
    return Site(Path(shutil.copytree(model.project, tmp_path / "project")))


HOLD = """
import fnmatch, os, sys, time
places = [os.environ["HOLD_AT"]]
def hold(event, args):
    if event == "open" and places and fnmatch.fnmatch(str(args[0]), places[0]):
        places.clear()
        open(os.environ["HELD"], "w").close()
        while os.path.exists(os.environ["HELD"]):
            time.sleep(0.01)
sys.addaudithook(hold)
"""
"""Python imports it first (sitecustomize): a program that opens a certain file waits until HELD is deleted."""


PRINTING, WRITING = "*/sheet.css", "*/.out.new-*/index.html"
"""Files that a build opens when it comes to its sheets, and to its pages."""


@pytest.fixture
def held(site, one_guide, tmp_path) -> Callable[[str], subprocess.Popen[str]]:
    """Return a function that starts a build and returns it when it waits before a file."""

    def held(place: str) -> subprocess.Popen[str]:
        here = tmp_path / "held"
        here.mkdir()
        (here / "sitecustomize.py").write_text(HOLD)
        env = {"PYTHONPATH": str(here), "HOLD_AT": place, "HELD": str(here / "here")}
        running = site.start(one_guide, "--force", **env)
        while not (here / "here").exists():
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.01)
        return running

    return held


def wait_for(running: subprocess.Popen[str], site: Site, pattern: str = "") -> None:
    """Wait until a file appears in the staging folder, which the build must not outrun."""
    while not list(site.output.parent.glob(f".out.new-*/{pattern}".removesuffix("/"))):
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.002)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "kill"])
@pytest.mark.parametrize("place", [PRINTING, WRITING], ids=["while printing", "while writing"])
def test_a_stopped_build_leaves_the_old_output_and_nothing_else(held, site, model, sign, place):
    running = held(place)
    running.send_signal(sign)
    _, said = running.communicate()

    assert (running.returncode, said) == (130, "Stopped. Nothing was changed.\n")
    assert site.is_as(model)


def test_a_killed_build_leaves_the_old_output_and_the_next_clears_up(held, site, model, one_guide):
    """Killed as the system does when memory runs out, not waiting for what it started."""
    with held(WRITING) as running:
        running.kill()

    assert differing(tree(site.output), tree(model.output)) == []
    assert len(list(site.output.parent.glob(".out.new-*"))) == 1
    assert site.build(one_guide).returncode == 0
    assert site.is_as(model)


def test_ctrl_c_on_a_terminal_ends_a_build_and_leaves_the_old_output(tmp_path):
    """The terminal says how far it is."""
    # Words that no run had before: what is in the cache would not be printed.
    guide = guide_text(cards="prepaid", who="".join(random.choices(HAN, k=12)) + "的人")
    content, output = write_content(tmp_path / "content", guide), tmp_path / "site"
    (output / "handouts").mkdir(parents=True)
    (output / "handouts.json").write_text("{}")
    (output / "index.html").write_text("old")
    before = tree(output)
    command = invoke_command("build", "--content", content, "--output", output)
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)  # the child is the build, with the terminal as its own
    said = b""
    while not re.search(rb"Printed [1-9]", said):
        said += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == 130
    assert tree(output) == before


@pytest.mark.thorough
def test_a_killed_worker_is_a_sentence(tmp_path, site, model):
    """As the system does it when memory runs out."""
    readers = enumerate("甲乙丙丁戊己庚辛", 1)
    guides = [guide_text(slug=f"g{number}", order=str(number), who=f"{who}看的") for number, who in readers]
    running = site.start(write_content(tmp_path / "content", *guides))
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    workers: list[str] = []
    while len(workers) < 2:
        assert running.poll() is None, "nothing was printed in several processes"
        workers = children.read_text().split() if children.exists() else []
    os.kill(int(workers[0]), signal.SIGKILL)
    _, said = running.communicate()

    assert running.returncode == 3
    assert "The system ended a process that was printing" in said
    assert "Traceback" not in said
    assert site.is_as(model)


class Moment(NamedTuple):
    """When a build is ended, and how."""

    part: float
    """Of the time that a build takes."""
    cold: bool
    """With an empty cache: fonts are cut, and sheets printed in several processes."""
    sign: signal.Signals
    group: bool
    """All processes of the build at once, as a terminal and a full memory do, or its first one alone."""


KILLS = 30
MOMENTS = [Moment(n / (KILLS + 1), n % 5 == 0, signal.SIGKILL, n % 2 == 0) for n in range(1, KILLS + 1)]
for sign, group in ((signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGINT, True)):
    MOMENTS += [Moment(n / 9, n % 2 == 0, sign, group) for n in range(2, 9) if n % 3 != group]


class Trial:
    """Two contents that take turns in one output; every build of one is ended, then done."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.site = Site(copy_of_the_project(folder / "project"))
        slugs = ("mobile", "b", "c", "d", "e")
        guides = {
            who: [guide_text(slug=slug, order=str(n), who=who) for n, slug in enumerate(slugs)]
            for who in ("甲", "乙")
        }
        self.contents = [write_content(folder / who, *texts) for who, texts in guides.items()]
        self.clean, self.length = [], {}
        for content in self.contents:
            for cold in (True, False):
                began = time.monotonic()
                done = self.site.build(content, "--force")
                self.length[cold] = time.monotonic() - began
                assert done.returncode == 0, done.stderr
            self.clean.append(tree(self.site.output))
        self.turn = 0  # which content is built next; the output holds the other

    def _under_way(self, moment: Moment) -> subprocess.Popen[str]:
        """Return a build at that moment; one that was faster than those before it is measured, undone and done again."""
        while True:
            if moment.cold:
                shutil.rmtree(self.site.cache)
            began = time.monotonic()
            running = self.site.start(self.contents[self.turn])
            try:
                running.communicate(timeout=self.length[moment.cold] * moment.part)
            except subprocess.TimeoutExpired:
                return running
            assert running.returncode == 0
            self.length[moment.cold] = time.monotonic() - began
            assert self.site.build(self.contents[1 - self.turn]).returncode == 0

    def survives(self, moment: Moment) -> str:
        """End a build and do the next; return what was not as it should be."""
        old, new = self.clean[1 - self.turn], self.clean[self.turn]
        running = self._under_way(moment)
        (os.killpg if moment.group else os.kill)(running.pid, moment.sign)
        _, said = running.communicate()
        found = tree(self.site.output)
        wrong = []
        if found != old and (found != new or (moment.sign != signal.SIGKILL and running.returncode == 130)):
            wrong.append(f"output spoilt: {differing(found, old)[:3]}")
        if moment.sign != signal.SIGKILL:
            if running.returncode in (0, 130) and not self.site.alone():
                wrong.append(f"left: {sorted(path.name for path in self.site.output.parent.iterdir())}")
            # Invoke is still starting: it says nothing.
            before_the_task = running.returncode == 1 and not said
            # Python ends `-m invoke` by SIGINT if the signal came while it executed a string: 130 in a shell.
            codes = (0, 130, -moment.sign, -signal.SIGINT)
            if running.returncode not in codes and not before_the_task:
                wrong.append(f"exit code {running.returncode}")
            if "Traceback" in said and "invoke" not in said.split("Traceback")[0]:
                wrong.append(said)
        deadline = time.monotonic() + 30
        while _group_lives(running.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        if _group_lives(running.pid):
            wrong.append("a process is left")
        done = self.site.build(self.contents[self.turn])
        if done.returncode or tree(self.site.output) != new or not self.site.alone():
            wrong.append(f"the next build: {done.returncode}, {done.stderr}")
        self.turn = 1 - self.turn
        return f"{moment}: {'; '.join(wrong)}" if wrong else ""


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.thorough
def test_whenever_a_build_is_ended_the_old_output_is_whole_and_the_next_build_right(tmp_path, figures):
    trials = [Trial(tmp_path / name) for name in ("a", "b")]
    with ThreadPoolExecutor(len(trials)) as pool:
        halves = pool.map(
            lambda trial, moments: [trial.survives(one) for one in moments],
            trials,
            (MOMENTS[::2], MOMENTS[1::2]),
        )
        wrong = [one for half in halves for one in half if one]

    survived = len(MOMENTS) - len(wrong)
    figures(f"builds ended at {len(MOMENTS)} moments, {KILLS} of them by SIGKILL: {survived} survived")
    assert wrong == []


def test_of_two_builds_at_once_the_second_waits_and_both_succeed(held, tmp_path, site, model, one_guide):
    first = held(WRITING)
    second = site.start(one_guide, "--force")
    assert second.stderr.readline() == f"Another build writes into {site.output.parent}; waiting.\n"

    (tmp_path / "held/here").unlink()
    said = [running.communicate()[1] for running in (first, second)]

    assert (first.returncode, second.returncode, said) == (0, 0, ["", ""])
    assert site.is_as(model)


@pytest.mark.thorough
def test_eight_builds_at_once_into_four_outputs_of_one_folder_all_succeed(site, model, one_guide):
    """Of the same cache, too."""
    sites = [replace(site, name=f"out-{number}") for number in range(4)]
    shutil.rmtree(site.output)
    all_of_them = [one.start(one_guide) for one in (*sites, *sites)]
    said = [running.communicate()[1] for running in all_of_them]

    assert [running.returncode for running in all_of_them] == [0] * 8, said
    assert sorted(site.output.parent.iterdir()) == [one.output for one in sites]
    for one in sites:
        assert differing(tree(one.output), tree(model.output)) == []


@pytest.fixture
def on_disk(disk, site) -> Callable[[str], Path]:
    """Return a function that puts the place where outputs are built on a small disk."""

    def on_disk(size: str) -> Path:
        place = disk(size)
        shutil.move(site.output, place)
        site.output.parent.rmdir()
        site.output.parent.symlink_to(place)
        return place

    return on_disk


def test_a_read_only_disk_is_explained(on_disk, site, model, one_guide):
    assert run("mount", "-o", "remount,ro", on_disk("8m")).returncode == 0
    assert_explained(site.build(one_guide, "--force"), 3, "read-only")
    assert site.is_as(model)


@pytest.mark.parametrize(
    "left",
    [(64,), pytest.param((0, 4, 16, 128, 256, 384, 512, 768, 1024, 4096), marks=pytest.mark.thorough)],
    ids=str,
)
def test_wherever_the_disk_gets_full_that_is_explained_and_the_old_output_stays(  # noqa: PLR0917
    on_disk, site, model, one_guide, figures, left
):
    """The less is free, the earlier it happens: folders, theme, pages, sheets, pictures, listing."""
    place, codes = on_disk("16m"), Counter()
    for kilobytes in left:
        stat = os.statvfs(place)
        (place / "filler").write_bytes(bytes(max(0, stat.f_bavail * stat.f_frsize - kilobytes * 1024)))
        done = site.build(one_guide, "--force")
        (place / "filler").unlink()
        if done.returncode:
            assert_explained(done, 3, "The disk is full")
        codes[done.returncode] += 1
        assert site.is_as(model)

    figures(f"disk full at {codes[3]} stages of a build: {codes[3]} survived")
    assert codes[3] >= min(len(left), 8)


@pytest.mark.thorough
@pytest.mark.parametrize("limit", [0, 1_000, 50_000])
@pytest.mark.parametrize("cold", [True, False], ids=["cold", "warm"])
def test_however_little_a_file_may_grow_the_old_output_stays(site, model, one_guide, limit, cold):
    if cold:
        shutil.rmtree(site.cache)

    done = site.build(one_guide, "--force", before=(sys.executable, "-c", LIMITED, str(limit)))

    if done.returncode:
        assert_explained(done, 3)
        assert "ulimit -f" in done.stderr or "No usable temporary directory" in done.stderr
    assert site.is_as(model)


@pytest.mark.thorough
def test_a_cache_on_a_full_disk_only_means_that_nothing_is_kept(disk, site, model, one_guide):
    place = disk("64k")
    shutil.rmtree(site.cache)
    site.cache.symlink_to(place)

    done = site.build(one_guide, "--force")

    assert (done.returncode, done.stderr) == (0, "")
    assert site.is_as(model)
    assert not [path for path in place.rglob("*") if "new" in path.name]


BOUND = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""Before a command: permissions bind it, although root calls it."""


@pytest.fixture
def bound() -> tuple[str, ...]:
    if BOUND and not shutil.which("setpriv"):
        pytest.skip("root may read everything, and no setpriv here to change that")
    return BOUND


@pytest.fixture
def closed() -> Iterator[Callable[[Path, int], None]]:
    """Return a function that changes who may use a path, until the test is over."""
    before = {}

    def close(path: Path, mode: int = 0) -> None:
        before[path] = path.stat().st_mode
        path.chmod(mode)

    yield close
    for path, mode in before.items():
        path.chmod(mode)


UNREADABLE = ("guides", "pages", "data", "data/facts.toml", "shared/complain.md", "images/x.png", ".")
OTHERS = [pytest.param(name, marks=pytest.mark.thorough) for name in UNREADABLE]


@pytest.mark.parametrize("name", ["guides/mobile.md", *OTHERS])
def test_what_may_not_be_read_is_named(site, model, one_guide, bound, closed, name):  # noqa: PLR0917
    content = Path(shutil.copytree(one_guide, site.project / "content"))
    (content / "images").mkdir()
    (content / "images/x.png").write_bytes(b"x")
    closed(content / name)

    done = site.build(content, before=bound)

    assert_explained(done, 3, str(content / name), "Check")
    assert site.is_as(model)


def test_a_folder_that_may_not_be_written_is_named(site, model, one_guide, bound, closed):
    closed(site.output.parent, 0o555)
    done = site.build(one_guide, "--force", before=bound)
    assert_explained(done, 3, "not allowed")
    assert site.is_as(model)


@pytest.mark.thorough
def test_a_cache_that_may_not_be_used_only_means_that_nothing_is_kept(site, model, one_guide, bound, closed):
    for folder in (site.cache / "sheets", site.cache / "builds"):
        closed(folder)

    done = site.build(one_guide, before=bound)

    assert (done.returncode, done.stderr) == (0, "")
    assert site.is_as(model)


@pytest.mark.thorough
@pytest.mark.parametrize("cold", [True, False], ids=["cold", "warm"])
def test_a_cache_deleted_under_way_again_and_again_ends_in_a_site_or_a_sentence(site, model, one_guide, cold):
    (site.output / "old.html").write_text("")
    before = tree(site.output)
    if cold:
        shutil.rmtree(site.cache)
    running, over = site.start(one_guide), threading.Event()

    def delete() -> None:
        while not over.wait(0.01):
            shutil.rmtree(site.cache, ignore_errors=True)

    deleting = threading.Thread(target=delete)
    deleting.start()
    _, said = running.communicate()
    over.set()
    deleting.join()

    if running.returncode:
        assert said == "The cache was emptied while the site was being built. Build again.\n"
        assert tree(site.output) == before
        assert site.build(one_guide).returncode == 0
    assert site.is_as(model)


@pytest.mark.thorough
def test_a_staging_folder_deleted_under_way_never_becomes_the_output(site, one_guide):
    (site.output / "old.html").write_text("")
    before = tree(site.output)

    def delete() -> None:
        for stage in site.output.parent.glob(".out.new-*"):
            shutil.rmtree(stage, ignore_errors=True)

    running = site.start(one_guide)
    wait_for(running, site, "index.html")
    delete()
    _, said = running.communicate()

    assert "Traceback" not in said
    assert running.returncode in (1, 3), said
    assert tree(site.output) == before
    assert site.alone()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a guide changed": lambda here: (here / "guides/mobile.md").write_text(guide_text(title="新的")),
    "a guide spoilt": lambda here: (here / "guides/mobile.md").write_bytes(b"\xff"),
    "a guide deleted": lambda here: (here / "guides/mobile.md").unlink(),
    "a guide became a folder": lambda here: [f(here / "guides/mobile.md") for f in (Path.unlink, Path.mkdir)],
    "a new guide": lambda here: (here / "guides/new.md").write_text(guide_text(slug="new")),
    "facts deleted": lambda here: (here / "data/facts.toml").unlink(),
    "all of it deleted": shutil.rmtree,
}


@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_content_that_changes_under_way_ends_in_a_whole_site_or_a_message(tmp_path, site, one_guide, change):
    """And the next build sees the change: it says what one without any memory of it says."""
    for moment in range(2):
        content = Path(shutil.copytree(one_guide, tmp_path / f"content-{moment}"))
        before = tree(site.output)
        running = site.start(content)
        wait_for(running, site)
        time.sleep(moment / 2)
        change(content)
        _, said = running.communicate()

        assert "Traceback" not in said
        assert bool(said) == bool(running.returncode)
        assert tree(site.output) == before or not running.returncode
        assert site.alone()
    next_one = site.build(content)
    found = tree(site.output)
    whole = site.build(content, "--force")
    assert (next_one.returncode, next_one.stderr) == (whole.returncode, whole.stderr)
    assert tree(site.output) == found


@pytest.mark.thorough
def test_a_cache_of_odd_things_is_as_good_as_none(site, model, one_guide):
    """Entries cut, altered, emptied, exchanged, folders and links in their place; a build with it equals one without."""
    entries = sorted((site.cache / "sheets").iterdir())
    whole = [entry.read_bytes() for entry in entries]
    spoils: list[Callable[[Path, bytes], object]] = [
        lambda at, raw: at.write_bytes(raw[: len(raw) // 2]),
        lambda at, raw: at.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1])),
        lambda at, raw: at.write_bytes(b""),
        lambda at, raw: at.write_bytes(whole[entries.index(at) - 1]),
        lambda at, raw: [at.unlink(), at.mkdir()],
        lambda at, raw: [at.unlink(), at.symlink_to(at.name)],
        lambda at, raw: [at.unlink(), at.symlink_to("/dev/null")],
    ]
    for spoil in spoils:
        for entry, raw in zip(entries, whole, strict=True):
            if entry.is_dir() and not entry.is_symlink():
                entry.rmdir()
            entry.unlink(missing_ok=True)
            entry.write_bytes(raw)
            spoil(entry, raw)

        done = site.build(one_guide, "--force")

        assert (done.returncode, done.stderr) == (0, "")
        assert site.is_as(model)


def test_no_environment_and_a_strict_umask_change_nothing(site, model, one_guide):
    """Nor a content folder and an output with names that are no ASCII; everybody may read the site."""
    odd = Path(shutil.copytree(one_guide, site.project / "内容 [x] & %20"))
    command = [sys.executable, "-m", "invoke", "build", "--content", odd.name, "--output", "出口 {y}"]
    strange = {"PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "TZ": ":/nowhere", "LANG": "xx_YY"}
    utf8 = "01"[not str(ROOT).isascii()]  # else OpenCC finds its files by ASCII names only
    done = run(*command, cwd=site.project, env={"SITE": SITE, "PYTHONUTF8": utf8, **strange}, umask=0o077)

    assert (done.returncode, done.stderr) == (0, "")
    output = site.project / "出口 {y}"
    assert differing(tree(output), tree(model.output)) == []
    assert {path.stat().st_mode & 0o777 for path in output.rglob("*")} == {0o755, 0o644}


def test_nobody_there_to_read_what_a_build_says_is_no_fault(site, one_guide):
    """A full disk under the log, and `| head`; nothing changed, so it says one line."""
    for target, said in (("/dev/full", "could not be printed"), ("pipe", "")):
        read, write = os.pipe()
        os.close(read)
        with Path(target).open("wb") if target != "pipe" else os.fdopen(write, "wb") as stdout:
            done = run(*site.command(one_guide), cwd=site.project, stdout=stdout)
        assert done.returncode == 0
        assert said in done.stderr
        assert "rror" not in done.stderr


def test_missing_fonts_and_a_missing_library_are_explained(tmp_path, site, model, one_guide):
    """Pango is loaded through cffi; here cffi finds nothing."""
    (tmp_path / "fonts.conf").write_text("<fontconfig/>")
    done = site.build(one_guide, "--force", FONTCONFIG_FILE=str(tmp_path / "fonts.conf"))
    assert_explained(done, 3, "Noto Sans CJK SC", "Install")

    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    content = write_content(tmp_path / "content", guide_text(answer="**没有印过的一句话。**"))
    assert_explained(site.build(content, PYTHONPATH=str(tmp_path)), 3, "Pango", "./inv")
    assert site.is_as(model)


@pytest.mark.thorough
def test_a_build_writes_nothing_outside_its_output_and_cache(tmp_path, site, model, one_guide):
    """Not at home, not among temporary files, not where it was called, not in the content."""
    places = {name: tmp_path / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    for place in places.values():
        place.mkdir()
    content = Path(shutil.copytree(one_guide, tmp_path / "content"))
    shutil.rmtree(site.cache)
    own = re.compile(r"\.cache(/|$)|site(/|$)|(.*/)?__pycache__(/|$)")

    def state() -> dict[str, int]:
        files = (path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink())
        outside = (path for path in files if not own.match(os.path.relpath(path, site.project)))
        return {str(path): path.lstat().st_mtime_ns for path in outside if "fontconfig" not in path.parts}

    before = state()
    done = site.build(content, "--force", **{name: str(place) for name, place in places.items()})

    assert (done.returncode, done.stderr) == (0, "")
    assert state() == before
    assert site.is_as(model)
