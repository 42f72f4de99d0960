"""The build through the real command: exit codes, messages, and an output that is complete or untouched."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from handouts.pdf.verify import prove
from tests.build_tools import (
    GUIDES,
    LONG,
    MESSAGE,
    ROOT,
    SITE,
    Site,
    assert_explained,
    assert_untouched,
    build,
    copy_of_the_project,
    differing,
    edit,
    guide_text,
    invoke,
    run,
    tree,
    write_content,
)
from tests.sheet_tools import texts_of

BAD_GUIDE = guide_text(updated="2026-13-40", slug="Bad Slug").replace("{#before-1}", "")


def test_a_build_says_in_one_line_what_it_made_and_what_it_printed(tmp_path):
    content, output = write_content(tmp_path / "content"), tmp_path / "out"

    def said() -> str:
        done = build(content, output)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1
        return done.stdout

    made = f"1 sheets and {{}} pages are in {output}\n"
    first = said()
    pages = len(list(output.rglob("*.html")))
    assert first == made.format(pages)
    assert said() == f"Nothing changed since the last build: 1 sheets and {pages} pages in {output}\n"
    guide = content / "guides/mobile.md"
    guide.write_text(guide_text(home="另一句话"), "utf-8")
    assert said() == made.format(pages)  # on the web only
    guide.write_text(guide_text(who="另一个人"), "utf-8")
    assert re.match(r"Printed \d of \d+ PDFs: .*\bmobile\b.*\. 1 sheets and ", said())
    guide.write_text(guide_text(before=LONG[:4], submit=LONG[:5], after=LONG[:6]), "utf-8")
    assert re.search(r"mobile \(11 to 10(\.5)? pt\)", said())


def test_an_output_of_ours_is_replaced_whole_from_where_the_caller_stands(tmp_path, output, one_guide, built):
    (output / "left-over.html").write_text("old")
    shutil.copytree(one_guide, tmp_path / "mine")

    done = build(Path("mine"), Path(output.name), cwd=output.parent)

    assert done.returncode == 0, done.stderr
    assert differing(tree(output), tree(built)) == []


def test_all_faults_are_named_in_one_run_sorted_without_traceback(tmp_path, output, built):
    faulty = write_content(tmp_path / "content", BAD_GUIDE, guide_text(slug="good"))
    with (faulty / "pages/about.md").open("a", encoding="utf-8") as page:
        page.write("\n一句话。[@no-such-fact]\n\n[去](missing.md)\n")
    (faulty / "posts").mkdir()
    (faulty / "posts/empty.md").write_text("")
    (faulty / "posts/latin.md").write_bytes("---\ntitle: é\n".encode("latin-1"))
    edit(faulty / "data/ui.toml", 'name = "比利时销卡指南"', "name = 5")

    done = build(faulty, output)

    assert_explained(done, 1)
    lines = done.stderr.rstrip("\n").split("\n")
    assert all(map(MESSAGE.fullmatch, lines))
    places = [(path, int(number)) for path, number in (line.split(":")[:2] for line in lines)]
    assert places == sorted(places)
    files = {Path(path).relative_to(faulty).as_posix() for path, _ in places}
    texts = ("guides/nameless.md", "pages/about.md", "posts/empty.md", "posts/latin.md")
    assert files == {"data/ui.toml", *texts}
    assert_untouched(output, built)


@pytest.mark.parametrize(
    ("guide", "words"),
    [
        (guide_text(before=LONG, submit=LONG, after=LONG, bring=LONG), "mm too long at 10 pt"),
        (guide_text(who="ไ的人"), "No font can print U+0E44 “ไ”"),
        (guide_text().replace("**存好截图。**", "**存好![图](../images/x.png)截图。**", 1), "x.png"),
    ],
    ids=["three times too long", "a character that no font has", "a picture in a lead"],
)
def test_a_guide_that_cannot_be_printed_is_named_with_its_line(tmp_path, output, built, guide, words):
    content = write_content(tmp_path / "content", guide)
    done = build(content, output)
    assert_explained(done, 1, f"{content}/guides/mobile.md:", words)
    assert_untouched(output, built)


def test_a_page_to_which_the_theme_links_is_named_when_it_is_gone(tmp_path, output, built):
    """The reference pages are content; what links to them is the theme."""
    content = write_content(tmp_path / "content")
    pages = [content / f"pages/{name}.md" for name in ("about", "lost", "report")]
    for page in pages:
        page.unlink()

    done = build(content, output)

    said = "1: This page is missing, and every page links to it. Write it."
    assert (done.returncode, done.stderr.splitlines()) == (1, [f"{page}:{said}" for page in pages])
    assert_untouched(output, built)


@pytest.mark.parametrize(
    ("content", "target", "words"),
    [
        ("missing", "out", "missing is not a folder"),
        ("file", "out", "file is not a folder"),
        ("content", "file/deeper", "is a file"),
        ("content", "photos", "was not made by this program"),
        ("content", "n" * 300, "This name is too long"),
        ("content", "loop", "--output"),
    ],
)
def test_a_call_that_cannot_be_carried_out_changes_nothing(tmp_path, content, target, words):
    """tests/test_atomic.py has more such targets."""
    (tmp_path / "content/guides").mkdir(parents=True)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_text("mine")
    (tmp_path / "loop").symlink_to("loop")
    before = tree(tmp_path)

    done = build(Path(content), Path(target), cwd=tmp_path)

    assert_explained(done, 2, words)
    assert tree(tmp_path) == before


def test_a_site_that_is_no_address_is_named(one_guide, tmp_path):
    done = invoke("build", "--content", one_guide, "--output", tmp_path / "out", SITE="https://[x")

    assert_explained(done, 2, "SITE is `https://[x`", "https://sim.example.org")


OTHER_CLOCK = (ROOT / "tests/late_clock.py").read_text("utf-8")


def elsewhere(project: Path, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a clone as different as can be, and without network.

    As another user where root can become one; with another clock, time zone, locale, umask and hash seed.
    """
    (project / ".clock").mkdir()
    (project / ".clock/sitecustomize.py").write_text(OTHER_CLOCK)
    os.utime(project / "content/data/facts.toml", (0, 0))
    command = (sys.executable, "-m", "invoke", *command)
    command = next(filter(runs, (("setpriv", "--reuid=12345", "--clear-groups", *command), command)))
    if "setpriv" in command:
        for path in (project, *project.rglob("*")):
            os.chown(path, 12345, -1)
    ways = (("unshare", "--net", *command), ("unshare", "--map-root-user", "--net", *command))
    alone = next(filter(runs, ways), None)
    if alone is None:
        pytest.skip("no right to take the network away here")
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": ".clock", "LC_ALL": "C", "SITE": SITE}
    return run(*alone, cwd=project, env=clean | env, umask=0o077)


