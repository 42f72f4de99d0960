"""What is checked of a finished site: links, ids, and the words of its interface."""

from pathlib import Path

import pytest

from handouts.content.toml import read_table
from handouts.errors import Problems
from handouts.site.checks import check_site, check_words
from tests.build_tools import SITE


def wrong(folder: Path, **pages: str) -> list[str]:
    """Write a site of these pages (a_b is a/b/index.html) and return what is wrong with it."""
    for name, html in pages.items():
        path = folder / (name.replace("_", "/") + "/index.html" if name != "index" else "index.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, "utf-8")
    problems = Problems()
    check_site(folder, SITE, problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "link",
    [
        "../b/", "../b/index.html", "../b/#here", "../b/#%E5%81%9C", "../b/?v=1#here", "/b/", f"{SITE}/b/",
        f"{SITE}/", "../", "#top", "#", "", "https://elsewhere.example/b/#nothing", "tel:+3222230909",
        "mailto:a@b.example", "data:image/gif;base64,R0lG", "../file%20name.pdf",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_fine(tmp_path, link):
    (tmp_path / "file name.pdf").write_bytes(b"%PDF")
    page, other = f'<h1 id="top">题</h1><a href="{link}">去</a>', '<h2 id="here">这</h2><h2 id="停">那</h2>'
    assert wrong(tmp_path, index="<h1>题</h1>", a=page, b=other) == []


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("../c/", "leads to nothing"),
        ("../b/missing.pdf", "leads to nothing"),
        ("../b/#nowhere", "names an id that its page does not have"),
        ("#nowhere", "names an id that its page does not have"),
        (f"{SITE}/c/", "leads to nothing"),
        ("/c/", "leads to nothing"),
        ("../../outside/", "leaves the site"),
        ("/../outside/", "leaves the site"),
        ("../empty/", "leads to nothing"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_with_page_and_line(tmp_path, link, why):
    (tmp_path / "site/empty").mkdir(parents=True)

    loads = '<img src="x.png"><script src="x.js"></script><link href="x.css">'
    found = wrong(tmp_path / "site", a=f'<h1>题</h1>\n<a href="{link}">去</a>{loads}', b="<h1>题</h1>")

    assert found[0] == f"a/index.html:2: The link `{link}` {why}. Correct it where it is written."
    assert [one.split("`")[1] for one in found[1:]] == ["x.png", "x.js", "x.css"]  # what a page loads, too


def test_an_id_that_stands_twice_and_an_address_that_cannot_be_read_are_named_at_their_line(tmp_path):
    found = wrong(tmp_path, a='<h1 id="a">题</h1>\n<p id="b">\n<p id="a"><a href="http://[broken/">去</a>')
    assert found[0] == "a/index.html:3: The id `a` occurs twice on this page. Make ids unique."
    assert found[1].startswith("a/index.html:3: The link `http://[broken/`")


def test_a_site_below_a_folder_is_followed_from_its_host_on(tmp_path):
    assert wrong(tmp_path, b="<p>b") == []
    (tmp_path / "404.html").write_text('<a href="/cards/b/">b</a>\n<a href="/cards/c/">c</a>', "utf-8")
    problems = Problems()

    check_site(tmp_path, f"{SITE}/cards", problems)

    (problem,) = map(str, problems)
    assert problem.startswith("404.html:2: The link `/cards/c/` leads to nothing")


WORDS = (
    # what a template prints, the words there are, what is wrong
    ("{{ ui.nav.home }} {{ ui.nav.posts }}", 'home = "首页"', ["1: `posts` is missing in [nav]; page.html prints it. Add it."]),
    ("{{ ui.nav.home }}", 'home = "首页"\nhoem = "首页"', ["3: No template prints `hoem` of [nav]. Did you mean `home`?"]),
    ("{{ ui.nav[word] }}", 'any = "号码"', []),
)  # fmt: skip


@pytest.mark.parametrize(("template", "words", "said"), WORDS)
def test_each_template_finds_its_words_and_each_word_its_template(tmp_path, template, words, said):
    """A group that a template asks for by name may hold any word. Every build of the site checks the real ones."""
    (tmp_path / "page.html").write_text(template, "utf-8")
    (tmp_path / "ui.toml").write_text(f"[nav]\n{words}\n", "utf-8")
    problems = Problems()

    values = read_table(tmp_path / "ui.toml", problems).values
    check_words(tmp_path / "ui.toml", values, tmp_path, problems)

    assert [f"{problem.line}: {problem.text}" for problem in sorted(problems)] == said
