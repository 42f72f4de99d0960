"""Start a new guide, operator or post: ./inv new guide NAME.

In: a kind and a name. Out: a file, or a table in operators.toml, that passes all checks, with 【待写】 at every place that
must be written. A guide or post is not published while its front matter says `draft: yes`. Without that line, a 【待写】
stops publishing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Template

from ..content.files import replace_file, require_folder
from ..content.loader import read_drafts
from ..content.syntax import PLACEHOLDER, SLUG
from ..content.toml import Table, read_table
from ..errors import ContentError, Problems, UsageError
from ..model import TOPICS
from ..paths import FOLDERS

LONGEST = 40
"""Characters in a name at most: it is part of every address and QR code."""


def new(kind: str, name: str, content: Path, today: date) -> str:
    """Write the new file or table; return a sentence that says where it is and what to do next."""
    if kind not in KINDS:
        raise UsageError(f"`{kind}` is nothing that can be started. Use one of: {', '.join(KINDS)}.")
    if not SLUG.fullmatch(name) or len(name) > LONGEST:
        raise UsageError(
            f"`{name}` is no name. Use lower-case letters, digits and single hyphens, at most {LONGEST} "
            "characters, like `keep-number`."
        )
    require_folder(content, "data")
    path = KINDS[kind](name, content, today)
    return f"{path} is ready. Write what is marked {PLACEHOLDER}; ./inv serve shows it meanwhile."


def _guide(name: str, content: Path, today: date) -> Path:
    """Write a guide; it comes last on the home page."""
    if name in FOLDERS:
        raise UsageError(f"`{name}` is an address the site needs itself. Choose another name.")
    _refuse_taken(name, content)
    phrases, fields = _first(content / "data/phrases.toml"), _first(content / "data/ui.toml", "fields")
    order = 1 + sum("." not in path.stem for path in (content / "guides").glob("*.md"))
    return _write(content / "guides", name, "guide.md", today, order=order, phrases=phrases, fields=fields)


def _post(name: str, content: Path, today: date) -> Path:
    _refuse_taken(name, content)
    return _write(content / "posts", name, "post.md", today)


def _operator(name: str, content: Path, today: date) -> Path:
    """Append a table in which every topic is empty; pages then say that nothing was found."""
    path = content / "data" / "operators.toml"
    table = _read(path)
    if name in table.values:
        raise UsageError(f"`{name}` is already on line {table.line(name)} of {path}. Choose another name.")
    lines = [
        f"[{name}]",
        f'name = "{PLACEHOLDER}{name}"',
        'status = "active"',
        f'summary = "{PLACEHOLDER}查到了什么，缺什么。"',
    ]
    lines += [f"sells = []  # {PLACEHOLDER}prepaid, plan, pack, data", *(f"{topic} = []" for topic in TOPICS)]
    text = path.read_text(encoding="utf-8").rstrip("\n")
    replace_file(path, "\n".join([text, "", *lines, ""]))
    return path


KINDS = {"guide": _guide, "operator": _operator, "post": _post}


def _refuse_taken(name: str, content: Path) -> None:
    """Refuse a name that is the slug of another file."""
    for draft in read_drafts(content, Problems()):  # the build reports what is wrong with a file
        if draft.front.get("slug") == name:
            raise UsageError(f"`{name}` is the address of {draft.path}. Choose another name.")


def _first(path: Path, group: str = "") -> str:
    """Return the first id of a data file, or the first key of its table `group`."""
    values = _read(path).values
    return next(iter(values.get(group, {}) if group else values), "")


def _read(path: Path) -> Table:
    """Return a data file; ContentError if it cannot be used."""
    problems = Problems()
    table = read_table(path, problems)
    if table is None or problems:
        raise ContentError(problems)
    return table


def _write(folder: Path, name: str, template: str, today: date, **values: object) -> Path:
    """Write a new file from a template beside this module; UsageError if it exists."""
    path = folder / f"{name}.md"
    template_text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    text = Template(template_text).substitute(name=name, today=today, **values)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already. Choose another name.") from error
    return path
