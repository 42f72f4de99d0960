// Fill in the letter on the page. What is typed stays in the page: it is neither sent nor stored.
import { button, fill, inWeChat, make, words } from "./dom.js";

const LANGUAGES = ["fr", "nl", "de", "en"];
const HEAD = ["name", "street", "town", "operator"];
const FOOT = ["place-date", "signature"];
const KEYBOARDS = { number: "tel", email: "email" };
const BLANK = "____";

const { compose: say, language: languages } = words();
const lines = words("letter");
const body = Object.keys(lines).filter((id) => !id.startsWith("label-"));
const fields = Object.keys(lines).map((id) => id.split("label-")[1]).filter((id) => id && id !== "signature");
const part = (name, className, ...children) => make(name, { className }, ...children);

const inputs = {};
const foreign = {};
const form = part("div", "compose__form");
const language = make("select", { id: "compose-language", className: "compose__input" });
const message = make("span", { id: "compose-message", className: "compose__message", role: "status" });
const letter = part("div", "compose__letter");
const answer = make("div", { className: "compose__answer", role: "status" });
const mail = part("a", "action", say.mail);

// A date that exists, as DD/MM/YYYY or the other way round, with whatever marks people put between.
function parse(text) {
  const [one, month, other] = (/^(\d{1,4})[-/.\s年]+(\d\d?)[-/.\s月]+(\d{1,4})日?$/.exec(text) ?? []).slice(1);
  const [day, year] = one?.length === 4 ? [other, one] : [one, other];
  const date = new Date(Date.UTC(year, month - 1, day));
  return /^20\d\d$/.test(year) && date.getUTCMonth() === month - 1 && date.getUTCDate() === +day && date;
}

// As the language writes it; what is no date stays as it was typed.
function written(text, lang) {
  const date = parse(text);
  if (!date) return text;
  const [year, month, day] = date.toISOString().slice(0, 10).split("-");
  return lang === "zh" ? [year, month, day].join("-") : [day, month, year].join(lang === "de" ? "." : "/");
}

// Half a character pasted alone can be neither shown nor put into an address.
const typed = (id) => inputs[id]?.value.replace(/\p{Cs}/gu, "").trim() ?? "";

// What there is to say of the date; none of it stops anybody.
function remark() {
  const text = typed("end-date");
  const date = parse(text);
  if (!date) return text && say.wrong;
  const now = new Date();
  if (date < Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) return say.past;
  const day = date.toLocaleDateString("zh-Hans", { weekday: "short", timeZone: "UTC" });
  return fill(say.read, { date: `${written(text, "zh")} ${day}` });
}

// A line before it is filled in. Above and below the text stand the labels, as on paper.
function line(id, lang) {
  if (lines[id]) return lines[id][lang];
  const label = lines[`label-${id}`][lang];
  if (lang === "zh") return `${label.split(/[，：]/)[0]}：{${id}}`;
  return `${label}${lang === "fr" ? "\u00a0" : ""}: {${id}}`;
}

// Pieces of a line, by turns its words and what stands in its blanks.
function pieces(id, lang, signature = "") {
  const value = (slot) => (slot === "end-date" ? written(typed(slot), lang) : slot === "signature" ? signature : typed(slot));
  return line(id, lang).split(/\{([a-z-]+)\}/).map((piece, n) => (n % 2 ? value(piece) || BLANK : piece));
}

// The letter as plain text, to copy and to mail: nobody signs that by hand, so the name stands there.
function plain() {
  const text = (id) => pieces(id, language.value, typed("name")).join("");
  return [HEAD.map(text).join("\n"), ...body.map(text), FOOT.map(text).join("\n")].join("\n\n");
}

const shown = (id, lang) =>
  pieces(id, lang).map((piece, n) => (n % 2 ? part("span", piece === BLANK ? "compose__blank" : "compose__value", piece) : piece));

function show() {
  const lang = language.value;
  for (const id of fields) Object.assign(foreign[id], { lang, textContent: lines[`label-${id}`][lang] });
  message.textContent = remark();
  letter.replaceChildren(
    ...[...HEAD, ...body, ...FOOT].map((id) => {
      const said = make("p", { className: "compose__said", lang }, ...shown(id, lang));
      return part("div", `compose__line compose__line--${id}`, said, part("p", "compose__zh", ...shown(id, "zh")));
    }),
  );
  const subject = lines.subject[lang].replace(/^.*?:\s*/, "");
  mail.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(plain().replaceAll("\n", "\r\n"))}`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(plain());
    answer.textContent = say.copied;
  } catch {
    const field = make("textarea", { readOnly: true, value: plain(), rows: 8, className: "compose__input" });
    answer.replaceChildren(make("label", {}, say.by_hand, field));
    field.select();
  }
}

// From the first letter typed on, the page prints as the letter alone, also by the browser's own menu.
const begin = () => document.documentElement.classList.add("composed");

function print() {
  begin();
  window.print();
}

language.append(...LANGUAGES.map((lang) => make("option", { value: lang }, languages[lang])));
form.append(part("p", "compose__field", make("label", { htmlFor: language.id }, say.language), language));
for (const id of fields) {
  inputs[id] = make("input", { id: `compose-${id}`, className: "compose__input", inputMode: KEYBOARDS[id] ?? "text", autocomplete: "off", spellcheck: false, maxLength: 60 });
  foreign[id] = part("span", "compose__foreign");
  const label = make("label", { htmlFor: inputs[id].id }, lines[`label-${id}`].zh, " ", foreign[id]);
  form.append(part("p", "compose__field", label, inputs[id], ...(id === "end-date" ? [message] : [])));
}
inputs["end-date"].setAttribute("aria-describedby", message.id);
letter.setAttribute("aria-live", "off");
form.addEventListener("input", () => show(begin()));
show();

const buttons = part("p", "compose__buttons", button(say.copy, copy), ...(inWeChat ? [] : [button(say.print, print), mail]));
const about = part("p", "compose__about", inWeChat ? say.wechat : say.address);
const section = part("section", "compose", make("h2", { id: "compose" }, say.title), make("p", {}, say.lead), form, make("h3", {}, say.letter), letter, buttons, about, answer);
section.setAttribute("aria-labelledby", "compose");
document.querySelector(".prose > h2").before(section);
