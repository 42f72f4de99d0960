"""Publishing is strict, says what it does, and touches only what differs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handouts.commands import publish
from handouts.commands.publish import Changes, check_address, compare, copy
from handouts.errors import CallError, MachineError
from tests.build_tools import FRONT, ROOT, guide_text, invoke, tree, write_content

SLUG = FRONT["slug"]


def write(folder: Path, **files: str) -> Path:
    """Write a small site; `a__b` stands for a/b.html."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "handouts.json").write_text("{}")
    return folder


# --- Strict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "site",
    [
        "https://example.org",
        "https://www.example.com",
        "http://sim.be",
        "https://localhost",
        "https://127.0.0.1",
        "https://a.test",
        "sim.be",
        "https://",
        "",
        "https://sim.be/",
        "https://sim.be/?a",
        "https://sim.be/#a",
    ],
)
def test_an_address_that_readers_cannot_open_is_refused(site):
    with pytest.raises(CallError, match="SITE is `"):
        check_address(site)


@pytest.mark.parametrize("site", ["https://sim.be", "https://somebody.github.io/sim"])
def test_a_real_address_is_taken(site):
    check_address(site)


def test_the_address_of_the_repository_is_refused_with_the_way_out(tmp_path):
    done = invoke("publish", "--to", tmp_path / "www", SITE="https://example.org")

    assert done.returncode == 2
    assert "SITE=https://your.address ./inv publish" in done.stderr
    assert not (tmp_path / "www").exists()


def test_a_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "theirs").write_text("x")

    done = invoke("publish", "--to", tmp_path, SITE="https://sim.be")

    assert done.returncode == 2
    assert "was not made by this program" in done.stderr


def test_settings_are_those_of_the_project_but_for_what_differs(monkeypatch):
    import runpy

    monkeypatch.setenv("SITE", "https://sim.be/")
    usual, strict = (runpy.run_path(str(ROOT / name)) for name in ("pelicanconf.py", "publishconf.py"))
    differing = {key for key in strict if key.isupper() and strict[key] != usual.get(key)}

    assert differing == {"SITE", "FEED_DOMAIN", "PUBLISH_TO"}
    assert strict["SITE"] == strict["FEED_DOMAIN"] == "https://sim.be"


# --- A folder ---------------------------------------------------------------------------------------------------


def test_changes_are_named(tmp_path):
    old = write(tmp_path / "old", same="1", other="1", gone__index="1")
    new = write(tmp_path / "new", same="1", other="2", more__index="1")

    changes = compare(new, old)

    assert changes == Changes(("more/index.html",), ("other.html",), ("gone/index.html",))
    assert list(changes.lines())[:2] == ["1 added:", "    more/index.html"]


def test_of_many_names_some_are_shown():
    changes = Changes(tuple(f"{n}.html" for n in range(50)), (), ())

    assert [*changes.lines()][-1] == "    and 30 more"


def test_only_what_differs_is_written_and_what_is_gone_is_deleted(tmp_path):
    old = write(tmp_path / "old", same="1", other="1", gone__index="1")
    new = write(tmp_path / "new", same="1", other="2", more__index="1")
    before = (old / "same.html").stat()

    copy(new, old, compare(new, old))

    after = (old / "same.html").stat()
    assert tree(old) == tree(new)
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert not (old / "gone").exists()
    assert not compare(new, old)


def test_what_belongs_to_the_host_stays(tmp_path):
    old, new = write(tmp_path / "old"), write(tmp_path / "new")
    for name in (".git/HEAD", ".well-known/security.txt", ".nojekyll", "CNAME"):
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_text("theirs")

    assert not compare(new, old)


def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path):
    old = write(tmp_path / "old", a="1")
    new = write(tmp_path / "new")
    (old / "x").write_text("1")
    (old / "y").mkdir()
    (old / "y/z").write_text("1")
    (new / "x").mkdir()
    (new / "x/z").write_text("1")
    (new / "y").write_text("1")

    copy(new, old, compare(new, old))

    assert tree(old) == tree(new)


