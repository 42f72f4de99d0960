// WeChat's browser neither prints nor downloads reliably; a picture can be kept by a long press. So the picture comes first,
// then how to get out of WeChat, then what needs that. It makes the card of a shared link from the first large picture of a
// page: it gets one, out of sight, and nobody else loads it.
import { inWeChat, make } from "./dom.js";

if (inWeChat) {
  const picture = new URL("../icons/square.png", import.meta.url).href;
  document.body.prepend(make("img", { src: picture, width: 600, height: 600, alt: "", className: "unseen" }));
  for (const place of document.querySelectorAll("[data-files]")) {
    const image = place.querySelector("a[type='image/png']");
    if (image) {
      place.querySelector(".action--first")?.classList.remove("action--first");
      image.classList.add("action--first");
      const item = image.closest("li");
      place.prepend(image);
      item?.remove();
    }
    const hint = make("p", { className: "hint", textContent: place.dataset.files });
    if (image) image.after(hint);
    else place.prepend(hint);
  }
}
