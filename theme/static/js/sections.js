// Mark the section one reads in the list beside a guide.
const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));

function show(id) {
  for (const [name, link] of links) {
    if (name === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// A section begins where its heading crosses the upper third of the window.
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) show(target.dataset.section);
  },
  { rootMargin: "-33% 0px -66% 0px" },
);

for (const id of links.keys()) {
  const part = document.getElementById(id)?.closest("section, .fold");
  if (!part) continue;
  part.dataset.section = id;
  watcher.observe(part);
}
