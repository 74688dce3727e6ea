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

/** @param {Record<string, any>} act @param {boolean} shown the banner is open @returns {Promise<any>} */
function decide(act, shown) {
  const before = G.now();
  return send(act, false).then(reply => {
    if (reply.wipe.length) wipe(reply.wipe);
    const next = G.read(), waits = narrower(before, next) || narrower(next, before) && !fits(next);
    if (reply.failed || !apply(false)) say(waits && !reply.failed ? reply.later : reply.notice, reply.hide);
  }, error => {
    if (error && error.stale) return fetch(G.place + ".js", { cache: "reload" }).then(() => location.reload());
    // A refusal stands by itself and is sent again with the next page.
    if (act.choice == "reject") return apply(false) || say("", "");
    if (!shown) throw error;
    complain(error && error.error);
  }).then(() => api.choice);
}

Object.assign(G, { more: 1, decide, apply, release });
release();
new MutationObserver(release).observe(d, { childList: true, subtree: true });
d.addEventListener("DOMContentLoaded", release);
// One of an earlier page: a refusal of this very page is not in the state yet when this script comes.
if (G.now().refused) send({ choice: "reject", source: "banner" }, true).then(reply => wipe(reply.wipe), () => {});
