"""Publishing is strict, says what it does, and touches only what differs."""

import errno
import os
import runpy
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from handouts.commands import publish
from handouts.commands.new import new
from handouts.commands.publish import Changes, check_address, compare, replace
from handouts.errors import ContentError, MachineError, UsageError, explain_os_errors
from tests.build_tools import FRONT, ROOT, assert_explained, guide_text, invoke, run, tree, write_content

SLUG = FRONT["slug"]


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "handouts.json").write_text("{}")
    return folder


UNREACHABLE = "https://example.org https://www.example.com http://sim.be https://localhost https://127.0.0.1 https://[::1] https://a.test sim.be"
ODD = "https:// https://sim.be/ https://sim.be/?a https://sim.be/#a https://[x"


@pytest.mark.parametrize("site", ["", *UNREACHABLE.split(), *ODD.split()])
def test_an_address_that_readers_cannot_open_is_refused(site):
    with pytest.raises(UsageError, match="SITE is `"):
        check_address(site)


@pytest.mark.parametrize(
    ("to", "site", "words"),
    [
        ("www", "https://example.org", "SITE=https://your.address ./inv publish"),
        ("theirs", "https://sim.be", "was not made by this program"),
        ("n" * 300, "https://sim.be", "name is too long"),
        ("file/www", "https://sim.be", "is a file"),
        ("file", "https://sim.be", "Give --to a folder"),
    ],
)
def test_a_target_or_address_that_cannot_be_is_a_sentence_before_anything_is_built(tmp_path, to, site, words):
    (tmp_path / "file").write_text("x")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/x").write_text("x")
    content = write_content(tmp_path / "content", guide_text(home="【待写】"))  # which a build would refuse
    before = tree(tmp_path)

    done = invoke("publish", "--to", tmp_path / to, "--content", content, SITE=site)

    assert_explained(done, 2, words)
    assert "--output" not in done.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda at: at.symlink_to("/etc/hosts"), ContentError, "images/x.png:1: This link leads outside"),
        (lambda at: at.symlink_to("nowhere.png"), ContentError, "images/x.png:1: This link leads to no file"),
        (os.mkfifo, MachineError, "images/x.png cannot be copied"),
    ],
)
def test_what_is_no_file_is_not_published_without_the_drafts_either(folder, make, error, said):
    new("post", "neu", folder, date(2026, 11, 20))
    make(folder / "images/x.png")

    with pytest.raises(error, match=said):
        publish.publish(root=ROOT, content=folder, to="dist", dry_run=False, say=print)


@pytest.mark.parametrize("to", ["me@host:/www/", "host:www", "rsync://host/www/"])
def test_a_server_is_refused_with_the_way_to_send_a_folder_there(tmp_path, to):
    done = invoke("publish", "--to", to, cwd=tmp_path, SITE="https://sim.be")

    host = "--filter='P /.*' --filter='P /CNAME'"  # certificates and such, which --delete would remove
    assert_explained(done, 2, "is on a server", f"rsync -a --delete {host} dist/ {to}")
    assert list(tmp_path.iterdir()) == []


