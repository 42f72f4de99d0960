"""Check the Markdown files of a content folder against each other.

In: their drafts. Out: problems.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from .. import paths
from ..errors import Problems
from .data import Data
from .draft import Draft
from .files import IMAGES
from .lint.guide import REQUIRED
from .syntax import LINK


def check_slugs(drafts: list[Draft], taken: frozenset[str], problems: Problems) -> None:
    """Find slugs that two files share, or that the site uses."""
    owner: dict[str, Draft] = {}
    named = [draft for draft in drafts if draft.front.get("slug")]
    # A file named after the slug keeps it: people who copy a file often forget to change the slug of the copy.
    for draft in sorted(named, key=lambda draft: draft.name != draft.front["slug"]):
        slug, line = draft.front["slug"], draft.line_of("slug")
        if slug in taken and draft.kind != "posts":
            problems.add(draft.path, line, f"The slug `{slug}` is used by the site. Choose another.")
        other = owner.setdefault(slug, draft)
        if other is not draft:
            problems.add(draft.path, line, f"The slug `{slug}` belongs to {other.path}. Choose another.")


def check_order(drafts: list[Draft], problems: Problems) -> None:
    """Find guides with the same place on the home page."""
    first: dict[str, Draft] = {}
    for draft in drafts:
        if order := draft.front.get("order"):
            other = first.setdefault(order, draft)
            if other.front.get("slug") != draft.front.get("slug"):
                text = f"The place {order} belongs to {other.path}. Choose another."
                problems.add(draft.path, draft.line_of("order"), text)


def check_shared(drafts: list[Draft], problems: Problems) -> None:
    """Find shared files that name no guide, and parts that have no section in a guide that shows them."""
    slugs = [draft.front.get("slug", "") for draft in drafts if draft.kind == "guides"]
    for part in (draft for draft in drafts if draft.kind == "shared"):
        for slug in part.words("guides"):
            if slug not in slugs:
                text = f"There is no guide `{slug}`. Use one of: {', '.join(slugs)}."
                problems.add(part.path, part.line_of("guides"), text)
        for guide in (draft for draft in drafts if part in draft.shared):
            known = {*REQUIRED, *(section.id for section in guide.sections() if section.heading)}
            for section in part.sections():
                written = [number for number, line in section.lines if line.strip()]
                if written and section.id not in known:
                    text = f"{guide.path} has no section `{section.id}` for this. Name the file or its `##` after one it has."
                    problems.add(part.path, written[0], text)


def check_parts(sources: list[Draft], translations: list[Draft], suffix: str, problems: Problems) -> None:
    """Find shared files that a translated guide shows and that are not translated; `suffix` is as in `complain.en.md`."""
    there = {draft.path.name for draft in translations}
    for guide in (draft for draft in translations if draft.kind == "guides"):
        for part in (draft for draft in sources if draft.kind == "shared" and guide.shows(draft)):
            name = f"{part.name}{suffix}.md"
            if name not in there:
                problems.add(guide.path, 1, f"This guide shows {part.path}. Translate it as {name}.")


def check_pdfs(all_drafts: list[Draft], data: Data, folder: Path, problems: Problems) -> None:
    """Find slugs and ids of operators that give two PDFs the same name."""
    drafts = {
        draft.front["slug"]: draft for draft in all_drafts if draft.kind == "guides" and "slug" in draft.front
    }
    sold = {
        slug: [one.id for one in data.operators_for(cards)] if (cards := draft.words("cards")) else []
        for slug, draft in drafts.items()
    }
    taken: dict[str, tuple[str, str]] = {}
    for name, guide, operator in paths.pdf_names(sold.items()):
        other = taken.setdefault(name, (guide, operator))
        if other == (guide, operator):
            continue
        if other[0] == guide:
            path, line = folder / "data/operators.toml", data.operators[operator].line_of()
            what = f"The id `{operator}`"
        else:
            blamed = drafts[name] if name in drafts else drafts[guide]
            path, line = blamed.path, blamed.line_of("slug")
            what = f"The slug `{blamed.front['slug']}`"
        problems.add(path, line, f"{what} gives two PDFs the name {paths.pdf(name)}. Choose another.")


def check_links(folder: Path, drafts: list[Draft], targets: list[Draft], problems: Problems) -> None:
    """Find links and images whose target does not exist or is outside the content folder."""
    known = {os.path.normpath(draft.path): draft for draft in targets}
    home = os.path.realpath(folder)
    for draft in drafts:
        for number, line in draft.numbered:
            for match in LINK.finditer(line):
                for wrong in _wrong_target(draft, match, known, home):
                    problems.add(draft.path, number, wrong)


def _wrong_target(draft: Draft, link: re.Match[str], known: dict[str, Draft], home: str) -> Iterator[str]:
    """Yield a sentence for each fault of a link or an image."""
    name, _, id = link["href"].partition("#")
    if ":" in name:  # another rule reports it
        return
    path = Path(os.path.normpath(draft.path.parent / name) if name else draft.path)
    target = known.get(os.path.normpath(path))
    exists = os.path.isfile(path)  # noqa: PTH113  # Path.is_file fails on a name that is too long
    if not Path(os.path.realpath(path)).is_relative_to(home):
        yield f"`{name}` is outside the content folder. Link to a file inside it."
    elif link["image"]:
        if path.suffix.lower() not in IMAGES:
            yield f"`{path.name}` is not a picture. Use {', '.join(IMAGES)}."
        elif not exists:
            yield f"The image `{path.name}` does not exist. Add it to content/images."
        if not link["text"].strip():
            yield "The image has no description. Write it between the brackets."
    elif target is None and not exists:
        yield f"`{name}` does not exist. Correct the link."
    elif id and target and not any(id in text.anchors() for text in (target, *target.shared)):
        yield f"{target.path} has no id `{id}`. Correct the link."
