// What every page does once it is shown: bring the scripts that this reader needs, and no others.
import { inWeChat } from "./dom.js";
import { read } from "./kept.js";

const today = new Date().toISOString().slice(0, 10);

if (inWeChat) import("./wechat.js");
if (location.search && document.querySelector("[data-versions]")) import("./version.js");
if ([...document.querySelectorAll("[data-due]")].some((source) => source.dataset.due < today)) import("./overdue.js");
if (document.querySelector(".when[data-days]") && (read("flight:1") || /^#d=/.test(location.hash))) import("./when.js");
if (matchMedia("(min-width: 62em)").matches && document.querySelector(".guide .contents")) import("./sections.js");
if (document.querySelector(".sources")) import("./notes.js");
if (document.querySelector("[data-copy]")) import("./copy.js");
document.querySelector(".guide__body")?.addEventListener("toggle", () => import("./copy.js"), { capture: true, once: true });

// Browsers open the fold around the target of a link and around what a search of theirs finds; older ones do not.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target?.querySelector(":scope > .step__more")?.setAttribute("open", "");
  if (target?.closest("details")) target.scrollIntoView();
}

if (/^#[\w-]+$/.test(location.hash)) openTarget();
addEventListener("hashchange", () => /^#[\w-]+$/.test(location.hash) && openTarget());

// On paper everything is open: style sheets do it, except in browsers from before 2025.
const folded = new Set();
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) folded.add(fold).size && (fold.open = true);
});
addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
  folded.clear();
});
