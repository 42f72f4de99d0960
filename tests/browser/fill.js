// Fill in all fields of a letter at once, as a browser does that remembers them.
typed => {
  for (const field of document.querySelectorAll(".compose__field input")) {
    field.value = typed[field.id.replace("compose-", "")] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
