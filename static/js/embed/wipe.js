/* Takes away what may no longer be kept: cookies by the names that the service gives back, on this host and every
   domain above it, and what storage, databases and caches hold under the same names. */

/** @param {string[]} patterns names, or beginnings followed by `*` */
function wipe(patterns) {
  /** @param {string} name */
  const goes = name => patterns.some(pattern => pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name == pattern);
  const parts = location.hostname.split("."), paths = [""];
  location.pathname.split("/").forEach((_, place, all) => paths.push(all.slice(0, place + 1).join("/") + (place < all.length - 1 ? "/" : "")));
  for (const pair of d.cookie.split("; ")) {
    const name = pair.split("=")[0];
    if (!goes(name)) continue;
    for (let top = 0; top < parts.length; top++) {
      for (const path of new Set(paths.map(path => path || "/"))) {
        const domains = top ? [parts.slice(top).join(".")] : ["", location.hostname];
        domains.forEach(domain => {
          d.cookie = name + "=; max-age=0; path=" + path + (domain ? "; domain=" + domain : "") + (location.protocol == "https:" ? "; secure" : "");
        });
      }
    }
  }
  if (w.indexedDB && indexedDB.databases) indexedDB.databases().then(all => all.forEach(({ name }) => { if (name && goes(name)) indexedDB.deleteDatabase(name); }), () => {});
  if (w.caches) caches.keys().then(all => all.filter(goes).forEach(name => caches.delete(name)), () => {});
  for (const kind of /** @type {const} */ (["localStorage", "sessionStorage"])) {
    try {
      Object.keys(w[kind]).filter(goes).forEach(name => w[kind].removeItem(name));
    } catch { /* Storage that is switched off holds nothing. */ }
  }
}
