"""Interface words: each template finds its words, each word its template."""

from pathlib import Path

from handouts.content.toml import read_table
from handouts.errors import Problems
from handouts.site.checks import check_words

ROOT = Path(__file__).resolve().parent.parent


def checked(tmp_path: Path, template: str, words: str) -> list[str]:
    """Return the problems of a site with one template and one file of words."""
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(template, encoding="utf-8")
    path = tmp_path / "ui.toml"
    path.write_text(words, encoding="utf-8")
    problems = Problems()
    check_words(path, read_table(path, problems).values, templates, problems)
    return [f"{problem.line}: {problem.text}" for problem in sorted(problems)]


def test_a_word_that_a_template_prints_and_the_file_lacks_is_named(tmp_path):
    said = checked(tmp_path, "{{ ui.nav.home }} {{ ui.nav.posts }}", '[nav]\nhome = "首页"\n')

    assert said == ["1: `posts` is missing in [nav]; page.html prints it. Add it."]


def test_a_misspelt_word_is_named_with_the_right_one(tmp_path):
    said = checked(tmp_path, "{{ ui.nav.home }}", '[nav]\nhome = "首页"\nhoem = "首页"\n')

    assert said == ["3: No template prints `hoem` of [nav]. Did you mean `home`?"]


def test_a_group_that_a_template_asks_for_by_name_may_hold_any_word(tmp_path):
    assert checked(tmp_path, "{{ ui.fields[field] }}", '[fields]\nnumber = "号码"\n') == []


def test_the_real_words_are_those_of_the_real_templates():
    path, problems = ROOT / "content/data/ui.toml", Problems()
    words = read_table(path, problems).values

    assert check_words(path, words, ROOT / "theme/templates", problems)
    assert problems == []
