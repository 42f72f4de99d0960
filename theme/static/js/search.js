// Find as you type: substrings of titles, aliases, headings and texts, in whatever script they are typed.
import { fill, make, words } from "./dom.js";

// Traditional characters of words that readers type, each before its simplified one.
const PAIRS = "機机號号錢钱銷销戶户註注帳账賬账帐账單单電电話话網网門门轉转換换約约費费餘余額额儲储預预證证驗验碼码購购買买賣卖運运營营員员開开關关實实體体歐欧國国離离時时間间儀仪設设備备數数據据漫漫遊游總总覽览週周寫写書书確确認认訴诉補补償偿斷断聯联繫系請请誤误丟丢";
const SIMPLE = new Map(Array.from({ length: PAIRS.length / 2 }, (_, n) => [PAIRS[2 * n], PAIRS[2 * n + 1]]));
const WEIGHTS = { title: 8, aliases: 4, headings: 2, text: 1 };

const place = document.querySelector("[data-search]");
const root = new URL("../../", import.meta.url);
const say = words();

// The folded text, and for each of its units the place in the original where it comes from.
function fold(text) {
  let folded = "";
  const from = [];
  let at = 0;
  for (const char of text) {
    const plain = [...char.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()].map((c) => SIMPLE.get(c) ?? c).join("");
    folded += plain;
    for (let n = 0; n < plain.length; n++) from.push(at);
    at += char.length;
  }
  return { folded, from: [...from, at] };
}

const terms = (query) => [...new Set(fold(query).folded.split(/\s+/).filter(Boolean))];

// How well a record answers; 0 when a term is nowhere in it.
function score(record, query) {
  let total = 0;
  for (const term of query) {
    const points = Object.entries(WEIGHTS).flatMap(([part, weight]) =>
      record.folded[part].map((text) => text.includes(term) && weight + (text === term) + text.startsWith(term)),
    );
    const best = Math.max(0, ...points);
    if (!best) return 0;
    total += best;
  }
  return total;
}

function marked(text, query) {
  const { folded, from } = fold(text);
  const hit = new Array(text.length).fill(false);
  for (const term of query) {
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
      hit.fill(true, from[at], Math.max(from[at + term.length], from[at] + 1));
    }
  }
  const parts = [];
  for (let start = 0, end; start < text.length; start = end) {
    for (end = start + 1; end < text.length && hit[end] === hit[start]; end++);
    const piece = text.slice(start, end);
    parts.push(hit[start] ? make("mark", {}, piece) : piece);
  }
  return parts;
}

// What of a record shows why it was found: a heading or other name that matches, else a piece of its text.
function excerpt(record, query) {
  const names = [...record.headings, ...record.aliases].filter((name) => query.some((term) => fold(name).folded.includes(term)));
  const { folded, from } = fold(record.text);
  const at = Math.max(0, ...query.map((term) => folded.indexOf(term)));
  const start = from[at] > 24 ? from[at] - 12 : 0;
  const piece = record.text.slice(start, start + 60);
  const text = piece && `${start ? "…" : ""}${piece}${start + 60 < record.text.length ? "…" : ""}`;
  return [...names.slice(0, 4), text || (names.length ? "" : record.aliases.slice(0, 4).join(" · "))].filter(Boolean).join(" · ");
}

function result(record, query) {
  const link = make("a", { href: new URL(record.url, root).href, className: "posts__title" }, ...marked(record.title, query));
  const summary = make("p", { className: "posts__summary" }, ...marked(excerpt(record, query), query));
  return make("li", { className: "posts__item" }, link, summary);
}

const input = make("input", { type: "search", id: "q", className: "search__input", placeholder: say.placeholder, autocomplete: "off", enterKeyHint: "search" });
const status = make("p", { className: "search__count", role: "status" });
const list = make("ol", { className: "posts search__results" });
list.setAttribute("role", "list");
const label = make("label", { htmlFor: "q", className: "search__label", textContent: say.label });
let records = null;

function search() {
  const query = terms(input.value);
  history.replaceState(null, "", input.value.trim() ? `?q=${encodeURIComponent(input.value.trim())}` : location.pathname);
  if (!records) return;
  const found = query.length ? records.map((record) => [score(record, query), record]).filter(([points]) => points).sort((a, b) => b[0] - a[0]) : [];
  list.replaceChildren(...found.slice(0, 30).map(([, record]) => result(record, query)));
  status.textContent = query.length ? (found.length ? fill(say.found, { n: found.length }) : say.none) : "";
}

// Arrows walk between field and results; Enter opens the first. Not while an input method is composing.
place.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const stops = [input, ...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  } else if (event.key === "Enter" && event.target === input) stops[1]?.click();
});
input.addEventListener("input", (event) => event.isComposing || search());
input.addEventListener("compositionend", search);

place.append(make("div", { className: "search" }, label, input), status, list);
input.value = new URLSearchParams(location.search).get("q") ?? "";
try {
  const answer = await fetch(new URL("search.json", root));
  records = (await answer.json()).map((record) => {
    const whole = { aliases: [], headings: [], text: "", ...record };
    const parts = { title: [whole.title], aliases: whole.aliases, headings: whole.headings, text: [whole.text] };
    for (const part in parts) parts[part] = parts[part].map((text) => fold(text).folded);
    return { ...whole, folded: parts };
  });
  search();
} catch {
  status.textContent = say.broken;
}
if (!input.value) input.focus();
