// Return the words of drawings that reach out of them.
() => [...document.querySelectorAll("figure svg")].flatMap(svg => {
  const own = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < own.left - 1 || box.right > own.right + 1 || box.bottom > own.bottom + 1;
  }).map(text => text.textContent);
})
