// WeChat's browser neither prints nor downloads reliably; a picture can be kept by a long press. So pictures come first,
// then how to get out of WeChat, then what needs that. It makes the card of a shared link from the first large picture of a
// page: it gets one, out of sight, and nobody else loads it.
import { inWeChat, make } from "./dom.js";

if (inWeChat) {
  const picture = new URL("../icons/square.png", import.meta.url).href;
  document.body.prepend(make("img", { src: picture, width: 600, height: 600, alt: "", className: "unseen" }));
  const { wechat } = document.querySelector("[data-wechat]").dataset;
  const hint = () => make("p", { className: "hint", textContent: wechat });
  const bar = document.querySelector(".twin");
  const pictures = [...document.querySelectorAll("[data-picture]")];
  if (bar) bar.after(hint());
  else if (pictures.length) {
    const actions = pictures[0].closest(".actions");
    actions.querySelector(".action--first")?.classList.remove("action--first");
    pictures[0].classList.add("action--first");
    actions.prepend(...pictures, hint());
  } else {
    const files = [...document.querySelectorAll("main a[type='application/pdf']")].reverse();
    const first = new Map(files.map((file) => [file.closest("details"), file])); // of each fold
    for (const file of first.values()) (file.closest("p") ?? file).before(hint());
  }
}
