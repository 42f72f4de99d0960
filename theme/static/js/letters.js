// Fill in a letter on the page. What is typed stays in the page: it is neither sent nor stored.
import { button, fill, inWeChat, make, words } from "./dom.js";
import * as operator from "./operator.js";

const LANGUAGES = ["fr", "nl", "de", "en"];
const SENDER = ["name", "street", "town"];
const RECIPIENT = ["operator", "address"];
const FOOT = ["place-date", "signature"];
const KEYBOARDS = { number: "tel", email: "email", amount: "decimal", "topup-amount": "decimal" };
const AUTOCOMPLETE = { name: "name", street: "address-line1", town: "address-level2", number: "tel", email: "email" };
const TO_COME = ["end-date", "answer-by", "valid-until"]; // days that should not have passed, in letters of notice
const DATES = ["end-date", "sent-date", "answer-by", "port-date", "topup-date", "valid-until"];
const BLANK = "____";

const { compose: say, language: languages, letters: titles } = words();
const { letters, labels, operators, reader } = words("letters"); // reader: the language of the page, as a key of texts
const kinds = Object.keys(letters);
const part = (name, className, ...children) => make(name, { className }, ...children);
const inputs = {};
const left = new Set(); // ids of sentences that the sender leaves out
let kind = kinds.includes(location.hash.slice(1)) ? location.hash.slice(1) : kinds[0];
let lang = "fr";

// A date that exists, as DD/MM/YYYY or the other way round, with whatever marks people put between.
function parse(text) {
  const [one, month, other] = (/^(\d{1,4})[-/.\s年]+(\d\d?)[-/.\s月]+(\d{1,4})日?$/.exec(text) ?? []).slice(1);
  const [day, year] = one?.length === 4 ? [other, one] : [one, other];
  const date = new Date(Date.UTC(year, month - 1, day));
  return /^20\d\d$/.test(year) && date.getUTCMonth() === month - 1 && date.getUTCDate() === +day && date;
}

// As the language writes it; what is no date stays as it was typed.
function written(text, language) {
  const date = parse(text);
  if (!date) return text;
  const [year, month, day] = date.toISOString().slice(0, 10).split("-");
  return language === "zh" ? [year, month, day].join("-") : [day, month, year].join(language === "de" ? "." : "/");
}

const isDate = (id) => DATES.includes(id);
// Half a character pasted alone can be neither shown nor put into an address.
const typed = (id) => inputs[id]?.value.replace(/\p{Cs}/gu, "").trim() ?? "";

// What there is to say of a date; none of it stops anybody.
function remark(id) {
  const text = typed(id);
  const date = parse(text);
  if (!date) return text && say.wrong;
  const now = new Date();
  const past = date < Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  if (past && TO_COME.includes(id) && !(id === "end-date" && kind !== "termination")) return say.past;
  const day = date.toLocaleDateString(document.documentElement.lang, { weekday: "short", timeZone: "UTC" });
  return fill(say.read, { date: `${written(text, reader)} ${day}` });
}

const label = (id, language) => (language === "zh" ? labels[id].zh.split(/[，：]/)[0] : labels[id][language]);
const body = () => Object.keys(letters[kind]);
const sent = () => body().filter((id) => !left.has(id));
const blanks = (ids) => ids.flatMap((id) => [...letters[kind][id][reader].matchAll(/\{([a-z-]+)\}/g)].map((match) => match[1]));
const fields = () => [...new Set([...SENDER, ...RECIPIENT, ...blanks(sent()), "place-date"])];
const value = (id, language) => (isDate(id) ? written(typed(id), language) : typed(id));

// Pieces of a sentence, alternately its words and the contents of its blanks.
const pieces = (id, language) => letters[kind][id][language].split(/\{([a-z-]+)\}/).map((piece, n) => (n % 2 ? value(piece, language) || BLANK : piece));
// The text above and below the sentences: what was filled in, otherwise what belongs there.
const named = (id, language) => value(id, language) || `${label(id, language)}${language === "fr" ? "\u00a0" : ""}${language === "zh" ? "：" : ": "}${BLANK}`;

// The letter as plain text, to copy and to mail: nobody signs that by hand, so the name is there.
function plain() {
  const lines = (ids) => ids.map((id) => named(id, lang)).join("\n");
  const signed = typed("name") || named("signature", lang);
  return [lines(SENDER), lines(RECIPIENT), ...sent().map((id) => pieces(id, lang).join("")), `${named("place-date", lang)}\n${signed}`].join("\n\n");
}

// --- The page

const form = part("div", "compose__form");
const letter = part("div", "compose__letter");
letter.setAttribute("aria-live", "off");
const answer = make("div", { className: "compose__answer", role: "status" });
const mail = part("a", "action", say.mail);
const about = part("p", "compose__use");

function choice(legend, values, chosen, run) {
  const set = part("fieldset", "compose__choice", make("legend", {}, legend));
  const chips = values.map(([id, text]) => {
    const chip = make("button", { type: "button", className: "chip" }, text);
    chip.setAttribute("aria-pressed", String(id === chosen));
    chip.addEventListener("click", () => {
      for (const one of chips) one.setAttribute("aria-pressed", String(one === chip));
      run(id);
    });
    return chip;
  });
  set.append(part("div", "chips", ...chips));
  return set;
}

