// References are named after their publishers; in the list of sources, once the reader opens it or follows a reference, each number
// leads back to the places that cite it. Without scripts a reference is its number, and the browser's own way back leads to the sentence.
import { fill, make } from "./dom.js";

const fold = document.querySelector(".sources > details");
const places = new Map();

for (const reference of document.querySelectorAll(".ref a")) {
  const source = document.getElementById(reference.hash.slice(1));
  const [publisher] = source.closest("ul").previousElementSibling.textContent.split(/（| \(/);
  reference.ariaLabel = fill(fold.dataset.named, { number: reference.textContent, publisher });
  places.set(source, [...(places.get(source) ?? []), reference]);
}

function leadBack() {
  for (const [source, references] of places) {
    const number = source.firstElementChild;
    const links = references.map((reference, at) => {
      reference.id = `${source.id}-${at + 1}`;
      return make("a", { href: `#${reference.id}`, role: "doc-backlink" }, number.textContent + (at ? `-${at + 1}` : ""));
    });
    number.replaceWith(...links.flatMap((link) => [link, " "]).slice(0, -1));
  }
  places.clear();
}

if (fold.open) leadBack();
fold.firstElementChild.addEventListener("click", leadBack);
addEventListener("hashchange", leadBack);
