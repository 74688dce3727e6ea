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

/** The page stays for what is typed in it; what was taken away reaches nobody from here on, since a policy can be narrowed.
 * @param {State} state */
function narrow(state) {
  const content = G.policyOf(state);
  if (content && content != G.policy) d.head.prepend(Object.assign(d.createElement("meta"), { httpEquiv: "Content-Security-Policy", content }));
  G.policy = content;
  return false;
}

/** Takes over what is stored now. True where a new document is on its way.
 * @param {boolean} quiet a choice made elsewhere: no new document for what is merely granted */
function apply(quiet) {
  const last = G.now(), next = G.read(), less = narrower(last, next), more = narrower(next, last);
  G.now(next);
  if (less || more || last.decided != next.decided) fire("choice", api.choice);
  if (!less && !more) return false;
  // What runs here may write once more when this page goes: the next one takes it away again.
  if (less) sendLater();
  if (less || !fits(next)) {
    if (quiet && !less) return false;
    if (keepsInput()) return narrow(next);
    loadAnew();
    return true;
  }
  // The script for signals tells the present state by itself when it comes.
  if (G.signals) G.signals(next);
  if (S.vendors.length || G.signals) G.load("signals").then(release, () => {});
  else release();
  return false;
}

/** Loads this page anew. One that was come to from this same site may be the answer to a form, which `reload` would send
 * once more: it is asked for by its address. Elsewhere that would cost the site what it is told of where its visitor came from. */
function loadAnew() {
  if (d.referrer && new URL(d.referrer).origin != location.origin) return location.reload();
  const place = location.href;
  // To go where the page is already, with a fragment, would be to stay.
  if (location.hash) history.replaceState(history.state, "", "?" + Date.now());
  location.replace(place);
}

/** Sends what an earlier page or another tab has taken away and the service has not heard of. @returns {Promise<any>} */
const resend = () => G.read().waits ? sendMark().then(reply => wipe(reply.wipe)) : Promise.resolve();

/** @param {Record<string, any>} wish @param {boolean} shown the banner is open @param {State} [had] what was allowed before
 * @returns {Promise<any>} */
function decide({ on, set, ...act }, shown, had = G.read()) {
  const before = G.now();
  if (on != undefined) act.statistics = on ? "on" : "off";
  if (set) {
    act.choice = "save";
    act.category = Object.values(G.CATEGORIES).filter(name => name in set ? set[name] : G.allows(had, name));
    act.service = had.services.filter(id => set[G.CATEGORIES[(S.services[id] || "-")[0]]] !== false);
  }
  // Nothing of all is a refusal, which answers any question and needs no record to count.
  if (act.choice == "save" && !act.category.length && !(act.service || []).length) act.choice = "reject";
  if (act.choice) turn++;
  return Promise.all([send(act, 0, turn), tellNext(act.choice)]).then(([reply]) => {
    if (reply.wipe.length) wipe(reply.wipe);
    const next = G.read(), later = narrower(before, next) || narrower(next, before) && !fits(next);
    if (reply.failed || !apply(false)) say(later && !reply.failed ? reply.later : reply.notice, reply.hide);
  }, error => {
    const again = shown && anew(error);
    if (again) return again;
    // What was taken away stands by itself and is sent again with the next page.
    const now = G.read(), away = now.waits && apply(false);
    if (away || act.choice == "reject" || now.waits && act.category && act.category.every((/** @type {string} */ name) => G.allows(now, name))) return away || say("", "");
    if (!shown) throw error;
    complain(error && !error.stale && error.error);
  }).then(() => api.choice);
}

Object.assign(G, {
  decide, apply,
  more: { apply, release, send, resend, wipe, anew, keepsInput, within, web, addressOf, serviceAt, passes, marksOf, meaning, mayRun, released, releaseOne }
});
release();
new MutationObserver(releaseAdded).observe(d, { childList: true, subtree: true });
d.addEventListener("DOMContentLoaded", release);
// Of an earlier page, or of another tab: what this very page takes away is not in the state yet when this script comes.
if (G.now().waits) resend().catch(() => {});