function input(id) {
  const length = id === "address" ? 90 : 60;
  const one = make("input", { id: `compose-${id}`, className: "field", inputMode: KEYBOARDS[id] ?? "text", autocomplete: AUTOCOMPLETE[id] ?? "off", spellcheck: false, maxLength: length });
  one.message = make("span", { id: `compose-${id}-message`, className: "compose__message", role: "status" });
  if (isDate(id)) one.setAttribute("aria-describedby", one.message.id);
  return one;
}

function ask() {
  const focused = document.activeElement?.id;
  form.replaceChildren(
    ...fields().map((id) => {
      inputs[id] ??= input(id);
      const foreign = make("span", { className: "compose__foreign", lang }, labels[id][lang]);
      return part("p", "compose__field", make("label", { htmlFor: inputs[id].id }, labels[id][reader], " ", foreign), inputs[id], ...(isDate(id) ? [inputs[id].message] : []));
    }),
  );
  if (focused?.startsWith("compose-")) document.getElementById(focused)?.focus();
}

function shown(texts) {
  return texts.map((piece, n) => (n % 2 ? part("span", piece === BLANK ? "compose__blank" : "compose__value", piece) : piece));
}

// One of the lines above and below the sentences.
function ends(id) {
  const is = value(id, lang);
  const said = make("p", { className: "compose__said", lang }, ...(is ? [part("span", "compose__value", is)] : [part("span", "compose__label", label(id, lang)), " ", part("span", "compose__blank", BLANK)]));
  return part("div", `compose__line compose__line--${id}`, said, part("p", "compose__zh", label(id, reader)));
}

function sentence(id) {
  const said = make("p", { className: "compose__said", lang }, ...shown(pieces(id, lang)));
  const line = part("div", `compose__line compose__line--${id}`, said, part("p", "compose__zh", ...shown(pieces(id, reader))));
  if (letters[kind][id].optional) {
    const box = make("input", { type: "checkbox", id: `compose-keep-${id}`, className: "step__box compose__box", checked: !left.has(id) });
    box.addEventListener("change", () => {
      if (box.checked) left.delete(id);
      else left.add(id);
      ask();
      show();
      document.getElementById(box.id).focus();
    });
    line.prepend(make("label", { htmlFor: box.id, className: "compose__keep" }, box, make("span", {}, say.keep)));
    line.classList.toggle("is-left", left.has(id));
  }
  return line;
}

function show() {
  about.textContent = titles[`${kind}_use`];
  for (const id of fields()) if (isDate(id)) inputs[id].message.textContent = remark(id);
  letter.replaceChildren(
    part("div", "compose__block", ...SENDER.map(ends)),
    part("div", "compose__block", ...RECIPIENT.map(ends)),
    ...body().map(sentence),
    part("div", "compose__block", ends("place-date")),
    part("div", "compose__block", ends("signature")),
  );
  const subject = letters[kind].subject[lang].replace(/^.*?:\s*/, "");
  const to = operators.find(({ name }) => name === typed("operator"))?.email ?? "";
  mail.href = `mailto:${encodeURIComponent(to)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(plain().replaceAll("\n", "\r\n"))}`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(plain());
    answer.textContent = say.copied;
  } catch {
    const field = make("textarea", { readOnly: true, value: plain(), rows: 8, className: "field" });
    answer.replaceChildren(make("label", {}, say.by_hand, field));
    field.select();
  }
}

// From the first thing typed on, the page prints as the letter alone, also from the browser's menu.
const begin = () => document.documentElement.classList.add("composed");

function print() {
  begin();
  window.print();
}

// The operator's name and address, as far as they are known.
function address(id) {
  const one = operators.find((other) => other.id === id);
  if (!one) return;
  inputs.operator.value = one.name;
  inputs.address.value = one.address;
  show();
}

const brand = make("select", { id: "compose-brand", className: "field" }, make("option", { value: "" }, say.brand_none));
brand.append(...operators.map(({ id, name }) => make("option", { value: id }, name)));
brand.addEventListener("change", () => address(brand.value, begin()));
form.addEventListener("input", () => show(begin()));

const chooseKind = choice(say.kind, kinds.map((id) => [id, titles[id]]), kind, (id) => {
  kind = id;
  history.replaceState(null, "", `#${id}`);
  ask();
  show();
});
const chooseLanguage = choice(say.language, LANGUAGES.map((id) => [id, languages[id]]), lang, (id) => {
  lang = id;
  ask();
  show();
});
ask();
show();
const own = new URLSearchParams(location.search).get("operator") ?? operator.get();
if (operators.some(({ id }) => id === own)) address((brand.value = own));

const hint = inWeChat ? [part("p", "hint", say.wechat)] : [];
const buttons = part("p", "compose__buttons", button(say.copy, copy), ...(inWeChat ? [] : [button(say.print, print), mail]));
const section = part(
  "section",
  "compose",
  make("h2", { id: "compose", className: "unseen" }, say.title),
  chooseKind,
  about,
  chooseLanguage,
  part("p", "compose__note", say.language_about),
  part("p", "compose__field", make("label", { htmlFor: brand.id }, say.brand), brand),
  part("p", "compose__note", say.address),
  ...hint,
  form,
  part("p", "compose__note", say.lead),
  make("h3", {}, say.letter),
  letter,
  buttons,
  part("p", "compose__note compose__printed", say.printed),
  answer,
);
section.setAttribute("aria-labelledby", "compose");
document.querySelector(".prose").prepend(section);
