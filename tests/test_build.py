"""The build through the real command: exit codes, messages, and an output that is whole or untouched."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from handouts.proof import font_names
from handouts.swap import MARKER
from tests.build_tools import (
    GUIDES,
    LONG,
    MESSAGE,
    ROOT,
    build,
    differing,
    guide_text,
    invoke,
    invoke_command,
    tree,
    write_content,
)

BAD_GUIDE = guide_text(updated="2026-13-40", slug="Bad Slug").replace("{#before-1}", "")


@pytest.fixture(scope="module")
def built(tmp_path_factory, one_guide) -> Path:
    """An output made from one guide. Copy it before you give it to a build."""
    output = tmp_path_factory.mktemp("built") / "out"
    done = build(one_guide, output)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture
def output(tmp_path, built) -> Path:
    """An output of an earlier build."""
    return Path(shutil.copytree(built, tmp_path / "out"))


def assert_untouched(output: Path, built: Path) -> None:
    """The output is the earlier one, byte for byte, and nothing lies beside it."""
    assert differing(tree(output), tree(built)) == []
    assert [path.name for path in output.parent.glob(".*")] == []


def assert_explained(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The command ended with this code, these words, and no traceback."""
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


# --- 0: done ----------------------------------------------------------------------------------------------------


def test_a_build_says_what_it_made(tmp_path, one_guide):
    done = build(one_guide, tmp_path / "out")

    assert done.returncode == 0
    assert done.stderr == ""
    assert re.search(r"^mobile +11 pt +\d+ KB$", done.stdout, re.MULTILINE)
    pages = len(list((tmp_path / "out").rglob("*.html")))
    assert done.stdout.endswith(f"1 sheets and {pages} pages in {tmp_path / 'out'}\n")


def test_an_output_of_ours_is_replaced_whole(output, one_guide, built):
    (output / "left-over.html").write_text("old")

    assert build(one_guide, output).returncode == 0
    assert_untouched(output, built)


