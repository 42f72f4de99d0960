// Beside each advised day is the reader's date, once the day of the flight is known. The days are in the page,
// in `data-days` or `data-months` of what says them in words.
import { button, fill, lateWords, make } from "./dom.js";
import * as flight from "./flight.js";

const { flight: say } = await lateWords();
const places = [...document.querySelectorAll(".when[data-days]")];
const given = flight.parse(/^#d=(.*)/.exec(location.hash)?.[1] ?? "");
if (given) flight.set(given);

const bar = make("p", { className: "notice", role: "status" });

function show(date) {
  bar.remove();
  if (date) {
    bar.replaceChildren(fill(say.chosen, { date: flight.iso(date) }), " ", button(say.clear, flight.clear));
    document.querySelector("h1").after(bar);
  }
  for (const place of places) {
    place.querySelector(".when__date")?.remove();
    if (!date) continue;
    const day = flight.iso(flight.later(date, Number(place.dataset.days)));
    place.append(make("time", { className: "when__date", dateTime: day }, day));
  }
}

show(flight.get());
flight.onChange(show);
