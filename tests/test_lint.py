"""The linter: each rule with texts it accepts and texts it rejects.

A text without front matter is the body of a file, so its first line is line 1.
"""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from handouts.content.data import Data
from handouts.content.front import split
from handouts.content.lint import citing, front, guide, text
from handouts.content.lint.rules import EVERYWHERE, GUIDE, PUBLISHED, RULES, Rule, lint
from handouts.content.syntax import Draft
from handouts.errors import Problems
from handouts.model import DIAGRAMS, SECTION_IDS, Fact, Phrase
from tests.strategies import guides

A_PHRASE = Phrase(id="cancel", zh="终止", fr="f", nl="n", en="e", de="d", use="先")


def fact(id: str, value: str = "", confidence: str = "high") -> Fact:
    return Fact(
        id=id,
        statement="。",
        sources=("bipt",),
        confidence=confidence,
        kind="law",
        read=date(2026, 11, 20),
        value=value,
    )


DATA = Data(
    facts={
        one.id: one
        for one in (
            fact("port"),
            fact("fee", "€5"),
            fact("unsure", confidence="low"),
            fact("rumour", "€9", "low"),
        )
    },
    phrases={"cancel": A_PHRASE},
    ui={"fields": {"number": "手机号码"}},
)


def draft(written: str) -> Draft:
    """Return a draft of the kind that has such keys; keys that are missing are not the rules' business."""
    if not written.startswith("---\n"):
        return Draft(Path("a.md"), "guides", {}, {}, tuple(written.split("\n")), 0)
    for kind in ("guides", "pages", "posts"):
        problems = Problems()
        one = split(Path("a.md"), kind, written, problems)
        if not any("unknown key" in problem.text for problem in problems):
            return one
    raise AssertionError(f"no kind of file has these keys: {written}")


def found(rule: Rule, written: str, data: Data = DATA) -> list[str]:
    return [f"{line}: {said}" for line, said in rule(draft(written), data)]


def section(id: str, steps: int, off_paper: int = 0) -> str:
    """Return a section with so many steps, the last ones kept off paper."""
    lines = [f"## 节 {{#{id}}}", ""]
    options = [""] * (steps - off_paper) + [" sheet=no"] * off_paper
    lines += [f"- [ ] **做。** {{#{id}-{n}{option}}}" for n, option in enumerate(options)]
    return "\n".join(lines)


def dated(changes: str) -> str:
    """Return a guide of 2026-12-01 with these changes."""
    return f"---\norder: 1\nupdated: 2026-12-01\n---\n## 改 {{#changes}}\n{changes}"


def page(*pairs: str) -> str:
    return "\n".join(("---", *pairs, "---", "正文"))


WHOLE = "\n".join(f"## 节 {{#{id}}}" for id in SECTION_IDS)
ALMOST = "This is almost a step. Write `- [ ] **lead** {#an-id}`."
NO_LEAD = "The step has no bold lead. Write `**what to do。**`, then a *note* if any."
RULE = "Markdown makes a heading or a rule of this line. Remove it, or write words."
BRACE = "A brace stands in the text. Braces hold ids and languages: {#an-id}, [mot]{fr}."
BLOCK = "Code and quoted blocks are not used here. Write a paragraph."
LINK = "This is almost a link. Write [text](file.md#id): no spaces, brackets or title."
ADDRESS = "A web address stands in the text. Print a fact's value with [=id]."
CUT = "parts this step from those above. Move that line below the steps."
MIXED = "A step and a plain item stand in one list. Put a line of text between them."

