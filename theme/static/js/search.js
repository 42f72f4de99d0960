// The page of the search: what is typed, and what find.js finds. Library and index come with the first letter typed.
import { button, fill, make, words } from "./dom.js";

const SHOWN = 8; // results at first
const LENGTH = 72; // characters of a text that show why it was found
const FOREIGN = new Set(["phrase", "letter", "term"]); // kinds whose texts are mostly not Chinese
const say = words();
const root = new URL("../../", import.meta.url);
const part = (name, className, ...children) => make(name, { className }, ...children);

const place = document.querySelector("[data-search]");
const input = make("input", { type: "search", id: "q", className: "field search__input", placeholder: say.placeholder, autocomplete: "off", enterKeyHint: "search", spellcheck: false });
const status = make("p", { className: "search__count", role: "status" });
const own = part("p", "search__own");
const list = part("ol", "search__results");
list.setAttribute("role", "list");
let finder = null;
let coming = null;

// What is of the operator that the reader has chosen on another page comes first: say so, and let it be taken back.
function showOperator(operator) {
  const known = finder.records.find((record) => record.kind === "operator" && record.operator === operator.get());
  if (!known) return;
  finder.operator = known.operator;
  const forget = () => {
    operator.clear();
    finder.operator = "";
    own.replaceChildren();
    input.focus();
    show(SHOWN);
  };
  own.replaceChildren(fill(say.chosen, { name: known.title }), " ", button(say.clear, forget));
}

async function load() {
  const [{ Finder }, answer, operator] = await Promise.all([import("./find.js"), fetch(new URL("search.json", root)), import("./operator.js")]);
  finder = Object.assign(new Finder(await answer.json()), { operator: "" });
  showOperator(operator);
}

// Parts of a text, those that were found marked.
function marked(text, terms) {
  const { folded, from } = finder.fold(text);
  const hit = new Array(text.length).fill(false);
  for (const term of terms) {
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

// The piece of a record's text that has most of what was found; where it has none, its other names that do come first.
function excerpt({ text, words }, terms) {
  const { folded, from } = finder.fold(text);
  const ends = [...folded.matchAll(/[。？！；]|[.?!;](?= )|$/g)].map((match) => match.index);
  const starts = [0, ...ends.slice(0, -1).map((end) => end + 1)];
  const points = (start) => terms.filter((term) => folded.slice(start, start + LENGTH).includes(term)).join("").length;
  const best = starts.reduce((one, other) => (points(other) > points(one) ? other : one), 0);
  const names = points(best) ? [] : words.filter((name) => terms.some((term) => finder.fold(name).folded.includes(term)));
  const piece = text.slice(from[best], from[best] + LENGTH).trim();
  return [...names.slice(0, 4), `${best ? "…" : ""}${piece}${from[best] + LENGTH < text.length ? "…" : ""}`].filter(Boolean).join(" · ");
}

const address = (record) => new URL(record.url, root).href;

function result({ record, terms, also }) {
  const title = make("a", { href: address(record), className: "search__title" }, ...marked(record.title, terms));
  const where = [say[record.kind], ...record.trail].join(" › ");
  const text = part("p", FOREIGN.has(record.kind) ? "search__text search__text--foreign" : "search__text", ...marked(excerpt(record, terms), terms));
  const item = part("li", "search__result", title, text, part("p", "search__trail", where));
  if (also.length) {
    const links = also.slice(0, 4).map((other) => make("a", { href: address(other) }, other.trail.at(-1) ?? other.title));
    item.append(part("p", "search__also", say.also, ...links));
  }
  return item;
}

function show(count) {
  const query = input.value.trim();
  const { found, meant } = finder.find(query, finder.operator);
  const rest = found.length - count;
  list.replaceChildren(...found.slice(0, count).map(result));
  if (rest > 0 && query) list.append(part("li", "search__more", button(fill(say.more, { n: rest }), () => show(count + 20))));
  const counted = found.length ? fill(say.found, { n: found.length }) : say.none;
  status.textContent = query ? counted + (meant.length && found.length ? fill(say.meant, { words: meant.join(say.and) }) : "") : "";
}

async function search() {
  const query = input.value.trim();
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  if (!query && !finder) return;
  try {
    await (coming ??= load());
    show(SHOWN);
  } catch {
    coming = null;
    status.textContent = say.broken;
  }
}

// Arrows walk between field and results; Enter opens the first. Not while an input method is composing.
place.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const stops = [input, ...list.querySelectorAll(".search__title")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  } else if (event.key === "Enter" && event.target === input) stops[1]?.click();
});
input.addEventListener("input", (event) => event.isComposing || search());
input.addEventListener("compositionend", search);

const label = make("label", { htmlFor: "q", className: "search__label", textContent: say.label });
place.append(part("div", "search", label, input), own, status, list);
input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value) search();
else input.focus();
