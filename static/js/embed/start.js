/* First in <head>, before anything else of the page: the policy, then the watch over elements, then what vendors hear.
   What a choice sets in motion can wait, and is in scripts of its own. */

const top = w.top === w;
/** What this document was given, for good. */
const policy = policyOf(now);

if (policy) d.head.prepend(Object.assign(d.createElement("meta"), { httpEquiv: "Content-Security-Policy", content: policy }));

/** Resolves as soon as there is a body to put things into: before the parser has gone on to what it holds. */
const body = new Promise(done => {
  /** @param {MutationRecord[]} changes */
  const look = changes => {
    if (policy) changes.forEach(change => change.addedNodes.forEach(holdIn));
    if (d.body) done(policy || watch.disconnect());
  };
  const watch = new MutationObserver(look);
  watch.observe(d, { childList: true, subtree: true });
  look([]);
});

const api = /** @type {any} */ ({
  /** @param {string} name */
  allows: name => allows(now, name),
  get choice() {
    const { decided, signal } = now, shown = /** @type {any} */ ({ decided, signal, services: [...now.services] });
    for (const letter in CATEGORIES) shown[CATEGORIES[letter]] = allows(now, CATEGORIES[letter]);
    return shown;
  },
  /** @param {string} event @param {(value: any) => void} hear */
  on(event, hear) {
    const name = "cookiegate:" + event, listen = (/** @type {any} */ happened) => hear(happened.detail);
    if (event == "ready") api.ready.then(hear);
    else d.addEventListener(name, listen);
    if (event == "choice") hear(api.choice);
    return () => d.removeEventListener(name, listen);
  },
  ready: Promise.resolve().then(() => api.choice)
});

/** Resolves once another of our scripts has run; in the pinned form they follow in the same file. `import` runs each
 * once, carries the tag's nonce on, and needs no element that a page with Trusted Types would refuse.
 * @param {string} name @returns {Promise<any>} */
const load = name => /** @type {any} */ (G)[name] || !S.files ? Promise.resolve() : import(fileOf(name));

/** What the scripts that come later find.
 * @type {Inner} */
const G = {
  S, place, CATEGORIES, policy, api, own, read, allows, policyOf, cookie, load, close, make,
  /** Where the mark belongs. */
  scope: (S.domain ? "; domain=" + S.domain : "") + (S.mark[0] == "_" ? "; secure" : ""),
  now: state => now = state || now,
  shown: () => banner,
  typed: () => typed
};
w.cookiegate = Object.defineProperty(api, "_", { value: G });

if (apart) load("signals");
