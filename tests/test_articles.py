"""Guides as Pelican's articles: feeds and categories, and other themes that show their full text."""

import re
import sys
import xml.etree.ElementTree as etree
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from handouts.errors import Problems
from handouts.site.checks import check_site
from tests.build_tools import GUIDES, ROOT, SITE, build, guide_text, run, write_content

ATOM = "{http://www.w3.org/2005/Atom}"
PELICAN = Path(sys.executable).with_name("pelican")


def words(html: str) -> str:
    return "".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def entries(path: Path) -> list[dict[str, str]]:
    return [
        {"link": entry.find(f"{ATOM}link").get("href")}
        | {
            name: entry.findtext(f"{ATOM}{name}")
            for name in ("id", "title", "published", "updated", "summary", "content")
        }
        for entry in etree.parse(path).getroot().iter(f"{ATOM}entry")
    ]


SLUGS = ("mobile", "prepaid", "4g")
ONE, TWO, THREE = (guide_text(slug=slug, order=str(order)) for order, slug in enumerate(SLUGS, 1))
CHANGED = THREE.replace("updated: 2026-11-20", "updated: 2026-11-25")
CHANGED = CHANGED.replace("- 2026-11-20：", "- 2026-11-25：寄信的地址换了 & 补了一步。\n- 2026-11-20：")
COMMA = TWO.replace("把号码抄下来。", "把号码，抄下来。")


@pytest.fixture(scope="module")
def feeds(tmp_path_factory) -> dict[str, list[dict[str, str]]]:
    """The feed of three guides: at first, and with one changed in substance and a comma more in another."""
    found = {}
    for state, guides in {"first": (ONE, TWO, THREE), "changed": (ONE, COMMA, CHANGED)}.items():
        folder = tmp_path_factory.mktemp(state)
        done = build(write_content(folder / "content", *guides), folder / "out")
        assert done.returncode == 0, done.stderr
        found[state] = entries(folder / "out/feeds/atom.xml")
    return found


def test_a_guide_that_changed_in_substance_moves_up_with_its_line_of_change(feeds):
    """One that never changed is summed up by its answer."""
    links = {state: [entry["link"] for entry in found] for state, found in feeds.items()}
    assert links["first"] == [f"{SITE}/{slug}/" for slug in SLUGS]
    assert links["changed"] == [f"{SITE}/{slug}/" for slug in ("4g", "mobile", "prepaid")]
    before, after = feeds["first"][2], feeds["changed"][0]

    assert before["summary"] == "先看清是哪一种卡，再停。"
    assert after["summary"] == "寄信的地址换了 &amp; 补了一步。"
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert before["updated"].startswith("2026-11-20T")
    assert after["updated"].startswith("2026-11-25T")


def test_a_corrected_comma_is_no_news(feeds):
    """The text is the corrected one; nothing that a feed reader orders or announces entries by is another."""
    before, after = feeds["first"][1], feeds["changed"][2]
    assert after | {"content": ""} == before | {"content": ""}
    assert "把号码，抄下来" in after["content"]


@pytest.fixture(scope="module")
def feed(site) -> list[dict[str, str]]:
    return entries(site / "feeds/atom.xml")


def test_the_feed_holds_every_guide_and_post_of_its_day_and_names_itself(site, feed, real_content):
    root, name = etree.parse(site / "feeds/atom.xml").getroot(), real_content.data.ui["site"]["name"]
    days = {f"{SITE}/posts/{post.slug}/": post.day for post in real_content.posts}
    days |= {f"{SITE}/{guide.slug}/": guide.updated for guide in real_content.guides}

    assert {entry["link"]: datetime.fromisoformat(entry["updated"]).date() for entry in feed} == days
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated")).date() == max(days.values())
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{SITE}/feeds/atom.xml", "alternate": f"{SITE}/"}
    assert root.findtext(f"{ATOM}id") == f"{SITE}/"
    assert root.findtext(f"{ATOM}title") == root.findtext(f"{ATOM}author/{ATOM}name") == name
    # A tag: URI (RFC 4151) holds who gave it; readers tell feeds and entries apart by their ids.
    feeds = [etree.parse(path).findtext(f"{ATOM}id") for path in sorted((site / "feeds").iterdir())]
    ids, host = [entry["id"] for entry in feed], re.escape(SITE.partition("://")[2])
    assert len(set(feeds)) == len(feeds)
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"tag:{host},\d{{4}}-\d\d-\d\d:/(posts/)?[\w-]+/", id) for id in ids)


