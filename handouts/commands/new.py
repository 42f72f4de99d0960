"""Start a new guide, operator or post: ./inv new guide NAME.

In: a kind and a name. Out: a file, or a table in operators.toml, that passes all checks, with 【待写】 at every place that
must be written. A guide or post is not published while its front matter says `draft: yes`. Without that line, a 【待写】
stops publishing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..content.files import replace_file, require_folder
from ..content.loader import read_drafts
from ..content.syntax import PLACEHOLDER, SLUG
from ..content.toml import Table, read_table
from ..errors import ContentError, Problems, UsageError
from ..model import TOPICS
from ..paths import FOLDERS

LONGEST = 40
"""Characters in a name at most: it is part of every address and QR code."""

GUIDE = """\
---
title: 【待写】标题
sheet: 【待写】核对表标题
slug: {name}
name: 【待写】卡的叫法
home: 【待写】首页上的一句话
card: 【待写】卡的种类
updated: {today}
order: {order}
draft: yes
who: 【待写】给谁看
start: 【待写】什么时候开始
takes: 【待写】要多久
costs: 【待写】花多少钱
phrases: {phrases}
fields: {fields}
aliases: {name}
---

## 一句话答案 {{#answer}}

**【待写】先说结论。** 再用一句话说为什么，每句话后面写事实编号。

## A 出发前 *【待写】什么时候* {{#before}}

- [ ] **【待写】出发前的第一步。** *【待写】一行提示* {{#before-1}}
  【待写】为什么、怎么做。只在网页上显示。

{before}

## B 提交 *【待写】走哪条路* {{#submit}}

{submit}

## C 之后 *【待写】多久以后* {{#after}}

{after}

## 带什么 {{#bring}}

{bring}

## 柜台怎么说 {{#say}}

指着说就行。

## 不服怎么办 {{#complain}}

## 改了什么 {{#changes}}

- {today}：第一版。
"""

POST = """\
---
title: 【待写】标题
slug: {name}
date: {today}
summary: 【待写】一句话：什么变了。
draft: yes
---

## 发生了什么 {{#what}}

【待写】每句话后面写事实编号。

## 对要离开的人意味着什么 {{#leavers}}

- 【待写】要做什么。
"""


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
    order = 1 + sum(1 for _ in (content / "guides").glob("*.md"))
    text = GUIDE.format(
        name=name,
        today=today,
        order=order,
        phrases=phrases,
        fields=fields,
        before=_steps("before", "出发前的第{}步", first=2),
        submit=_steps("submit", "提交的第{}步"),
        after=_steps("after", "之后的第{}步"),
        bring=_steps("bring", "要带的第{}样"),
    )
    return _write(content / "guides" / f"{name}.md", text)


def _steps(section: str, lead: str, first: int = 1) -> str:
    """Return the steps of a section that has three, the fewest that pass the checks."""
    numbers = range(first, 4)
    steps = (f"- [ ] **{PLACEHOLDER}{lead.format('一二三'[n - 1])}。** {{#{section}-{n}}}" for n in numbers)
    return "\n\n".join(steps)


def _post(name: str, content: Path, today: date) -> Path:
    """Write a post with today's date."""
    _refuse_taken(name, content)
    return _write(content / "posts" / f"{name}.md", POST.format(name=name, today=today))


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


def _write(path: Path, text: str) -> Path:
    """Write a new file; UsageError if it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already. Choose another name.") from error
    return path