def test_content_and_output_are_named_from_where_the_caller_stands(tmp_path, one_guide, built):
    shutil.copytree(one_guide, tmp_path / "mine")

    done = build(Path("mine"), Path("site"), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert differing(tree(tmp_path / "site"), tree(built)) == []


# --- 1: the content is at fault ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Path:
    """Content with a fault in many of its files."""
    folder = write_content(tmp_path_factory.mktemp("faulty") / "content", BAD_GUIDE, guide_text(slug="good"))
    with (folder / "pages/about.md").open("a", encoding="utf-8") as page:
        page.write("\n一句话。[@no-such-fact]\n\n[去](missing.md)\n")
    (folder / "posts").mkdir()
    (folder / "posts/empty.md").write_text("")
    (folder / "posts/latin.md").write_bytes("---\ntitle: é\n".encode("latin-1"))
    return folder


def test_all_faults_are_named_in_one_run_sorted_without_traceback(output, built, faulty):
    done = build(faulty, output)

    assert_explained(done, 1)
    lines = done.stderr.rstrip("\n").split("\n")
    places = [(path, int(number)) for path, number in (line.split(":")[:2] for line in lines)]
    assert places == sorted(places)
    assert all(MESSAGE.fullmatch(line) for line in lines)
    files = {Path(path).relative_to(faulty).as_posix() for path, _ in places}
    assert files == {"guides/nameless.md", "pages/about.md", "posts/empty.md", "posts/latin.md"} | (
        files & {"guides/Bad.md"}
    )
    assert_untouched(output, built)


def test_messages_name_files_as_the_caller_did(tmp_path, faulty):
    shutil.copytree(faulty, tmp_path / "mine")

    done = build(Path("mine"), Path("out"), cwd=tmp_path)

    assert_explained(done, 1)
    assert all(line.startswith("mine/") for line in done.stderr.rstrip("\n").split("\n"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("guide", "words"),
    [
        pytest.param(
            guide_text(before=LONG, submit=LONG, after=LONG, bring=LONG),
            "mm too long at 10 pt",
            id="three times too long",
        ),
        pytest.param(
            guide_text(who="ไ的人"),
            "No font can print U+0E44 “ไ”",
            id="a character that no font has",
        ),
        pytest.param(
            guide_text().replace("**存好截图。**", "**存好![图](../images/x.png)截图。**", 1),
            "x.png",
            id="a picture in a lead",
        ),
    ],
)
def test_a_guide_that_cannot_be_printed_is_named_with_its_line(tmp_path, output, built, guide, words):
    content = write_content(tmp_path / "content", guide)

    done = build(content, output)

    assert_explained(done, 1, f"{content}/guides/mobile.md:", words)
    assert_untouched(output, built)


def test_a_link_from_the_theme_to_a_page_that_is_gone_stops_the_build(tmp_path, output, built):
    """The reference pages are content; what links to them is the theme."""
    content = write_content(tmp_path / "content")
    (content / "pages/about.md").unlink()

    done = build(content, output)

    assert_explained(done, 1, "about/` leads to nothing")
    assert_untouched(output, built)


# --- 2: the call is at fault ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "target", "words"),
    [
        pytest.param("missing", "out", "missing is no folder", id="content missing"),
        pytest.param("file", "out", "file is no folder", id="content is a file"),
        pytest.param("content", "file", "file is a file", id="output is a file"),
        pytest.param("content", "file/deeper", "--output", id="output below a file"),
        pytest.param("content", "photos", "was not made by this program", id="output is not ours"),
        pytest.param("content", ".", "holds the sources", id="output holds the content"),
        pytest.param("content", "content/guides", "lies in the content", id="output in the content"),
        pytest.param("content", "n" * 300, "--output", id="output with too long a name"),
        pytest.param("content", "loop", "--output", id="output is a circle of links"),
    ],
)
def test_a_call_that_cannot_be_carried_out_changes_nothing(tmp_path, content, target, words):
    (tmp_path / "content/guides").mkdir(parents=True)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_text("mine")
    (tmp_path / "loop").symlink_to("loop")
    before = tree(tmp_path)

    done = build(Path(content), Path(target), cwd=tmp_path)

    assert_explained(done, 2, words)
    assert tree(tmp_path) == before


def test_the_project_itself_is_no_output(one_guide):
    assert_explained(build(one_guide, ROOT), 2, "holds the sources")
    assert_explained(build(one_guide, ROOT / "content"), 2, "was not made by this program")


def test_an_unknown_option_is_explained(tmp_path):
    done = invoke("build", "--outptu", tmp_path / "out")

    assert done.returncode != 0
    assert "Traceback" not in done.stderr


# --- 3: the machine is at fault ---------------------------------------------------------------------------------


def test_missing_fonts_are_explained(tmp_path, output, built, one_guide):
    (tmp_path / "fonts.conf").write_text("<fontconfig/>")

    done = build(one_guide, output, FONTCONFIG_FILE=str(tmp_path / "fonts.conf"))

    assert_explained(done, 3, "Noto Sans CJK SC", "Install")
    assert_untouched(output, built)


def test_a_missing_library_is_explained(tmp_path, output, built):
    """Pango is loaded through cffi; here cffi finds nothing."""
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    content = write_content(tmp_path / "content", guide_text(answer="**没有印过的一句话。**"))

    done = build(content, output, PYTHONPATH=str(tmp_path))

    assert_explained(done, 3, "Pango", "./inv")
    assert_untouched(output, built)


LIMITED = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000,) * 2); os.execv(*sys.argv[1:2], sys.argv[1:])"


def test_a_file_that_cannot_grow_is_explained(output, built, one_guide):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *invoke_command("build", "--content", one_guide, "--output", output)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert_explained(done, 3, "ulimit -f")
    assert_untouched(output, built)


@pytest.fixture
def disk(tmp_path):
    """Return a function that mounts a small disk of its own; needs the right to mount."""
    mounted = []

    def mount(size: str) -> Path:
        place = tmp_path / "disk"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("no right to mount a disk here")
        mounted.append(place)
        return place

    if not shutil.which("mount"):
        pytest.skip("no mount on this machine")
    yield mount
    for place in mounted:
        subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_explained(disk, one_guide):
    place = disk("100k")

    done = build(one_guide, place / "out")

    assert_explained(done, 3, "The disk is full")
    assert list(place.iterdir()) == []


