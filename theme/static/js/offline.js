// Keep a copy of the site on this device, once the page is shown; see theme/worker.js. Readers who save data get none.
// A browser that refuses is as good as before: the copy is no promise.
if ("serviceWorker" in navigator && !navigator.connection?.saveData) {
  const register = () => navigator.serviceWorker.register(new URL("../../sw.js", import.meta.url)).catch(() => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
