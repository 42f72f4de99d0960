// Return what moves.
() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior !== "auto";
}).map(one => one.outerHTML.slice(0, 80))
