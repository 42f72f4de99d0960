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
from .files import IMAGES
from .lint.guide import REQUIRED as REQUIRED_SECTIONS
from .syntax import LINK, Draft, section_id


def check_slugs(drafts: list[Draft], taken: frozenset[str], problems: Problems) -> None:
    """Find slugs that two files share, or that the site uses."""
    owner: dict[str, Draft] = {}
    # A file named after the slug keeps it: people who copy a file often forget to change the slug of the copy.
    for draft in sorted(drafts, key=lambda draft: draft.name != draft.front.get("slug")):
        slug = draft.front.get("slug")
        if not slug:
            continue
        line = draft.front_lines["slug"]
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
        order = draft.front.get("order", "")
        if order in first and draft.front.get("slug") != first[order].front.get("slug"):
            problems.add(
                draft.path,
                draft.front_lines["order"],
                f"The place {order} belongs to {first[order].path}. Choose another.",
            )
        elif order:
            first.setdefault(order, draft)


def check_shared(drafts: list[Draft], problems: Problems) -> None:
    """Find shared files that name no guide, and parts that have no section in a guide that shows them."""
    slugs = [draft.front.get("slug", "") for draft in drafts if draft.kind == "guides"]
    for draft in drafts:
        if draft.kind != "shared":
            continue
        for slug in draft.front.get("guides", "").split():
            if slug not in slugs:
                line = draft.front_lines["guides"]
                problems.add(draft.path, line, f"There is no guide `{slug}`. Use one of: {', '.join(slugs)}.")
        for guide in (guide for guide in drafts if draft in guide.shared):
            sections = {section_id(line) for line in guide.body if line.startswith("## ")}
            for section, lines in draft.parts().items():
                written = [number for number, line in lines if line.strip()]
                if written and section not in sections and section not in REQUIRED_SECTIONS:
                    problems.add(
                        draft.path,
                        written[0],
                        f"{guide.path} has no section `{section}` for this. Name the file or its `##` after one it has.",
                    )


def check_pdfs(guides: list[Draft], data: Data, folder: Path, problems: Problems) -> None:
    """Find slugs and ids of operators that give two PDFs the same name."""
    drafts = {draft.front["slug"]: draft for draft in guides if draft.front.get("slug")}
    sold = {
        slug: [one.id for one in data.operators_for(cards)]
        if (cards := tuple(draft.front.get("cards", "").split()))
        else []
        for slug, draft in drafts.items()
    }
    taken: dict[str, tuple[str, str]] = {}
    for name, guide, operator in paths.pdf_names(sold.items()):
        other = taken.setdefault(name, (guide, operator))
        if other == (guide, operator):
            continue
        blamed = drafts[name] if name in drafts else drafts[guide]
        if other[0] == guide:
            place = folder / "data/operators.toml", data.operators[operator].lines[""]
            what = f"The id `{operator}`"
        else:
            place = blamed.path, blamed.front_lines["slug"]
            what = f"The slug `{blamed.front['slug']}`"
        problems.add(*place, f"{what} gives two PDFs the name {paths.pdf(name)}. Choose another.")


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
                    problems.add(
                        draft.path,
                        number,
                        f"`{name}` is outside the content folder. Link to a file inside it.",
                    )
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
