// What the reader chose, on this device only, and only once it was chosen. Where nothing can be stored it lasts as long
// as the page. What is read may be anything: an older version or another program may have written it.
const here = new Map();
const listeners = [];

export function read(key) {
  try {
    return here.get(key) ?? localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function write(key, value) {
  here.set(key, value);
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Kept for this page.
  }
  for (const [wanted, run] of listeners) if (wanted === key) run();
}

export function listen(key, run) {
  listeners.push([key, run]);
  addEventListener("storage", (event) => event.key === key && (here.delete(key), run()));
}
