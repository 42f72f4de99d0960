"""Building with Pelican alone, and what Pelican writes beside the pages: sitemap, headers; feeds: test_articles.py."""

import os
import subprocess
import sys
import xml.etree.ElementTree as etree
from pathlib import Path

from tests.build_tools import ROOT, SITE, differing, run, tree

VOLUME = "HANDOUTS_VOLUME=true"
"""The setting of Pelican with which it makes what `./inv build --volume` makes."""
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def address(site: Path, page: Path) -> str:
    return f"{SITE}/{page.relative_to(site).as_posix().removesuffix('index.html')}"


def pelican(command: list[str | Path], *args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run(*command, *args, cwd=cwd, env=os.environ | {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "3"})


def test_a_fact_that_was_found_to_be_unsure_says_so_on_the_page_of_letters_too(built):
    html = (built / "letters/index.html").read_text("utf-8")

    assert '<span class="ref__unsure">未核实</span>' in html


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


def test_the_sitemap_lists_every_page_for_search_engines_once_and_dates_guides_by_their_text(
    site, real_content
):
    urls = list(etree.parse(site / "sitemap.xml").getroot())
    listed = [url.findtext(f"{SITEMAP}loc") for url in urls]
    dates = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in urls}
    hidden = '<meta name="robots" content="noindex">'
    wanted = [page for page in site.rglob("*.html") if hidden not in page.read_text("utf-8")]

    assert sorted(listed) == sorted(address(site, page) for page in wanted)
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


def test_the_headers_let_nothing_foreign_and_nothing_inline_run_and_keep_visits_private(site):
    first, *lines = (site / "_headers").read_text().splitlines()
    headers = dict(line.strip().split(": ", 1) for line in lines if line.strip())
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))

    assert first == "/*"
    assert {policy[name] for name in ("default-src", "frame-ancestors", "base-uri")} == {"'none'"}
    assert not [sources for sources in policy.values() for word in ("unsafe", "http", "*") if word in sources]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_what_the_headers_forbid(site):
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        for fault in ("<style", " style=", " onclick=", "javascript:", "<iframe"):
            assert fault not in text, page


def test_only_what_the_site_needs_is_written(site):
    kinds = {path.suffix for path in site.rglob("*") if path.is_file()}

    expected = ".html .css .js .json .xml .txt .pdf .png .svg .ics .webmanifest"
    assert kinds <= {"", *expected.split()}
    assert [path.name for path in site.rglob("*") if path.is_file() and not path.suffix] == ["_headers"]
    assert not list(site.rglob("__pycache__"))
