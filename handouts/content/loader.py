"""Load the content folder: everything that the site and the sheets are made of.

In: the folder. Out: the Content, and all problems, found in one run: first in the data, then in each file, then between files
(slugs, links). A translated edition has only the files that are translated; each is compared with its source.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from .. import paths
from ..cache.memoize import memoize
from ..errors import Problems
from ..model import Guide, Operator, Text
from ..text import has_han
from .data import TABLES, Data, load_data
from .draft import Draft, split
from .file_checks import check_links, check_order, check_parts, check_pdfs, check_shared, check_slugs
from .files import Convert, as_written, check_tree, content_files, read_text, require_folder, split_name
from .languages import SOURCE, TRADITIONAL, WRITTEN, Language, conversion
from .lint.rules import lint, lint_translation
from .parser import parse_guide, parse_text
from .syntax import REQUIRED
from .translated_file import TranslatedFile
from .translated_table import TRANSLATED_TABLES

FOLDERS = ("guides", "pages", "posts", "shared")
"""The folders of Markdown files."""

UP = {"guides": "../", "shared": "../", "pages": "../", "posts": "../../"}
"""The way from a page up to the root of its edition."""


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

    `saved` are the paths in the settings of the site: no slug may take them. Converted editions are not linted.
    """
    require_folder(folder)
    translations = (f"{name}.{code}" for name in TRANSLATED_TABLES for code in WRITTEN)
    check_tree(folder, problems, (*TABLES, TRADITIONAL, *translations), WRITTEN)
    data = load_data(folder / "data", problems, language)
    sources = drafts = _with_shared(read_drafts(folder, problems, conversion(language, folder, problems)))
    translated: dict[Path, Draft] | None = None
    operators, left_out = data.operators, 0
    if language.written:
        files = translations_of(folder, sources, language, problems)
        drafts = _with_shared([one.draft for one in files])
        translated = {one.source.path: one.draft for one in files}
        findings = [
            [*one.findings(), *lint_translation(draft, data)]
            for one, draft in zip(files, drafts, strict=True)
        ]
        check_parts(sources, drafts, language.suffix, problems)
        check_links(folder, drafts, [*sources, *drafts], problems)
        written = (folder / "data" / f"operators{language.suffix}.toml").exists()
        operators = {id: one for id, one in operators.items() if written and not has_han(one.summary)}
        left_out = sum(draft.kind != "shared" and draft.path not in translated for draft in sources)
    else:
        if not any(draft.kind == "guides" for draft in drafts) and not problems:
            problems.add(folder / "guides", 1, "There is no guide here. Write one, see CONTRIBUTING.md.")
        findings = [_findings(draft, data) if language == SOURCE else [] for draft in drafts]
        check_order(drafts, problems)
        check_shared(drafts, problems)
        check_slugs(drafts, paths.taken_slugs(saved), problems)
        check_pdfs(drafts, data, folder, problems)
        check_links(folder, drafts, drafts, problems)
    address = _addresses(folder, sources, translated)
    parsed: dict[str, list[Any]] = {kind: [] for kind in FOLDERS}
    for draft, found in zip(drafts, findings, strict=True):
        problems.add_all(draft.path, found)
        complete = all(map(draft.front.get, REQUIRED[draft.kind]))  # `split` reported what is missing
        if complete and not found and draft.kind != "shared":
            parse = parse_guide if draft.kind == "guides" else parse_text
            parsed[draft.kind].append(parse(draft, data, partial(address, draft)))
    return Content(
        folder=folder,
        data=data,
        operators=operators,
        left_out=left_out,
        guides=tuple(sorted(parsed["guides"], key=attrgetter("order", "slug"))),
        pages=tuple(parsed["pages"]),
        posts=tuple(parsed["posts"]),
    )


@memoize(lambda draft, data: (repr(draft), data.digest), stored=True)
def _findings(draft: Draft, data: Data) -> list[tuple[int, str]]:
    """Return the findings of the linter, from the cache if neither the file nor the data changed."""
    return list(lint(draft, data))


def read_drafts(folder: Path, problems: Problems, convert: Convert = as_written) -> list[Draft]:
    """Return the draft of every Markdown file of the source, its text converted to that of an edition."""
    drafts = []
    for kind in FOLDERS:
        for path in content_files(folder / kind, "*.md"):
            text = None if split_name(path)[1] else read_text(path, problems, convert)
            draft = None if text is None else split(path, kind, text, problems)
            if draft:
                drafts.append(draft)
    return drafts


def translations_of(
    folder: Path, sources: list[Draft], language: Language, problems: Problems
) -> list[TranslatedFile]:
    """Return every Markdown file that is translated into a language."""
    source_of = {draft.path: draft for draft in sources}
    translations = []
    for kind in FOLDERS:
        for path in content_files(folder / kind, f"*{language.suffix}.md"):
            source = path.with_name(f"{split_name(path)[0]}.md")
            if source not in source_of:
                wrong = f"{source.name} is missing or has faults. Correct that first, or remove this file."
                problems.add(path, 1, wrong)
                continue
            text = read_text(path, problems)
            draft = None if text is None else split(path, kind, text, problems, source_of[source])
            if draft:
                translations.append(TranslatedFile(source_of[source], draft))
    return translations


def _with_shared(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts, each guide with the shared files that it shows."""
    shared = [draft for draft in drafts if draft.kind == "shared"]
    return [
        replace(draft, shared=tuple(filter(draft.shows, shared))) if draft.kind == "guides" else draft
        for draft in drafts
    ]


def _addresses(
    folder: Path, sources: list[Draft], translated: dict[Path, Draft] | None
) -> Callable[[Draft, str], str]:
    """Return a function that gives the address on the site for a target typed in a file.

    `translated` are, in a translated edition, the drafts of the translations by the path of their source. Pelican replaces
    the links of pages and posts ({filename}). Those of guides are made here, relative to /<slug>/, and so are links to files
    that are not translated: they lead to the source at the root.
    """
    source_of = {os.path.normpath(draft.path): draft for draft in sources}

    def address(draft: Draft, target: str) -> str:
        name, hash, id = target.partition("#")
        if not name:
            return target
        path = os.path.normpath(draft.path.parent / name)
        linked = source_of.get(path)
        if linked and translated is not None:
            if linked.path not in translated:
                posts = "posts/" if linked.kind == "posts" else ""
                return f"{UP[draft.kind]}../{posts}{linked.front.get('slug', '')}/{hash}{id}"
            path = os.path.normpath(translated[linked.path].path)
        if draft.kind in ("pages", "posts"):
            marker = "{filename}" if name.endswith(".md") else "{static}"
            return f"{marker}/{Path(os.path.relpath(path, folder)).as_posix()}{hash}{id}"
        if linked:
            return f"../{linked.front.get('slug', '')}/{hash}{id}"
        return f"../{Path(os.path.relpath(path, folder)).as_posix()}"

    return address
