"""docs/look.md says what the style sheets do: tokens, contrast, sizes of type, components."""

from __future__ import annotations

import re

import pytest

from tests.build_tools import ROOT

LOOK = (ROOT / "docs/look.md").read_text(encoding="utf-8")
CSS = ROOT / "theme/static/css"
WEB = ("base.css", "site.css", "guide.css", "search.css", "letters.css")
TOKEN = re.compile(r"(?m)^\s*(--[\w-]+):\s*([^;]+);")


def tokens(block: str) -> dict[str, str]:
    return dict(TOKEN.findall(block))


def styles(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(encoding="utf-8"), flags=re.DOTALL)


LIGHT, DARK, _PRINT = (tokens(block) for block in re.split(r"@media", styles("tokens.css")))
ROWS = [re.split(r"\s*\|\s*", row)[1:-1] for row in re.findall(r"(?m)^\| `--.*$", LOOK)]


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ratios(front: str, ground: str) -> str:
    return " / ".join(f"{contrast(scheme[front], scheme[ground]):.1f}" for scheme in (LIGHT, DARK))


def test_every_token_has_its_row():
    assert {row[0].strip("`") for row in ROWS} == LIGHT.keys()


def test_every_colour_has_its_values_and_its_contrast():
    colours = {row[0].strip("`"): row for row in ROWS if len(row) == 5}

    assert colours.keys() == DARK.keys()
    for name, (_, light, dark, _, measured) in colours.items():
        assert (light, dark) == (f"`{LIGHT[name]}`", f"`{DARK[name]}`")
        assert measured == (ratios(name, "--paper") if name != "--paper" else ""), name
    assert f"On `--mark` stands `--ink`: {ratios('--ink', '--mark')}." in LOOK


@pytest.mark.parametrize("name", ["--ink", "--quiet", "--accent"])
def test_every_text_colour_is_legible_in_light_and_dark(name):
    assert min(contrast(scheme[name], scheme["--paper"]) for scheme in (LIGHT, DARK)) >= 4.5


def test_every_measure_has_its_value():
    measures = {row[0].strip("`"): row[1] for row in ROWS if len(row) == 3}

    for name, value in measures.items():
        shown = (
            value.strip("`")
            if value.startswith("`")
            else f'"{value}'.replace(" first", "").replace('"system', "system")
        )
        assert LIGHT[name].startswith(shown), name


def test_every_size_of_type_on_the_web_is_one_of_the_scale():
    scale = set(
        re.findall(
            r"`([\d.]+r?em|\d+px|clamp\([^`]+\))`", LOOK.split("## Sizes of type")[1].split("\nPaper")[0]
        )
    )
    used = set()
    for name in WEB:
        for value in re.findall(r"font(?:-size)?:\s*([^;}]+)", styles(name)):
            used |= set(re.findall(r"clamp\([^)]*\)|[\d.]+(?:rem|em|px)(?=/|;|$|\s)", value))

    assert used == scale


def test_every_colour_of_the_web_is_a_token():
    for name in WEB:
        text = (
            re.sub(r"#000(?=;)", "", styles(name)) if name == "letters.css" else styles(name)
        )  # ink on paper
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", text) == [], name


def test_the_variables_of_the_papers_are_named():
    papers = {name for file in ("sheet.css", "paper.css") for name in tokens(styles(file))}

    assert {name for name in papers if f"`{name}`" not in LOOK} == set()


def test_every_component_exists():
    templates = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "theme/templates").rglob("*.html")
    )
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
    part = LOOK.split("## Components")[1].split("## Never")[0]

    for macro in re.findall(r"`(\w+)\(\)`", part):
        assert f"macro {macro}(" in templates, macro
    for name in re.findall(r"`\.([\w-]+)`", part):
        assert re.search(rf"\.{name}\b(?!-)", sheets), name
