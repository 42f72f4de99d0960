"""Load the content folder: everything that the site and the sheets are made of.

In: the folder. Out: the Content, and all problems, found in one run: first in the data, then in each file, then between files
(slugs, links).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .. import paths
from ..cache.memoize import remembered
from ..errors import Problems
from ..model import Guide, Text
from .data import OPTIONAL_TABLES, TABLES, Data, load_data
from .files import IMAGES, Convert, as_written, check_tree, content_files, read_text, require_folder
from .languages import SOURCE, TRADITIONAL, Language, conversion
from .lint.guide import REQUIRED as NEEDED
from .lint.rules import lint
from .markdown import Link
from .parser import parse_guide, parse_text
from .syntax import LINK, REQUIRED, Draft, section_id, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The checked and parsed content."""

    folder: Path
    data: Data
    guides: tuple[Guide, ...]
    pages: tuple[Text, ...]
    posts: tuple[Text, ...]


def load(folder: Path, problems: Problems, saved: Iterable[str] = (), language: Language = SOURCE) -> Content:
    """Read, check and parse a content folder for one edition; files with problems are left out.

    `saved` are the paths in the settings of the site: no slug may take them. The linter reads only what people wrote.
    """
    require_folder(folder)
    check_tree(folder, problems, (*TABLES, *OPTIONAL_TABLES, TRADITIONAL))
    data = load_data(folder / "data", problems, language)
    drafts = _with_shared(list(read_drafts(folder, problems, conversion(language, folder, problems))))
    if not any(draft.kind == "guides" for draft in drafts) and not problems:
        problems.add(folder / "guides", 1, "There is no guide here. Write one, see CONTRIBUTING.md.")
    sound = []
    for draft in drafts:
        before = len(problems)
        for line, text in _findings(draft, data) if language == SOURCE else ():
            problems.add(draft.path, line, text)
        if len(problems) == before and not _lacks_front(draft):
            sound.append(draft)
    _check_order(drafts, problems)
    _check_shared(drafts, problems)
    _check_slugs(drafts, paths.taken_slugs(saved), problems)
    _check_pdfs([draft for draft in drafts if draft.kind == "guides"], data, folder, problems)
    _check_links(folder, drafts, problems)
    site = _Site(folder, drafts)
    return Content(
        folder=folder,
        data=data,
        guides=tuple(
            sorted(
                (
                    parse_guide(draft, data, site.link_from(draft))
                    for draft in sound
                    if draft.kind == "guides"
                ),
                key=lambda guide: (guide.order, guide.slug),
            )
        ),
        pages=tuple(_texts(sound, "pages", data, site)),
        posts=tuple(_texts(sound, "posts", data, site)),
    )


@remembered(lambda draft, data: (draft.written, data.digest), stored=True)
def _findings(draft: Draft, data: Data) -> list[tuple[int, str]]:
    """Return the findings of the linter."""
    return list(lint(draft, data))


def read_drafts(folder: Path, problems: Problems, convert: Convert = as_written) -> Iterator[Draft]:
    """Yield the draft of every Markdown file."""
    for kind in ("guides", "pages", "posts", "shared"):
        for path in content_files(folder / kind, "*.md", problems):
            text = read_text(path, problems, convert)
            draft = split(path, kind, text, problems) if text is not None else None
            if draft:
                yield draft


def _with_shared(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts, each guide with the shared files that it shows."""
    shared = [draft for draft in drafts if draft.kind == "shared"]

    def shown(guide: Draft) -> tuple[Draft, ...]:
        slug = guide.front.get("slug", "")
        return tuple(part for part in shared if slug in part.front.get("guides", slug).split())

    return [replace(draft, shared=shown(draft)) if draft.kind == "guides" else draft for draft in drafts]


def _lacks_front(draft: Draft) -> bool:
    """Tell whether a key is missing that the parser needs; `split` has reported it."""
    return any(not draft.front.get(key) for key in REQUIRED[draft.kind])


def _texts(drafts: list[Draft], kind: str, data: Data, site: _Site) -> Iterator[Text]:
    """Yield the pages or posts among the drafts."""
    for draft in drafts:
        if draft.kind == kind:
            yield parse_text(draft, data, site.link_from(draft))


class _Site:
    """The address of each file on the site."""

    def __init__(self, folder: Path, drafts: list[Draft]) -> None:
        self._folder = folder
        self._slugs = {os.path.normpath(draft.path): draft.front.get("slug", "") for draft in drafts}

    def link_from(self, draft: Draft) -> Link:
        """Return the function that turns a target typed in this file into an address.

        Pelican replaces the links of pages and posts ({filename}). Those of guides are made here, relative to /<slug>/.
        """

        def link(target: str) -> str:
            name, hash, id = target.partition("#")
            if not name:
                return target
            path = os.path.normpath(draft.path.parent / name)
            if draft.kind in ("pages", "posts"):
                marker = "{filename}" if name.endswith(".md") else "{static}"
                return f"{marker}/{Path(os.path.relpath(path, self._folder)).as_posix()}{hash}{id}"
            if path in self._slugs:
                return f"../{self._slugs[path]}/{hash}{id}"
            return f"../{Path(os.path.relpath(path, self._folder)).as_posix()}"

        return link


def _check_slugs(drafts: list[Draft], taken: frozenset[str], problems: Problems) -> None:
    """Find slugs that two files share, or that the site uses."""
    owner: dict[str, Draft] = {}
    # A file named after the slug keeps it: who copies a file often forgets to change the slug in the copy.
    for draft in sorted(drafts, key=lambda draft: draft.path.stem != draft.front.get("slug")):
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


def _check_order(drafts: list[Draft], problems: Problems) -> None:
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


def _check_shared(drafts: list[Draft], problems: Problems) -> None:
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
                if written and section not in sections and section not in NEEDED:
                    problems.add(
                        draft.path,
                        written[0],
                        f"{guide.path} has no section `{section}` for this. Name the file or its `##` after one it has.",
                    )


def _check_pdfs(guides: list[Draft], data: Data, folder: Path, problems: Problems) -> None:
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


def _check_links(folder: Path, drafts: list[Draft], problems: Problems) -> None:
    """Find links and images whose target does not exist or is outside the content folder."""
    known = {os.path.normpath(draft.path): draft for draft in drafts}
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
                        f"`{name}` lies outside the content folder. Link to what is inside.",
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
