// The sheet as a page: a button that prints it, the ticks that came along in the address and go back with it, and the
// reader's own operator and days. The operators and days are in the guide beside it.
import { button, fill, inWeChat, lateWords, make, ticksInAddress } from "./dom.js";
import * as flight from "./flight.js";
import * as operator from "./operator.js";

const bar = document.querySelector(".twin");
if (!inWeChat) bar.append(button(bar.dataset.print, () => window.print()));

const boxes = [...document.querySelectorAll(".tick__box")];
const back = bar.querySelector("a");
const carry = () => {
  const ids = boxes.filter((box) => box.checked).map((box) => box.id.slice(5));
  back.hash = ids.length ? `#t=${ids.join(".")}` : "";
};
for (const id of ticksInAddress()) {
  const box = document.getElementById(`tick-${id}`);
  if (box) box.checked = true;
}
carry();
addEventListener("change", carry);

async function personal() {
  const guide = new DOMParser().parseFromString(await (await fetch("../")).text(), "text/html");
  const say = JSON.parse(guide.getElementById("words").textContent); // what the guide's scripts say
  const { flight: dates } = await lateWords();
  const contacts = document.querySelector(".contacts");
  const all = contacts && [...contacts.childNodes];
  const field = document.getElementById("field-operator");
  const brands = new Map([...guide.querySelectorAll("details[data-operator]")].map((one) => [one.dataset.operator, one]));
  const nameOf = (id) => brands.get(id).querySelector("h3").textContent;
  const whens = [...document.querySelectorAll(".when[data-when]")].map((place) => ({ place, words: place.textContent }));
  const daysOf = (id) => guide.querySelector(`.when[data-when="${id}"]`)?.dataset.days;

  const choice = make("select", { ariaLabel: say.operator }, make("option", { value: "" }, say.choose));
  choice.append(...[...brands.keys()].map((id) => make("option", { value: id }, nameOf(id))));
  choice.addEventListener("change", () => (choice.value ? operator.set(choice.value) : operator.clear()));

  function showOperator(id) {
    const brand = brands.get(id);
    choice.value = brand ? id : "";
    if (!contacts) return;
    if (field && (!field.value || field.dataset.filled === field.value)) {
      field.value = brand ? nameOf(id) : "";
      field.dataset.filled = field.value;
    }
    if (!brand) return contacts.replaceChildren(...all);
    const rows = [...brand.querySelectorAll(".brand__facts div")].map((row) => {
      for (const reference of row.querySelectorAll(".ref")) reference.remove();
      return make("tr", {}, make("th", { scope: "row" }, row.firstElementChild.textContent), make("td", {}, row.lastElementChild.textContent));
    });
    contacts.replaceChildren(make("h2", {}, nameOf(id)), make("table", {}, make("tbody", {}, ...rows)));
  }

  const day = make("input", { type: "date", id: "flight" });
  day.addEventListener("change", () => {
    const date = flight.parse(day.value);
    if (date) flight.set(date);
    else flight.clear();
  });

  function showFlight(date) {
    day.value = date ? flight.iso(date) : "";
    for (const { place, words } of whens) {
      const days = daysOf(place.dataset.when);
      const space = /^\p{Script=Han}/u.test(place.nextSibling?.data ?? "") ? " " : "";
      place.textContent = date && days ? flight.iso(flight.later(date, Number(days))) + space : words;
    }
    document.querySelector(".sheet__flight")?.remove();
    const who = document.querySelectorAll(".sheet__who b")[1];
    if (date) who.after(make("span", { className: "sheet__flight" }, ` ${fill(dates.chosen, { date: flight.iso(date) })} `));
  }

  bar.append(choice, make("label", {}, dates.label, " ", day));
  showOperator(operator.get());
  operator.onChange(showOperator);
  showFlight(flight.get());
  flight.onChange(showFlight);
}

personal().catch(() => {}); // without network the sheet is as good as on paper
