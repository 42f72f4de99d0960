// Return what has the focus: its number, whether that is visible, and what covers it.
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const look = () => { const s = getComputedStyle(one); return [s.outlineStyle, s.outlineWidth, s.borderBottomWidth, s.left].join(); };
  const box = [...one.getClientRects()].find(box => box.width) ?? one.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, innerHeight - box.top) / 2];
  const top = document.elementFromPoint(x, y);
  const labels = [...(one.labels ?? [])];
  const focused = look();
  let plain = "none";
  if (one.type !== "date") { one.blur(); plain = look(); one.focus(); }  // a date has stops inside, and would start anew
  return { number: Number(one.dataset.number), visible: focused !== plain,
           covered: !top || !(one.contains(top) || top.contains(one) || labels.some(label => label.contains(top))) && top.outerHTML.slice(0, 80) };
}
