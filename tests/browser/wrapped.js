// Return the labels that take more than one line.
() => [...document.querySelectorAll(".fill label, .sheet__url")].filter(label => {
  const range = document.createRange();
  range.selectNodeContents(label);
  return range.getClientRects().length > 1;
}).map(label => label.textContent)
