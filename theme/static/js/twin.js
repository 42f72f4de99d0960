// The sheet as a page: a button that prints it, and the ticks that came along in the address.
import { button, inWeChat, ticksInAddress } from "./dom.js";

const bar = document.querySelector(".twin");
if (!inWeChat) bar.append(button(bar.dataset.print, () => window.print()));
for (const id of ticksInAddress()) {
  const box = document.getElementById(`tick-${id}`);
  if (box) box.checked = true;
}
