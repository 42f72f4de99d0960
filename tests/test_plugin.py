"""Building with Pelican alone, and what Pelican writes beside the pages: sitemap, headers; feeds: test_articles.py."""

import os
import subprocess
import sys
import xml.etree.ElementTree as etree
from pathlib import Path

import pytest

from tests.build_tools import ROOT, SITE, differing, run, tree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def pelican(command: list[str | Path], *args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run(*command, *args, cwd=cwd, env=os.environ | {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "3"})


def test_a_fact_that_was_found_to_be_unsure_says_so_on_the_page_of_letters_too(built):
    html = (built / "letters/index.html").read_text("utf-8")

    assert '<span class="ref__unsure">未核实</span>' in html


COMMANDS = ([sys.executable, "-m", "pelican"], [Path(sys.executable).with_name("pelican")])


@pytest.mark.parametrize("command", COMMANDS, ids=["module", "console script"])
def test_pelican_alone_makes_the_same_files_from_any_folder_and_may_empty_it_first(
    one_guide, built, tmp_path, command
):
    """Both look for modules elsewhere; what was printed comes after the emptying."""
    (tmp_path / "out/old").mkdir(parents=True)
    more = ("-o", tmp_path / "out", "--fatal", "warnings", "--delete-output-directory")

    done = pelican(command, one_guide, "-s", ROOT / "pelicanconf.py", *more, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert differing(tree(tmp_path / "out"), tree(built)) == []
    assert not (tmp_path / "out/old").exists()


def test_the_sitemap_lists_every_page_for_search_engines_by_its_one_address_and_dates_guides(
    site, real_content
):
    urls = list(etree.parse(site / "sitemap.xml").getroot())
    listed = [url.findtext(f"{SITEMAP}loc") for url in urls]
    dates = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in urls}
    hidden = '<meta name="robots" content="noindex">'
    texts = {page.relative_to(site).as_posix(): page.read_text("utf-8") for page in site.rglob("*.html")}
    pages = {
        f"{SITE}/{path.removesuffix('index.html')}": text
        for path, text in texts.items()
        if hidden not in text
    }

    assert sorted(listed) == sorted(pages)
    assert [page for page, text in pages.items() if f'<link rel="canonical" href="{page}">' not in text] == []
    for guide in real_content.guides:
        assert dates[f"{SITE}/{guide.slug}/"] == guide.updated.isoformat()
        assert f'"dateModified":"{guide.updated}"' in texts[f"{guide.slug}/index.html"]


def test_robots_may_read_all_and_find_the_sitemap(site):
    maps = "".join(f"Sitemap: {SITE}/{folder}sitemap.xml\n" for folder in ("", "zh-Hant/", "en/"))
    assert (site / "robots.txt").read_text() == f"User-agent: *\nAllow: /\n\n{maps}"


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
