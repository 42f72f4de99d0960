// Say which facts are past their review date. The date is in the page; only the reader's device
// knows the day, so that the built site does not depend on when it was built.
const today = new Date().toISOString().slice(0, 10);

for (const source of document.querySelectorAll("[data-due]")) {
  if (source.dataset.due >= today) continue;
  const references = document.querySelectorAll(`.ref [href="#${source.id}"]`);
  for (const place of [source.firstElementChild, ...references]) {
    const mark = document.createElement("b");
    mark.className = "overdue";
    mark.textContent = source.closest("[data-overdue]").dataset.overdue;
    place.after(mark);
  }
}
