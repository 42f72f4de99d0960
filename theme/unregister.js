// Replaces a service worker that kept copies of pages: it deletes them and unregisters itself.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(`${registration.scope}|`)) await caches.delete(name);
  await self.registration.unregister();
})()));
