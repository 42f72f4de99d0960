"""Building with Pelican alone, and what Pelican writes beside the pages: feed, sitemap, headers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as etree
from datetime import datetime
from pathlib import Path

import pytest

from tests.build_tools import ROOT, SITE, differing, tree

VOLUME = "HANDOUTS_VOLUME=true"
"""The setting of Pelican with which it makes what `./inv build --volume` makes."""
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def address(site: Path, page: Path) -> str:
    """Return where a page of the site is found on the web."""
    return f"{SITE}/{page.relative_to(site).as_posix().removesuffix('index.html')}"


# --- Pelican alone ----------------------------------------------------------------------------------------------


def pelican(command: list[str | Path], *args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command), *map(str, args)],
        cwd=cwd,
        env=os.environ | {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "3"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pelican_alone_makes_the_same_files_from_any_folder(one_guide, built, tmp_path):
    """Python -m looks for modules in the current folder, which is another."""
    done = pelican(
        [sys.executable, "-m", "pelican"],
        *(one_guide, "-s", ROOT / "pelicanconf.py", "-o", tmp_path / "out", "--fatal", "warnings"),
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert differing(tree(tmp_path / "out"), tree(built)) == []


def test_pelican_alone_makes_the_whole_site_and_may_empty_its_output_first(whole_site, tmp_path):
    """The console script does not look for modules in the current folder; and what was printed comes after the emptying."""
    (tmp_path / "out/old").mkdir(parents=True)

    done = pelican(
        [Path(sys.executable).with_name("pelican")],
        *("-s", ROOT / "pelicanconf.py", "-e", VOLUME, "-o", tmp_path / "out", "--fatal", "warnings"),
        "--delete-output-directory",
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert differing(tree(tmp_path / "out"), tree(whole_site)) == []
    assert not (tmp_path / "out/old").exists()


# --- The feed ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def feed(site) -> etree.Element:
    return etree.parse(site / "feeds/atom.xml").getroot()


def entries(feed: etree.Element) -> dict[str, etree.Element]:
    """Return the entries of a feed by the address they link to."""
    return {entry.find(f"{ATOM}link").get("href"): entry for entry in feed.iter(f"{ATOM}entry")}


def test_the_feed_holds_every_guide_and_post_at_its_address(feed, real_content):
    guides = {f"{SITE}/{guide.slug}/" for guide in real_content.guides}

    assert set(entries(feed)) == guides | {f"{SITE}/posts/{post.slug}/" for post in real_content.posts}


def test_the_feed_names_itself_and_the_site(feed, real_content):
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}

    assert links == {"self": f"{SITE}/feeds/atom.xml", "alternate": f"{SITE}/"}
    assert feed.find(f"{ATOM}id").text == f"{SITE}/"
    assert feed.find(f"{ATOM}title").text == real_content.data.ui["site"]["name"]
    assert feed.find(f"{ATOM}author/{ATOM}name").text == real_content.data.ui["site"]["name"]


def test_every_entry_has_an_id_of_its_own_that_names_the_site(feed):
    """A tag: URI (RFC 4151) holds who gave it; readers tell entries apart by it."""
    ids = [entry.find(f"{ATOM}id").text for entry in feed.iter(f"{ATOM}entry")]

    assert len(set(ids)) == len(ids)
    host = re.escape(SITE.partition("://")[2])
    assert [
        id for id in ids if not re.fullmatch(rf"tag:{host},\d{{4}}-\d\d-\d\d:/(posts/)?[\w-]+/", id)
    ] == []


def test_links_inside_entries_lead_somewhere_from_a_feed_reader(feed, site):
    """A relative address, or one inside the page, would lead nowhere there."""
    for entry in feed.iter(f"{ATOM}entry"):
        for link in re.findall(r'(?:href|src)="([^"]*)"', entry.find(f"{ATOM}content").text):
            assert re.match(r"https?:|mailto:|tel:", link), link
            if link.startswith(SITE):
                path = site / link.removeprefix(SITE).partition("#")[0].lstrip("/")
                assert path.is_file() or (path / "index.html").is_file(), link


def test_dates_of_the_feed_are_those_of_the_texts_not_of_the_build(feed, real_content):
    days = {f"{SITE}/posts/{post.slug}/": post.day for post in real_content.posts}
    days |= {f"{SITE}/{guide.slug}/": guide.updated for guide in real_content.guides}
    updated = {
        link: datetime.fromisoformat(entry.find(f"{ATOM}updated").text)
        for link, entry in entries(feed).items()
    }

    assert {link: moment.date() for link, moment in updated.items()} == days
    assert datetime.fromisoformat(feed.find(f"{ATOM}updated").text).date() == max(days.values())


# --- sitemap, robots, headers -----------------------------------------------------------------------------------


def is_for_search_engines(page: Path) -> bool:
    return '<meta name="robots" content="noindex">' not in page.read_text(encoding="utf-8")


def test_the_sitemap_lists_every_page_for_search_engines_once(site):
    listed = [loc.text for loc in etree.parse(site / "sitemap.xml").getroot().iter(f"{SITEMAP}loc")]
    wanted = [address(site, page) for page in site.rglob("*.html") if is_for_search_engines(page)]

    assert sorted(listed) == sorted(wanted)


def test_the_sitemap_dates_guides_by_their_text(site, real_content):
    dates = {
        url.find(f"{SITEMAP}loc").text: url.findtext(f"{SITEMAP}lastmod")
        for url in etree.parse(site / "sitemap.xml").getroot()
    }

    for guide in real_content.guides:
        assert dates[f"{SITE}/{guide.slug}/"] == guide.updated.isoformat()


def test_robots_may_read_all_and_find_the_sitemap(site):
    text = (site / "robots.txt").read_text()

    assert text.startswith("User-agent: *\nAllow: /\n\n")
    assert text.split("\n\n")[1].splitlines() == [
        f"Sitemap: {SITE}/sitemap.xml",
        f"Sitemap: {SITE}/zh-Hant/sitemap.xml",
        f"Sitemap: {SITE}/en/sitemap.xml",
    ]


def headers(site: Path) -> dict[str, str]:
    lines = (site / "_headers").read_text().splitlines()
    assert lines[0] == "/*"
    return dict(line.strip().split(": ", 1) for line in lines[1:] if line.strip())


def test_the_headers_let_nothing_foreign_and_nothing_inline_run(site):
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers(site)["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    for directive, sources in policy.items():
        assert "unsafe" not in sources
        assert "http" not in sources
        assert "*" not in sources, directive


def test_the_headers_keep_visits_private(site):
    found = headers(site)

    assert found["Referrer-Policy"] == "no-referrer"
    assert found["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("fault", ["<style", " style=", " onclick=", "javascript:", "<iframe"])
def test_no_page_holds_what_the_headers_forbid(site, fault):
    holding = [
        page.relative_to(site).as_posix() for page in site.rglob("*.html") if fault in page.read_text("utf-8")
    ]

    assert holding == []


def test_only_what_the_site_needs_is_written(site):
    kinds = {path.suffix for path in site.rglob("*") if path.is_file()}

    expected = ".html .css .js .json .xml .txt .pdf .png .svg .ics .webmanifest"
    assert kinds <= {"", *expected.split()}
    assert [path.name for path in site.rglob("*") if path.is_file() and not path.suffix] == ["_headers"]
    assert not list(site.rglob("__pycache__"))
