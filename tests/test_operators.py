"""Every brand has its page and its sheets, which say all that is known of it, and of no other."""

import re
import tomllib
from functools import cache

import pytest

from handouts.content.syntax import PHONE
from handouts.model import TOPICS
from handouts.sheets.jobs import variants
from tests.build_tools import ROOT, sheet_template
from tests.claim_tools import cited_in, digits, own_text, parse, pdf_text, printed

OPERATORS = tomllib.loads((ROOT / "content/data/operators.toml").read_text("utf-8"))
BRANDS = tuple(OPERATORS)
ENDED = tuple(brand for brand, row in OPERATORS.items() if row["status"] == "ended")
ALIVE = tuple(brand for brand in BRANDS if brand not in ENDED)
PREPAID = {"prepaid_end", "prepaid_validity", "refund", "keep_number"}
"""Topics of those alone who sell prepaid cards."""
SHARED_CODES = {"1976": ("lycamobile", "mobile-vikings"), "1984": ("jim", "mobile-vikings")}
"""Short numbers that reach one brand or the other, by the card that dials."""
ON_PAPER = 60
"""Characters of a value that a sheet has room for."""


@pytest.fixture(scope="module")
def page_of(site):
    """Return a function that gives the element tree of a brand's page."""
    return cache(lambda brand: parse((site / f"operators/{brand}/index.html").read_text("utf-8")))


def text_of(element) -> str:
    return " ".join("".join(element.itertext()).split())


def links_of(element) -> dict[str, str]:
    return {link.get("href"): text_of(link) for link in element.iter("a") if link.get("href")}


def test_the_list_leads_to_every_brand_and_says_what_to_do_with_each(site, data):
    links = links_of(parse((site / "operators/index.html").read_text("utf-8")))
    shown = {brand: links[f"../operators/{brand}/"] for brand in BRANDS}
    assert all(text.startswith(data.operators[brand].name) for brand, text in shown.items())
    said = {brand: text.removeprefix(data.operators[brand].name) for brand, text in shown.items()}

    assert all("没有查到" not in text for text in said.values())
    for brand in ALIVE:
        sells = set(data.operators[brand].sells)
        assert ("预付：停止充值" in said[brand]) is ("prepaid" in sells)
        assert ("月付：" in said[brand]) is bool(sells - {"prepaid"})
    assert said["proximus"].endswith("月付：网上终止")
    assert said["voo"].startswith("已并入别家")
    assert {said[brand] for brand in ENDED} == {"已停办，不用再办"}


@pytest.mark.parametrize("brand", BRANDS)
def test_a_page_names_its_brand_and_when_its_facts_were_read(page_of, data, brand):
    page, operator = page_of(brand), data.operators[brand]
    read = [data.facts[id].read for id in operator.facts]

    line = text_of(next(part for part in page.iter("p") if part.get("class") == "dateline"))
    assert operator.name in text_of(next(page.iter("h1")))
    assert line.startswith({"active": "在售", "merged": "已并入别家", "ended": "已停办"}[operator.status])
    assert not read or min(read).isoformat() in line


IN_THE_TABLE = ("traps", "group", "network", "site", "prepaid_end")
"""Topics that stand there only if there is something to say."""


@pytest.mark.parametrize("brand", ALIVE)
def test_every_topic_is_answered_or_said_to_be_unknown(page_of, data, brand):
    """In all of it: each fact under its topic, with its statement, value and reference; what is missing in one line."""
    page, operator, ui = page_of(brand), data.operators[brand], data.ui
    parts = [part for part in page.iter() if part.tag in ("section", "tr")]
    heads = {head.get("id"): part for part in parts for head in part if head.tag in ("h2", "h3", "th")}
    unknown = [text_of(part) for part in page.iter("p") if part.get("class") == "unknown"]

    assert len(unknown) <= 1
    missing = re.split("[：、。]", unknown[0])[1:] if unknown else []
    for topic in TOPICS:
        ids, id = getattr(operator, topic), topic.replace("_", "-")
        if topic in PREPAID and "prepaid" not in operator.sells:
            assert not ids, f"{topic} would not be shown"
        elif ids or topic not in IN_THE_TABLE:
            assert (id in heads, ui["topic"][topic] in missing) == (bool(ids), not ids), topic
        if not ids:
            continue
        said = text_of(heads[id])
        assert ui["topic"][topic] in said
        assert cited_in(heads[id]) == set(ids)
        for fact in (data.facts[one] for one in ids):
            assert fact.statement in said
            shown = topic not in IN_THE_TABLE[:4] and not fact.value.startswith("http")
            assert not shown or printed(fact.value) in said


