// WeChat's browser neither prints nor downloads reliably; a picture can be kept by a long press. So the picture comes first,
// then how to get out of WeChat, then what needs that. It makes the card of a shared link from the first large picture of a
// page: it gets one, out of sight, and nobody else loads it.
import { inWeChat, make } from "./dom.js";

function hint(place) {
  return make("p", { className: "hint", textContent: place.dataset.wechat });
}

if (inWeChat) {
  const picture = new URL("../icons/square.png", import.meta.url).href;
  document.body.prepend(make("img", { src: picture, width: 600, height: 600, alt: "", className: "unseen" }));
  const place = document.querySelector("[data-wechat]");
  const bar = document.querySelector(".twin");
  const [image, ...others] = document.querySelectorAll(".actions [data-picture]");
  const files = [...document.querySelectorAll("main a[type='application/pdf']")];
  if (bar) bar.after(hint(place));
  else if (image) {
    const first = document.querySelector(".actions .action--first");
    first.classList.remove("action--first");
    image.classList.add("action--first");
    first.before(image, ...others, hint(place));
    for (const item of document.querySelectorAll(".actions li:empty")) item.remove();
  } else {
    const first = new Map(files.reverse().map((file) => [file.closest("details"), file])); // of each fold
    for (const file of first.values()) (file.closest("p") ?? file).before(hint(place));
  }
}
