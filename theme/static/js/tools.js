// On a guide: choose one's operator, whose row then comes before the steps that need it; show steps short or long; reckon dates.
import { fill, make, words } from "./dom.js";
import * as operator from "./operator.js";
import { read, write } from "./kept.js";

const say = words();
const list = document.querySelector(".brands");
const rows = [...document.querySelectorAll(".brand")];
const steps = document.querySelector("#submit ~ .steps"); // the steps that name channels
const brands = new Map([...document.querySelectorAll(".guide [data-operator]")].map((one) => [one.dataset.operator, one]));
const names = [...brands].map(([id, one]) => [id, (one.querySelector("h3") ?? one).textContent]);

const pictures = [...document.querySelectorAll("[data-picture]")].map((link) => ({ link, common: link.href }));
const own = make("p", { className: "tools__own" });
const choice = make("select", { className: "field", ariaLabel: say.operator });
choice.append(make("option", { value: "" }, say.choose), ...names.map(([value, name]) => make("option", { value }, name)));
choice.addEventListener("change", () => (choice.value ? operator.set(choice.value) : operator.clear()));

function showOperator(id) {
  const brand = brands.get(id);
  choice.value = brand ? id : "";
  choice.options[0].textContent = brand ? say.none : say.choose;
  set.classList.toggle("is-chosen", Boolean(brand));
  for (const one of rows) one.open = one === brand;
  list?.append(...rows);
  const drawn = Number(brand?.dataset.pictures ?? 0); // the operator's own pictures, else those for everybody
  pictures.forEach(({ link, common }, at) => {
    link.href = drawn ? common.replace("-phone", `-${id}-phone`) : common;
    link.hidden = drawn > 0 && at >= drawn;
  });
  if (!brand) return own.remove();
  if (rows.includes(brand)) (steps ?? list.firstChild).before(brand);
  const links = brand.localName === "a" ? [brand] : [...brand.querySelectorAll(".brand__links a:not([rel])")];
  const name = choice.selectedOptions[0].textContent;
  own.replaceChildren(...links.map((link) => make("a", { href: link.href, type: link.type }, fill(link.type ? say.sheet : say.own, { name }))));
  set.append(own);
}

const VIEW = "view:1";
const bodies = [...document.querySelectorAll(".step__more")];
const views = ["short", "long"].map((name) => {
  const one = make("button", { type: "button", ariaLabel: say[`${name}_name`], onclick: () => choose(name) }, say[name]);
  one.dataset.view = name;
  return one;
});

function mark(name) {
  for (const one of views) one.ariaPressed = String(one.dataset.view === name);
}

function choose(name) {
  write(VIEW, name);
  mark(name);
  for (const one of bodies) one.open = name === "long";
}

const set = make("div", { className: "tools__set" }, choice);
if (bodies.length) set.append(make("div", { className: "views", role: "group", ariaLabel: say.view }, ...views));
document.querySelector(".tools__inner").prepend(set);
showOperator(operator.get());
operator.onChange(showOperator);
if (read(VIEW) === "long") choose("long");
else mark("short"); // and leave open what a link opened

// What reckons dates comes when the reader opens the block.
const block = document.querySelector(".dates");
block.querySelector("summary").textContent = say.dates;
block.addEventListener("toggle", () => import("./calendar.js"), { once: true });
