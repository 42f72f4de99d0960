// The ticks of a guide: they come from the address or from before, and go along with the link to the sheet's page.
// What counts and keeps them (dock.js) comes with the first tick.
import { ticksInAddress } from "./dom.js";
import { read } from "./kept.js";

export const article = document.querySelector("[data-slug]");
export const KEY = `ticks:1:${article.dataset.slug}`;
export const boxes = [...article.querySelectorAll(".step__box")];
const stepOf = (box) => box.closest(".step").id;
export const ticked = () => boxes.filter((box) => box.checked).map(stepOf);
export const tick = (ids) => boxes.forEach((box) => (box.checked ||= ids.includes(stepOf(box))));
export const hash = () => (ticked().length ? `#t=${ticked().join(".")}` : "");

// Storage may be blocked, or hold what an older or another program wrote.
export function saved() {
  try {
    const ids = JSON.parse(read(KEY));
    return Array.isArray(ids) && ids;
  } catch {
    return false;
  }
}

export function updateLinks() {
  for (const link of document.querySelectorAll("[data-twin]")) link.hash = hash();
}

function show() {
  updateLinks();
  if (ticked().length || saved()) import("./dock.js");
}

tick(saved() || []);
tick(ticksInAddress());
show();
addEventListener("change", (event) => event.target.matches(".step__box") && show());
addEventListener("hashchange", () => (tick(ticksInAddress()), show()));
addEventListener("pageshow", show); // ticks that the browser itself put back