def test_a_read_only_disk_is_explained(disk, one_guide, built):
    place = disk("8m")
    shutil.copytree(built, place / "out")
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)

    done = build(one_guide, place / "out")

    assert_explained(done, 3, "read-only")
    assert_untouched(place / "out", built)


# --- Interrupted, killed, twice at once -------------------------------------------------------------------------

AS_IN_A_TERMINAL = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(*sys.argv[1:2], sys.argv[1:])"


def start(content: Path, output: Path) -> subprocess.Popen[str]:
    """Start a build that can be interrupted, even where the tests themselves run in the background."""
    command = invoke_command("build", "--content", content, "--output", output)
    return subprocess.Popen(
        [sys.executable, "-c", AS_IN_A_TERMINAL, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill(running: subprocess.Popen[str]) -> None:
    """Kill a build as the system does when memory runs out, not waiting for what it started."""
    running.kill()
    running.wait()
    running.stdout.close()
    running.stderr.close()


def wait_for(running: subprocess.Popen[str], parent: Path, pattern: str) -> None:
    """Wait until a file appears in the staging folder, which the build must not outrun."""
    while not list(parent.glob(f".out.new-*/{pattern}" if pattern else ".out.new-*")):
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.002)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "kill"])
@pytest.mark.parametrize("pattern", ["", "index.html"], ids=["while printing", "while writing"])
def test_a_stopped_build_leaves_the_old_output_and_nothing_else(output, built, one_guide, sign, pattern):
    running = start(one_guide, output)
    wait_for(running, output.parent, pattern)
    running.send_signal(sign)
    _, said = running.communicate()

    assert running.returncode == 130
    assert said == "Stopped. Nothing was changed.\n"
    assert_untouched(output, built)


def test_a_killed_build_leaves_the_old_output_and_the_next_clears_up(output, built, one_guide):
    running = start(one_guide, output)
    wait_for(running, output.parent, "index.html")
    kill(running)

    assert differing(tree(output), tree(built)) == []
    assert len(list(output.parent.glob(".out.new-*"))) == 1
    assert build(one_guide, output).returncode == 0
    assert_untouched(output, built)


def test_two_builds_at_once_both_succeed(output, built, one_guide):
    both = [start(one_guide, output), start(one_guide, output)]
    said = [running.communicate()[1] for running in both]

    assert [running.returncode for running in both] == [0, 0], said
    assert_untouched(output, built)


@pytest.mark.thorough
def test_at_whatever_moment_a_build_is_killed_the_output_is_old_or_new(tmp_path, built):
    """Killed after 0.1 s, 0.2 s and so on, until one build is faster."""
    content = write_content(tmp_path / "content", guide_text(title="新的一份怎么停"))
    assert build(content, tmp_path / "new").returncode == 0
    old, new = tree(built), tree(tmp_path / "new")
    output = Path(shutil.copytree(built, tmp_path / "out"))
    for tenths in range(1, 200):
        running = start(content, output)
        try:
            running.communicate(timeout=tenths / 10)
        except subprocess.TimeoutExpired:
            kill(running)
            assert tree(output) in (old, new)
            continue
        break
    assert running.returncode == 0
    assert differing(tree(output), new) == []


