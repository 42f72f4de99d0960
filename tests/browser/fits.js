// Return how large the words for the clerk are, and whether they fit on the screen.
() => {
    const [text, paper] = ["text", "paper"].map((name) => document.querySelector(`.clerk__${name}`));
    return [parseFloat(text.style.fontSize), text.scrollHeight <= paper.clientHeight + 1 && text.scrollWidth <= paper.clientWidth + 1];
}
