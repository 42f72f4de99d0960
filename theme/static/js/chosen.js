// On the page of an operator: choose it as one's operator, or take that back.
import { button, fill, make, words } from "./dom.js";
import * as operator from "./operator.js";

const { thisOperator: id } = document.querySelector("[data-this-operator]").dataset;
const name = document.querySelector(".plate").textContent;
const say = words();
const place = make("p", { className: "dateline", role: "status" });
document.querySelector(".opening").append(place);

function show(chosen) {
  if (chosen === id) place.replaceChildren(fill(say.chosen, { name }), " ", button(say.clear, operator.clear));
  else place.replaceChildren(button(say.choose, () => operator.set(id)));
}

show(operator.get());
operator.onChange(show);