@pytest.mark.thorough
def test_a_killed_build_leaves_no_process_behind(tmp_path):
    """Sheets are printed by several processes; they end with the one that started them."""
    guides = [guide_text(slug=f"g{number}", order=str(number)) for number in range(1, 9)]
    running = start(write_content(tmp_path / "content", *guides), tmp_path / "out")
    workers: list[str] = []
    while len(workers) < 2:
        assert running.poll() is None, "nothing was printed in several processes"
        workers = children_of(running.pid)
    kill(running)

    deadline = time.monotonic() + 20
    while any(map(runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(runs, workers))


def runs(pid: str) -> bool:
    """Tell whether a process still runs; one that ended stays listed until somebody asks for its code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def children_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []


# --- The same input, the same bytes -----------------------------------------------------------------------------


def copy_of_the_project(folder: Path) -> Path:
    """Copy what a clone holds, but for its content, so that a build there shares no cache with this one."""
    left_out = ("content", "docs", "tests", "output", "__pycache__", ".*")
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*left_out)))


def test_another_folder_time_zone_locale_and_hash_seed_give_the_same_bytes(tmp_path, built):
    project = copy_of_the_project(tmp_path / "another clone, 别处")
    write_content(project / "content")

    done = subprocess.run(
        [sys.executable, "-m", "invoke", "build", "--output", "site"],
        cwd=project,
        env=os.environ | {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert differing(tree(project / "site"), tree(built)) == []


def test_a_build_with_an_empty_cache_equals_one_with_a_full_one(tmp_path, one_guide, built):
    """The project's cache is full by now; a copy of the project starts without one."""
    project = copy_of_the_project(tmp_path / "project")
    command = [sys.executable, "-m", "invoke", "build", "--content", one_guide, "--output", "site"]
    for _ in ("empty", "full"):
        subprocess.run(command, cwd=project, capture_output=True, check=True)

        assert differing(tree(project / "site"), tree(built)) == []
    assert list((project / ".cache").rglob("*"))


@pytest.mark.thorough
def test_the_real_site_has_the_same_bytes_in_another_clone(tmp_path, site):
    project = copy_of_the_project(tmp_path / "another clone, 别处")
    shutil.copytree(ROOT / "content", project / "content")

    done = subprocess.run(
        [sys.executable, "-m", "invoke", "build"],
        cwd=project,
        env=os.environ | {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "99"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert differing(tree(project / "output"), tree(site)) == []


# --- handouts.json ----------------------------------------------------------------------------------------------


def test_the_listing_names_every_pdf_and_no_other(site, listing):
    assert sorted(listing) == sorted(f"handouts/{path.name}" for path in (site / "handouts").glob("*.pdf"))
    assert {f"handouts/{guide}.pdf" for guide in GUIDES} <= set(listing)


def test_the_listing_marks_an_output_as_ours(site):
    assert (site / MARKER).is_file()


def test_what_the_listing_says_of_each_pdf_is_true(site, listing, real_content):
    days = {fact.read.isoformat() for fact in real_content.data.facts.values()}
    for path, entry in listing.items():
        pdf = (site / path).read_bytes()
        assert entry["path"] == path
        assert entry["guide"] in (None, *GUIDES)
        assert entry["operator"] in (None, *real_content.data.operators)
        assert entry["language"] in ("zh-Hans", "fr", "nl", "de", "en")
        assert entry["pages"] == len(pages_of(pdf))
        assert entry["bytes"] == len(pdf)
        assert entry["sha256"] == hashlib.sha256(pdf).hexdigest()
        assert entry["fonts"] == list(font_names(pdf))
        assert entry["oldest_fact"] in (None, *days)
        assert {"text-complete", "inside-margins", "own-fonts", "no-messages"} <= set(entry["checks"])


def test_what_the_listing_says_of_each_sheet_is_printed_on_it(site, listing):
    sheets = {path: entry for path, entry in listing.items() if "version" in entry}
    assert {f"handouts/{guide}.pdf" for guide in GUIDES} <= set(sheets)
    for path, entry in sheets.items():
        assert path == "handouts/" + "-".join(filter(None, (entry["guide"], entry["operator"]))) + ".pdf"
        assert entry["points"] in (11, 10.5, 10)
        assert 0.5 < entry["fill"] <= 1.002
        assert "one-page" in entry["checks"]
        (text,) = pages_of((site / path).read_bytes())
        assert entry["version"] in text
        assert entry["oldest_fact"] in text


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    document = pdfium.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def test_the_listing_is_readable_by_people(site):
    text = (site / "handouts.json").read_text(encoding="utf-8")

    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
