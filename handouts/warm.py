"""Build again and again in one process, for the preview: `python -m handouts.warm ROOT CONTENT OUTPUT`.

In: any byte on standard input, one build. Out: a line of JSON for each build, with what was made or what is
wrong. The libraries stay loaded, and what a pure function returned for the same input is not worked out again:
of a saved file only its own parts are new. The modules at work know nothing of it; `remembering` puts the
memory in front of them, here and nowhere else.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import jinja2

from . import build, content, links, press, render
from .build import Report
from .errors import BuildError, ContentError, Problems
from .grammar import LINK, Draft
from .render import Edition

KEPT = 2000
"""Results kept of each function; the one not asked for longest goes first."""


def remembered(function: Callable, key: Callable[..., Hashable]) -> Callable:
    """Return a function that answers from memory when its key was seen before."""
    memory: OrderedDict[Hashable, Any] = OrderedDict()

    @functools.wraps(function)
    def answer(*args):
        name = key(*args)
        if name in memory:
            memory.move_to_end(name)
            return memory[name]
        result = memory[name] = function(*args)
        if len(memory) > KEPT:
            memory.popitem(last=False)
        return result

    return answer


class TemplateMemory(jinja2.BytecodeCache):
    """Compiled templates; Jinja itself sees when a template's source changed."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket) -> None:
        """Hand out what was compiled before."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


@contextmanager
def remembering() -> Iterator[Quick]:
    """While this lasts, builds of this process remember what they worked out."""

    def text_key(draft: Draft, data: object, link: Callable[[str], str], *more: dict) -> Hashable:
        # Where the links of a file lead depends on the slugs of others.
        targets = (link(match["href"]) for line in draft.body for match in LINK.finditer(line))
        shared = (_written(part) for parts in more for part in parts.values())
        return (*_written(draft), id(data), *targets, *shared)

    fresh_lint, quick = content.lint, Quick()
    wrapped = [
        *quick.patches(),
        (content, "load_data", _remembered_data(content.load_data)),
        (
            content,
            "lint",
            remembered(lambda *a: [*fresh_lint(*a)], lambda draft, data: (*_written(draft), id(data))),
        ),
        (content, "parse_text", remembered(content.parse_text, text_key)),
        (content, "parse_guide", remembered(content.parse_guide, text_key)),
        (press, "printed_text", remembered(press.printed_text, lambda html: html)),
        (press.fonts, "find_faces", remembered(press.fonts.find_faces, lambda: None)),
        (
            press.fonts,
            "missing_characters",
            remembered(press.fonts.missing_characters, lambda text, faces: (text, tuple(faces))),
        ),
        (render, "qr_code", remembered(render.qr_code, lambda url: url)),
        (links, "_Page", remembered(links._Page, lambda html: hashlib.sha256(html.encode()).digest())),
    ]
    with mock.patch.dict(render.JINJA_OPTIONS, bytecode_cache=TemplateMemory()):
        before = [(module, name, getattr(module, name)) for module, name, _ in wrapped]
        for module, name, function in wrapped:
            setattr(module, name, function)
        try:
            yield quick
        finally:
            for module, name, function in before:
                setattr(module, name, function)


def _written(draft: Draft) -> tuple:
    """Return all that a writer wrote in a file."""
    return (str(draft.path), draft.body, tuple(draft.front.items()))


def _remembered_data(load: Callable) -> Callable:
    """Return `load_data` with a memory of the last data that had no problem."""
    last: dict[str, Any] = {}

    @functools.wraps(load)
    def answer(folder: Path, problems: Problems):
        digest = hashlib.sha256()
        for path in sorted(folder.glob("*.toml")):
            try:
                raw = path.read_bytes()
            except OSError:  # the loader says it better
                return load(folder, problems)
            digest.update(f"{path} {len(raw)}\n".encode() + raw)
        if last.get("digest") != digest.digest():
            found = Problems()
            data = load(folder, found)
            if found:
                problems.extend(found)
                return data
            last.update(digest=digest.digest(), data=data)  # held here, so its id stays its own
        return last["data"]

    return answer


class Quick:
    """Shows yesterday's paper where nobody looks, so that the sheet being written comes at once.

    A guide has one sheet for everybody, up to a dozen for operators, and a place in the bound volume. While
    `wanted`, a build sets only the first; for the others it takes the last good one, which it never stores, and
    counts it in `left`. The next build makes good.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.left = 0
        self._last: dict[str, Any] = {}
        self._print, self._bind = press._print, press.bind

    def patches(self) -> Iterator[tuple[Any, str, Callable]]:
        """Yield what stands in front of the press."""
        yield press, "_print", self.print
        yield press, "bind", self.bind
        for name in ("keep_sheet", "keep_paper"):
            yield press, name, self._keeping(getattr(press, name))

    def _keeping(self, keep: Callable) -> Callable:
        """Return the function that stores what is printed, but for what is old."""
        return lambda cache, key, made: None if self._is_old(made) else keep(cache, key, made)

    def print(self, editions: list[Edition], *tools: object) -> Iterator[tuple[Any, list]]:
        """Yield the sheets, as press._print."""
        later = {edition.name for edition in editions if edition.operator and edition.name in self._last}
        later = later if self.wanted else set()
        self.left += len(later)
        fresh = self._print([edition for edition in editions if edition.name not in later], *tools)
        for edition in editions:
            if edition.name in later:
                yield self._last[edition.name], []
            else:
                sheet, problems = next(fresh)
                yield sheet, problems

    def bind(self, *parts: object) -> Any:
        """Return the volume, as papers.bind."""
        if self.wanted and "volume" in self._last:
            self.left += 1
        else:
            self._last["volume"] = self._bind(*parts)
        return self._last["volume"]

    def done(self, report: Report) -> None:
        """Keep what a whole build printed."""
        if not self.left:
            self._last |= {name: handout.sheet for name, handout in report.handouts.items()}

    def _is_old(self, printed: object) -> bool:
        return self.wanted and any(printed is old for old in self._last.values())


