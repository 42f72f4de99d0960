"""docs/look.md says what the style sheets do: tokens, contrast, spaces, one red; sizes: tests/test_web.py."""

import re

from handouts.site.assets import paper_colours
from tests.build_tools import ROOT

LOOK = (ROOT / "docs/look.md").read_text("utf-8")
CSS = ROOT / "theme/static/css"
WEB = (
    "base.css", "site.css", "guide.css", "dock.css", "page.css", "home.css", "operator.css", "search.css", "letters.css",
    "say.css", "text.css",
)  # fmt: skip
TOKEN = re.compile(r"(?m)^\s*(--[\w-]+):\s*([^;]+);")


def tokens(block: str) -> dict[str, str]:
    return dict(TOKEN.findall(block))


def styles(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / name).read_text("utf-8"), flags=re.DOTALL)


LIGHT, DARK, _PRINT = (tokens(block) for block in re.split(r"@media", styles("tokens.css")))
ROWS = [re.split(r"\s*\|\s*", row)[1:-1] for row in re.findall(r"(?m)^\| `--.*$", LOOK)]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_token_has_its_row_and_every_colour_the_contrast_that_its_row_asks_for():
    assert {row[0].strip("`") for row in ROWS} == LIGHT.keys()
    rows = {row[0].strip("`"): row[2] for row in ROWS if row[0].strip("`") in DARK}
    wanted = [(name, "--paper", float(least)) for name, least in rows.items() if least]

    assert rows.keys() == DARK.keys()
    assert {name for name, _, _ in wanted} >= {"--ink", "--quiet", "--edge", "--accent"}
    for front, ground, least in (*wanted, ("--ink", "--mark", 4.5)):
        for scheme in (LIGHT, DARK):
            assert contrast(scheme[front], scheme[ground]) >= least, (front, ground)


def test_the_frame_of_a_browser_gets_the_paper_of_light_and_dark_however_it_is_written(tmp_path):
    (tmp_path / "tokens.css").write_text(":root { --paper: #FFF; } @media dark { --paper:black; }", "utf-8")

    assert paper_colours(tmp_path / "tokens.css") == ["#FFF", "black"]


def test_spaces_are_those_of_the_scale():
    """But for ems, up to three pixels, and the few places that hang on the size of a drawn mark beside them."""
    space = re.compile(r"(?<![\w-])(?:(?:margin|padding)(?:-[a-z]+)*|(?:row-|column-)?gap):\s*([^;}]+)")
    used = [value for name in WEB for value in space.findall(styles(name).partition("@media print")[0])]
    lengths = re.findall(r"-?[\d.]+(?:px|r?em|ch|v[wh]|mm|pt)\b", " ".join(used))

    assert len(used) > 150
    assert len([one for one in lengths if not re.fullmatch(r"-?(?:[123]px|[\d.]+em)", one)]) <= 8


def test_red_is_for_ticks_and_warnings_only():
    """Whatever takes the accent belongs to a box that was ticked, to a warning, or to a drawing of what must not be."""
    rules = [rule for name in WEB for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", styles(name))]
    red = {selector.strip() for selector, body in rules if "--accent" in body}

    allowed = r"tick|checked|is-done|warning|lost|overdue|red|tile::after"
    assert red
    assert {one for one in red if not re.search(allowed, one)} == set()


def test_every_colour_of_the_web_is_a_token():
    for name in WEB:
        text = styles(name).replace("#000;", ";") if name == "letters.css" else styles(name)  # ink on paper
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", text) == [], name
    # The icon is a separate file, so it cannot name a token. The PNGs are exported from it.
    icon = (ROOT / "theme/static/icons/favicon.svg").read_text("utf-8")

    colours = {LIGHT[name] for name in ("--paper", "--ink", "--accent")}
    assert set(re.findall(r"#[0-9a-f]{6}", icon)) == colours
