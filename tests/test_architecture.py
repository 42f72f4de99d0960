"""Imports point one way, and slow libraries stay out of what does not need them."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "handouts"

PIPELINE = [
    ["tasks"],
    ["build"],
    ["plugin"],
    ["press"],
    ["fit"],
    ["pdf", "proof", "render", "content"],
    ["parse"],
    ["lint", "markup"],
    ["data", "front"],
    ["crosscheck"],
    ["records"],
    ["files", "grammar"],
    ["model", "errors"],
]
"""From the command to the words: a module imports only what stands below its line, or beside it."""


def imports(path: Path) -> set[str]:
    """Return the modules a file imports, inside functions too but not for types alone; ours as `handouts.data`."""
    package = ["handouts", *path.relative_to(PACKAGE).parent.parts] if path.is_relative_to(PACKAGE) else []
    found = set()
    source = ast.parse(path.read_text(encoding="utf-8"))
    source.body = [
        node
        for node in source.body
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def module(name: str) -> str:
    """Return the module of ours that a name belongs to: `handouts.lint.text` is lint."""
    parts = name.split(".")
    return parts[1] if parts[0] == "handouts" and len(parts) > 1 else parts[0]


FILES = {
    path: module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for path in (*PACKAGE.rglob("*.py"), ROOT / "tasks.py")
}
OURS = set(FILES.values()) - {"__init__"}


def graph() -> dict[str, set[str]]:
    """Return which of our modules imports which."""
    found: dict[str, set[str]] = {name: set() for name in OURS}
    for path, name in FILES.items():
        if name in OURS:
            found[name] |= {module(one) for one in imports(path) if one.startswith("handouts.")} & OURS - {
                name
            }
    return found


def test_the_files_are_seen():
    assert {name for line in PIPELINE for name in line} <= OURS
    assert "errors" in graph()["files"]


def test_no_two_modules_need_each_other():
    """CycleError names the circle."""
    TopologicalSorter(graph()).prepare()


def test_imports_point_down_the_pipeline():
    height = {name: level for level, line in enumerate(PIPELINE) for name in line}
    upwards = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if name in height and other in height and height[other] < height[name]
    ]

    assert upwards == []


@pytest.mark.parametrize(
    ("library", "importers"),
    [
        ("pelican", {"plugin", "build"}),
        ("weasyprint", {"pdf"}),
        ("markdown", {"markup", "marks"}),
        ("invoke", {"start", "tasks"}),
    ],
)
def test_a_library_has_one_door(library, importers):
    assert {
        name for path, name in FILES.items() if library in {one.split(".")[0] for one in imports(path)}
    } == importers


@pytest.mark.parametrize("start", ["handouts.content", "handouts.lint", "tasks"])
def test_what_needs_no_pages_loads_no_slow_library(start):
    code = f"import sys, {start}; print(*sorted({{'pelican', 'weasyprint', 'pypdfium2', 'fontTools'}} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "\n"
