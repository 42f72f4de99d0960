"""Ten readers on their way from the home page to what they came for; each tap of their thumb is counted.

A journey taps what is written on the page and may only tap what can be seen. It ends where the reader has the answer, and
returns the words that must then stand on the screen. Opening a list and taking a line of it are two taps; so are a field
and the key that ends typing.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Reader:
    """Somebody with a phone in the hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, target: Locator) -> None:
        """Tap the first of these that can be seen."""
        target.locator("visible=true").first.click()
        self.taps += 1

    def link(self, name: str, part: str = "main") -> None:
        """Tap a link."""
        self.tap(self.page.locator(part).get_by_role("link", name=name))

    def unfold(self, name: str) -> None:
        """Tap the line of a fold, or the sign that opens a step."""
        self.tap(self.page.locator("main summary", has_text=name))

    def why(self, step: str) -> None:
        """Open why and how a step is done."""
        self.tap(self.page.locator(f"#{step} > .step__more > summary"))

    def is_with(self, operator: str) -> None:
        """Choose the operator."""
        self.page.get_by_label("你的运营商").select_option(operator)
        self.taps += 2

    def fill(self, field: str, text: str) -> None:
        """Tap a field and type."""
        self.page.locator(field).fill(text)
        self.taps += 2


def proximus_prepaid(reader: Reader) -> str:
    """A prepaid card of Proximus: which page to open for the credit, then the sheet, printed."""
    reader.link("预付卡")
    reader.is_with("Proximus")
    assert reader.page.locator(".section--phase .brand", has_text="Proximus").is_visible()
    reader.tap(reader.page.locator("[data-twin]"))
    reader.page.wait_for_url("**/prepaid/sheet/**")
    reader.tap(reader.page.get_by_role("button", name="打印"))
    return "Proximus"


def base_plan(reader: Reader) -> str:
    """A plan of BASE: what number to call, then the letter with the address of BASE, printed."""
    reader.link("月付套餐")
    reader.is_with("BASE")
    assert "1999" in reader.page.locator(".section--phase .brand").inner_text()
    reader.link("终止信")
    reader.page.wait_for_url("**/letters/**")
    reader.fill("#compose-name", "Zhang San")
    reader.tap(reader.page.get_by_role("button", name="打印"))
    return "Zhang San"


def orange_without_device(reader: Reader) -> str:
    """A 5G plan of Orange with nothing but a SIM: the three questions lead to the page where one can finish."""
    reader.unfold("三个问题认卡")
    reader.unfold("手机里")
    reader.unfold("收，每月都要付")
    reader.link("没有，只有手机卡")
    reader.page.wait_for_url("**/4g/")
    reader.is_with("Orange")
    return "4G、5G 都一样"


def lycamobile_esim(reader: Reader) -> str:
    """A prepaid eSIM of Lycamobile: no other page is needed."""
    reader.link("预付卡")
    reader.is_with("Lycamobile")
    reader.why("destroy")
    return "先停，再删"


def digi_data(reader: Reader) -> str:
    """A data SIM of DIGI: what an ICCID is."""
    reader.link("数据卡")
    reader.why("iccid")
    reader.tap(reader.page.locator("#iccid").get_by_role("button", name="ICCID"))
    return "SIM 卡自己的编号"


def telenet_in_five_days(reader: Reader) -> str:
    """A plan of Telenet with a device, five days before the flight: what to do today, and where Telenet takes it."""
    reader.link("五天内要飞")
    reader.link("各家怎么交")
    reader.page.wait_for_url("**/mobile/#submit-web")
    reader.is_with("Telenet")
    return "Telenet"


def bank_account_closed(reader: Reader) -> str:
    """Already in China, the bank account closed: how to pay the last bill."""
    reader.link("回国以后再办")
    reader.link("从国内怎么付")
    reader.page.wait_for_url("**/complaint/#pay-from-china")
    return "请还在比利时的朋友从他的账户付"


def stolen(reader: Reader) -> str:
    """The card was stolen in Brussels: a number that can be dialled at once."""
    reader.link("卡丢了", ".urgent")
    reader.page.wait_for_url("**/lost/")
    assert reader.page.locator("#who ~ table a[href^='tel:']").count() > 5
    return "马上找运营商挂失"


def friends_name(reader: Reader) -> str:
    """A plan in the name of a friend, by the search."""
    reader.link("搜索", ".masthead")
    reader.fill("#q", "卡在朋友名下")
    reader.tap(reader.page.locator(".search__title"))
    return "朋友的请他本人写通知"


def shared_flat(reader: Reader) -> str:
    """A pack in a shared flat: what to settle with the others first."""
    reader.link("捆绑套餐")
    reader.why("pack")
    return "先跟室友说好"


JOURNEYS = {
    proximus_prepaid: 5,
    base_plan: 7,
    orange_without_device: 6,
    lycamobile_esim: 4,
    digi_data: 3,
    telenet_in_five_days: 4,
    bank_account_closed: 2,
    stolen: 1,
    friends_name: 4,
    shared_flat: 2,
}
"""Each reader's way, and the taps it takes from the home page."""