def test_links_inside_entries_lead_somewhere_from_a_feed_reader(site, feed):
    """A relative address, or one inside the page, would lead nowhere there."""
    for entry in feed:
        for link in re.findall(r'(?:href|src)="([^"]*)"', entry["content"]):
            assert re.match(r"https?:|mailto:|tel:", link), link
            if link.startswith(SITE):
                path = site / link.removeprefix(SITE).partition("#")[0].lstrip("/")
                assert path.is_file() or (path / "index.html").is_file(), link


def test_each_category_has_a_page_and_a_feed_of_the_same_articles_and_all_hold_the_feed_of_all(site, feed):
    parts = []
    for category in (*GUIDES, "news"):
        page = (site / "categories" / category / "index.html").read_text("utf-8")
        found = [one["link"].removeprefix(f"{SITE}/") for one in entries(site / f"feeds/{category}.atom.xml")]
        assert found == re.findall(r'class="posts__title" href="\.\./\.\./([^"]*)"', page)
        assert (
            found == [f"{category}/"]
            if category in GUIDES
            else all(one.startswith("posts/") for one in found)
        )
        parts += found

    assert sorted(parts) == sorted(entry["link"].removeprefix(f"{SITE}/") for entry in feed)


@pytest.mark.parametrize("slug", GUIDES)
def test_a_guide_leads_to_its_category_and_the_archive_to_all(site, slug):
    for page in (slug, "posts"):
        assert f'href="../categories/{slug}/"' in (site / page / "index.html").read_text("utf-8")


@pytest.fixture(scope="module", params=["simple", pytest.param("notmyidea", marks=pytest.mark.thorough)])
def foreign(request, site, tmp_path_factory) -> Path:
    """The real site in one of Pelican's own themes."""
    output = tmp_path_factory.mktemp(request.param) / "out"
    done = run(PELICAN, ROOT / "content", "-s", ROOT / "pelicanconf.py", "-t", request.param, "-o", output)
    assert done.returncode == 0, done.stdout + done.stderr
    # It names the pages that the theme has no template for.
    assert (done.stdout + done.stderr).count("WARNING") == 1
    return output


@pytest.mark.parametrize("slug", GUIDES)
def test_another_theme_shows_a_guide_whole(foreign, real_content, slug):
    guide = next(guide for guide in real_content.guides if guide.slug == slug)
    page = (foreign / slug / "index.html").read_text("utf-8")
    said = words(page)

    for section in guide.sections:
        assert f'id="{section.id}"' in page or section.id == "answer"
        steps = [text for step in section.steps for text in (step.lead, step.body)]
        assert all(words(str(part)) in said for part in (section.intro, section.rest, *steps))
    for fact in guide.citations:
        assert f'href="#source-{fact}"' in page
        assert f' id="source-{fact}"><b>' in page
    for id in guide.phrases:
        assert words(real_content.data.phrases[id].fr) in said
    for file in (f"handouts/{slug}.pdf", f"{slug}/sheet/", f"{slug}/sheet.png"):
        assert f'href="../{file}"' in page


def test_no_link_of_another_theme_leads_nowhere(foreign):
    problems = Problems()

    check_site(foreign, SITE, problems)

    # `content` is the id of a step and of the frame of Pelican's theme.
    assert [str(problem) for problem in problems if "The id `content` occurs twice" not in str(problem)] == []
    page = (foreign / "lost/index.html").read_text("utf-8")
    cited = set(re.findall(r'href="#(source-[\w-]+)"', page))  # a reference page names its sources
    assert cited
    assert cited <= set(re.findall(r' id="(source-[\w-]+)"', page))


@pytest.mark.parametrize("theme", ["", f'THEME = "{ROOT / "theme"}"\n'], ids=["Pelican's theme", "our theme"])
def test_five_lines_of_settings_are_enough(one_guide, tmp_path, theme):
    (tmp_path / "pelicanconf.py").write_text(
        f'PATH = "{one_guide}"\nSITEURL = "https://sim.be"\nTIMEZONE = "Europe/Brussels"\n'
        f'PLUGIN_PATHS = ["{ROOT}"]\nPLUGINS = ["handouts.site.plugin"]\n{theme}',
        encoding="utf-8",
    )

    done = run(PELICAN, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    problems = Problems()
    check_site(tmp_path / "output", "https://sim.be", problems)
    assert [str(problem) for problem in problems] == []
    assert (tmp_path / "output/handouts/mobile.pdf").is_file()
    (entry,) = entries(tmp_path / "output/feeds/atom.xml")
    assert entry["link"] == "https://sim.be/mobile/"
