"""Load the content folder: everything that the site and the sheets are made of.

In: the folder. Out: the Content, and all problems, found in one run: first in the data, then in each file, then between files
(slugs, links). A translated edition has only the files that are translated; each is compared with its source.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .. import paths
from ..cache.memoize import remembered
from ..errors import Problems
from ..model import Guide, Operator, Text
from ..text import has_han
from .data import OPTIONAL_TABLES, TABLES, Data, load_data
from .file_checks import check_links, check_order, check_pdfs, check_shared, check_slugs
from .files import Convert, as_written, check_tree, content_files, read_text, require_folder
from .languages import SOURCE, TRADITIONAL, WRITTEN, Language, conversion
from .lint.rules import Finding, lint, lint_translation
from .markdown import Link
from .overlay import TRANSLATED
from .parser import parse_guide, parse_text
from .syntax import REQUIRED, Draft, split
from .translated import Translation, known_language, read_translation, split_name

FOLDERS = ("guides", "pages", "posts", "shared")
"""The folders of Markdown files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The checked and parsed content."""

    folder: Path
    data: Data
    guides: tuple[Guide, ...]
    pages: tuple[Text, ...]
    posts: tuple[Text, ...]
    operators: dict[str, Operator]
    """Those with a page: in a translated edition those whose summary is translated, else all."""
    left_out: int = 0
    """How many guides, pages and posts are not translated yet."""


def load(folder: Path, problems: Problems, saved: Iterable[str] = (), language: Language = SOURCE) -> Content:
    """Read, check and parse a content folder for one edition; files with problems are left out.

    `saved` are the paths in the settings of the site: no slug may take them. The linter reads only what people wrote.
    """
    require_folder(folder)
    translations = (f"{name}.{code}" for name in TRANSLATED for code in WRITTEN)
    check_tree(folder, problems, (*TABLES, *OPTIONAL_TABLES, TRADITIONAL, *translations))
    data = load_data(folder / "data", problems, language)
    drafts = _with_shared(list(read_drafts(folder, problems, conversion(language, folder, problems))))
    if language.written:
        return _load_written(folder, problems, data, drafts)
    if not any(draft.kind == "guides" for draft in drafts) and not problems:
        problems.add(folder / "guides", 1, "There is no guide here. Write one, see CONTRIBUTING.md.")
    found = [(draft, _findings(draft, data) if language == SOURCE else []) for draft in drafts]
    valid = _valid(found, problems)
    check_order(drafts, problems)
    check_shared(drafts, problems)
    check_slugs(drafts, paths.taken_slugs(saved), problems)
    check_pdfs([draft for draft in drafts if draft.kind == "guides"], data, folder, problems)
    check_links(folder, drafts, drafts, problems)
    return _content(folder, data, valid, _Site(folder, drafts), operators=data.operators)


def _load_written(folder: Path, problems: Problems, data: Data, sources: list[Draft]) -> Content:
    """Return the content of a translated edition: only what is translated."""
    translations = list(translations_of(folder, sources, data.language, problems))
    drafts = _with_shared([one.draft for one in translations])
    found = [
        (draft, [*translation.findings(), *lint_translation(draft, data)])
        for translation, draft in zip(translations, drafts, strict=True)
    ]
    valid = _valid(found, problems)
    _check_parts(sources, drafts, data.language, problems)
    check_links(folder, drafts, [*sources, *drafts], problems)
    written = (folder / "data" / f"operators{data.language.suffix}.toml").exists()
    operators = {id: one for id, one in data.operators.items() if written and not has_han(one.summary)}
    left_out = sum(draft.kind != "shared" for draft in sources)
    left_out -= sum(draft.kind != "shared" for draft in drafts)
    site = _Site(
        folder, sources, {translation.source.path: translation.draft for translation in translations}
    )
    return _content(folder, data, valid, site, operators=operators, left_out=left_out)


def _content(
    folder: Path,
    data: Data,
    valid: list[Draft],
    site: _Site,
    *,
    operators: dict[str, Operator],
    left_out: int = 0,
) -> Content:
    """Return the content of an edition: the drafts without faults, parsed."""
    return Content(
        folder=folder,
        data=data,
        operators=operators,
        left_out=left_out,
        guides=tuple(
            sorted(
                (
                    parse_guide(draft, data, site.link_from(draft))
                    for draft in valid
                    if draft.kind == "guides"
                ),
                key=lambda guide: (guide.order, guide.slug),
            )
        ),
        pages=tuple(_texts(valid, "pages", data, site)),
        posts=tuple(_texts(valid, "posts", data, site)),
    )


def _valid(found: list[tuple[Draft, list[Finding]]], problems: Problems) -> list[Draft]:
    """Return the drafts without findings that have all the front matter that the parser needs; add the findings."""
    for draft, findings in found:
        for line, text in findings:
            problems.add(draft.path, line, text)
    return [draft for draft, findings in found if not findings and not _lacks_front(draft)]


@remembered(lambda draft, data: (draft.written, data.digest), stored=True)
def _findings(draft: Draft, data: Data) -> list[Finding]:
    """Return the findings of the linter, from the cache if neither the file nor the data changed."""
    return list(lint(draft, data))


def read_drafts(folder: Path, problems: Problems, convert: Convert = as_written) -> Iterator[Draft]:
    """Yield the draft of every Markdown file of the source, its text converted to that of an edition."""
    for kind in FOLDERS:
        for path in content_files(folder / kind, "*.md", problems):
            if not known_language(path, problems) or split_name(path)[1]:
                continue
            text = read_text(path, problems, convert)
            draft = split(path, kind, text, problems) if text is not None else None
            if draft:
                yield draft


def source_drafts(folder: Path, problems: Problems) -> list[Draft]:
    """Return the draft of every Markdown file of the source, each guide with the shared files that it shows."""
    return _with_shared(list(read_drafts(folder, problems)))


def translations_of(
    folder: Path, sources: list[Draft], language: Language, problems: Problems
) -> Iterator[Translation]:
    """Yield every Markdown file that is translated into a language."""
    source_of = {draft.path: draft for draft in sources}
    for kind in FOLDERS:
        for path in content_files(folder / kind, f"*{language.suffix}.md", problems):
            source = path.with_name(f"{split_name(path)[0]}.md")
            if source not in source_of:
                problems.add(
                    path,
                    1,
                    f"{source.name} is missing or has faults. Correct that first, or remove this file.",
                )
                continue
            text = read_text(path, problems)
            found = read_translation(source_of[source], path, text, problems) if text is not None else None
            if found:
                yield found


def _check_parts(sources: list[Draft], drafts: list[Draft], language: Language, problems: Problems) -> None:
    """Find shared files that a translated guide shows and that are not translated."""
    there = {draft.path.name for draft in drafts}
    for guide in (draft for draft in drafts if draft.kind == "guides"):
        for part in (draft for draft in sources if draft.kind == "shared"):
            name = f"{part.name}{language.suffix}.md"
            if _shows(guide, part) and name not in there:
                problems.add(guide.path, 1, f"This guide shows {part.path}. Translate it as {name}.")


def _shows(guide: Draft, part: Draft) -> bool:
    """Tell whether a guide shows a shared file: one that names the guide, or one that names no guides."""
    slug = guide.front.get("slug", "")
    return slug in part.front.get("guides", slug).split()


def _with_shared(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts, each guide with the shared files that it shows."""
    shared = [draft for draft in drafts if draft.kind == "shared"]

    def shown(guide: Draft) -> tuple[Draft, ...]:
        return tuple(part for part in shared if _shows(guide, part))

    return [replace(draft, shared=shown(draft)) if draft.kind == "guides" else draft for draft in drafts]


