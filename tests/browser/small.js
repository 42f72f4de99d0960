// Return what is too small for a finger. A label is part of its box's target; links within text may be smaller (axe-core).
controls => [...document.querySelectorAll(controls)].filter(one => {
  if (!one.checkVisibility() || one.matches(".skip") || getComputedStyle(one).display === "inline") return false;
  const boxes = [one, ...(one.labels ?? [])].map(part => part.getBoundingClientRect());
  const side = (start, end) => Math.max(...boxes.map(box => box[end])) - Math.min(...boxes.map(box => box[start]));
  return Math.min(side("left", "right"), side("top", "bottom")) < 24;
}).map(one => one.outerHTML.slice(0, 100))
