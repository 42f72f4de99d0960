// Offer to reckon dates; the script that does it comes when the reader opens the block.
import { words } from "./dom.js";

const block = document.querySelector(".dates");
if (block) {
  block.querySelector("summary").textContent = words().dates.title;
  block.addEventListener("toggle", () => import("./calendar.js"), { once: true });
}
