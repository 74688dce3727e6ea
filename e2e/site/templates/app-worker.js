self.addEventListener("install", function (event) { event.waitUntil(self.skipWaiting()); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  if (new URL(event.request.url).pathname !== "/app") return;
  event.respondWith(caches.open("pages").then(function (cache) {
    return cache.match(event.request).then(function (kept) {
      return kept || fetch(event.request).then(function (fresh) {
        cache.put(event.request, fresh.clone());
        return fresh;
      });
    });
  }));
});
