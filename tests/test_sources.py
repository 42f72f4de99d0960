"""Sources: where facts come from, which readers may be sent to, and how far each may be trusted."""

import re
from urllib.parse import urlsplit

SELLERS = ("www.postclic.com", "wonder.legal")
"""Who takes money for a letter that anyone can write."""

NEVER = ("webwoordenboek.nl", "bluxeblog", "jiliblog", "community.orange.be", "euronews8.com")
"""Spun texts and opinions, on which no fact may rest."""

PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def host(source) -> str:
    return urlsplit(source.url).netloc


COPY = re.compile(
    r"(?:^|[.-])(?:dev\d*|test(?!-achats\.be)|staging|stage|preprod|uat|prd|acc|pro)[.-]|preview="
)
"""Test, staging and preview copies come under new names."""


def test_no_copy_is_linked_and_no_fact_rests_on_spun_texts(data):
    for source in data.sources.values():
        assert not (source.link and COPY.search(f"{host(source)}?{source.url}")), source.id
        assert not any(name in source.url for name in NEVER), source.id


def test_what_only_a_seller_of_letters_says_is_unsure_unless_it_is_about_the_seller(data):
    for fact in data.facts.values():
        if all(host(data.sources[id]) in SELLERS for id in fact.sources):
            assert fact.confidence == "low" or fact.id == "paid-letter-trap", fact.id


def test_the_date_of_a_page_is_one_and_not_after_it_was_read(data):
    for fact in data.facts.values():
        for source in (data.sources[id] for id in fact.sources):
            if source.page_date:
                assert PARTIAL_DATE.fullmatch(source.page_date), source.id
                assert source.page_date <= fact.read.isoformat(), (fact.id, source.id)


def test_a_high_confidence_rests_on_more_than_a_catalogue(data):
    """CancelAtlas and sellers retell what others say."""
    weak = ("www.cancelatlas.com", *SELLERS)
    for fact in data.facts.values():
        if fact.confidence == "high" and fact.id != "paid-letter-trap":
            assert not all(host(data.sources[id]) in weak for id in fact.sources), fact.id


def test_every_fact_was_read_from_an_archived_copy_or_says_that_it_was_opened_live(data, site):
    """The about page counts on it: as long as no fact is live, it says that none is."""
    about = (site / "about/index.html").read_text(encoding="utf-8")

    assert ("还没有一条经过核对" in about) is not any(fact.live for fact in data.facts.values())
