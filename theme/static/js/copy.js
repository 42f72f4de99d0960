// Copy an address, or the link to a step. Where the browser refuses, the text is there to be copied by hand.
import { button, make, words } from "./dom.js";

for (const place of document.querySelectorAll("[data-copy]")) {
  const { copy, copied } = place.dataset;
  const one = button(copy, async () => {
    try {
      await navigator.clipboard.writeText(place.textContent);
      one.textContent = copied;
      one.ariaLabel = `${copied}: ${what}`;
    } catch {
      getSelection().selectAllChildren(place);
    }
  });
  const { textContent: what } = place.closest("dl > div").querySelector("dt");
  one.ariaLabel = `${copy}: ${what}`; // two of one name would be two to guess at
  place.closest("dd").after(make("dd", {}, one));
}
for (const body of document.querySelectorAll(".steps .step__body")) {
  const { id } = body.closest(".step");
  const link = make("a", { href: `#${id}`, className: "step__link" }, `${words().link} #${id}`);
  link.addEventListener("click", () => navigator.clipboard?.writeText(link.href).catch(() => {})); // the address bar has it too
  body.append(link);
}
