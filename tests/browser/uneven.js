// Return the rows of the contacts whose cells begin at different heights.
() => [...document.querySelectorAll(".contacts tbody tr")].filter(row => {
  const tops = [...row.cells].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell.firstElementChild ?? cell);
    return range.getClientRects()[0].top;
  });
  return Math.max(...tops) - Math.min(...tops) > 2;
}).map(row => row.textContent)
