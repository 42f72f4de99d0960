// Tell whether a hint that can be seen stands before each file that can be seen.
() => {
  const seen = (what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
  return seen("main a[type='application/pdf']").every((file) => seen(".hint").some(
      (hint) => hint.compareDocumentPosition(file) & Node.DOCUMENT_POSITION_FOLLOWING));
}
