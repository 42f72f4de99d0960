// Return the sizes of all text, but for that of drawings.
() => [...new Set([...document.querySelectorAll("body :not(svg *, script)")]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(one => getComputedStyle(one).fontSize))]
