// Added to every page by ./inv serve; no built file has it. Reloads the page where it was left, and shows problems.
const me = document.currentScript.dataset;
const place = "preview " + location.pathname;
const kept = sessionStorage.getItem(place);
if (kept !== null) {
  sessionStorage.removeItem(place);
  const { y, open } = JSON.parse(kept);
  document.querySelectorAll("details").forEach((box, n) => { if (n in open) box.open = open[n]; });
  scrollTo(0, y);
}
function reload() {
  const open = [...document.querySelectorAll("details")].map((box) => box.open);
  sessionStorage.setItem(place, JSON.stringify({ y: scrollY, open }));
  location.reload();
}
function show(problems) {
  document.getElementById("preview-problems")?.remove();
  if (!problems.length) return;
  const box = document.createElement("section");
  box.id = "preview-problems";
  box.setAttribute("role", "alert");
  box.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:60vh;overflow:auto;margin:0;padding:1rem;" +
    "background:#7a1010;color:#fff;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;z-index:2147483647";
  box.textContent = "The last good version is shown. To be corrected:\n" + problems.join("\n");
  document.body.append(box);
}
// `files` says in which version each page last changed; "" stands for all that pages share.
const page = location.pathname.slice(1).replace(/(^|\/)$/, "$1index.html");
new EventSource("/-/events").onmessage = (event) => {
  const { run, version, problems, files } = JSON.parse(event.data);
  const mine = [page, ""].map((name) => files[name] ?? 0);
  if (run !== me.run || Math.max(...mine) > Number(me.version)) reload();
  else show(problems);
};
