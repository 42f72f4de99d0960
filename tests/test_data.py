"""The data files say what they may, and what they say of each other holds."""

from datetime import date

import pytest

from handouts.content.data import load_data
from handouts.errors import Problems
from tests.build_tools import ROOT


@pytest.fixture
def data_problems(folder):
    def data_problems() -> list[str]:
        problems = Problems()
        load_data(folder / "data", problems)
        return [str(problem).removeprefix("content/data/") for problem in sorted(problems)]

    return data_problems


def test_sound_data_is_loaded_whole(folder):
    problems = Problems()
    data = load_data(folder / "data", problems)

    assert problems == []
    assert data.faulty == ()
    assert list(data.facts) == ["port", "fee", "phone", "unsure"]
    assert (data.facts["fee"].value, data.sources["bipt"].page_date) == ("€5", "2024-05-21")
    assert (data.operators["base"].phone, data.terms["terminate"].zh) == (("phone",), ("终止",))
    assert (data.phrases["cancel"].zh, data.ui["fields"]["number"]) == ("我想终止这个号码。", "手机号码")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("facts", 'confidence = "low"', 'confidence = "sure"', "facts.toml:28: `confidence` of `unsure` is `sure`. Use one of: high, medium, low."),
        ("facts", 'kind = "law"\nread = 2026-11-20\n\n[phone]', 'kind = "rule"\nread = 2026-11-20\n\n[phone]', "facts.toml:13: `kind` of `fee` is `rule`. Use one of: law, operator, service, history."),
        ("facts", "review_by = 2027-01-31", "review_by = 2026-11-20", "facts.toml:23: `phone` is to be reviewed before it was read. Set a later review_by."),
        ("facts", "review_by = 2027-01-31", "review_by = 2027-02-30", "facts.toml:23: This is not valid TOML: Invalid date or datetime. Compare with the table above it."),
        ("facts", "read = 2026-11-20\nreview_by", "read = 9999-12-31\nreview_by", "facts.toml:22: `phone` was read on 9999-12-31? Write the day somebody read its pages."),
        ("facts", "read = 2026-11-20\nreview_by", "read = 0001-01-01\nreview_by", "facts.toml:22: `phone` was read on 0001-01-01? Write the day somebody read its pages."),
        ("facts", 'value = "+32 2 223 09 09"', 'value = "+32/2.223.09.09"', "facts.toml:18: `+32/2.223.09.09` is no phone number. Write it like +32 2 223 09 09."),
        ("facts", 'statement = "听说可以。"\nsources = ["bipt"]', 'statement = "听说可以。"\nsources = []', "facts.toml:27: `unsure` has no source. Add one."),
        ("facts", 'statement = "听说可以。"\nsources = ["bipt"]', 'statement = "听说可以。"\nsources = ["bipt", "gone"]', "facts.toml:27: `unsure` cites the unknown source `gone`. Add it to sources.toml."),
        ("sources", 'url = "https://bipt.be/port"', 'url = "bipt.be/port"', "sources.toml:4: `bipt.be/port` is no web address. Copy it whole, with https://."),
        ("sources", 'url = "https://bipt.be/port"', 'url = "http://[broken"', "sources.toml:4: `http://[broken` is no web address. Copy it whole, with https://."),
        ("sources", 'url = "https://bipt.be/port"', 'url = "https://"', "sources.toml:4: `https://` is no web address. Copy it whole, with https://."),
        ("sources", 'url = "https://bipt.be/port"', 'url = "https://bipt.be/a b"', "sources.toml:4: `https://bipt.be/a b` is no web address. Copy it whole, with https://."),
        ("sources", 'url = "https://bipt.be/port"', 'url = "javascript:alert(1)"', "sources.toml:4: `javascript:alert(1)` is no web address. Copy it whole, with https://."),
        ("sources", 'language = "nl"', 'language = "nl"\n\n[spare]\npublisher = "X"\ntitle = "甲"\nurl = "https://x.be"\nlanguage = "fr"', "sources.toml:11: No fact cites `spare`. Cite it or delete it."),
        ("phrases", 'de = "Ich möchte diese Nummer kündigen."\n', "", "phrases.toml:1: `cancel` has no `de`. Add it."),
        ("operators", '"plan"]', '"landline"]', "operators.toml:5: `landline` is no kind of card. Use prepaid, plan, pack, data."),
        ("operators", 'phone = ["phone"]', 'phone = ["fone"]', "operators.toml:6: The fact `fone` is not in facts.toml. Add it, with its source."),
        ("operators", 'phone = ["phone"]', 'phone_abroad = ["phone", "fee"]', "operators.toml:6: `phone_abroad` of `base` has different values: +32 2 223 09 09, €5. Keep the right fact, or lower the confidence of the other."),
        ("ui", 'number = "手机号码"', "number = 5", "ui.toml:2: `number` is no text. Write it in quotes."),
        ("ui", 'number = "手机号码"', 'number = " "', "ui.toml:2: `number` is no text. Write it in quotes."),
        ("ui", '[fields]\nnumber = "手机号码"', "\nfields = 5", "ui.toml:2: `fields` is outside any table. Put it under `[a-group]`."),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(replace, data_problems, file, old, new, said):  # noqa: PLR0917
    replace(f"data/{file}.toml", old, new)

    assert data_problems() == [said]


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("facts", "听说可以。", "听说可以退卡。", "facts.toml:26"),
        ("sources", 'title = "转网"', 'title = "转网和退卡"', "sources.toml:3"),
        ("operators", "电话查到了。", "退卡的电话查到了。", "operators.toml:4"),
        ("phrases", 'use = "开口第一句"', 'use = "退卡时第一句"', "phrases.toml:7"),
        ("glossary", 'en = ["cancel"]', 'en = ["cancel"]\nnote = "就是退卡"', "glossary.toml:8"),
        ("ui", 'number = "手机号码"', 'number = "退卡的号码"', "ui.toml:2"),
    ],
)  # fmt: skip
def test_a_word_to_avoid_is_found_in_every_data_file(replace, data_problems, file, old, new, place):  # noqa: PLR0917
    """Not in quotes, nor in a longer word of the glossary, nor among what people search for."""
    replace(
        "data/glossary.toml", 'zh = ["终止"]', 'zh = ["终止", "退卡机"]\navoid = ["退卡"]\naliases = ["退卡"]'
    )
    replace(f"data/{file}.toml", old, new.replace("退卡", "“退卡”或退卡机"))
    assert data_problems() == []

    replace(f"data/{file}.toml", "“退卡”或退卡机", "退卡")

    assert data_problems() == [f"{place}: `退卡` is not used here. Write `终止`, as glossary.toml says."]