def test_a_link_in_the_target_is_replaced_not_followed(tmp_path):
    old, new = write(tmp_path / "old"), write(tmp_path / "new", page="1")
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    (old / "page.html").symlink_to(outside)

    copy(new, old, compare(new, old))

    assert outside.read_text() == "theirs"
    assert not (old / "page.html").is_symlink()


# --- A server ---------------------------------------------------------------------------------------------------


@pytest.fixture
def rsync(tmp_path, monkeypatch) -> Path:
    """An rsync that writes down how it was called and says what it was told to."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/rsync"
    program.write_text(
        '#!/bin/sh\necho "$*" >>"$CALLS"\ncase "$*" in --list-only*) printf "$LISTED" ;; '
        '*--dry-run*) printf "$ITEMS" ;; *--fail*) echo "no route" >&2; exit 12 ;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for name, value in {"CALLS": str(tmp_path / "calls"), "LISTED": "", "ITEMS": ""}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "calls"


def test_rsync_is_asked_first_and_its_answer_understood(rsync, monkeypatch, tmp_path):
    items = (
        r"<f+++++++++ a b.html\n<fcst...... b.html\ncd+++++++++ x/\n.f..t...... c.html\n*deleting   d.html\n"
    )
    monkeypatch.setenv("ITEMS", items)

    changes = publish._remote_changes(tmp_path, "me@host:/www")

    assert changes == Changes(("a b.html",), ("b.html",), ("d.html",))
    assert rsync.read_text().splitlines()[0] == "--list-only -- me@host:/www/"
    assert "--dry-run" in rsync.read_text().splitlines()[1]


def test_a_place_on_a_server_that_is_not_ours_is_refused(rsync, monkeypatch, tmp_path):
    monkeypatch.setenv(
        "LISTED", r"drwxr-xr-x 4,096 2026/11/20 10:00:00 .\n-rw-r--r-- 1 2026/11/20 10:00:00 mail\n"
    )

    with pytest.raises(CallError, match="was not made by this program"):
        publish._remote_changes(tmp_path, "host:/www/")
    assert "--delete" not in rsync.read_text()


def test_a_server_that_cannot_be_reached_is_a_sentence(rsync, tmp_path):
    with pytest.raises(MachineError, match=r"rsync stopped \(no route\)"):
        publish._run("rsync", "--fail")


def test_without_rsync_there_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MachineError, match="rsync is not on this machine"):
        publish._check_remote("host:/www/")


@pytest.mark.parametrize(
    ("target", "remote"),
    [("host:/www", True), ("rsync://host/www", True), ("www", False), ("./a:b", False), ("/a/b:c", False)],
)
def test_a_server_has_a_colon_before_any_slash(target, remote):
    assert bool(publish.REMOTE.fullmatch(target)) is remote


# --- The whole --------------------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_second_publication_writes_nothing_and_a_change_only_its_files(tmp_path):
    content, target = write_content(tmp_path / "content"), tmp_path / "www"
    call = ("publish", "--to", target, "--content", content)

    trial = invoke(*call, "--dry-run", SITE="https://sim.be/cards")
    assert (trial.returncode, target.exists()) == (0, False), trial.stderr
    first = invoke(*call, SITE="https://sim.be/cards")
    assert first.returncode == 0, first.stderr
    assert b'href="/cards/theme/css/web.css"' in (target / "404.html").read_bytes()
    assert f"https://sim.be/cards/{SLUG}/".encode() in (target / "sitemap.xml").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    second = invoke(*call, SITE="https://sim.be/cards")
    assert "is up to date" in second.stdout
    assert times == {path: path.stat().st_mtime_ns for path in target.rglob("*")}

    (content / f"guides/{SLUG}.md").write_text(guide_text(home="另一句话"), encoding="utf-8")
    third = invoke(*call, SITE="https://sim.be/cards")
    touched = {
        path.name for path, time in times.items() if path.is_file() and path.stat().st_mtime_ns != time
    }
    assert third.returncode == 0
    assert "index.html" in touched
    assert f"{SLUG}.pdf" not in touched