ACCEPTED: dict[Rule, list[str]] = {
    text.no_raw_html: ["5 < 6，7 > 6", "AT & T", "a <- b", "**粗** *斜*", "1 <2"],
    text.no_stray_braces: [
        "## 甲 {#a}",
        "- [ ] **换。** {#a note=optional}",
        "1. **投诉。** {#a}",
        "终止（[résilier]{fr}）",
        "## 终止 [résilier]{fr} {#a}",
    ],
    text.no_code_blocks: [
        "- [ ] **换。** {#a}\n  说明\n\n  又一段",
        "1. 甲\n   说明",
        "- 甲\n  - 乙",
        "`代码`在行内",
        "甲 > 乙",
    ],
    text.blank_lines_around: [
        "段\n\n- 甲\n- 乙\n\n段",
        "## 节 {#a}\n- 甲",
        "- 甲\n  说明\n- 乙",
        "1. 甲\n2. 乙",
        "段\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n\n段",
        "段\n-3 度",
    ],
    text.no_overlong_words: [
        "a" * 60,
        "号" * 300,
        f"看[这里](../pages/{'a' * 80}.md)",
        "，".join(["a" * 60] * 3),
    ],
    text.full_width_punctuation: [
        "号码，余额。",
        "Call 1999, then wait.",
        "2026-11-20 12:30",
        "用 App（推荐）",
        "“引用”",
        "BASE, Orange",
        "最多 [=fee]，能退。[@port]",
        "1. 甲",
        "| 甲 | 乙 |",
    ],
    text.space_between_scripts: [
        "用 App 查 3 次",
        "最多 €5。",
        "“App”里",
        "（App）",
        "最多 [=fee]，",
        "停卡，App 里",
        "- [ ] **换。** *银行* {#a}",
        "- [ ] **换。** *App 里* {#a}",
        "**中文** 中文",
        "余额 **Proximus** 那边",
        "余额 [prepaid]{en} 那边",
        "| 用 App | 三次 |",
        "## A 出发前 *30 天* {#a}",
        "15% 的",
    ],
    text.no_doubled_marks: ["好。“好。”", "……", "（好）。", "好，好。", "：“"],
    text.no_advertisement: [
        "[@port]",
        "help@base.be",
        "[@port; @fee]",
        "①②→✓",
        "mail@t.media",
        "Twitter 的 @",
    ],
    citing.known_facts: ["能退。[@port; @fee]", "最多 [=fee]", "---\ncosts: 最多 [=fee]\n---", "没有"],
    citing.known_languages: ["[résilier]{fr} [opzeggen]{nl} [Rechnung]{de} [prepaid]{en}"],
    citing.links_are_plain: [
        "看[丢卡](../pages/lost.md#block)",
        "![卡](card.png)",
        "[@port]（见下）",
        "[b]{fr}",
    ],
    citing.no_bare_links: ["看[丢卡](../pages/lost.md#block)", "[这里](#block)", "写到 [=fee]", "比：例"],
    guide.headings_have_ids: [
        "## 甲 {#a}\n### 乙 {#b}",
        "- [ ] **换。** {#a}\n- [ ] **查。** {#b}",
        "文字 #1",
        "| 甲 | 乙 |\n|---|---|",
        "- 甲\n- 乙",
    ],
    front.slug: [page("slug: keep-number"), page("slug: 4g"), page("title: 甲")],
    front.day: [page("updated: 2026-11-20"), page("date: 2024-02-29"), page("title: 甲")],
    front.title: [page("title: " + "题" * 24), page("title: " + "a" * 48), page("summary: " + "题" * 99)],
    front.lang: [page("lang: zh-Hans"), page("title: 甲")],
    front.no_marks: [page("summary: 先停用（A）。"), "---\nwho: [prepaid]{en} [@port] [=fee]\n---"],
    front.order: ["---\norder: 1\n---", "---\norder: 120\n---", "---\n---"],
    front.known_cards: ["---\ncards: prepaid data\n---", "---\n---"],
    front.known_diagrams: [page(f"diagram: {next(iter(DIAGRAMS))}"), "---\n---"],
    front.unfinished: [page("draft: yes"), "---\n---"],
    front.known_phrases: ["---\nphrases: cancel\n---"],
    front.known_fields: ["---\nfields: number\n---"],
    guide.sections_in_order: [WHOLE, "\n".join(line for line in WHOLE.split("\n") if "faq" not in line)],
    guide.steps_are_whole: [
        "- [ ] **换。** {#a}",
        "- [x] **换。** *银行* {#a note=optional sheet=no}",
        "1. **投诉。** {#a}\n   说明\n\n2. **再投诉。** {#b}",
        "- [预付卡](prepaid.md)：第一种\n- [résilier]{fr}：终止",
    ],
    guide.lists_hold_only_steps: [
        "- 甲\n- 乙",
        "- [ ] **换。** {#a}\n  说明\n- [ ] **查。** {#b}\n## 下一节 {#c}",
        "- 甲\n\n引出步骤：\n\n- [ ] **换。** {#a}",
        "- 甲\n\n## 节 {#b}\n\n- [ ] **换。** {#a}",
    ],
    guide.steps_stand_in_phases: [
        "## 甲 {#before}\n- [ ] **换。** {#a}",
        "## 甲 {#complain}\n1. **投诉。** {#a}",
    ],
    guide.steps_before_channels: [
        "## 甲 {#before}\n引言\n\n- [ ] **换。** {#a}\n  说明\n\n- [ ] **查。** {#b}\n\n### 乙 {#c}\n文字",
        "## 甲 {#before}\n### 乙 {#c}\n\n## 丙 {#submit}\n- [ ] **换。** {#a}",
    ],
    guide.number_of_steps: [section("before", 3), section("before", 10, off_paper=3), section("faq", 0)],
    guide.length_of_leads: [
        f"- [ ] **{'换' * 26}** *{'银' * 30}* {{#a}}",
        f"- [ ] **{'a' * 52}** {{#a}}",
        "文字**换**",
    ],
    guide.answer_is_short: [
        f"## 答 {{#answer}}\n\n**停。**{'字' * 78}",
        f"## 答 {{#answer}}\n**停。**\n[@port; @fee]\n\n{'字' * 200}",
        f"## 问 {{#faq}}\n{'字' * 200}",
    ],
    guide.changes_are_dated: [
        "## 改 {#changes}\n\n- 2026-12-01：换了电话。\n- 2026-11-20：第一版。",
        dated("- 2026-12-01：换了电话。\n- 2026-11-20：第一版。"),
        "## 问 {#faq}\n\n- 2026：不是日子。",
    ],
    guide.paper_is_certain: [
        "## 答 {#answer}\n**停。**[@port]\n\n听说可以。[@unsure]",
        "## 甲 {#before}\n\n- [ ] **换。** {#a}\n  听说可以。[@unsure]",
        "---\nhome: [=rumour]\ncosts: [=rumour]\n---",
        "[@gone]",
    ],
}

