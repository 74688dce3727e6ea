/* A choice at work in this page. */

/** @param {string} name @param {any} detail */
function fire(name, detail) {
  d.dispatchEvent(new CustomEvent("cookiegate:" + name, { detail }));
}

/** Whether `next` allows less than `last` did somewhere.
 * @param {State} last @param {State} next */
function narrower(last, next) {
  return last.all && !next.all || Object.keys(S.services).concat(Object.values(G.CATEGORIES)).some(name => G.allows(last, name) && !G.allows(next, name));
}

/** Whether the policy that this document has lets pass what `state` allows. Policies cannot be widened.
 * @param {State} state */
function fits(state) {
  const given = G.policy.split(" "), wanted = G.policyOf(state);
  return !G.policy || !!wanted && wanted.split(" ").every(source => given.includes(source));
}

/** Takes over what is stored now. True where a new document is on its way.
 * @param {boolean} quiet a choice made elsewhere: no new document for what is merely granted */
function apply(quiet) {
  const last = G.now(), next = G.read(), less = narrower(last, next), more = narrower(next, last);
  G.now(next);
  if (less || more || last.decided != next.decided) fire("choice", api.choice);
  if (!less && !more) return false;
  if (less || !fits(next)) {
    if (keepsInput() || quiet && !less) return false;
    location.reload();
    return true;
  }
  // The script for signals tells the present state by itself when it comes.
  if (G.signals) G.signals(next);
  if (S.vendors.length || G.signals) G.load("signals").then(release, () => {});
  else release();
  return false;
}

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

/** Asked by a script that the browser had kept. A tag that brings its settings along cannot ask anything newer.
 * @param {any} error */
const anew = error => error && error.stale && plain() && renew("reload").then(() => location.reload());

/** Sends a refusal of an earlier page once more, that the service has not heard of. @returns {Promise<any>} */
const resend = () => G.read().refused && +G.cookie(G.REFUSED).split("~")[1] ? send({ choice: "reject", source: "banner" }, true).then(reply => wipe(reply.wipe)) : Promise.resolve();

/** @param {Record<string, any>} wish @param {boolean} shown the banner is open @returns {Promise<any>} */
function decide({ on, set, ...act }, shown) {
  const before = G.now();
  if (on != undefined) act.statistics = on ? "on" : "off";
  if (set) Object.assign(act, { choice: "save", category: Object.values(G.CATEGORIES).filter(name => name in set ? set[name] : api.allows(name)) });
  const told = /accept|save/.test(act.choice) && S.files && S.files.signals ? fetchSignals().catch(() => {}) : 0;
  return Promise.all([send(act, false), told]).then(([reply]) => {
    if (reply.wipe.length) wipe(reply.wipe);
    const next = G.read(), waits = narrower(before, next) || narrower(next, before) && !fits(next);
    if (reply.failed || !apply(false)) say(waits && !reply.failed ? reply.later : reply.notice, reply.hide);
  }, error => {
    const again = anew(error);
    if (again) return again;
    // A refusal stands by itself and is sent again with the next page.
    if (act.choice == "reject") return apply(false) || say("", "");
    if (!shown) throw error;
    complain(error && error.error);
  }).then(() => api.choice);
}

Object.assign(G, {
  decide, apply,
  more: { apply, release, send, resend, anew, keepsInput, within, web, addressOf, serviceAt, passes, marksOf, meaning, mayRun, released, releaseOne }
});
release();
new MutationObserver(releaseAdded).observe(d, { childList: true, subtree: true });
d.addEventListener("DOMContentLoaded", release);
// One of an earlier page: a refusal of this very page is not in the state yet when this script comes.
if (G.now().refused) resend().catch(() => {});
