// Number all controls of a page that can be reached by keyboard, and return what they are.
controls => [...document.querySelectorAll(controls)]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest("details:not([open]) > :not(summary)"))
  .map((one, number) => { one.dataset.number = number; return one.outerHTML.slice(0, 80); })
