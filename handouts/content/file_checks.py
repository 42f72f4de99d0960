"""Check the Markdown files of a content folder against each other.

In: their drafts. Out: problems: two files with one slug or one place on the home page, a shared text without a guide or a
section, two PDFs with one name, a link or an image that does not exist.
"""

from __future__ import annotations

import os
from pathlib import Path

from .. import paths
from ..errors import Problems
from .data import Data
from .draft import Draft
from .files import IMAGES
from .lint.guide import REQUIRED as REQUIRED_SECTIONS
from .syntax import LINK


def check_slugs(drafts: list[Draft], taken: frozenset[str], problems: Problems) -> None:
    """Find slugs that two files share, or that the site uses."""
    owner: dict[str, Draft] = {}
    # A file named after the slug keeps it: people who copy a file often forget to change the slug of the copy.
    for draft in sorted(drafts, key=lambda draft: draft.name != draft.front.get("slug")):
        slug = draft.front.get("slug")
        if not slug:
            continue
        line = draft.line_of("slug")
        if slug in taken and draft.kind != "posts":
            problems.add(draft.path, line, f"The slug `{slug}` is used by the site. Choose another.")
        if slug in owner:
            other = owner[slug].path
            problems.add(draft.path, line, f"The slug `{slug}` belongs to {other}. Choose another.")
        owner.setdefault(slug, draft)


def check_order(drafts: list[Draft], problems: Problems) -> None:
    """Find guides with the same place on the home page."""
    first: dict[str, Draft] = {}
    for draft in drafts:
        order = draft.front.get("order")
        if order:
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
            known = {*REQUIRED_SECTIONS, *(section.id for section in guide.sections() if section.heading)}
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
                name, _, id = match["href"].partition("#")
                if ":" in name:
                    continue
                path = Path(os.path.normpath(draft.path.parent / name)) if name else draft.path
                target = known.get(os.path.normpath(path))
                if not Path(os.path.realpath(path)).is_relative_to(home):
                    text = f"`{name}` is outside the content folder. Link to a file inside it."
                    problems.add(draft.path, number, text)
                elif match["image"]:
                    _check_image(draft, number, match["text"], path, problems)
                elif target is None and not _is_file(path):
                    problems.add(draft.path, number, f"`{name}` does not exist. Correct the link.")
                elif id and target and not any(id in text.anchors() for text in (target, *target.shared)):
                    problems.add(draft.path, number, f"{target.path} has no id `{id}`. Correct the link.")


def _is_file(path: Path) -> bool:
    """Tell whether a file exists; False for a name that is too long."""
    try:
        return path.is_file()
    except OSError:
        return False


def _check_image(draft: Draft, number: int, alt: str, path: Path, problems: Problems) -> None:
    """Find an image that is missing, of an unknown kind, or without a description."""
    if path.suffix.lower() not in IMAGES:
        problems.add(draft.path, number, f"`{path.name}` is no picture. Use {', '.join(IMAGES)}.")
    elif not _is_file(path):
        problems.add(draft.path, number, f"The image `{path.name}` does not exist. Add it to content/images.")
    if not alt.strip():
        problems.add(draft.path, number, "The image has no description. Write it between the brackets.")
