/* Keeps the shell of the app (pages, styles, scripts: no data) on the phone, so that it starts without a network.
   The server puts SHELL = {version, files} before this text; any change of a file makes a new version. */
"use strict";

const CACHE = `shouwang-app-${SHELL.version}`;
const PAGE = "/app/";

self.addEventListener("install", (event) => {
  // Past the browser's own cache, else two versions could mix.
  const wanted = SHELL.files.map((path) => new Request(path, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("shouwang-app-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(kept(PAGE, event.request));
  } else if (SHELL.files.includes(url.pathname)) {
    event.respondWith(kept(url.pathname, event.request));
  }
  // All else, above all /api/, is never kept here.
});

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) || fetch(request);
}

/* The new version takes over when the person says so, not in the middle of typing. */
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

/* The records are sealed under the PIN, so only an open app can send them: wake those that are open. */
self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => pages.forEach((page) => page.postMessage("send"))));
});
