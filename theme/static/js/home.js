// Home: the operator that is tapped becomes the reader's; the day of the flight leads to the reader's days.
import { button, fill, make, words } from "./dom.js";
import * as flight from "./flight.js";
import * as operator from "./operator.js";

const chips = [...document.querySelectorAll(".chip[data-operator]")];
for (const chip of chips) {
  chip.classList.toggle("chip--chosen", chip.dataset.operator === operator.get());
  chip.addEventListener("click", () => operator.set(chip.dataset.operator));
}

const block = document.querySelector("[data-flight]");
if (block) {
  const say = words();
  const input = make("input", { type: "date", id: "flight", className: "field" });
  const message = make("p", { className: "flight__message", role: "status" });
  const go = () => {
    const date = flight.parse(input.value);
    if (!date) return (message.textContent = say.wrong);
    flight.set(date);
    location.href = `${block.dataset.flight}#d=${flight.iso(date)}`;
  };
  const known = flight.get();
  if (known) input.value = flight.iso(known);
  const label = make("label", { htmlFor: "flight", className: "unseen" }, say.label);
  block.querySelector(".home__days").before(make("p", {}, say.about), make("div", { className: "flight" }, label, input, button(say.go, go), message));
}
