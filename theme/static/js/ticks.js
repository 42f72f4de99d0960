// The dock counts ticks and keeps them; it comes with the first tick, or with those from before.
import { ticksInAddress } from "./dom.js";
import { read } from "./kept.js";

const { slug } = document.querySelector("[data-slug]").dataset;
const begin = () => import("./dock.js");

if (ticksInAddress().length || read(`ticks:1:${slug}`) || document.querySelector(".step__box:checked")) begin();
else {
  addEventListener("change", (event) => event.target.matches(".step__box") && begin());
  addEventListener("hashchange", () => ticksInAddress().length && begin());
  addEventListener("pageshow", () => document.querySelector(".step__box:checked") && begin()); // ticks that the browser itself put back
}
