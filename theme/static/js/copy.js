// Copy an address, or the link to a step. Where the browser refuses, the text is there to be copied by hand.
import { button, make } from "./dom.js";

for (const place of document.querySelectorAll("[data-copy]")) {
  const text = place.textContent;
  const one = button(place.dataset.copy, async () => {
    await navigator.clipboard.writeText(text).then(() => one.classList.add("is-copied"), () => getSelection().selectAllChildren(place));
  });
  place.closest("dd").after(make("dd", {}, one));
}
for (const link of document.querySelectorAll("[data-copy-link]")) {
  link.addEventListener("click", () => navigator.clipboard?.writeText(link.href).catch(() => {}));
}
