"""Nothing that the program writes takes the place of something else, and no id is used twice on a page."""

import re
from pathlib import Path

import pytest
from pelican.settings import read_settings

from handouts.content.loader import load
from handouts.content.syntax import RESERVED_IDS
from handouts.errors import Problems
from handouts.site.settings import complete, saved_paths
from tests.build_tools import ROOT, guide_text, write_content

SETTINGS = read_settings(str(ROOT / "pelicanconf.py"))
complete(SETTINGS)
SAVED = saved_paths(SETTINGS)


def problems_of(folder: Path, *guides: str) -> list[str]:
    """Return what is wrong with a content folder with these guides, named from that folder."""
    problems = Problems()
    load(write_content(folder, *guides), problems, SAVED)
    return [str(problem).removeprefix(f"{folder}/") for problem in problems]


@pytest.mark.parametrize("slug", ["all", "phrases", "letter-nl", "mobile-large", "mobile-base"])
def test_a_slug_that_another_pdf_uses_is_refused_at_its_line(tmp_path, slug):
    problems = problems_of(tmp_path, guide_text(cards="prepaid"), guide_text(slug=slug, order="2"))

    said = f"The slug `{slug}` gives two PDFs the name handouts/{slug}.pdf. Choose another."
    assert f"guides/{slug}.md:4: {said}" in problems


def test_two_sheets_for_operators_never_share_a_name(tmp_path):
    """`mobile` for Mobile Vikings, and `mobile-mobile` for an operator `vikings`."""
    guides = [guide_text(cards="prepaid"), guide_text(slug="mobile-mobile", order="2", cards="prepaid")]
    folder = write_content(tmp_path, *guides)
    operators = folder / "data/operators.toml"
    text = operators.read_text("utf-8")
    base = re.search(r"\[base\]\n(?:(?!\[).*\n)*", text)[0]
    operators.write_text(f"{text}\n{base.replace('[base]', '[vikings]')}", "utf-8")
    problems = Problems()

    load(folder, problems, SAVED)

    (problem,) = problems
    assert "two PDFs the name handouts/mobile-mobile-vikings.pdf. Choose another." in problem.text


@pytest.mark.parametrize("path", [path for path in SAVED if "/" in path and "{" not in path])
def test_a_slug_that_a_page_of_the_site_uses_is_refused(tmp_path, path):
    slug = path.partition("/")[0]

    said = f"guides/{slug}.md:4: The slug `{slug}` is used by the site. Choose another."
    assert said in problems_of(tmp_path, guide_text(slug=slug))


def used_ids() -> set[str]:
    """Return the ids that templates and scripts of pages give to elements, `x` in place of what they fill in."""
    theme = ROOT / "theme"
    scripts = "".join(path.read_text("utf-8") for path in sorted((theme / "static/js").glob("*.js")))
    pages = ("base.html", "guide.html", "macros/guide.html", "diagrams/*.html")
    files = [file for name in pages for file in sorted((theme / "templates").glob(name))]
    templates = "".join(file.read_text("utf-8") for file in files)
    found = re.findall(r'\bid: ["`]([^"`]+)["`]', scripts) + re.findall(r'\bid="([^"]+)"', templates)
    ids = {re.sub(r"\$?\{+[^}]*\}+", "x", id) for id in found}
    return {id for id in ids if re.fullmatch(r"[\w-]+", id)} - {"x", "answer"}  # a section of every guide


@pytest.mark.parametrize("id", sorted(used_ids()))
def test_an_id_that_the_page_itself_uses_is_refused_for_a_step(id):
    assert RESERVED_IDS.fullmatch(id)