def runs(command: tuple[str | Path, ...]) -> bool:
    """Tell whether what runs before Invoke works on this machine, with the same Python."""
    before = command[: command.index("-m")]
    return bool(shutil.which(before[0])) and run(*before, "-c", "import handouts").returncode == 0


@pytest.fixture
def another_folder() -> Iterator[Path]:
    """A folder that other users reach too, which those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="another clone, 别处 ") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_another_clone_clock_zone_locale_user_umask_and_seed_give_the_same_bytes(another_folder, model):
    project = copy_of_the_project(another_folder / "project")
    write_content(project / "content")

    done = elsewhere(project, "build", "--output", "site", TZ="Pacific/Kiritimati", PYTHONHASHSEED="7")

    assert done.returncode == 0, done.stderr
    assert differing(tree(project / "site"), tree(model.output)) == []


def test_a_build_with_a_full_cache_equals_one_with_an_empty_one(tmp_path, one_guide, model):
    """The model was built without one."""
    site = Site(Path(shutil.copytree(model.project, tmp_path / "project")))
    assert len(list(site.cache.iterdir())) > 1

    done = site.build(one_guide, "--force")

    assert done.returncode == 0, done.stderr
    assert differing(tree(site.output), tree(model.output)) == []


@pytest.mark.thorough
def test_the_real_site_has_the_same_bytes_in_another_clone_without_network(another_folder, whole_site):
    project = copy_of_the_project(another_folder / "project")
    shutil.copytree(ROOT / "content", project / "content")

    done = elsewhere(project, "build", "--volume", TZ="America/Los_Angeles", PYTHONHASHSEED="99")

    assert done.returncode == 0, done.stderr
    assert differing(tree(project / "output"), tree(whole_site)) == []


def test_the_listing_names_every_pdf_and_what_it_says_of_each_is_true(site, listing, real_content):
    """Of a sheet, it is printed on it."""
    assert all("version" in listing[f"handouts/{guide}.pdf"] for guide in GUIDES)
    assert sorted(listing) == sorted(f"handouts/{path.name}" for path in (site / "handouts").glob("*.pdf"))
    days = {fact.read.isoformat() for fact in real_content.data.facts.values()}
    updated = {guide.slug: guide.updated.isoformat() for guide in real_content.guides}
    for path, entry in listing.items():
        pdf = (site / path).read_bytes()
        assert entry["path"] == path
        assert entry["guide"] in (None, *GUIDES)
        assert entry["operator"] in (None, *real_content.data.operators)
        assert entry["language"] in ("zh-Hans", "fr", "nl", "de", "en")
        pages = texts_of(site / path)
        assert entry["pages"] == len(pages)
        assert entry["bytes"] == len(pdf)
        assert entry["sha256"] == hashlib.sha256(pdf).hexdigest()
        if entry["operator"] in (None, "base"):  # one of each kind: this takes long
            assert entry["fonts"] == list(prove(pdf, "").fonts)
        assert entry["oldest_fact"] in (None, *days)
        assert {"text-complete", "inside-margins", "own-fonts", "no-messages"} <= set(entry["checks"])
        if "version" in entry:
            assert path == "handouts/" + "-".join(filter(None, (entry["guide"], entry["operator"]))) + ".pdf"
            assert entry["points"] in (11, 10.5, 10)
            assert 0.5 < entry["fill"] <= 1.002
            assert "one-page" in entry["checks"]
            assert len(pages) == 1
            assert entry["version"] in pages[0]
            assert entry["oldest_fact"] in pages[0]
            assert updated[entry["guide"]] in pages[0]
