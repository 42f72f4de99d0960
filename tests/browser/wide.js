// Return how wide a page is and what makes it so, if it is wider than the screen.
() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > edge + 1);
  return [`${document.documentElement.scrollWidth} px`, ...wide.slice(0, 3).map(one => one.outerHTML.slice(0, 80))];
}
