// Copy an address, or the link to a step. Where the browser refuses, the text is there to be copied by hand.
import { button, make } from "./dom.js";

for (const place of document.querySelectorAll("[data-copy]")) {
  const { copy, copied } = place.dataset;
  const one = button(copy, async () => {
    try {
      await navigator.clipboard.writeText(place.textContent);
      one.textContent = copied;
    } catch {
      getSelection().selectAllChildren(place);
    }
  });
  place.closest("dd").after(make("dd", {}, one));
}
for (const link of document.querySelectorAll("[data-copy-link]")) {
  link.addEventListener("click", () => navigator.clipboard?.writeText(link.href).catch(() => {})); // the address bar has it too
}
