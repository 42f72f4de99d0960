"""Imports point one way, and slow libraries stay out of what does not need them."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.build_tools import ROOT, run

PACKAGE = ROOT / "handouts"

LEVELS = [
    {"tasks"},
    {"serve"},
    {"commands"},
    {"site"},
    {"sheets"},
    {"content", "pdf"},
    {"cache", "errors", "model", "paper", "paths", "text"},
]
"""From the commands to the shared words: a package imports only from a lower line, or itself."""


def imports(path: Path) -> set[str]:
    """Return the modules a file imports, inside functions too but not for types alone; ours as `handouts.content.data`."""
    package = ["handouts", *path.relative_to(PACKAGE).parent.parts] if path.is_relative_to(PACKAGE) else []
    found = set()
    source = ast.parse(path.read_text("utf-8"))
    source.body = [
        node
        for node in source.body
        if not isinstance(node, ast.If) or "TYPE_CHECKING" not in ast.dump(node.test)
    ]
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


FILES = [*PACKAGE.rglob("*.py"), ROOT / "tasks.py"]


def name_of(path: Path) -> str:
    """Return a module's dotted name below handouts/: `content.data`, `errors`, `tasks`."""
    base = PACKAGE if path.is_relative_to(PACKAGE) else ROOT
    return ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


def our_imports(path: Path) -> set[str]:
    names = {name_of(other) for other in FILES}
    return {one.removeprefix("handouts.") for one in imports(path)} & names - {name_of(path)}


def part(name: str) -> str:
    return name.partition(".")[0]


def test_no_two_modules_need_each_other():
    """CycleError names the circle."""
    TopologicalSorter({name_of(path): our_imports(path) for path in FILES}).prepare()


def test_imports_point_down_the_levels():
    height = {name: level for level, names in enumerate(LEVELS) for name in names}
    upwards = [
        f"{name_of(path)} imports {other}"
        for path in FILES
        for other in our_imports(path)
        if part(other) != part(name_of(path)) and height[part(other)] <= height[part(name_of(path))]
        if height[part(other)] != len(LEVELS) - 1
    ]

    assert upwards == []


def test_a_package_says_what_goes_in_and_out_and_defines_nothing_and_few_modules_stand_at_the_root():
    assert len([*PACKAGE.glob("[!_]*.py")]) <= 8
    for path in PACKAGE.glob("*/**/__init__.py"):
        source = ast.parse(path.read_text("utf-8"))
        assert len(source.body) == 1, f"{path} defines something"
        assert re.search(r"(?s)In: .*Out: ", ast.get_docstring(source)), path


DOORS = {
    "pelican": {"site", "commands"},
    "weasyprint": {"pdf"},
    "markdown": {"content"},
    "invoke": {"commands", "tasks"},
}


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library):
    users = [path for path in FILES if library in {one.split(".")[0] for one in imports(path)}]
    assert {part(name_of(path)) for path in users} == DOORS[library]


@pytest.mark.parametrize(
    ("start", "look"),
    [
        ("handouts.content.loader", ""),
        ("handouts.content.lint", ""),
        ("tasks", "tasks.LastBuild(tasks.ROOT, tasks.ROOT / 'content', tasks.ROOT / 'output').unchanged()"),
    ],
)
def test_what_needs_no_pages_loads_no_slow_library(start, look):
    """Nor does the look whether anything changed since the last build."""
    code = f"import sys, {start}; {look or 0}; print(*sorted({{'pelican', 'weasyprint', 'pypdfium2', 'fontTools', 'jinja2'}} & set(sys.modules)))"
    assert run(sys.executable, "-c", code).stdout == "\n"
