// The code on a sheet brings its date and version along: say whether this page still offers it, and else what changed.
import { fill, lateWords, make } from "./dom.js";

const { versions } = document.querySelector("[data-versions]").dataset;
const held = new URLSearchParams(location.search).get("v") ?? "";
const parts = /^(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-[0-9a-f]{4}$/.exec(held);

if (parts) {
  const { version: say } = await lateWords();
  const date = `20${parts.slice(1).join("-")}`;
  const lines = [...document.querySelectorAll("#changes li")]; // newest first
  const day = (line) => line.querySelector("time").textContent;
  const since = lines.filter((line) => day(line) > date);
  const notice = make("div", { className: "notice", role: "status" });
  const add = (text) => notice.append(make("p", {}, fill(text, { date })));
  if (versions.split(" ").includes(held)) add(say.current);
  else if (date > day(lines[0])) add(say.newer);
  else {
    add(since.length ? say.old : say.details);
    if (since.length) notice.append(make("ul", {}, ...since.map((line) => line.cloneNode(true))));
    add(say.fresh);
  }
  document.querySelector("h1").after(notice);
}
