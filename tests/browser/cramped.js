// Return what is too wide for the screen, cut off, or laid over something else.
() => {
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth} px wide`);
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const one = text.parentElement;
    if (!text.data.trim() || !one.checkVisibility() || one.closest(".unseen, .skip, svg, .ref, .sources, noscript, option, .ticking, .compose__buttons")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) if (box.width > 2) words.push([box, text.data.trim().slice(0, 20)]);
    for (let at = one; at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (/hidden|clip/.test(style.overflow) && (at.scrollWidth > at.clientWidth + 1 || at.scrollHeight > at.clientHeight + 1)) {
        wrong.push(`cut: ${text.data.trim().slice(0, 20)}`);
        break;
      }
    }
  }
  words.sort(([one], [other]) => one.top - other.top);
  for (let i = 0; i < words.length; i++) {
    const [one, said] = words[i];
    for (let j = i + 1; j < words.length && words[j][0].top < one.bottom - 4; j++) {
      const [other, saying] = words[j];
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 && Math.min(one.bottom, other.bottom) - other.top > 6)
        wrong.push(`${said} lies over ${saying}`);
    }
  }
  return wrong;
}
