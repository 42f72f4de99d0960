"""Print the figures of a benchmark, with the aims beside them.

In: what bench.measure returned. Out: lines. An aim that needs a way that is not installed says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BUILDS = (
    "cold",
    "nothing changed",
    "one word changed",
    "one printed word changed",
    "one printed fact changed",
)
STAGES = ("template", "layout", "write", "proof", "fit, write and proof")
FRESH = "fresh process"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should not exceed."""

    name: str
    value: float | None
    """None when it was not measured."""
    limit: float | None
    unit: str

    @property
    def met(self) -> bool | None:
        """Tell whether it is met; None when that is not known."""
        return None if self.value is None or self.limit is None else self.value <= self.limit

    def __str__(self) -> str:
        """Return figure, aim and verdict."""
        if self.met is None:
            return f"{self.name:58} not measured"
        verdict = "met" if self.met else "missed"
        return f"{self.name:58} {self.value:9.3f}  aim {self.limit:9.3f} {self.unit:5} {verdict}"


def aims(figures: dict[str, Any]) -> Iterator[Aim]:
    """Yield the aims of this project, most of them times: smaller is better."""
    builds, sheet, saves = figures["builds"], figures["sheet"], figures["saves"]
    chromium, typst, plain = (
        figures["others"].get(name, {}) for name in ("Chromium", "Typst", "plain Pelican")
    )
    ours = sheet["fit, write and proof"]
    yield Aim("nothing changed", builds["nothing changed"], 0.4, "s")
    for change in ("one word changed", "one printed word changed"):
        yield Aim(f"{change}, a fresh process", builds[change], 1.5, "s")
        yield Aim(f"{change}, in the preview", saves[change], 0.5, "s")
    yield Aim("a fresh sheet, CPU", ours, 0.2, "s")
    yield Aim("a fresh sheet, CPU, as we would like it", ours, 0.12, "s")
    yield Aim(
        "a fresh sheet, to a fifth of Chromium's",
        sheet["fit, write and proof, wall"],
        _part(chromium.get(FRESH), 0.2),
        "s",
    )
    yield Aim("a fresh sheet, CPU, to Typst's", _ratio(ours, typst.get("CPU")), 15, "times")
    yield Aim("the largest sheet", sheet["largest KB"], 90, "KB")
    yield Aim("a sheet's size, to Typst's", _ratio(sheet["KB"], typst.get("KB")), 1.1, "times")
    for way, seconds in rebuilds(figures).items():
        for change in BUILDS[1:]:
            yield Aim(f"{change}, to articles and all sheets by {way}", builds[change], seconds, "s")
    whole = 2 * plain[FRESH] + 0.12 * builds["sheets"] / figures["machine"]["cores"]
    yield Aim("the whole build, to plain Pelican twice and 0.12 s a sheet", builds["cold"], whole, "s")
    scale = figures["scale"]
    for name in ("cold, CPU, each", "cached, CPU, each", "peak MB"):
        growth = _ratio(scale["1000"][name], scale["100"][name]) if "1000" in scale else None
        yield Aim(f"from 100 to 1,000 guides: {name}", growth, 1.15, "times")
    yield Aim("the largest process", max(one["peak MB"] for one in scale.values()), 500, "MB")


def rebuilds(figures: dict[str, Any]) -> dict[str, float | None]:
    """Return what a site takes that builds its articles plainly and prints every sheet again, not knowing what changed.

    Worked out: the articles, then every sheet by a Chromium of its own, or all by one Typst.
    """
    others, count = figures["others"], figures["builds"]["sheets"]
    chromium, typst, plain = (others.get(name, {}) for name in ("Chromium", "Typst", "plain Pelican"))
    by_typst = typst[FRESH] + (count - 1) * typst["wall"] if typst else None
    return {
        "Chromium": _sum(plain[FRESH], _part(chromium.get(FRESH), count)),
        "Typst": _sum(plain[FRESH], by_typst),
    }


def _part(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _sum(one: float, other: float | None) -> float | None:
    return None if other is None else one + other


def _ratio(value: float, other: float | None) -> float | None:
    return None if other is None else value / other


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the table."""
    host = figures["machine"]
    begin, end = host["load at the start"], host["load at the end"]
    yield f"Python {host['python']}, {host['cores']} cores, load {begin} at the start, {end} at the end; medians"
    yield ", ".join(f"{name} {number}" for name, number in host["versions"].items())
    if max(begin, end) > host["cores"] / 2:
        yield "Other work ran beside: times by the clock are longer than on an idle machine; compare those of the CPU."
    builds, sheet = figures["builds"], figures["sheet"]
    yield from (
        "",
        f"The site: {builds['sheets']} sheets, {builds['PDFs']} PDFs; whole commands: seconds, of CPU",
    )
    for name in BUILDS:
        yield f"{name:34} {builds[name]:9.3f} {builds[f'{name}, CPU']:9.3f}"
    for name, seconds in figures["saves"].items():
        yield f"{name + ', preview':43} {seconds:.3f}"
    yield from ("", "One sheet, libraries and fonts loaded; seconds of CPU")
    for name in STAGES:
        yield f"{name:34} {sheet[name]:9.4f}"
    yield from ("", "Others; ours to theirs")
    yield from _others(figures)
    yield from (f"{name}: {reason}" for name, reason in figures["left_out"].items())
    yield from ("", *_scale(figures["scale"]))
    yield from ("", "Aims")
    yield from map(str, aims(figures))


def _others(figures: dict[str, Any]) -> Iterator[str]:
    """Yield what each other way takes and how many times that ours is."""
    sheet, builds = figures["sheet"], figures["builds"]
    ours = {
        "CPU": sheet["fit, write and proof"],
        "wall": sheet["fit, write and proof, wall"],
        "KB": sheet["KB"],
        FRESH: sheet["fit, write and proof, wall"],
        f"{FRESH}, CPU": sheet["fit, write and proof"],
    }
    for way, taken in figures["others"].items():
        for name, value in taken.items():
            own = builds[name.replace(FRESH, "cold")] if way == "plain Pelican" else ours[name]
            yield f"{way + ', ' + name:34} {value:9.4f}   ours is {own:.4f}, {own / value:.2f} times that"


def _scale(scale: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield a row for each figure, a column for each number of guides."""
    yield f"{'guides added':24}" + "".join(f"{count:>10}" for count in scale)
    for name in list(scale.values())[-1]:
        cells = (f"{one[name]:10.4g}" if name in one else f"{'':10}" for one in scale.values())
        yield f"{name:24}" + "".join(cells)