def main(root: Path, folder: Path, output: Path) -> None:
    """Build for every byte that arrives; those that arrive during a build ask for one more together."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer

    def say(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    with remembering() as quick:
        while os.read(0, 4096):
            for quick.wanted in (True, False):
                quick.left = 0
                say(answer(root, folder, output, quick))
                if not quick.left:
                    break
            from . import pdf  # noqa: F401  # while nobody waits: the first changed sheet needs it


def answer(root: Path, folder: Path, output: Path, quick: Quick) -> dict[str, Any]:
    """Build, and say what came of it."""
    start = time.perf_counter()
    try:
        report: Report = build.build(root=root, content=folder, output=output)
    except ContentError as error:
        return {"problems": list(map(str, error.problems))}
    except BuildError as error:
        return {"problems": [str(error)]}
    except Exception as error:  # a slip in a template or in pelicanconf.py: the preview must live on
        return {"problems": [f"{_place(error)}{type(error).__name__}: {error}"]}
    quick.done(report)
    return {
        "problems": [],
        "sheets": len(report.handouts),
        "pages": report.pages,
        "seconds": round(time.perf_counter() - start, 3),
        "files": {
            path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            for path in sorted(output.rglob("*"))
            if path.is_file()
        },
    }


def _place(error: BaseException) -> str:
    """Return `path:line: ` of the innermost line of ours that failed."""
    place, step = "", error.__traceback__
    while step:
        name = step.tb_frame.f_code.co_filename
        if "site-packages" not in name and Path(name).suffix in (".html", ".xml", ".txt", ".json", ".py"):
            place = f"{os.path.relpath(name)}:{step.tb_lineno}: "
        step = step.tb_next
    return place


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main(*map(Path, sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
