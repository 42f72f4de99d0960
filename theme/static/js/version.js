// The code on a sheet brings its version along; say whether this page still offers it.
import { make, words } from "./dom.js";

const article = document.querySelector("[data-versions]");
const held = new URLSearchParams(location.search).get("v") ?? "";

if (/^[0-9a-f]{8}$/.test(held)) {
  const say = words().version;
  const current = article.dataset.versions.split(" ").includes(held);
  const log = make("a", { href: article.dataset.log, textContent: say.log });
  const notice = make("p", { className: "notice", role: "status" }, ...(current ? [say.current] : [say.old, log, "。"]));
  article.querySelector("h1").after(notice);
}
