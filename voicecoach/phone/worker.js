// The network first; what was opened before where there is none. It answers for nothing but the list and its workouts.
(() => {
  "use strict";
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
  const KEPT = "voicecoach-pages";

  worker.addEventListener("install", (event) => {
    event.waitUntil(
      caches
        .open(KEPT)
        .then((kept) => kept.add("/"))
        .then(() => worker.skipWaiting()),
    );
  });
  worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
  worker.addEventListener("fetch", (event) => {
    const { pathname, origin } = new URL(event.request.url);
    const ours = origin === worker.location.origin && (pathname === "/" || pathname.startsWith("/w/"));
    if (event.request.method === "GET" && event.request.mode === "navigate" && ours)
      event.respondWith(answer(event.request));
  });

  /** @param {Request} request */
  async function answer(request) {
    const kept = await caches.open(KEPT);
    try {
      const answered = await fetch(request);
      // 202 says that it is still being made
      if (answered.status === 200) await kept.put(request, answered.clone());
      return answered;
    } catch (error) {
      const found = await kept.match(request, { ignoreVary: true });
      if (found) return found;
      throw error;
    }
  }
})();
