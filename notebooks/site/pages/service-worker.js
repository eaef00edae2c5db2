// Keeps every file of the site that was loaded once, so that a second visit is fast and needs no connection.
// What JupyterLite's own worker does is talk between kernel and page; it goes on doing that, below.
const KEPT = 'course-BUILD'; // another build is kept apart
const THEIRS = /\/api\/(drive|stdin|service-worker-heartbeat)/;

self.addEventListener('fetch', (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || THEIRS.test(pathname)) return;
  event.stopImmediatePropagation();
  event.respondWith(answer(event));
});

async function answer(event) {
  const { request } = event;
  const kept = await caches.open(KEPT);
  const found = await kept.match(request, { ignoreSearch: request.mode === 'navigate' });
  if (found) return found;
  const response = await fetch(request);
  if (response.status !== 200) return response;
  const keeping = kept.put(request, response.clone());
  event.waitUntil(keeping); // the page need not wait for that
  // But a browser keeps what it compiled only of what comes out of the store, so that WebAssembly does from the first.
  return request.url.endsWith('.wasm') ? keeping.then(() => kept.match(request), () => response) : response;
}

self.addEventListener('activate', (event) => event.waitUntil(forget()));

async function forget() {
  const others = (await caches.keys()).filter((name) => name.startsWith('course-') && name !== KEPT);
  await Promise.all(others.map((name) => caches.delete(name)));
}

self.importScripts('jupyterlite-service-worker.js');