@pytest.mark.parametrize("brand", ALIVE)
def test_what_to_do_now_has_a_row_for_each_card_and_no_gap(page_of, real_content, brand):
    page = page_of(brand)
    now = next(part for part in page.iter("section") if (part.get("class") or "").startswith("now"))
    rows = list(now.iter("details"))
    guides = [guide for guide, one in pairs(real_content) if one == brand]
    buttons = [link for link in page.iter("a") if "action--first" in (link.get("class") or "")]

    assert len(rows) == len(guides) > 0
    assert all(len(text_of(row.find("summary").find("span"))) > 3 for row in rows)
    assert "没有查到" not in text_of(now)
    assert len(buttons) <= 1
    assert all(link.get("href").startswith("https://") for link in buttons)


def test_a_menu_path_is_a_list_of_its_stops(page_of):
    menus = (menu for menu in page_of("proximus").iter("ol") if menu.get("class") == "menu")
    assert [text_of(item) for item in next(menus)][:2] == ["MyProximus", "My Products"]


@pytest.mark.parametrize("brand", ALIVE)
def test_every_number_can_be_dialled_and_the_letter_is_filled_in(page_of, data, brand):
    """From abroad, free within the country, or short."""
    operator, links = data.operators[brand], links_of(page_of(brand))
    for fact in data.sure((*operator.phone[:2], *operator.phone_abroad[:2])):
        assert f"tel:{fact.value.replace(' ', '')}" in links
    assert f"../../letters/?operator={brand}" in links


@pytest.mark.parametrize("brand", ENDED)
def test_a_brand_that_has_ended_says_so_and_offers_nothing(page_of, listing, data, brand):
    page, operator = page_of(brand), data.operators[brand]

    assert text_of(next(page.iter("h1"))) == f"{operator.name} 已经停办"
    assert all(data.facts[id].statement in text_of(page) for id in operator.facts)
    assert "../../operators/" in links_of(page)
    assert [link for link in links_of(page) if ".pdf" in link] == []
    assert [path for path, entry in listing.items() if entry["operator"] == brand] == []


def pairs(content) -> set[tuple[str, str]]:
    """Return (guide, brand) where the brand sells a kind of card that the guide is about."""
    return {
        (guide.slug, brand)
        for guide in content.guides
        for brand in ALIVE
        if set(guide.cards) & set(content.data.operators[brand].sells)
    }


def test_there_is_a_sheet_for_each_card_that_a_brand_sells_and_no_other(listing, site, real_content):
    made = {(entry["guide"], entry["operator"]) for entry in listing.values() if entry["operator"]}
    files = {path.stem for path in (site / "handouts").glob("*.pdf")}

    assert made == pairs(real_content)
    assert {f"{guide}-{brand}" for guide, brand in made} <= files
    assert ("prepaid", "lycamobile") in made
    assert ("prepaid", "digi") not in made
    assert {guide for guide, _ in made} >= {"prepaid", "4g", "5g", "data"}


@pytest.fixture(scope="module")
def sheets(listing, site, real_content):
    """(guide, brand, names of topics, text) of every brand's sheet, and of what its pictures for a phone show."""
    ui, of_brands = real_content.data.ui, {path: one for path, one in listing.items() if one["operator"]}
    found = [
        (one["guide"], one["operator"], ui["topic_short"], pdf_text(site / path))
        for path, one in of_brands.items()
    ]
    for one in variants(real_content):
        if one.operator:
            text = text_of(parse(sheet_template(real_content.data).phone(one)))
            found.append((one.guide.slug, one.operator.id, ui["topic"], text))
    return found


def test_a_sheet_says_what_is_sure_of_its_brand(sheets, data, real_content):
    """The best answer under each topic; a topic without one takes no room."""
    prepaid = {guide.slug for guide in real_content.guides if guide.cards == ("prepaid",)}
    for guide, brand, names, text in sheets:
        operator = data.operators[brand]
        topics = ["phone", "phone_abroad", "email", "post"]
        topics += ["prepaid_end", "prepaid_validity", "refund"] if guide in prepaid else ["cancel", "confirm"]
        assert operator.name in text
        for topic in topics:
            sure = (fact.value for fact in data.sure(getattr(operator, topic)))
            values = [value for value in sure if len(value) <= ON_PAPER and not value.startswith("http")]
            row = f"{names[topic]}{printed(values[0])}" if values else ""
            assert digits(row) in digits(text), (guide, brand, topic)


@pytest.fixture(scope="module")
def numbers(data) -> dict[str, set[str]]:
    """The numbers of each brand, by its name."""
    brands = data.operators.values()
    return {
        one.name: {digits(data.facts[id].value) for id in (*one.phone, *one.phone_abroad)} for one in brands
    }


