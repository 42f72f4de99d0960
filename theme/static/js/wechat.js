// WeChat's browser neither prints nor downloads reliably: say how to get out of it.
import { inWeChat, make } from "./dom.js";

for (const place of document.querySelectorAll("[data-wechat]")) {
  if (inWeChat) place.after(make("p", { className: "hint", textContent: place.dataset.wechat }));
}
