// Count ticks, carry them in the address, and save them on this device if the reader asks.
// Only ids of steps are ever stored, under a key that names the format and the guide.
import { button, fill, make, ticksInAddress, words } from "./dom.js";

const article = document.querySelector("[data-slug]");
const KEY = `ticks:1:${article.dataset.slug}`;
const say = words().ticks;
const boxes = [...article.querySelectorAll(".step__box")];
const ticked = () => boxes.filter((box) => box.checked).map((box) => box.id.slice(5));
const tick = (ids) => boxes.forEach((box) => (box.checked ||= ids.includes(box.id.slice(5))));

// Storage may be blocked, full, or hold what an older or another program wrote.
function stored() {
  try {
    const ids = JSON.parse(localStorage[KEY]);
    return Array.isArray(ids) && ids;
  } catch {
    return false;
  }
}

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
  const ids = ticked();
  const all = boxes.length;
  const hash = ids.length ? `#t=${ids.join(".")}` : "";
  count.textContent = fill(ids.length < all ? say.done : say.all_done, { done: ids.length, all });
  boxes.forEach((box, number) => marks.children[number].classList.toggle("is-done", box.checked));
  bar.hidden = !(hash || save.checked || bar.open);
  for (const link of document.querySelectorAll("[data-twin]")) link.hash = hash;
  if (location.hash.startsWith("#t=")) history.replaceState(null, "", hash || location.pathname);
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
  save.checked = false;
  store(false);
  show();
  answer.textContent = say.cleared;
}

async function carry() {
  const address = `${location.href.split(/[?#]/)[0]}#t=${ticked().join(".")}`;
  try {
    await navigator.clipboard.writeText(address);
    answer.textContent = say.carried;
  } catch {
    const field = make("input", { readOnly: true, value: address, className: "ticking__address" });
    answer.replaceChildren(make("label", {}, say.by_hand, field));
    field.select();
  }
}

const saved = stored();
save.checked = Boolean(saved);
tick(saved || []);
tick(ticksInAddress());
article.querySelector(".guide__body").append(status, bar);
show();
status.textContent = count.textContent;
for (const box of boxes) box.addEventListener("change", changed);
addEventListener("pageshow", show);
addEventListener("hashchange", () => tick(ticksInAddress()) ?? changed());
