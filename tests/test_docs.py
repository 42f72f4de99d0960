"""What the documents say is so: keys, commands, exit codes, limits, paths, links and the example guide."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import pytest
from invoke import Collection

import tasks
from handouts import errors, model
from handouts.commands import start
from handouts.content import syntax as front
from handouts.content.data import load_data
from handouts.content.draft import split
from handouts.content.lint import guide as guide_rules
from handouts.content.lint.front import MAX_TITLE
from handouts.content.lint.rules import lint
from handouts.content.syntax import OPTIONS
from handouts.errors import Problems
from tests.build_tools import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))

TOP = r"audit|content|theme|handouts|tests|docs|\.ci"
MADE_WHEN_NEEDED = {"content/images/", "content/data/letters.toml"}  # a site may do without
PATH = re.compile(rf"(?:{TOP})/[\w./-]*|[\w.-]+\.(?:py|toml|lock|in|md)|LICENSE[\w-]*|inv")
"""What is meant as a path of the project: it starts with one of its folders, or ends like one of its files."""


def part(heading: str) -> str:
    """Return what CONTRIBUTING says under a heading, parts below it included."""
    marks = heading.split(" ", maxsplit=1)[0]
    below = CONTRIBUTING.split(f"\n{heading}\n")[1]
    return re.split(rf"\n#{{2,{len(marks)}}} ", below)[0]


def without_blocks(text: str) -> str:
    return re.sub(r"(?ms)^```.*?^```$", "", text)


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", without_blocks(text)))


def test_every_key_of_a_front_matter_is_explained_as_the_code_has_it():
    text = part("### Front matter")
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \|", text, re.MULTILINE)

    known = (*front.REQUIRED.values(), *front.OPTIONAL.values())
    assert {key for keys in known for key in keys} <= named(text)
    assert {*model.CARDS, *model.DIAGRAMS} <= named(text)
    assert {key for key, needed, _ in rows if needed == "yes"} == set(front.REQUIRED["guides"])
    assert {key for key, needed, _ in rows if needed == "no"} == set(front.OPTIONAL["guides"])
    assert {key for key, _, marks in rows if marks == "yes"} == set(front.INLINE)


def test_every_task_and_its_options_are_explained():
    commands = part("## The commands")
    for name, task in Collection.from_module(tasks).tasks.items():
        row = next((line for line in commands.split("\n") if line.startswith(f"| `./inv {name}")), "")
        assert row, f"`./inv {name}` is not in the table of commands"
        words = {word for argument in task.get_arguments() for word in argument.names}
        words -= {"ids", "paths"}  # words without an option: `renew ID`, `test PATH`
        assert {word for word in words if len(word) > 1 and f"--{word}" not in row} == set()


def test_every_exit_code_is_explained():
    found = set(map(int, re.findall(r"^\| (\d+) \|", part("## The commands"), re.MULTILINE)))
    kinds = errors.BuildError, errors.ContentError, errors.UsageError, errors.MachineError
    assert found == {0, start.STOPPED, *(kind.exit_code for kind in kinds)}


KEYS = {
    "## Add or renew a fact": (model.Fact, model.Source),
    "## Add or change an operator": (model.Operator,),
    "## Add a phrase for the counter": (model.Phrase, model.Term, model.Line, model.Answer),
    "## Add or change a day": (model.Milestone,),
}


@pytest.mark.parametrize("heading", KEYS)
def test_every_key_of_the_data_is_explained(heading):
    keys = {field.name for kind in KEYS[heading] for field in fields(kind)} - {"id", "lines"}
    assert keys - named(part(heading)) == set()


def test_the_intervals_of_review_are_those_of_the_model():
    row = next(line for line in part("## Add or renew a fact").split("\n") if line.startswith("| `kind` |"))
    days = {kind: str(interval.days) for kind, interval in model.REVIEW_AFTER.items()}
    assert dict(re.findall(r"`(\w+)` (\d+)", row)) == days


def test_sections_are_named_in_their_order_with_the_required_ones_in_bold():
    row = re.search(r"^\*\*`answer`.*?\n\n", part("### Sections"), re.MULTILINE | re.DOTALL)[0]
    assert tuple(re.findall(r"`([a-z]+)`", row)) == model.SECTION_IDS
    assert tuple(re.findall(r"\*\*`([a-z]+)`\*\*", row)) == guide_rules.REQUIRED


def test_the_limits_are_those_of_the_linter():
    steps, sections, keys = part("### Steps"), part("### Sections"), part("### Front matter")

    assert f"at most {MAX_TITLE} Han characters" in keys
    assert f"at most {guide_rules.MAX_ANSWER} Han characters" in sections
    assert f"at most {guide_rules.MAX_LEAD} Han characters" in steps
    assert f"at most {guide_rules.MAX_NOTE}," in steps
    assert "{} to {} steps each, {} to {} of them".format(*guide_rules.STEPS, *guide_rules.PRINTED) in steps
    assert {*OPTIONS} <= named(steps)


def test_the_example_guide_passes_the_linter():
    """The example is complete: what is copied from it can be built."""
    example = re.search(r"(?ms)^```markdown\n(---\n.*?)^```$", CONTRIBUTING)[1]
    problems = Problems()
    data = load_data(ROOT / "content/data", problems)
    draft = split(Path("mini.md"), "guides", example, problems)

    assert list(problems) == []
    assert list(lint(draft, data)) == []


def test_the_example_facts_exist():
    facts = tomllib.loads((ROOT / "content/data/facts.toml").read_text("utf-8"))
    sources = tomllib.loads((ROOT / "content/data/sources.toml").read_text("utf-8"))
    block = re.search(r"(?ms)^```toml\n(.*?)^```$", CONTRIBUTING)[1]
    ((id, example),) = tomllib.loads(block).items()
    checking = (ROOT / "docs/checking-facts.md").read_text("utf-8")

    assert example["value"] == facts[id]["value"]
    assert set(example["sources"]) <= set(sources)
    assert set(re.findall(r"(?m)^\./inv renew ([\w-]+)", checking)) <= set(facts)


@pytest.mark.parametrize("name", NAMES)
def test_every_path_exists(name):
    """But for those of the built site: `handouts/<guide>.pdf` is not in this repository."""
    text = (ROOT / name).read_text("utf-8")
    paths = {path for path in named(text) if PATH.fullmatch(path)} - MADE_WHEN_NEEDED
    if name == "README.md":
        paths |= set(re.findall(rf"(?m)(?:^|; )({PATH.pattern}) ", text))

    built = {path for path in paths if path.startswith("operators/") or path.endswith((".pdf", ".json"))}
    assert {path for path in paths - built if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_resolves(name):
    path = ROOT / name
    text = re.sub(r"`[^`\n]+`", "", without_blocks(path.read_text("utf-8")))
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for link in links:
        target, _, anchor = unquote(link).partition("#")
        if ":" in target:
            continue
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), f"{link} leads to nothing"
        assert there.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(there), f"{link} names a heading that is not there"


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", without_blocks(path.read_text("utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_module_has_its_place_in_the_architecture():
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "handouts").glob("*.py")}
    assert {module for module in modules if module not in named(text)} == {"handouts/__init__.py"}


def test_decisions_are_numbered_and_say_context_choice_and_consequence():
    for number, path in enumerate(DECISIONS, 1):
        text = path.read_text("utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Choice", "Consequence"]