@pytest.mark.parametrize("name", ["facts", "sources", "operators", "phrases", "glossary", "ui"])
def test_a_missing_file_is_a_problem(folder, data_problems, name):
    (folder / f"data/{name}.toml").unlink()

    assert f"{name}.toml:1: The file is missing. Restore it." in data_problems()


def test_two_values_may_stand_where_one_is_unsure(replace, data_problems):
    replace("data/operators.toml", 'phone = ["phone"]', 'phone_abroad = ["phone", "unsure"]')

    assert data_problems() == []


@pytest.mark.parametrize(
    ("kind", "due"),
    [("law", date(2027, 11, 20)), ("operator", date(2027, 3, 20)), ("service", date(2027, 5, 19)), ("history", date(2028, 11, 19))],
)  # fmt: skip
def test_a_fact_is_due_by_its_kind(folder, replace, kind, due):
    """A year, 120 days, 180 days, two years after it was read."""
    replace(
        "data/facts.toml", 'confidence = "low"\nkind = "operator"', f'confidence = "low"\nkind = "{kind}"'
    )

    facts = load_data(folder / "data", Problems()).facts

    assert facts["unsure"].due == due
    assert facts["phone"].due == date(2027, 1, 31)


def test_operators_are_chosen_by_card_and_ended_ones_never(folder, replace):
    replace(
        "data/operators.toml",
        "[base]",
        '[old]\nname = "Old"\nstatus = "ended"\nsummary = "停了。"\nsells = ["prepaid"]\n\n[base]',
    )
    data = load_data(folder / "data", Problems())

    def names(*cards: str) -> list[str]:
        return [operator.id for operator in data.operators_for(cards)]

    assert (names("prepaid"), names("data"), names("data", "plan"), names()) == (
        ["base"],
        [],
        ["base"],
        ["base"],
    )


def test_sure_facts_have_a_value_and_no_low_confidence(folder):
    data = load_data(folder / "data", Problems())

    assert [fact.id for fact in data.sure(("port", "unsure", "phone", "fee"))] == ["phone", "fee"]


@pytest.fixture
def letters(folder):
    """Give the small folder the real letters; return a function that spoils one place of them."""
    path = folder / "data/letters.toml"
    path.write_bytes((ROOT / "content/data/letters.toml").read_bytes())

    def spoil(old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('nl = "Geachte mevrouw, geachte heer,"\n', "", "`greeting` has no `nl`. Add it."),
        ('nl = "Geachte mevrouw, geachte heer,"', 'it = "Gentili Signori,"\nnl = "Geachte heer,"', "`it` is an unknown key. Known keys: zh, fr, nl, en, de, letters, optional."),
        ("[greeting]", "[hello]", "The letter has no line `greeting`. Add a table [greeting]."),
        ("[label-iban]", "[label-account]", "The blank `iban` has no label. Add a table [label-iban]."),
        ('letters = ["proxy"]\nzh = "标题', 'letters = ["proxi"]\nzh = "标题', "`proxi` is no letter. Use termination, reminder, credit, complaint, proxy."),
        ("überweisen Sie bitte auf dieses Konto (IBAN): {iban}", "auf mein Konto.", "`de` of `refund` has other blanks than `zh`. Use the same in all languages."),
        ("kündige ich den Vertrag für die Handynummer {number} (Kundennummer: {customer-no})", "kündige ich {number} ({customer-no})", "A blank of `terminate` is not set off. Write a space before and after it."),
        ("cancel the contract for mobile number {number} (", "cancel the contract for mobile number {number}x (", "A blank of `terminate` is not set off. Write a space before and after it."),
    ],
)  # fmt: skip
def test_a_fault_of_a_letter_is_named(letters, data_problems, old, new, said):
    letters(old, new)

    (problem,) = data_problems()
    place, line, text = problem.split(":", 2)
    assert place == "letters.toml"
    assert int(line) >= 1
    assert text.strip() == said
