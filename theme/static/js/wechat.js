// WeChat's browser neither prints nor downloads reliably: say how to get out of it. It makes the card of a shared link
// from the first large picture of a page: it gets one, out of sight, and nobody else loads it.
import { inWeChat, make } from "./dom.js";

if (inWeChat) {
  const picture = new URL("../icons/square.png", import.meta.url).href;
  document.body.prepend(make("img", { src: picture, width: 600, height: 600, alt: "", className: "unseen" }));
  for (const place of document.querySelectorAll("[data-wechat]")) {
    place.after(make("p", { className: "hint", textContent: place.dataset.wechat }));
  }
}
