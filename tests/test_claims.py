"""What the built site claims is in a fact: found in the output, not in the source.

A claim must stand in a fact cited in the same paragraph, step or line of a table; headings, leads and lists are carried by the
facts of their page or of the page they lead to, a sheet by those of its guide and operator. What stands in texts the linter
holds against facts; here is seen what templates, interface words and data add.
"""

import json
import posixpath
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest

from handouts.content.syntax import OURS
from pelicanconf import SITE
from tests.build_tools import CASES
from tests.claim_tools import (
    Claim,
    Passage,
    cited_in,
    claims,
    digits,
    fact_of,
    parse,
    passages,
    pdf_text,
    plain,
    printed,
    text_of_fact,
)

OUR_HOST = urlsplit(SITE).netloc
STAMP = re.compile(r"(?:版本|资料读取) \d{4}-\d\d-\d\d|\b[0-9a-f]{8}\b")
"""What a sheet says of itself."""

BANNED = tomllib.loads((CASES / "banned.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Page:
    name: str
    root: object
    passages: tuple[Passage, ...]
    cited: frozenset[str]


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Page]:
    """Every page but the sheets' twins, by its address."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        root = parse(path.read_text("utf-8"))
        name = path.relative_to(site).as_posix().removesuffix("index.html")
        if not name.endswith("/sheet/"):
            found[name] = Page(name, root, tuple(passages(root)), frozenset(cited_in(root)))
    assert len(found) > 30
    return found


@dataclass(frozen=True)
class Sheet:
    name: str
    text: str
    cited: frozenset[str]


@pytest.fixture(scope="module")
def sheets(site, listing, pages, data) -> list[Sheet]:
    """Every PDF that handouts.json lists for a guide, and every twin, with the facts of its guide and operator."""
    found = []
    for path, entry in listing.items():
        guide = entry["guide"]
        if not guide:
            continue
        cited = pages[f"{guide}/"].cited
        if entry["operator"]:
            cited |= set(data.operators[entry["operator"]].facts)
        found.append(Sheet(path, STAMP.sub("", pdf_text(site / path)), cited))
        twin = site / guide / "sheet/index.html"
        if not entry["operator"]:
            text = "\n".join(passage.text for passage in passages(parse(twin.read_text("utf-8"))))
            found.append(Sheet(f"{guide}/sheet/", STAMP.sub("", text), cited))
    assert len(found) > 40
    return found


def carried_by(page: Page, passage: Passage, pages: dict[str, Page]) -> set[str]:
    if not passage.heads:
        return set(passage.cited)
    carried = set(passage.cited | page.cited)
    for link in passage.links:
        parts = urlsplit(link)
        if not parts.scheme and parts.path:
            target = posixpath.normpath(posixpath.join(f"/{page.name}", parts.path)).lstrip("/")
            carried |= pages[f"{target}/"].cited if f"{target}/" in pages else set()
    return carried


def unsaid(text: str, known: list[str], ours: frozenset[str] = frozenset()) -> Iterator[Claim]:
    """Yield what a text claims and neither these facts nor we ourselves say."""
    found = list(claims(text))
    around = f"|{plain(text)}|" if found else ""
    own = {claim for words in ours if plain(words) in around for claim in claims(words)}
    for claim in found:
        if OUR_HOST not in claim.text and not claim.is_supported(known) and claim not in own:
            yield claim


PROMISE = "90 天后请扫码"
"""What this site promises of itself, in words of ui.toml, which the linter does not read."""


@pytest.fixture(scope="module")
def ours(real_content, data) -> frozenset[str]:
    """The words that writers marked as ours, the days of the timetable, and our promise."""
    marked = {
        match["text"]
        for path in real_content.folder.glob("*/*.md")
        for match in OURS.finditer(path.read_text("utf-8"))
    }
    rows, in_days = data.timetable.values(), data.ui["sheet"]["in_days"]
    days = {data.when(one.id) for one in rows} | {one.what for one in rows}
    days |= {in_days.replace("{count}", one.short) for one in rows if one.days}
    return frozenset(marked | days | {PROMISE})


def said(data, ids) -> list[str]:
    return [text_of_fact(data.facts[id]) for id in ids]


def test_what_a_page_claims_is_said_by_a_fact_cited_beside_it(pages, data, ours):
    """Numbers with units, amounts, long numbers, phones, e-mails, hosts, addresses; in text and attributes."""
    faults = [
        f"{page.name}: {claim.kind} {claim.text} in: {passage.text[:120]}"
        for page in pages.values()
        for passage in page.passages
        for claim in unsaid(passage.text, said(data, carried_by(page, passage, pages)), ours)
    ]

    assert not faults, "\n".join(faults)


def test_what_a_sheet_claims_is_said_by_a_fact_of_its_guide_or_operator(sheets, data, ours):
    faults = [
        f"{sheet.name}: {claim.kind} {claim.text}"
        for sheet in sheets
        for known in [said(data, sheet.cited)]
        for line in sheet.text.split("\n")
        for claim in unsaid(line, known, ours)
    ]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", ["search.json", "feeds/atom.xml"])
def test_what_machines_read_claims_nothing_else(site, data, name, ours):
    """Addresses are looked for on the pages: the search runs the cells of a table together."""
    text = (site / name).read_text("utf-8")
    if name.endswith(".json"):
        pieces = list(_strings(json.loads(text)))
    else:
        html = re.sub(r"<(?:updated|published|id)>.*?</|<link [^>]*>", "", text)
        root = parse(html.replace("&lt;", "<").replace("&gt;", ">"))
        pieces = [re.sub(r"\[\d+\]", "", passage.text) for passage in passages(root)]
    known = said(data, data.facts)
    faults = [
        f"{claim.kind} {claim.text} in: {piece[:120]}"
        for piece in pieces
        for claim in unsaid(piece, known, ours)
        if claim.kind != "address"
    ]

    assert pieces
    assert not faults, "\n".join(faults)


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def listed_sources(page) -> Iterator[tuple[Element, Element, str, str]]:
    """Yield each fact in a page's list, its entry, the publisher above it, and the line about all."""
    for part in page.root.iter("section"):
        if part.get("class") != "sources":
            continue
        body = next(one for one in part.iter("div") if one.get("id") == "source-list")
        about, *groups = body
        for heading, entries in zip(groups[::2], groups[1::2], strict=True):
            for entry in entries:
                for item in entry.iter("span"):
                    if item.get("class") == "source":
                        yield item, entry, heading.text.strip(), "".join(about.itertext())


def test_the_list_of_sources_says_what_the_data_say(pages, data):
    """Title, publisher, date of the page, date of reading, date of review; nothing else."""
    count = 0
    for page in pages.values():
        for item, entry, publisher, about in listed_sources(page):
            count += 1
            fact = data.facts[item.get("id").removeprefix("source-")]
            first = data.sources[fact.sources[0]]
            named = " ".join("".join(entry.itertext()).split())
            assert first.publisher == publisher
            assert first.title in named
            assert first.page_date in named
            text = " ".join("".join(item.itertext()).split())
            text = text.removeprefix(next(item.iter("b")).text)
            assert item.get("data-due") == fact.due.isoformat()
            assert fact.read.isoformat() in about + named
            assert ("未核实" in text) == (fact.confidence == "low")
            assert ("可信度中" in text) == (fact.confidence == "medium")
            assert not re.search(r"\d", text.replace(fact.read.isoformat(), "")), (page.name, fact.id, text)
    assert count > 300


def test_every_source_of_a_fact_is_listed_with_its_number_and_has_a_reference(pages, data):
    """The first source holds the fact; each other one names the fact's number."""
    for page in pages.values():
        lists = [part for part in page.root.iter("ul") if part.get("class") == "sources__list"]
        entries = ["".join(entry.itertext()).strip() for part in lists for entry in part]
        listed = set()
        for item, _, _, _ in listed_sources(page):
            fact = data.facts[item.get("id").removeprefix("source-")]
            listed.add(fact.id)
            number = re.compile(rf"\b{next(item.iter('b')).text}\b")
            for title in (data.sources[name].title for name in fact.sources[1:]):
                named = (text.split(" 也是 ")[-1] for text in entries if title in text)
                assert any(map(number.search, named)), (page.name, fact.id, title)
        assert listed == page.cited, page.name


def test_a_new_number_is_a_fault(data):
    """A number beside a fact with another one; what is ours is so in its words only."""
    facts, ours = ["要在一个月内提出，最多收 €5。"], frozenset({"起飞前 30 天", PROMISE})

    assert [claim.text for claim in unsaid("一个月内申请，最多 €6，等 3 天", facts, ours)] == ["€6", "3天"]
    assert [claim.text for claim in unsaid("退款要等 90 天", facts, ours)] == ["90天"]
    assert [claim.text for claim in unsaid("起飞前 30 天。90 天后请扫码看新版", facts, ours)] == []
    assert PROMISE.replace("90", "{days}") in str(data.ui).replace("90", "{days}")


def links(pages: dict[str, Page], *schemes: str) -> Iterator[tuple[str, str]]:
    """Yield (page, target) of every link with one of these schemes, in any attribute."""
    for page in pages.values():
        for element in page.root.iter():
            for attribute in ("href", "src", "action", "cite", "data"):
                target = element.get(attribute) or ""
                if target.partition(":")[0] in schemes and urlsplit(target).netloc != OUR_HOST:
                    yield page.name, target


def test_a_link_leads_to_a_source_or_to_what_a_fact_names(pages, data):
    allowed = {source.url for source in data.sources.values() if source.link}
    allowed |= {fact.value for fact in data.facts.values()}
    allowed.add(data.ui["site"]["licence_url"])
    outside = list(links(pages, "http", "https"))

    assert len(outside) > 100
    assert [link for link in outside if link[1] not in allowed] == []


def test_every_link_to_call_or_write_is_a_fact(pages, data):
    """A number as it is dialled from abroad, free within the country, or short."""
    known = {digits(fact.value) for fact in data.facts.values()}
    calls = {target.removeprefix("tel:") for _, target in links(pages, "tel")}
    letters = {target.removeprefix("mailto:") for _, target in links(pages, "mailto")}

    assert len(calls) > 20
    assert len(letters) > 5
    assert (calls | letters) <= known
    assert all(re.fullmatch(r"\+\d{9,15}|0\d{8}|\d{4}", call) for call in calls)


def test_a_fact_reads_the_same_wherever_its_value_stands(pages, data):
    """On guides, pages, posts and operators' pages alike, letter for letter; a link leads to what it shows."""
    shown = defaultdict(set)
    for page in pages.values():
        for parent in page.root.iter():
            for link, reference in _values(parent):
                shown[reference].add(("".join(link.itertext()), link.get("href")))

    assert len(shown) > 60
    for id, found in shown.items():
        value = data.facts[id].value
        wanted = urlsplit(value).netloc if value.startswith("http") else printed(value)
        assert {text for text, _ in found} == {wanted}, id
        hrefs = {href for _, href in found if href}
        assert hrefs <= {value, f"tel:{digits(value)}", f"mailto:{value}"}, id


def _values(parent) -> Iterator[tuple[Element, str]]:
    """Yield (element of a value, fact) where a value and its reference are side by side."""
    children = [child for child in parent if isinstance(child.tag, str)]
    for child, after in pairwise(children):
        value = child[0] if child.tag == "b" and len(child) else child
        if "fact__value" not in (value.get("class") or "") or after.get("class") != "ref":
            continue
        reference = next(iter(after.iter("a")), None)
        if reference is not None and not (child.tag == "b" and (child.tail or "").strip()):
            yield value, fact_of(reference)


def test_an_unsure_value_is_on_no_sheet(site, data):
    """No value of low confidence, unless a sure fact says the same."""
    sure = [digits(text_of_fact(fact)) for fact in data.facts.values() if fact.confidence != "low"]
    unsure = {
        fact.value
        for fact in data.facts.values()
        if fact.confidence == "low" and fact.value and not any(digits(fact.value) in other for other in sure)
    }
    pdfs = sorted(site.rglob("*.pdf"))
    texts = {path.name: digits(pdf_text(path)) for path in pdfs}

    assert len(unsure) > 5
    assert len(pdfs) > 40
    assert [(name, value) for name, text in texts.items() for value in unsure if digits(value) in text] == []


def test_an_unsure_fact_says_so_beside_its_reference(pages, data):
    """Whoever reads the statement reads 未核实, on every page; and no sure fact is called unsure."""
    for page in pages.values():
        for reference in (one for one in page.root.iter("span") if one.get("class") == "ref"):
            parts = [child for child in reference if isinstance(child.tag, str)]
            for part, after in zip(parts, [*parts[1:], None], strict=True):
                if part.tag == "a":
                    marked = after is not None and after.get("class") == "ref__unsure"
                    unsure = data.facts[fact_of(part)].confidence == "low"
                    assert marked is unsure, (page.name, fact_of(part))
                else:
                    assert part.text == "未核实"


def test_what_must_not_be_published_is_not(site):
    for path in sorted(site.rglob("*")):
        if path.suffix in (".html", ".json", ".xml"):
            text = path.read_text("utf-8")
        elif path.suffix == ".pdf":
            text = pdf_text(path)
        else:
            continue
        assert [word for word in BANNED["nowhere"] if digits(word) in digits(text)] == [], path
        assert not re.search(BANNED["hosts"], text, re.IGNORECASE), path