def _lacks_front(draft: Draft) -> bool:
    """Tell whether a key is missing that the parser needs; `split` has reported it."""
    return any(not draft.front.get(key) for key in REQUIRED[draft.kind])


def _texts(drafts: list[Draft], kind: str, data: Data, site: _Site) -> Iterator[Text]:
    """Yield the pages or posts among the drafts."""
    for draft in drafts:
        if draft.kind == kind:
            yield parse_text(draft, data, site.link_from(draft))


UP = {"guides": "../", "shared": "../", "pages": "../", "posts": "../../"}
"""The way from a page up to the root of its edition."""


def _place(draft: Draft) -> str:
    """Return the place of a file's page below the root of an edition."""
    return f"{'posts/' if draft.kind == 'posts' else ''}{draft.front.get('slug', '')}/"


class _Site:
    """The address of each file on the site."""

    def __init__(
        self, folder: Path, drafts: list[Draft], translated: dict[Path, Draft] | None = None
    ) -> None:
        """Take the drafts of the source and, for a translated edition, those of the translations by path of the source."""
        self._folder = folder
        self._drafts = {os.path.normpath(draft.path): draft for draft in drafts}
        self._translated = translated

    def link_from(self, draft: Draft) -> Link:
        """Return the function that turns a target typed in this file into an address.

        Pelican replaces the links of pages and posts ({filename}). Those of guides are made here, relative to /<slug>/,
        and so are links of a translated edition to files that are not translated: they lead to the source at the root.
        """

        def link(target: str) -> str:
            name, hash, id = target.partition("#")
            if not name:
                return target
            path = os.path.normpath(draft.path.parent / name)
            linked = self._drafts.get(path)
            if linked and self._translated is not None:
                if linked.path not in self._translated:
                    return f"{UP[draft.kind]}../{_place(linked)}{hash}{id}"
                path = os.path.normpath(self._translated[linked.path].path)
            if draft.kind in ("pages", "posts"):
                marker = "{filename}" if name.endswith(".md") else "{static}"
                return f"{marker}/{Path(os.path.relpath(path, self._folder)).as_posix()}{hash}{id}"
            if linked:
                return f"../{linked.front.get('slug', '')}/{hash}{id}"
            return f"../{Path(os.path.relpath(path, self._folder)).as_posix()}"

        return link
