// Say which facts are past their review date. The date stands in the page; only the reader's device
// knows the day, so that the built site does not depend on when it was built.
const today = new Date().toISOString().slice(0, 10);

for (const source of document.querySelectorAll("[data-due]")) {
  if (source.dataset.due >= today) continue;
  const words = source.closest("[data-overdue]").dataset.overdue;
  const references = document.querySelectorAll(`.ref__link[data-fact="${source.dataset.fact}"]`);
  for (const place of [source, ...references]) {
    const mark = document.createElement("b");
    mark.className = "overdue";
    mark.textContent = words;
    place.after(mark);
  }
}