def settings(monkeypatch, **environment: str) -> tuple[dict, dict]:
    """Return the settings of a build and of a publication in an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)  # which another test may have loaded
    return tuple(runpy.run_path(str(ROOT / name)) for name in ("pelicanconf.py", "publishconf.py"))


def test_settings_are_those_of_the_project_but_for_what_differs(monkeypatch):
    """A variable that the workflow does not have is empty and changes nothing."""
    usual, strict = settings(monkeypatch, SITE="https://sim.be/")

    assert {key for key in strict if key.isupper() and strict[key] != usual.get(key)} == {
        "PUBLISH_TO", "HANDOUTS_VOLUME",
    }  # fmt: skip
    assert strict["SITE"] == strict["FEED_DOMAIN"] == "https://sim.be"
    usual, strict = settings(monkeypatch, SITE="", REPORT_URL="", PUBLISH_TO="")
    assert (strict["SITE"], strict["REPORT_URL"]) == (usual["SITE"], usual["REPORT_URL"])
    assert strict["PUBLISH_TO"] == "dist"


def test_a_folder_is_replaced_whole_and_what_did_not_change_keeps_its_time(tmp_path):
    old = write(tmp_path / "old", same="1", other="1", gone__index="1")
    new = write(tmp_path / "new", same="1", other="2", more__index="1")
    os.utime(old / "same.html", (1, 1))
    changes = compare(new, old)

    replace(new, old)

    assert changes == Changes(("more/index.html",), ("other.html",), ("gone/index.html",))
    assert list(changes.lines())[:2] == ["1 added:", "    more/index.html"]
    assert tree(old) == tree(new)
    assert (old / "same.html").stat().st_mtime == 1
    assert not compare(new, old)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def test_a_file_that_cannot_be_copied_is_a_sentence(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x").symlink_to("nowhere")

    with pytest.raises(MachineError, match=r"site/x cannot be copied \(.*No such file"), explain_os_errors():
        shutil.copytree(tmp_path / "site", tmp_path / "copy")


def test_what_belongs_to_the_host_stays_and_any_kind_of_file_becomes_another(tmp_path):
    """A link is replaced, and what it leads to is not touched."""
    old, new = write(tmp_path / "old", y__z="1"), write(tmp_path / "new", x__z="1", page="1")
    for name in (".git/HEAD", ".well-known/security.txt", ".nojekyll", "CNAME"):
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_text("theirs")
    (old / ".private").touch(0o600)
    (old / ".link").symlink_to("nowhere")
    (old / "x").write_text("1")
    (new / "y").write_text("1")
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    (old / "page.html").symlink_to(outside)
    theirs = {name: text for name, text in tree(old).items() if name.startswith(".") or name == "CNAME"}

    replace(new, old)

    assert len(theirs) > 4
    assert tree(old) == theirs | tree(new)
    assert outside.read_text() == "theirs"
    assert (old / ".private").stat().st_mode & 0o777 == 0o600
    assert (old / ".link").is_symlink()


def test_a_publication_that_fails_changes_nothing(tmp_path, monkeypatch):
    """A full disk, a read-only one, a kill: whatever happens comes before the exchange."""
    old, new = write(tmp_path / "old", page="1"), write(tmp_path / "new", page="2", more="1")
    before = tree(old)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(publish.shutil, "copy2", full)
    (old / "CNAME").write_text("theirs")
    with pytest.raises(OSError, match="No space"):
        replace(new, old)

    assert tree(old) == before | {"CNAME": b"theirs"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


@pytest.mark.thorough
def test_a_second_publication_writes_nothing_and_a_change_only_its_files(tmp_path):
    draft = guide_text(slug="new", order="2", draft="yes", home="【待写】")
    content, target = write_content(tmp_path / "content", guide_text(), draft), tmp_path / "above/www"
    call = ("publish", "--to", target, "--content", content)

    trial = invoke(*call, "--dry-run", SITE="https://sim.be/cards")
    assert (trial.returncode, target.exists()) == (0, False), trial.stderr
    before = os.umask(0o077)
    try:
        first = invoke(*call, SITE="https://sim.be/cards")
    finally:
        os.umask(before)
    assert first.returncode == 0, first.stderr
    assert f"{content}/guides/new.md is a draft and is left out." in first.stdout
    assert not (target / "new").exists()
    modes = {path.stat().st_mode & 0o777 for path in (target.parent, *target.parent.rglob("*"))}
    assert modes == {0o755, 0o644}
    assert b'href="/cards/theme/css/web.css"' in (target / "404.html").read_bytes()
    assert f"https://sim.be/cards/{SLUG}/".encode() in (target / "sitemap.xml").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    second = invoke(*call, SITE="https://sim.be/cards")
    assert "is up to date" in second.stdout
    assert times == {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}

    (content / f"guides/{SLUG}.md").write_text(guide_text(home="另一句话"), "utf-8")
    third = invoke(*call, SITE="https://sim.be/cards")
    touched = {path.name for path, time in times.items() if path.stat().st_mtime_ns != time}
    assert third.returncode == 0
    assert "index.html" in touched
    assert f"{SLUG}.pdf" not in touched


@pytest.mark.thorough
def test_a_target_on_a_read_only_disk_is_a_sentence(tmp_path, disk):
    place, content = disk("100k"), write_content(tmp_path / "content")
    assert run("mount", "-o", "remount,ro", place).returncode == 0

    done = invoke("publish", "--to", place / "www", "--content", content, SITE="https://sim.be")

    assert_explained(done, 3, "read-only")
