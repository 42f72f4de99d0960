// Keep a copy of the site on the reader's device, for when there is no network. The build writes this file to sw.js at
// the root of each edition, below a line that gives SITE: the digest of every file of the copy, what to say of a copy, and
// the folders of the other editions, which have other workers.
//
// The network comes first, for every file. The copy is shown when no answer comes in time, and says that it is one.
// A copy is complete and of one build: a file whose digest differs is refused, and the worker before goes on. A file that
// did not change is not fetched again. Nobody waits for anything: a new worker replaces the old one at once.

const PATIENCE = 4000; // milliseconds for the first byte, where there is a copy to show instead
const OLD = 30; // days after which a copy says that it is old
const KEPT = 12; // sheets, pictures and further pages that the reader opened, the last ones
const KEEP = /\.html$|\/sheet\.png$|^handouts\/.*\.pdf$/;

const root = registration.scope;
const mine = `${root}|`; // other sites of the same host have caches too
const COPY = `${mine}copy`;
const OPENED = `${mine}opened`;
const readingCopies = new Set(); // ids of open pages that came from the copy

const key = (name) => `${root}${name}?${encodeURIComponent(SITE.files[name])}`;

// The file of an address of the site; nothing for other sites and editions.
function fileAt(url) {
  const [address] = url.split(/[?#]/);
  const path = address.slice(root.length);
  if (!address.startsWith(root) || SITE.others.some((folder) => path.startsWith(folder))) return null;
  return path.replace(/(^|\/)$/, "$1index.html");
}

async function put(cache, address, answer) {
  const headers = new Headers(answer.headers);
  headers.set("x-copied", new Date().toISOString());
  await cache.put(address, new Response(answer.body, { headers }));
}

async function fetchFile(cache, name) {
  if (await cache.match(key(name))) return;
  const address = root + name.replace(/(^|\/)index\.html$/, "$1");
  const answer = await fetch(address, { integrity: SITE.files[name], cache: "no-cache", priority: "low" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await put(cache, key(name), answer);
}

async function install() {
  const cache = await caches.open(COPY);
  await Promise.all(Object.keys(SITE.files).map((name) => fetchFile(cache, name)));
}

// Only now is the copy complete: the files that only older copies had are deleted.
async function activate() {
  const cache = await caches.open(COPY);
  const wanted = new Set(Object.keys(SITE.files).map(key));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  for (const name of await caches.keys()) {
    if (name.startsWith(mine) && name !== COPY && name !== OPENED) await caches.delete(name);
  }
  await clients.claim();
}

async function find(name) {
  if (name in SITE.files) return (await caches.open(COPY)).match(key(name));
  return (await caches.open(OPENED)).match(root + name);
}

async function keep(name, answer) {
  const cache = await caches.open(OPENED);
  await cache.delete(root + name); // so that it becomes the last one
  await put(cache, root + name, answer);
  for (const one of (await cache.keys()).slice(0, -KEPT)) await cache.delete(one);
}

// A page of the copy, with a line that says so.
async function marked(copy) {
  const copied = new Date(copy.headers.get("x-copied"));
  const days = Math.floor((Date.now() - copied) / 86400000);
  const values = { date: copied.toLocaleDateString("sv"), days };
  const said = [SITE.words.shown, days > OLD ? SITE.words.old : ""].join("").replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const html = (await copy.text()).replace(/<main[^>]*>/, (tag) => `${tag}<p class="copy">${said}</p>`);
  return new Response(html, { headers: copy.headers });
}

async function answer(event, name) {
  const page = event.request.mode === "navigate";
  const copy = await find(name);
  if (copy && !page && readingCopies.has(event.clientId)) return copy;
  const network = fetch(event.request, page ? { cache: "no-cache" } : {}); // pages are asked for anew, though quickly
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const came = await Promise.race([network, ...(copy ? [late] : [])]).catch(() => null);
  if (came && (came.status < 500 || !copy)) {
    if (came.status === 200 && KEEP.test(name) && !(name in SITE.files)) event.waitUntil(keep(name, came.clone()));
    return came;
  }
  if (!page) return copy ?? Response.error();
  readingCopies.add(event.resultingClientId);
  if (copy) return name.endsWith(".html") ? marked(copy) : copy;
  if (`${name}/index.html` in SITE.files) return Response.redirect(`${root}${name}/`);
  return (await find("offline/index.html")) ?? Response.error();
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(install());
});
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const name = event.request.method === "GET" ? fileAt(event.request.url) : null;
  if (name !== null) event.respondWith(answer(event, name));
});