REJECTED: dict[Rule, list[tuple[str, list[str]]]] = {
    text.no_raw_html: [
        ("好\n<b>粗</b>", ["2: `<b>` is HTML. Write Markdown, and characters as they are.", "2: `</b>` is HTML. Write Markdown, and characters as they are."]),
        ("<script>alert(1)</script>", ["1: `<script>` is HTML. Write Markdown, and characters as they are.", "1: `</script>` is HTML. Write Markdown, and characters as they are."]),
        ("<style>p{}", ["1: `<style>` is HTML. Write Markdown, and characters as they are."]),
        ("<iframe src=x>", ["1: `<iframe src=x>` is HTML. Write Markdown, and characters as they are."]),
        ("<img src=x\nonerror=alert(1)>", ["1: `<img src=x` is HTML. Write Markdown, and characters as they are."]),
        ("<!-- 注释 -->", ["1: `<!-- 注释 -->` is HTML. Write Markdown, and characters as they are."]),
        ("&nbsp;&#60;", ["1: `&nbsp;` is HTML. Write Markdown, and characters as they are.", "1: `&#60;` is HTML. Write Markdown, and characters as they are."]),
        ("---\ntitle: <br>\n---", ["2: `<br>` is HTML. Write Markdown, and characters as they are."]),
    ],
    text.no_stray_braces: [
        ("好\n{: onclick=alert(1) }", [f"2: {BRACE}"]),
        ("**粗**{onclick=alert(1)}", [f"1: {BRACE}"]),
        ("文字 {#a}", [f"1: {BRACE}"]),
        ("[résilier]{FR}", [f"1: {BRACE}"]),
        ("## 甲 {x} {#a}", [f"1: {BRACE}"]),
        ("---\ntitle: 甲 {#a}\n---", [f"2: {BRACE}"]),
    ],
    text.no_code_blocks: [
        ("```\nx\n```", [f"1: {BLOCK}", f"3: {BLOCK}"]),
        ("> 引用", [f"1: {BLOCK}"]),
        ("~~~", [f"1: {BLOCK}"]),
        ("甲\n\n    代码", ["3: The line is indented but belongs to no list item. Remove the spaces."]),
        ("- 甲\n\n乙\n  丙", ["4: The line is indented but belongs to no list item. Remove the spaces."]),
    ],
    text.blank_lines_around: [
        ("段\n- [ ] **换。** {#a}", ["2: The list touches the line above. Put a blank line between them."]),
        ("段\n\n段\n1. 甲", ["4: The list touches the line above. Put a blank line between them."]),
        ("段\n| 甲 | 乙 |\n|---|---|", ["2: The table touches the line above. Put a blank line between them."]),
        ("| 甲 | 乙 |\n|---|---|\n段", ["3: The line touches the table above. Put a blank line between them."]),
        ("| 甲 | 乙 |\n|---|---|\n- 甲", ["3: The list touches the line above. Put a blank line between them."]),
    ],
    text.no_overlong_words: [
        ("好\n" + "w" * 300, ["2: `wwwwwwwwwwwwwwwwwwww…` has 300 characters without a break. Shorten it."]),
        ("号" + "w" * 61 + "，", ["1: `wwwwwwwwwwwwwwwwwwww…` has 61 characters without a break. Shorten it."]),
        (f"---\nsummary: {'w' * 61}\n---", ["2: `wwwwwwwwwwwwwwwwwwww…` has 61 characters without a break. Shorten it."]),
    ],
    text.full_width_punctuation: [
        ("号码,余额", ["1: `,` stands beside Chinese text. Write `，`."]),
        ("好\n号码(旧)", ["2: `(` stands beside Chinese text. Write `（`.", "2: `)` stands beside Chinese text. Write `）`."]),
        ("真的?", ["1: `?` stands beside Chinese text. Write `？`."]),
        ("号码: App;余额", ["1: `:` stands beside Chinese text. Write `：`.", "1: `;` stands beside Chinese text. Write `；`."]),
        ("停卡.", ["1: `.` ends Chinese text. Write `。`."]),
        ("停卡. 换号", ["1: `.` ends Chinese text. Write `。`."]),
        ('他说"好"', ['1: `"` is not the quote of this site. Write “ and ”.', '1: `"` is not the quote of this site. Write “ and ”.']),
        ("「好」", ["1: `「` is not the quote of this site. Write “ and ”.", "1: `」` is not the quote of this site. Write “ and ”."]),
        ("---\nsummary: 号码,余额\n---", ["2: `,` stands beside Chinese text. Write `，`."]),
        ("- [ ] **换!** {#a}", ["1: `!` stands beside Chinese text. Write `！`."]),
    ],
    text.space_between_scripts: [
        ("用App", ["1: `用A` needs a space in between: `用 A`."]),
        ("好\nApp里", ["2: `p里` needs a space in between: `p 里`."]),
        ("最多€5", ["1: `多€` needs a space in between: `多 €`."]),
        ("3天", ["1: `3天` needs a space in between: `3 天`."]),
        ("最多[=fee]", ["1: `多x` needs a space in between: `多 x`."]),
        ("终止[résilier]{fr}", ["1: `止r` needs a space in between: `止 r`."]),
        ("余额**Proximus**", ["1: `额P` needs a space in between: `额 P`."]),
        ("号码  App", ["1: `码  A` has a space too many. Remove it."]),
        ("号码 余额", ["1: `码 余` has a space too many. Remove it."]),
        ("停卡， 换号", ["1: `卡，` has a space beside a full-width mark. Remove it."]),
        ("用 App ，好", ["1: `p ，` has a space beside a full-width mark. Remove it."]),
        ("能退。[@port] 不退。", ["1: `退。` has a space beside a full-width mark. Remove it."]),
    ],
    text.no_doubled_marks: [
        ("好。。", ["1: `。。` doubles a mark. Keep one."]),
        ("好\n好，。", ["2: `，。` doubles a mark. Keep one."]),
        ("**好。** 。", ["1: `。。` doubles a mark. Keep one."]),
        ("能退。[@port]。", ["1: `。。` doubles a mark. Keep one."]),
    ],
    text.no_advertisement: [
        ("加我 @spam_01", ["1: `@spam_01` looks like an advertisement. Take it out."]),
        ("好\nt.me", ["2: `t.me` looks like an advertisement. Take it out."]),
        ("wa.me", ["1: `wa.me` looks like an advertisement. Take it out."]),
        ("好💪", ["1: `💪` looks like an advertisement. Take it out."]),
        ("好✅❤", ["1: `✅` looks like an advertisement. Take it out.", "1: `❤` looks like an advertisement. Take it out."]),
        ("---\naliases: 销号 @spam_01\n---", ["2: `@spam_01` looks like an advertisement. Take it out."]),
    ],
    citing.known_facts: [
        ("能退。[@prot]", ["1: The fact `prot` is not in facts.toml. Did you mean `port`?"]),
        ("好\n[@port; @xyz]", ["2: The fact `xyz` is not in facts.toml. Add it, with its source."]),
        ("[=xyz]", ["1: The fact `xyz` is not in facts.toml. Add it, with its source."]),
        ("[=port]", ["1: The fact `port` has no value to print. Add one, or cite it with [@port]."]),
        ("[@]", ["1: The fact `` is not in facts.toml. Add it, with its source."]),
        ("[@port, @fee]", ["1: The fact `port, @fee` is not in facts.toml. Add it, with its source."]),
        ("---\ncosts: [=xyz]\n---", ["2: The fact `xyz` is not in facts.toml. Add it, with its source."]),
    ],
    citing.known_languages: [
        ("好\n[termina]{it}", ["2: `it` is no language here. Use fr, nl, de, en."]),
        ("---\nwho: [号]{zh}\n---", ["2: `zh` is no language here. Use fr, nl, de, en."]),
    ],
    citing.links_are_plain: [
        ('[丢卡](lost.md "标题")', [f"1: {LINK}"]),
        ("好\n[丢卡](javascript:alert(1))", [f"2: {LINK}"]),
        ("[丢卡](<lost page.md>)", [f"1: {LINK}"]),
        ("[甲[乙]](lost.md)", [f"1: {LINK}"]),
    ],
    citing.no_bare_links: [
        ("[这里](https://base.be)", ["1: `https://base.be` leads elsewhere. Cite a fact that has it as source."]),
        ("[这里](//base.be)", ["1: `//base.be` leads elsewhere. Cite a fact that has it as source."]),
        ("[写](mailto:a@b.be)", ["1: `mailto:a@b.be` leads elsewhere. Cite a fact that has it as source."]),
        ("[点](javascript:x)", ["1: `javascript:x` leads elsewhere. Cite a fact that has it as source."]),
        ("好\n见 https://base.be", [f"2: {ADDRESS}"]),
        ("见 www.base.be", [f"1: {ADDRESS}"]),
    ],
    guide.headings_have_ids: [
        ("# 题 {#a}", ["1: Only ## and ### are used for headings. The title is in the front matter."]),
        ("好\n#### 题 {#a}", ["2: Only ## and ### are used for headings. The title is in the front matter."]),
        ("## 甲", ["1: The heading has no id. End the line with {#an-id}."]),
        ("## 甲{#a}", ["1: The heading has no id. End the line with {#an-id}."]),
        ("##甲 {#a}", ["1: The heading needs a space behind its #. Write `## …`."]),
        ("## 甲 {#A}", ["1: `A` is no id. Use lower-case letters, digits and hyphens."]),
        ("- [ ] **换。** {#a_b}", ["1: `a_b` is no id. Use lower-case letters, digits and hyphens."]),
        ("## 甲 {#a}\n\n- [ ] **换。** {#a}", ["3: The id `a` stands already on line 1. Choose another."]),
        ("- 甲\n  ## 乙 {#b}", ["2: The heading is indented. Start it at the beginning of the line."]),
        ("一段\n---", [f"2: {RULE}"]),
        ("一段\n=", [f"2: {RULE}"]),
        ("* * *", [f"1: {RULE}"]),
    ],
    front.slug: [
        (page(f"slug: {slug}"), [f"2: `{slug}` is no slug. Use lower-case letters, digits and hyphens, like `keep-number`."])
        for slug in ("../up", "a b", "预付", "A", "a/b", "-a", "a--b", ".a")
    ],
    front.day: [
        (page(f"updated: {day}"), [f"2: `{day}` is no date. Write it like 2026-11-20."])
        for day in ("2026-02-30", "2026-13-01", "20261120", "2026-11-2", "20 nov", "2026-W47-5", "二〇二六")
    ],
    front.title: [
        (page("title: " + "题" * 25), ["2: The title is longer than 24 Han characters. Shorten it."]),
        ("---\nsheet: " + "a" * 49 + "\n---", ["2: The sheet is longer than 24 Han characters. Shorten it."]),
    ],
    front.lang: [(page("lang: fr"), ["2: `fr` is no language of this site. Use zh-Hans."])],
    front.no_marks: [
        (page("summary: 能退。[@port]"), ["2: `summary` is plain text. Take `[@port]` out."]),
        (page("title: [=fee]"), ["2: `title` is plain text. Take `[=fee]` out."]),
        ("---\nname: [prepaid]{en}\n---", ["2: `name` is plain text. Take `[prepaid]{en}` out."]),
    ],
    front.order: [
        (f"---\norder: {order}\n---", [f"2: `{order}` is no place. Write a whole number, 1 for the first."])
        for order in ("one", "1.5", "-1", "1000", "二", "²")
    ],
    front.known_cards: [
        ("---\ncards: prepaid landline\n---", ["2: `landline` is not in the list of kinds: prepaid plan pack data. Use one of its ids."]),
    ],
    front.unfinished: [
        (page("draft: no"), ["2: `no` is no answer. Write `draft: yes`, or delete the line."]),
    ],
    front.known_diagrams: [
        (page("diagram: gone"), [f"2: `gone` is not in the list of diagrams: {' '.join(DIAGRAMS)}. Use one of its ids."]),
    ],
    front.known_phrases: [
        ("---\nphrases: cancel gone\n---", ["2: `gone` is not in phrases.toml. Use one of its ids."]),
        ("---\nphrases: cancel cancel\n---", ["2: `cancel` stands in `phrases` twice. Keep one."]),
    ],
    front.known_fields: [("---\nfields: numer\n---", ["2: `numer` is not in [fields] of ui.toml. Use one of its ids."])],
    guide.sections_in_order: [
        (WHOLE.replace("{#bring}", "{#bag}"), ["0: The section `bring` is missing. Add `## … {#bring}`.", "6: `bag` is no section. Use one of: " + ", ".join(SECTION_IDS) + "."]),
        (WHOLE.replace("{#say}", "{#x}").replace("{#money}", "{#say}").replace("{#x}", "{#money}"), ["9: `say` must stand before `money`. Order: " + " ".join(SECTION_IDS) + "."]),
    ],
    guide.steps_are_whole: [
        ("好\n- [ ] **换。**", ["2: The step has no id. End the line with {#an-id}."]),
        ("- [ ] 换。 {#a}", [f"1: {NO_LEAD}"]),
        ("- [ ] **换。** 后面还有 {#a}", [f"1: {NO_LEAD}"]),
        ("- [ ] **换。** [@port] *注* {#a}", [f"1: {NO_LEAD}"]),
        ("1. 投诉。", ["1: The step has no id. End the line with {#an-id}.", f"1: {NO_LEAD}"]),
        ("- [ ] **换。** {#a sheet=yes}", ["1: `sheet=yes` is no option of a step. Use note=optional or sheet=no."]),
        ("- [ ] **换。** {#a onclick=x}", ["1: `onclick=x` is no option of a step. Use note=optional or sheet=no."]),
        ("* [ ] **换。** {#a}", [f"1: {ALMOST}"]),
        ("-[ ] **换。** {#a}", [f"1: {ALMOST}"]),
        ("- [y] **换。** {#a}", [f"1: {ALMOST}"]),
        ("  - [ ] **换。** {#a}", [f"1: {ALMOST}"]),
    ],
    guide.lists_hold_only_steps: [
        ("- [ ] **换。** {#a}\n说明没有缩进", ["2: The line below the step is not indented. Indent it by two spaces."]),
        ("- 甲\n- [ ] **换。** {#a}", [f"2: {MIXED}"]),
        ("- [ ] **换。** {#a}\n  说明\n\n- 甲", [f"4: {MIXED}"]),
    ],
    guide.steps_stand_in_phases: [
        ("## 答 {#answer}\n\n- [ ] **换。** {#a}", ["3: A tick box stands in `answer`. Move it to before, submit, after, bring."]),
        ("## 甲 {#before}\n\n## 问 {#faq}\n- [ ] **换。** {#a}", ["4: A tick box stands in `faq`. Move it to before, submit, after, bring."]),
    ],
    guide.steps_before_channels: [
        ("## 甲 {#submit}\n- [ ] **换。** {#a}\n### 乙 {#b}\n- [ ] **查。** {#c}", [f"4: Line 3 {CUT}"]),
        ("## 甲 {#submit}\n### 乙 {#b}\n- [ ] **查。** {#c}", [f"3: Line 2 {CUT}"]),
        ("## 甲 {#submit}\n- [ ] **换。** {#a}\n\n一段话\n\n- [ ] **查。** {#c}", [f"6: Line 4 {CUT}"]),
    ],
    guide.number_of_steps: [
        (section("before", 2), ["1: `before` has 2 steps. It needs 3 to 10.", "1: `before` prints 2 steps; paper takes 3 to 7. Mark the least urgent with sheet=no."]),
        (section("bring", 4, off_paper=2), ["1: `bring` prints 2 steps; paper takes 3 to 7. Mark the least urgent with sheet=no."]),
        (section("after", 8), ["1: `after` prints 8 steps; paper takes 3 to 7. Mark the least urgent with sheet=no."]),
        (section("submit", 15, off_paper=9), ["1: `submit` has 15 steps. It needs 3 to 10."]),
    ],
    guide.length_of_leads: [
        (f"好\n- [ ] **{'换' * 27}** {{#a}}", ["2: The lead is longer than 26 Han characters. Move the rest below it."]),
        (f"- [ ] **换** *{'银' * 31}* {{#a}}", ["1: The note is longer than 30 Han characters. Move the rest below it."]),
        ("- [ ] **换** *银行。* {#a}", ["1: The note ends with a full stop. Notes have none."]),
    ],
    guide.answer_is_short: [
        ("## 答 {#answer}\n\n停。", ["3: The answer has no bold sentence. Start its first paragraph with **…**."]),
        ("## 答 {#answer}\n## 甲 {#which}", ["1: The answer has no bold sentence. Start its first paragraph with **…**."]),
        ("## 答 {#answer}\n***", ["2: The answer has no bold sentence. Start its first paragraph with **…**."]),
        (f"## 答 {{#answer}}\n\n**停。**{'字' * 79}", ["3: The answer is longer than 80 Han characters. Start a new paragraph."]),
        (f"## 答 {{#answer}}\n**停。**\n{'字' * 40}\n{'字' * 40}", ["2: The answer is longer than 80 Han characters. Start a new paragraph."]),
    ],
    guide.changes_are_dated: [
        ("## 改 {#changes}", ["1: No change is listed. Write `- 2026-11-20：what changed。` below the heading."]),
        ("## 改 {#changes}\n改了。", ["2: This is no change. Write `- 2026-11-20：what changed。`, one a line."]),
        ("## 改 {#changes}\n- 2026-02-30：换了。", ["2: This is no change. Write `- 2026-11-20：what changed。`, one a line."]),
        ("## 改 {#changes}\n- 2026-11-20: 换了。", ["2: This is no change. Write `- 2026-11-20：what changed。`, one a line."]),
        ("## 改 {#changes}\n- 2026-11-20：一。\n- 2026-12-01：二。", ["3: 2026-12-01 stands below 2026-11-20. Put the newest change first, one line a day."]),
        ("## 改 {#changes}\n- 2026-12-01：一。\n- 2026-12-01：二。", ["3: 2026-12-01 stands below 2026-12-01. Put the newest change first, one line a day."]),
        (dated("- 2026-11-20：第一版。"), ["6: `updated` is 2026-12-01, the newest change 2026-11-20. Say in a new line what changed."]),
    ],
    guide.paper_is_certain: [
        ("## 答 {#answer}\n\n**停。**[@unsure]", ["3: The sheet prints this, and `unsure` is unsure. Say it further down."]),
        ("## 答 {#answer}\n**停。**\n听说可以。[@unsure]", ["3: The sheet prints this, and `unsure` is unsure. Say it further down."]),
        ("## 甲 {#before}\n\n- [ ] **换。** *[=rumour]* {#a}", ["3: The sheet prints this, and `rumour` is unsure. Say it further down."]),
        ("---\nwho: 人\nstart: [=rumour]\n---", ["3: The sheet prints this, and `rumour` is unsure. Say it further down."]),
    ],
}  # fmt: skip


