/* The plain tag, which the service may answer anew: what is asked of it again after a choice, or by a script that is old. */

/** Whether the page's tag is the plain one, which the service may answer anew. */
const plain = () => G.own && G.own.src.split("?")[0].endsWith("/" + S.site + ".js");

/** Has the browser keep what the service answers the tag with now. Such an answer is kept for the tag only where it was
 * asked for as the tag does, with nothing to be read of it: the browser's own list says when it has come whole.
 * @param {"no-cache" | "reload"} cache @returns {Promise<any>} */
const renew = cache => new Promise(done => {
  const tag = /** @type {HTMLScriptElement} */ (G.own), began = performance.now();
  new PerformanceObserver((list, self) => {
    if (list.getEntriesByName(tag.src).some(entry => entry.startTime >= began)) done(self.disconnect());
  }).observe({ entryTypes: ["resource"] });
  fetch(tag.src, tag.crossOrigin == null ? { cache, mode: "no-cors", credentials: "include" } : { cache }).catch(done);
});

/** What vendors must hear, put where the next page finds it at hand when it must be there at once: in the loader, since
 * browsers complain of a script that is written into a page from another site. */
const fetchSignals = () => plain() && !S.shared ? renew("no-cache") : G.load("signals");

/** Once in a session: where an answer in between stays old, a page that is loaded again and again would be all there is. */
function mayRenew() {
  try {
    return !w.sessionStorage["gate-renewed"] && !!(w.sessionStorage["gate-renewed"] = "1");
  } catch {
    return false;
  }
}

/** @param {Promise<any>} work @returns {Promise<any>} settled after three seconds at most */
const briefly = work => Promise.race([work, new Promise(done => setTimeout(done, 3000))]);

/** @param {string} choice */
const tellNext = choice => /accept|save/.test(choice) && S.files && S.files.signals ? briefly(fetchSignals().catch(() => {})) : 0;

/** Asked by a script that the browser had kept. A tag that brings its settings along cannot ask anything newer.
 * @param {any} error */
const anew = error => error && error.stale && plain() && mayRenew() && briefly(renew("reload")).then(loadAnew);
