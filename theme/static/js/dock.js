// Count ticks, carry them in the address, and save them on this device if the reader asks.
// Only ids of steps are ever stored, under a key that names the format and the guide.
import { button, fill, lateWords, make } from "./dom.js";
import { KEY, article, boxes, hash, saved, ticked, updateLinks } from "./ticks.js";

const { ticks: say } = await lateWords();
const style = make("link", { rel: "stylesheet", href: new URL("../css/dock.css", import.meta.url) });
document.head.append(style);
await new Promise((done) => (style.onload = style.onerror = done));

// Storage may be blocked or full.
function store(ids) {
  try {
    if (ids) localStorage.setItem(KEY, JSON.stringify(ids));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

const part = (name, className, ...children) => make(name, { className }, ...children);
const count = part("span", "ticking__count");
const marks = part("span", "ticking__boxes", ...boxes.map(() => make("i")));
marks.ariaHidden = "true";
const status = make("p", { className: "unseen", role: "status" });
const answer = make("p", { className: "ticking__answer", role: "status" });
const save = make("input", { type: "checkbox", id: "save", className: "switch", role: "switch" });
const bar = part(
  "details",
  "ticking",
  part("summary", "", count, " ", marks, " ", part("span", "ticking__more", say.options)),
  part("p", "ticking__save", save, make("label", { htmlFor: "save" }, say.save)),
  part("p", "ticking__about", say.save_about),
  part("p", "ticking__buttons", button(say.carry, carry), " ", button(say.clear, clear)),
  answer,
);

function show() {
  const done = ticked().length;
  const all = boxes.length;
  count.textContent = fill(done < all ? say.done : say.all_done, { done, all });
  boxes.forEach((box, number) => marks.children[number].classList.toggle("is-done", box.checked));
  bar.hidden = !(done || save.checked || bar.open);
  if (location.hash.startsWith("#t=")) history.replaceState(null, "", hash() || location.pathname);
}

function changed() {
  show();
  status.textContent = count.textContent;
  if (!save.checked || store(ticked())) return;
  save.checked = false;
  bar.open = true;
  answer.textContent = say.failed;
}

save.addEventListener("change", () => {
  const done = store(save.checked && ticked());
  answer.textContent = done ? (save.checked ? say.saved : say.forgotten) : say.failed;
  save.checked &&= done;
});

function clear() {
  for (const box of boxes) box.checked = false;
  updateLinks();
  save.checked = false;
  store(false);
  show();
  answer.textContent = say.cleared;
}

async function carry() {
  const address = `${location.href.split(/[?#]/)[0]}${hash()}`;
  try {
    await navigator.clipboard.writeText(address);
    answer.textContent = say.carried;
  } catch {
    const field = make("input", { readOnly: true, value: address, className: "field ticking__address" });
    answer.replaceChildren(make("label", {}, say.by_hand, field));
    field.select();
  }
}

save.checked = Boolean(saved());
article.querySelector(".guide__body").append(status, bar);
show();
status.textContent = count.textContent;
for (const box of boxes) box.addEventListener("change", changed);
addEventListener("pageshow", show);
addEventListener("hashchange", changed);
