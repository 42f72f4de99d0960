"""Write the data of the search page: a record for each place that can answer a question.

In: the Content. Out: search.json with two keys: `fold` has pairs of a traditional and a simplified character, for those that
the site uses; `records` has guides, pages, operators, phrases, letters, posts and terms in this order, each with its sections,
steps and topics. Empty fields are left out. Words that readers type but no text contains are in content/data/search.toml. The
reader's device loads the file and searches it (theme/static/js/find.js).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import opencc
from markupsafe import Markup

from ..content.html import without_references
from ..content.loader import Content
from ..errors import Problems
from ..model import FOREIGN_LANGUAGES, TOPICS, Fact, Guide, Operator, Text

HEADING = re.compile(r'<h([23])(?: id="([^"]*)")?>(.*?)</h\1>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|li|td|th|tr|dd|dt|h3)>")
TABLE_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
HAN = re.compile(r"[\u4e00-\u9fff]")
UNFOUND = ("answer", "say", "changes")
"""Sections of a guide without a record: the answer is in the guide's record, phrases have records, and nobody searches for
old changes."""

Record = dict[str, Any]


def search_index(content: Content) -> str:
    """Return search.json, one record a line."""
    filled = ({key: value for key, value in record.items() if value} for record in _records(content))
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in filled)
    return f'{{"fold":"{_fold(lines)}","records":[\n{lines}\n]}}\n'


def check_answers(content: Content, problems: Problems) -> None:
    """Find answers in search.toml that lead to a place without a record."""
    known = {record["url"] for record in _records(content)}
    for answer in content.data.answers.values():
        if answer.to not in known:
            text = f"Nothing that can be found is at `{answer.to}`. Write a page, or a section as `page/#id`."
            problems.add(content.folder / "data" / "search.toml", answer.line_of("to"), text)


def _fold(text: str) -> str:
    """Return each traditional character whose simplified one is in a text, followed by that one."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    used = {simple[ord(char) - 0x4E00] for char in set(HAN.findall(text))}
    return "".join(a + b for a, b in zip(every, simple, strict=True) if a != b and b in used)


def _records(content: Content) -> Iterator[Record]:
    """Yield all records; a text that several guides share has one."""
    typed: dict[str, list[str]] = {}
    for answer in content.data.answers.values():
        typed.setdefault(answer.to, []).extend(answer.typed)
    seen = set()
    for record in _places(content):
        same = record["title"], record["text"]
        if same in seen and record["url"] not in typed:
            continue
        seen.add(same)
        if record["url"] in typed:
            record["typed"] = typed[record["url"]]
        yield record


def _places(content: Content) -> Iterator[Record]:
    """Yield a record for each place, the most wanted first."""
    ui = content.data.ui
    for guide in content.guides:
        yield from _guide(guide)
    for page in sorted(content.pages, key=lambda page: page.slug):
        yield from _text(page, f"{page.slug}/")
    for operator in content.operators.values():
        yield from _operator(operator, content)
    if content.data.phrases:
        yield _record("page", ui["say"]["title"], "phrases/", text=[ui["say"]["lead"]])
    for phrase in content.data.phrases.values():
        language = content.data.language
        foreign = [getattr(phrase, lang) for lang in language.spoken]
        yield _record(
            "phrase", getattr(phrase, language.primary), f"phrases/#{phrase.id}", text=[phrase.use, *foreign]
        )
    yield from _letters(content)
    if "device-table" in content.data.facts:
        words = ui["calculator"]
        typed = [words["plan"], words["credit"]]
        yield _record("page", words["title"], "calculator/", words=typed, text=[words["lead"]])
    for post in sorted(content.posts, key=lambda post: (-post.day.toordinal(), post.slug)):
        yield from _text(post, f"posts/{post.slug}/", ui["archive"]["title"])
    yield from _terms(content)


def _record(
    kind: str,
    title: str,
    url: str,
    *,
    trail: Iterable[str] = (),
    words: Iterable[str] = (),
    text: Iterable[str] = (),
    operator: str = "",
) -> Record:
    return {
        "kind": kind,
        "title": title,
        "url": url,
        "trail": list(trail),
        "words": list(dict.fromkeys(word for word in words if word and word != title)),
        "text": " ".join(part for part in text if part),
        "operator": operator,
    }