def test_a_sheet_has_no_number_to_call_another_brand(sheets, data, numbers):
    for guide, brand, _, text in sheets:
        for number in set().union(*numbers.values()) - numbers[data.operators[brand].name]:
            assert not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", digits(text)), (guide, brand)


def test_a_number_stands_beside_the_brand_that_it_reaches(site, data, numbers):
    """In the rows of guides, in the list of all numbers on their sheets, and wherever a brand begins the row of a table."""
    every, seen = set().union(*numbers.values()), set()
    for path in sorted(site.rglob("*.html")):
        page = parse(path.read_text("utf-8"))
        rows = [(text_of(row[0]), row) for row in page.iter("tr")]
        rows += [
            (data.operators[id].name, row) for row in page.iter("details") if (id := row.get("data-operator"))
        ]
        for name, row in rows:
            values = (
                one for one in row.iter() if "fact__value" in (one.get("class") or "") or one.tag == "a"
            )
            shown = {digits(text_of(one)) for one in values} & every
            assert name not in numbers or shown <= numbers[name], (path, name)
            seen |= {(path.parent.name, name)} if shown else set()
    assert {("prepaid", "BASE"), ("sheet", "BASE"), ("lost", "Proximus")} <= seen


def test_the_page_of_a_brand_leads_to_its_guides_and_sheets(page_of, real_content, listing):
    for brand in ALIVE:
        links = links_of(page_of(brand))
        guides = {guide for guide, one in pairs(real_content) if one == brand}
        sheets = {link.removeprefix("../../") for link in links if link.endswith(".pdf")}
        assert sheets == {f"handouts/{guide}-{brand}.pdf" for guide in guides}
        assert {f"../../{guide}/" for guide in guides} <= links.keys()
        for sheet in sheets:
            kilobytes = round(listing[sheet]["bytes"] / 1000)
            assert f"{kilobytes} KB" in links[f"../../{sheet}"]


def test_a_guide_leads_to_the_sheet_of_each_brand_and_tells_what_its_readers_need(site, data, real_content):
    """By plain links. A prepaid card is not cancelled like a plan: the way to end a plan is not told there."""
    both = {"phone", "phone_abroad"}
    own = {("prepaid",): {"prepaid_end", "prepaid_validity", "refund"}, (): {"cancel", "prepaid_validity"}}
    for guide in real_content.guides:
        page = parse((site / guide.slug / "index.html").read_text("utf-8"))
        rows = {row.get("data-operator"): row for row in page.iter("details") if row.get("data-operator")}
        links = [(brand, link) for brand, row in rows.items() for link in links_of(row)]
        brands = {brand for one, brand in pairs(real_content) if one == guide.slug}
        files = {(brand, f"../handouts/{guide.slug}-{brand}.pdf") for brand in brands}
        assert {one for one in links if one[1].endswith(".pdf")} == files
        own_files = {
            f"../handouts/{guide.slug}{end}" for end in (".pdf", "-large.pdf", "-phone.png", "-phone-2.png")
        }
        assert own_files | {f"../{guide.slug}/sheet/", f"../{guide.slug}/sheet.png"} <= links_of(page).keys()
        columns = {text_of(term) for row in rows.values() for term in row.iter("dt")}
        assert columns == {data.ui["topic"][topic] for topic in both | own.get(guide.cards, {"cancel"})}
        assert not any("没有查到" in text_of(row) for row in rows.values())


def test_a_short_number_of_two_brands_never_stands_without_its_brand(site, data):
    """1976 is Lycamobile or Mobile Vikings, by the card that dials; 1984 is JIM Mobile or Mobile Vikings."""
    for path in sorted(site.rglob("*.html")):
        if path.parent.name in BRANDS:
            continue  # the whole page is about one brand
        page = parse(path.read_text("utf-8"))
        for part in (part for part in page.iter() if part.tag in ("tr", "li", "p", "h2", "h3", "dd")):
            text = own_text(part) if part.tag == "li" else text_of(part)
            for code, brands in SHARED_CODES.items():
                if re.search(rf"(?<![\d+ ]){code}(?! ?[\d年])", text):
                    named = any(data.operators[brand].name.split()[0] in text for brand in brands)
                    assert named, (path, text)


def test_a_number_for_callers_abroad_is_international_and_one_for_callers_inside_is_dialled_there(data):
    for operator in data.operators.values():
        for id in operator.phone_abroad:
            assert PHONE.fullmatch(data.facts[id].value), id
        for id in operator.phone:
            assert re.fullmatch(r"\d{4}|0[\d ]{8,}", data.facts[id].value), id
