"""Write what the search page reads: a record for each place that can answer a question.

In: the Content. Out: search.json, with `fold`, the traditional characters of those the site uses, each before its simplified
one, and `records` in the order of the site: guides, pages, operators, phrases, letters, posts, words, each with the
sections, steps and topics under it. What readers type and no text says stands in content/data/search.toml.
A record leaves out what is empty. The reader's device loads the whole file and does the searching (theme/static/js/find.js),
so it stays small enough for a phone: a site of many hundred guides is searched without the least telling parts of its
pages, but every page is found by its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import opencc
from markupsafe import Markup

from ..content.loader import Content
from ..content.markdown import bare
from ..content.toml import read_table
from ..errors import Problems
from ..model import FOREIGN_LANGUAGES, TOPICS, Fact, Guide, Operator, Text

HEADING = re.compile(r'<h([23])(?: id="([^"]*)")?>(.*?)</h\1>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|li|td|th|tr|dd|dt|h3)>")
TABLE_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
HAN = re.compile(r"[\u4e00-\u9fff]")
UNFOUND = ("answer", "say", "changes")
"""Sections of a guide without a record: the answer is the text of the guide's own, phrases have theirs, and nobody looks
for old changes."""

LIMIT = 600_000
"""Bytes of search.json at most: about 220 KB on the way, compressed, and half a second of an old phone's work."""

LEAST_TELLING = ("text", "words")
"""What is left out of all records, one after the other, until the file is small enough."""

Record = dict[str, object]


def search_index(content: Content, limit: int = LIMIT) -> str:
    """Return search.json: one record a line, so that two builds can be compared."""
    records = list(_records(content))
    index = _written(records)
    for part in LEAST_TELLING:
        if len(index.encode()) <= limit:
            break
        for record in records:
            record.pop(part)
        index = _written(records)
    return index


def check_answers(content: Content, problems: Problems) -> None:
    """Note what readers type that is to lead to a place which no record is about."""
    known = {record["url"] for record in _records(content)}
    wrong = [answer for answer in content.data.answers.values() if answer.to not in known]
    table = read_table(content.folder / "data" / "search.toml", problems) if wrong else None
    for answer in wrong if table else ():
        text = f"Nothing that can be found is at `{answer.to}`. Write a page, or a section as `page/#id`."
        problems.add(table.path, table.line(answer.id, "to"), text)


def _written(records: Iterable[Record]) -> str:
    """Return search.json."""
    lines = ",\n".join(
        json.dumps(
            {key: value for key, value in record.items() if value}, ensure_ascii=False, separators=(",", ":")
        )
        for record in records
    )
    return f'{{"fold":"{_fold(lines)}","records":[\n{lines}\n]}}\n'


def _fold(text: str) -> str:
    """Return the traditional characters of all that a text uses, each before its simplified one."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    used = {simple[ord(char) - 0x4E00] for char in set(HAN.findall(text))}
    return "".join(a + b for a, b in zip(every, simple, strict=True) if a != b and b in used)


def _records(content: Content) -> Iterator[Record]:
    """Yield all records; a text that several guides share, once."""
    typed: dict[str, list[str]] = {}
    for answer in content.data.answers.values():
        typed.setdefault(answer.to, []).extend(answer.typed)
    seen = set()
    for record in _places(content):
        same = record["title"], record["text"]
        if same in seen and record["url"] not in typed:
            continue
        seen.add(same)
        record["words"] = [*record["words"], *typed.get(record["url"], ())]
        yield record


def _places(content: Content) -> Iterator[Record]:
    """Yield a record for each place, what most readers look for first."""
    ui = content.data.ui
    for guide in content.guides:
        yield from _guide(guide)
    for page in sorted(content.pages, key=lambda page: page.slug):
        yield from _text(page, f"{page.slug}/")
    for operator in content.data.operators.values():
        yield from _operator(operator, content)
    if content.data.phrases:
        yield _record("page", ui["say"]["title"], "phrases/", text=[ui["say"]["lead"]])
    for phrase in content.data.phrases.values():
        said = [getattr(phrase, lang) for lang in FOREIGN_LANGUAGES]
        yield _record("phrase", phrase.zh, f"phrases/#{phrase.id}", text=[phrase.use, *said])
    yield from _letters(content)
    if "device-table" in content.data.facts:
        words = ui["calculator"]
        yield _record(
            "page",
            words["title"],
            "calculator/",
            words=[words["plan"], words["credit"]],
            text=[words["lead"]],
        )
    newest_first = sorted(
        sorted(content.posts, key=lambda post: post.slug), key=lambda post: post.day, reverse=True
    )
    for post in newest_first:
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
    """Return a record, each word once."""
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
    yield _record(
        "guide", guide.title, url, words=guide.aliases, text=[_plain(answer.intro) if answer else ""]
    )
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
    """Yield a record for each heading with what stands under it; `first` is the one that stands before the text."""
    title, id = first
    parts = HEADING.split(str(html))
    for n in range(0, len(parts), 4):
        text = _plain(Markup(parts[n]))
        if title and id and text:
            yield _record("section", title, f"{url}#{id}", trail=trail, text=[text])
        if n + 3 < len(parts):
            id, title = parts[n + 2] or "", _plain(Markup(parts[n + 3]))


def _operator(operator: Operator, content: Content) -> Iterator[Record]:
    """Yield an operator, and each topic of which something is known."""
    data, url = content.data, f"operators/{operator.id}/"
    names = [operator.name.replace(" ", ""), operator.prepaid_name]
    yield _record("operator", operator.name, url, words=names, text=[operator.summary], operator=operator.id)
    for topic in TOPICS:
        facts = [data.facts[id] for id in getattr(operator, topic)]
        if not facts:
            continue
        said = [part for fact in facts for part in (_value(fact), fact.statement)]
        title = f"{operator.name}：{data.ui['topic'][topic]}"
        yield _record(
            "topic",
            title,
            f"{url}#{topic.replace('_', '-')}",
            trail=[operator.name],
            text=said,
            operator=operator.id,
        )


def _value(fact: Fact) -> str:
    """Return a fact's value where its statement does not have it; an address is no word to look for."""
    return "" if fact.value in fact.statement or fact.value.startswith("https:") else fact.value


def _letters(content: Content) -> Iterator[Record]:
    """Yield the page of the letters, and each letter."""
    words = content.data.ui["letters"]
    if content.data.letters:
        yield _record("page", words["title"], "letters/", text=[words["lead"]])
    for name, lines in content.data.letters.items():
        texts = [line for id, line in lines.items() if not id.startswith("label-")]
        said = [getattr(line, lang) for line in texts for lang in ("zh", *FOREIGN_LANGUAGES)]
        yield _record("letter", words[name], f"letters/#{name}", text=[words[f"{name}_use"], *said])


def _terms(content: Content) -> Iterator[Record]:
    """Yield the words of the glossary, each with the place where its row stands."""
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
    """Return HTML as text, without its references and the heads of its tables, with a space between its blocks."""
    return Markup(BLOCK_END.sub(r" \g<0>", TABLE_HEAD.sub("", str(bare(html))))).striptags()