def _guide(guide: Guide) -> Iterator[Record]:
    """Yield a guide, its sections and its steps."""
    url = f"{guide.slug}/"
    answer = guide.section("answer")
    text = [_plain(answer.intro) if answer else ""]
    yield _record("guide", guide.title, url, words=guide.aliases, text=text)
    for section in guide.sections:
        if section.id in UNFOUND:
            continue
        title = _plain(section.title)
        yield from _parts(section.intro + section.rest, url, [guide.name], (title, section.id))
        for step in section.steps:
            text = [_plain(step.note), _plain(step.body)]
            yield _record("step", _plain(step.lead), f"{url}#{step.id}", trail=[guide.name, title], text=text)


def _text(text: Text, url: str, above: str = "") -> Iterator[Record]:
    """Yield a page or post and its sections."""
    trail = [above] if above else []
    yield _record("page", text.title, url, trail=trail, words=text.aliases, text=[text.summary])
    yield from _parts(text.html, url, [*trail, text.title])


def _parts(html: Markup, url: str, trail: list[str], first: tuple[str, str] = ("", "")) -> Iterator[Record]:
    """Yield a record for each heading and its text; `first` is the title and id for the text before the first heading."""
    title, id = first
    parts = HEADING.split(str(html))
    for n in range(0, len(parts), 4):
        text = _plain(Markup(parts[n]))
        if title and id and text:
            yield _record("section", title, f"{url}#{id}", trail=trail, text=[text])
        if n + 3 < len(parts):
            id, title = parts[n + 2] or "", _plain(Markup(parts[n + 3]))


def _operator(operator: Operator, content: Content) -> Iterator[Record]:
    """Yield an operator, and each topic that has facts."""
    data, url = content.data, f"operators/{operator.id}/"
    names = [operator.name.replace(" ", ""), operator.prepaid_name]
    yield _record("operator", operator.name, url, words=names, text=[operator.summary], operator=operator.id)
    for topic in TOPICS:
        facts = [data.facts[id] for id in getattr(operator, topic)]
        if not facts:
            continue
        text = [part for fact in facts for part in (_value(fact), fact.statement)]
        title = f"{operator.name}{data.ui['marks']['colon']}{data.ui['topic'][topic]}"
        place = f"{url}#{topic.replace('_', '-')}"
        yield _record("topic", title, place, trail=[operator.name], text=text, operator=operator.id)


def _value(fact: Fact) -> str:
    """Return a fact's value if its statement does not contain it and it is not a web address."""
    return "" if fact.value in fact.statement or fact.value.startswith("https:") else fact.value


def _letters(content: Content) -> Iterator[Record]:
    """Yield the page of the letters, and each letter."""
    words, language = content.data.ui["letters"], content.data.language
    if content.data.letters:
        yield _record("page", words["title"], "letters/", text=[words["lead"]])
    for name, lines in content.data.letters.items():
        texts = [line for id, line in lines.items() if not id.startswith("label-")]
        bodies = [
            getattr(line, lang)
            for line in texts
            for lang in dict.fromkeys((language.primary, *FOREIGN_LANGUAGES))
        ]
        yield _record("letter", words[name], f"letters/#{name}", text=[words[f"{name}_use"], *bodies])


def _terms(content: Content) -> Iterator[Record]:
    """Yield the terms of the glossary, each with the section of its page that has its row."""
    page = next((page for page in content.pages if page.slug == "glossary"), None)
    if page is None:
        return
    parts = HEADING.split(str(page.html))
    places = [(parts[n + 1] or "", _plain(Markup(parts[n + 3]))) for n in range(1, len(parts), 4)]
    for term in content.data.terms.values():
        names = [*term.zh[1:], *term.fr, *term.nl, *term.en, *term.de, *term.aliases]
        id = next((id for id, text in places if f" {term.fr[0]} " in f" {text} "), "")
        url = f"glossary/#{id}" if id else "glossary/"
        yield _record("term", term.zh[0], url, words=names, text=[term.note])


def _plain(html: Markup) -> str:
    """Return HTML as text, without references and heads of tables, with a space between blocks."""
    return Markup(BLOCK_END.sub(r" \g<0>", TABLE_HEAD.sub("", str(without_references(html))))).striptags()
