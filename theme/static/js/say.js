// The phrases in one language at a time, and each as large as the screen, to hold out to a clerk.
import { button, fill, make, words } from "./dom.js";
import { read, write } from "./kept.js";

const KEY = "language:1"; // on this device only, and only once it was chosen
const LARGEST = 56;
const SMALLEST = 26; // pixels, as large as fits: 34 on the screens of today
const { phrases: say, language: languages } = words();
const part = (name, className, ...children) => make(name, { className }, ...children);

const list = document.querySelector(".say");
const items = [...list.querySelectorAll(".phrase")];
const LANGUAGES = [...items[0].querySelectorAll("[data-lang]")].map((one) => one.dataset.lang);
const told = (item, one) => item.querySelector(`dd[lang="${one}"]`).textContent;
let lang = LANGUAGES.includes(read(KEY)) ? read(KEY) : LANGUAGES[0];
let at = 0;

const dialog = make("dialog", { className: "clerk" });
const text = part("p", "clerk__text");
const paper = part("div", "clerk__paper", text);
const meaning = part("p", "clerk__zh");
const count = make("span", { className: "clerk__count" });
const answer = make("p", { className: "clerk__answer", role: "status" });
const aloud = button(say.aloud, speak);

function tabs() {
  const all = part("div", "tabs");
  all.setAttribute("role", "group");
  all.setAttribute("aria-label", say.language);
  for (const one of LANGUAGES) {
    const tab = make("button", { type: "button", className: "tabs__one", onclick: () => choose(one) }, languages[one]);
    tab.dataset.lang = one;
    all.append(tab);
  }
  return all;
}

function choose(one) {
  write(KEY, one);
  lang = one;
  show();
}

// As large as fits, so that it can be read from the other side of a counter.
function fit() {
  let size = LARGEST;
  text.style.fontSize = `${size}px`;
  while (size > SMALLEST && (paper.scrollHeight > paper.clientHeight || paper.scrollWidth > paper.clientWidth)) text.style.fontSize = `${(size -= 2)}px`;
}

const voice = () => globalThis.speechSynthesis?.getVoices().find((one) => one.lang.toLowerCase().startsWith(lang));

function speak() {
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(told(items[at], lang).replace(/_[_/]*/g, "").replaceAll(" / ", ". "));
  Object.assign(said, { voice: voice(), lang: voice().lang, rate: 0.9 });
  speechSynthesis.speak(said);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(told(items[at], lang));
    answer.textContent = say.copied;
  } catch {
    getSelection().selectAllChildren(text);
    answer.textContent = say.by_hand;
  }
}

function show() {
  list.dataset.lang = lang;
  for (const tab of document.querySelectorAll(".tabs__one")) tab.setAttribute("aria-pressed", String(tab.dataset.lang === lang));
  if (!dialog.open) return;
  const item = items[at];
  // Two sentences to choose from are on two lines.
  const said = told(item, lang);
  const lines = /[.!?] \/ /.test(said) ? said.split(" / ") : [said];
  text.replaceChildren(...lines.flatMap((line, n) => (n ? [make("br"), line] : [line])));
  text.lang = lang;
  const { textContent: zh } = item.querySelector(".phrase__zh").firstChild;
  meaning.replaceChildren(make("b", {}, zh.trim()), " ", part("small", "phrase__use", item.querySelector(".phrase__use").textContent));
  count.textContent = fill(say.count, { n: at + 1, all: items.length });
  aloud.hidden = !voice();
  answer.textContent = "";
  fit();
}

function open(n) {
  at = (n + items.length) % items.length;
  if (!dialog.open) dialog.showModal();
  show();
}

const next = Object.assign(button(say.next, () => open(at + 1)), { autofocus: true });
const turn = button(say.turn, () => turn.setAttribute("aria-pressed", String(paper.classList.toggle("is-turned"))));
turn.setAttribute("aria-pressed", "false");
dialog.setAttribute("aria-label", say.title);
dialog.append(
  part("div", "clerk__head", tabs(), button(say.close, () => dialog.close())),
  paper,
  meaning,
  part("div", "clerk__actions", turn, aloud, button(say.copy, copy)),
  answer,
  part("div", "clerk__foot", button(say.before, () => open(at - 1)), count, next),
);
dialog.addEventListener("close", () => {
  globalThis.speechSynthesis?.cancel();
  items[at].querySelector("button")?.focus();
});
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) open(at + step);
});
globalThis.speechSynthesis?.addEventListener?.("voiceschanged", () => dialog.open && (aloud.hidden = !voice()));
addEventListener("resize", () => dialog.open && fit());

list.before(tabs());
if (dialog.showModal) {
  list.after(dialog);
  items.forEach((item, n) => {
    const one = button(say.show, () => open(n));
    one.setAttribute("aria-label", fill(say.show_one, { phrase: item.querySelector(".phrase__zh").firstChild.textContent.trim() }));
    item.append(one);
  });
}
show();
