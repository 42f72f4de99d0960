"""Start a new guide, operator or post: ./inv new guide NAME.

In: a kind and a name. Out: a file, or a table in operators.toml, that passes all checks, with 【待写】 at every place that
must be written. A guide or post is not published while its front matter says `draft: yes`. Without that line, a 【待写】
stops publishing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Template

from ..content.data import load_data
from ..content.draft import Draft, split
from ..content.file_checks import check_pdfs, check_slugs
from ..content.files import replace_file, require_folder
from ..content.languages import LANGUAGES
from ..content.loader import read_drafts
from ..content.syntax import PLACEHOLDER, SLUG
from ..content.toml import Table, read_table
from ..errors import ContentError, Problems, UsageError
from ..model import TOPICS
from ..paths import taken_slugs
from ..site.settings import USUAL, saved_paths

KINDS = ("guide", "operator", "post")
"""What can be started; each has a template beside this module."""
LONGEST = 40
"""Characters in a name at most: it is part of every address and QR code."""


def new(kind: str, name: str, content: Path, today: date) -> str:
    """Write the new file or table; return a sentence that says where it is and what to do next."""
    if kind not in KINDS:
        raise UsageError(f"`{kind}` is nothing that can be started. Use one of: {', '.join(KINDS)}.")
    if not SLUG.fullmatch(name) or len(name) > LONGEST:
        raise UsageError(
            f"`{name}` is not a name. Use lower-case letters, digits and single hyphens, at most {LONGEST} "
            "characters, like `keep-number`."
        )
    require_folder(content, "data")
    path = _operator(name, content) if kind == "operator" else _text(kind, name, content, today)
    return f"{path} is ready. Write what is marked {PLACEHOLDER}; ./inv serve shows it meanwhile."


def _text(kind: str, name: str, content: Path, today: date) -> Path:
    """Write a post, or a guide, which comes last on the home page."""
    drafts = read_drafts(content, Problems())  # the build reports what is wrong with a file
    for draft in drafts:
        if draft.front.get("slug") == name:
            raise UsageError(f"`{name}` is the address of {draft.path}. Choose another name.")
    values: dict[str, object] = {"name": name, "today": today}
    if kind == "guide":
        fields = _read(content / "data/ui.toml").values.get("fields", {})
        orders = [draft.front.get("order", "") for draft in drafts]
        values |= {
            "order": 1 + max((int(order) for order in orders if order.isdecimal()), default=0),
            "phrases": next(iter(_read(content / "data/phrases.toml").values), ""),
            "fields": next(iter(fields), ""),
        }
    path = content / f"{kind}s" / f"{name}.md"
    text = _from_template(f"{kind}.md", values)
    if kind == "guide":
        _check_address(path, text, drafts, content)
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already. Choose another name.") from error
    return path


def _check_address(path: Path, text: str, drafts: list[Draft], content: Path) -> None:
    """Refuse an address that the site has itself, or that would give two PDFs the same name."""
    problems = Problems()
    guide = split(path, "guides", text, problems)
    if guide:
        languages = (language.prefix for language in LANGUAGES if language.prefix)
        check_slugs([guide], taken_slugs([*saved_paths(USUAL), *languages]), problems)
        check_pdfs([*drafts, guide], load_data(content / "data", Problems()), content, problems)
    if problems:
        raise UsageError(problems[0].text)


def _operator(name: str, content: Path) -> Path:
    """Append a table in which every topic is empty; pages then say that nothing was found."""
    path = content / "data" / "operators.toml"
    table = _read(path)
    if name in table.values:
        raise UsageError(f"`{name}` is already on line {table.line(name)} of {path}. Choose another name.")
    topics = "\n".join(f"{topic} = []" for topic in TOPICS)
    before = path.read_text(encoding="utf-8").rstrip("\n")
    replace_file(path, f"{before}\n{_from_template('operator.toml', {'name': name, 'topics': topics})}")
    return path


def _read(path: Path) -> Table:
    """Return a data file; ContentError if it cannot be used."""
    problems = Problems()
    table = read_table(path, problems)
    if table is None or problems:
        raise ContentError(problems)
    return table


def _from_template(file: str, values: dict[str, object]) -> str:
    """Return the text of a template beside this module with these values."""
    return Template(Path(__file__).with_name(file).read_text(encoding="utf-8")).substitute(values)
