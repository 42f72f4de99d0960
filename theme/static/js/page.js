// What every page does once it is shown: bring the scripts that this reader needs, and no others.
import { inWeChat } from "./dom.js";

const today = new Date().toISOString().slice(0, 10);

if (inWeChat) import("./wechat.js");
if (location.search && document.querySelector("[data-versions]")) import("./version.js");
if ([...document.querySelectorAll("[data-due]")].some((source) => source.dataset.due < today)) import("./overdue.js");