def name(rule: Rule) -> str:
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


def table(cases: dict[Rule, list]) -> list:
    return [
        pytest.param(rule, case, id=f"{name(rule)}-{number}")
        for rule, texts in cases.items()
        for number, case in enumerate(texts)
    ]


@pytest.mark.parametrize(("rule", "written"), table(ACCEPTED))
def test_accepted(rule, written):
    assert found(rule, written) == []


@pytest.mark.parametrize(("rule", "case"), table(REJECTED))
def test_rejected(rule, case):
    written, said = case

    assert found(rule, written) == said


def test_every_rule_has_texts_it_accepts_and_texts_it_rejects():
    rules = {rule for rules in RULES.values() for rule in rules}

    assert rules == set(ACCEPTED) == set(REJECTED)
    assert all(ACCEPTED.values())
    assert all(REJECTED.values())


def test_every_rule_is_stated_in_its_docstring():
    assert [name(rule) for rule in (*EVERYWHERE, *PUBLISHED, *GUIDE) if not rule.__doc__] == []


@pytest.mark.parametrize("kind", sorted(RULES))
def test_what_is_wrong_everywhere_is_found_in_every_kind_of_file(kind):
    written = "<b>[@gone]用App</b>\n"
    one = Draft(Path("a.md"), kind, {}, {}, tuple(written.split("\n")), 0)

    said = [said for _, said in lint(one, DATA)]

    assert [one for one in said if "HTML" in one or "`gone`" in one or "a space" in one] == [
        "`<b>` is HTML. Write Markdown, and characters as they are.",
        "`</b>` is HTML. Write Markdown, and characters as they are.",
        "`用A` needs a space in between: `用 A`.",
        "The fact `gone` is not in facts.toml. Add it, with its source.",
    ]


def test_a_spoilt_fact_is_not_missed_but_others_are():
    """A fact left out because of its own fault would be reported twice."""
    said = found(citing.known_facts, "[@bad] [@gone]", Data(spoilt=frozenset({"bad"})))

    assert said == ["1: The fact `gone` is not in facts.toml. Add it, with its source."]


def test_no_fact_is_missed_when_the_file_cannot_be_read():
    assert found(citing.known_facts, "[@gone]", Data(spoilt=None)) == []


@given(guides())
@settings(max_examples=60)
def test_a_guide_written_as_it_should_be_is_accepted(written):
    body, _ = written

    assert list(lint(draft(body), DATA)) == []
